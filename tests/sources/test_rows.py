"""What is wrong with a row: where, what, and how to mend it; everything at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from afspraken.sources import preview
from tests.builders import NU
from tests.sources.files import TEAMS, csv_of, faults, one, read, row


def test_all_wrong_cells_of_a_row_at_once() -> None:
    result = one(**{
        "Afspraaknummer": "", "Datum": "31-11-2026", "Begintijd": "25.00 uur", "Duur (min)": "3", "Team": "sport",
        "Onderwerp": "", "Naam cliënt": "", "Mobiel": "010-1234567", "E-mail": "jansen", "Taal": "Klingon",
        "Status": "misschien",
    })  # fmt: skip
    assert sorted(faults(result)) == sorted([
        (2, "Afspraaknummer", "leeg"), (2, "Datum", "datum_bestaat_niet"), (2, "Begintijd", "tijd_bestaat_niet"),
        (2, "Duur (min)", "duur_kan_niet"), (2, "Team", "onbekend_team"), (2, "Onderwerp", "leeg"),
        (2, "Naam cliënt", "leeg"), (2, "Mobiel", "landline"), (2, "E-mail", "invalid"), (2, "Taal", "onbekende_taal"),
        (2, "Status", "onbekende_status"),
    ])  # fmt: skip
    assert result.rijen == ()


def test_a_fault_says_row_column_value_and_the_fix() -> None:
    (fout,) = one(Mobiel="010-123 45 67").rijfouten
    assert (fout.rij, fout.kolom, fout.waarde) == (2, "Mobiel", "010-123 45 67")
    assert fout.melding == "Dit is een vast nummer. Geef een mobiel nummer dat begint met 06."


def test_the_cells_of_a_wrong_row_are_kept_to_show_and_to_mend() -> None:
    (rij,) = one(Datum="morgen").foutrijen
    assert rij.cellen["Datum"] == "morgen"
    assert rij.cellen["Naam cliënt"] == "A. Jansen"
    assert "BSN" not in rij.cellen


def test_an_unknown_team_names_the_known_ones() -> None:
    (fout,) = one(Team="sport").rijfouten
    assert fout.melding == (
        "Team 'sport' bestaat niet. Teams die u kunt gebruiken: burgerzaken, jeugd, werk-en-inkomen, wmo."
    )


def test_a_team_in_capitals_or_by_its_name() -> None:
    assert [one(Team=text).rijen[0].gegevens.team for text in ("WMO", "Werk en inkomen")] == ["wmo", "werk-en-inkomen"]


def test_a_team_of_somebody_else_is_said_to_be_that() -> None:
    result = read(csv_of(row(Team="jeugd")), teams={"wmo": "Wmo"}, andere_teams=["jeugd"])
    assert [f.melding for f in result.rijfouten] == ["Team 'jeugd' is niet een van uw teams. Uw teams: wmo."]


def test_equal_faults_are_counted_together() -> None:
    rows = [row(Afspraaknummer=str(n), Team="jeugd" if n < 45 else "wmo") for n in range(50)]
    teams = {code: naam for code, naam in TEAMS.items() if code != "jeugd"}
    result = read(csv_of(*rows), teams=teams)
    assert preview.group_faults(result.foutrijen) == [("Team 'jeugd' bestaat niet", 45)]
    assert len(result.rijen) == 5


def test_a_number_that_stands_in_the_file_twice_names_both_rows() -> None:
    rows = [row(Afspraaknummer=n) for n in ("A1", "A2", "A1", "A3", "A1")]
    result = read(csv_of(*rows))
    assert faults(result) == [(n, "Afspraaknummer", "dubbel_nummer") for n in (2, 4, 6)]
    assert "ook op rij 4, 6." in result.rijfouten[0].melding
    assert "ook op rij 2, 6." in result.rijfouten[1].melding
    assert [rij.rij for rij in result.rijen] == [3, 5]


def test_a_double_number_comes_with_the_other_faults_of_the_row() -> None:
    result = read(csv_of(row(), row(Datum="x")))
    assert faults(result) == [
        (2, "Afspraaknummer", "dubbel_nummer"),
        (3, "Afspraaknummer", "dubbel_nummer"),
        (3, "Datum", "geen_datum"),
    ]


def test_the_hour_that_does_not_exist_is_refused() -> None:
    (fout,) = one(Datum="28-03-2027", Begintijd="2.30 uur").rijfouten
    assert (fout.kolom, fout.code) == ("Begintijd", "tijd_bestaat_niet")
    assert "van 2.00 naar 3.00" in fout.melding


def test_the_hour_that_exists_twice_is_the_first_one_with_a_warning() -> None:
    now = datetime(2026, 10, 1, tzinfo=UTC)
    result = read(csv_of(row(Datum="25-10-2026", Begintijd="2.30 uur")), now=now)
    assert result.rijen[0].gegevens.start_op == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    warned = [(w.rij, w.kolom, w.code) for w in result.waarschuwingen if w.rij]
    assert warned == [(2, "Begintijd", "tijd_bestaat_twee_keer")]


@pytest.mark.parametrize(("day", "hour"), [("30-10-2026", 12), ("20-07-2027", 11)])
def test_amsterdam_time_becomes_utc(day: str, hour: int) -> None:
    result = read(csv_of(row(Datum=day, Begintijd="13.00 uur")), now=datetime(2026, 10, 1, tzinfo=UTC))
    assert result.rijen[0].gegevens.start_op.hour == hour


def test_a_duration_over_the_change_of_the_clock_is_that_long() -> None:
    result = read(
        csv_of(row(Datum="25-10-2026", Begintijd="1.30 uur", **{"Duur (min)": "120"})),
        now=datetime(2026, 10, 1, tzinfo=UTC),
    )
    gegevens = result.rijen[0].gegevens
    assert (gegevens.eind_op - gegevens.start_op).total_seconds() == 7200


def test_a_day_that_has_passed_is_left_to_the_comparison() -> None:
    """The same file next week holds days that have passed and did not change: no error."""
    assert faults(one(Datum="20-11-2026")) == []


def test_a_day_that_has_passed_is_said_at_once_in_a_row_that_is_wrong_anyway() -> None:
    assert sorted(faults(one(Datum="20-11-2026", Mobiel="x"))) == [
        (2, "Datum", "voorbij"),
        (2, "Mobiel", "letters"),
    ]


def test_far_ahead_is_refused() -> None:
    assert faults(one(Datum="04-12-2029")) == [(2, "Datum", "te_ver")]


def test_a_cancelled_row() -> None:
    assert one(Status="geannuleerd").rijen[0].gegevens.geannuleerd


def test_home_visits_have_no_place() -> None:
    gegevens = one(Locatie="Huisbezoek", Adres="").rijen[0].gegevens
    assert (gegevens.vorm, gegevens.locatie_naam) == ("huisbezoek", "")


def test_a_column_with_the_form_wins() -> None:
    values = {**row(), "Vorm": "telefonisch", "Ruimte": "2.14", "Versie": "7"}
    gegevens = read(csv_of(values, kop=list(values))).rijen[0].gegevens
    assert (gegevens.vorm, gegevens.locatie_ruimte, gegevens.externe_versie) == ("telefoon", "2.14", 7)


def test_the_source_is_the_callers() -> None:
    assert one().rijen[0].gegevens.bron == "csv"
    assert read(csv_of(row()), bron="jcc").rijen[0].gegevens.bron == "jcc"


def test_invisible_characters_and_double_spaces_go() -> None:
    gegevens = one(**{"Naam cliënt": "\u202eA.\u00a0  Jansen\u200b "}).rijen[0].gegevens
    assert gegevens.client.naam == "A. Jansen"


def test_long_texts_are_refused() -> None:
    result = one(**{"Naam cliënt": "x" * 151, "Onderwerp": "y" * 5000, "Adres": "z" * 201})
    assert sorted(faults(result)) == [
        (2, "Adres", "te_lang"),
        (2, "Naam cliënt", "te_lang"),
        (2, "Onderwerp", "te_lang"),
    ]
    assert all(len(fout.waarde) <= 80 for fout in result.rijfouten)


def test_line_breaks_never_reach_a_name() -> None:
    assert one(**{"Naam cliënt": "A.\r\nBcc: x@y.nl"}).rijen[0].gegevens.client.naam == "A. Bcc: x@y.nl"
    assert faults(one(**{"Naam cliënt": "A.\x07 Jansen"})) == [(2, "Naam cliënt", "stuurteken")]


def test_progress_is_told() -> None:
    heard: list[int] = []
    read(csv_of(*(row(Afspraaknummer=str(n)) for n in range(1200))), voortgang=heard.append)
    assert heard == [500, 1000, 1200]


def test_the_moment_is_the_callers() -> None:
    assert faults(read(csv_of(row(Datum="04-12-2027")), now=NU.replace(year=2024))) == [(2, "Datum", "te_ver")]
