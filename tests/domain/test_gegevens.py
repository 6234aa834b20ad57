"""The checks on delivered data: every wrong field at once, with a fix."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraken.domain import gegevens
from afspraken.domain.gegevens import AMSTERDAM, Afspraakgegevens, Clientgegevens, LocalTimeFout, Medewerkergegevens
from tests.builders import NU, maak_gegevens

TEAMS = {"wmo", "jeugd"}


def codes(delivered: Afspraakgegevens, now: datetime = NU) -> set[tuple[str, str]]:
    return {(fout.veld, fout.code) for fout in gegevens.check(delivered, now=now, teams=TEAMS)}


def test_a_good_delivery_has_no_faults() -> None:
    assert codes(maak_gegevens()) == set()


BAD: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"team": "burgerzaken"}, ("team", "onbekend_team")),
    ({"start_op": NU - timedelta(minutes=1)}, ("start_op", "voorbij")),
    ({"start_op": NU}, ("start_op", "voorbij")),
    ({"start_op": NU + timedelta(days=800)}, ("start_op", "te_ver")),
    ({"eind_op": NU + timedelta(days=2)}, ("eind_op", "einde_voor_begin")),
    ({"eind_op": NU + timedelta(days=1)}, ("eind_op", "einde_voor_begin")),
    ({"eind_op": NU + timedelta(days=2, hours=13)}, ("eind_op", "te_lang")),
    ({"vorm": "fax"}, ("vorm", "onbekende_vorm")),
    ({"onderwerp": " "}, ("onderwerp", "leeg")),
    ({"onderwerp": "x" * 201}, ("onderwerp", "te_lang")),
    ({"onderwerp": "gesprek 999922084"}, ("onderwerp", "lijkt_op_bsn")),
    ({"extern_id": "999922084"}, ("extern_id", "lijkt_op_bsn")),
    ({"extern_id": ""}, ("extern_id", "leeg")),
    ({"locatie_naam": "Stadhuis\nBcc: x"}, ("locatie_naam", "stuurteken")),
    ({"client": Clientgegevens(naam="")}, ("client.naam", "leeg")),
    ({"client": Clientgegevens(naam="A\u2028B")}, ("client.naam", "stuurteken")),
    ({"client": Clientgegevens(naam="A", extern_id="999922084")}, ("client.extern_id", "lijkt_op_bsn")),
    ({"client": Clientgegevens(naam="A", taal="xx")}, ("client.taal", "onbekende_taal")),
    (
        {"client": Clientgegevens(naam="A", bereikbaar_via=frozenset({"fax"}))},
        ("client.bereikbaar_via", "onbekend_kanaal"),
    ),
]


@pytest.mark.parametrize(("values", "expected"), BAD)
def test_a_bad_field_is_named(values: dict[str, Any], expected: tuple[str, str]) -> None:
    assert codes(maak_gegevens(**values)) == {expected}


def test_all_wrong_fields_come_at_once_each_with_a_fix() -> None:
    delivered = maak_gegevens(team="x", vorm="fax", onderwerp="", start_op=NU - timedelta(days=1))
    fouten = gegevens.check(delivered, now=NU, teams=TEAMS)
    assert {fout.veld for fout in fouten} == {"team", "vorm", "onderwerp", "start_op"}
    assert all(fout.melding.endswith(".") and len(fout.melding.split(". ")) >= 1 for fout in fouten)


def test_the_message_about_a_bsn_does_not_repeat_it() -> None:
    fouten = gegevens.check(maak_gegevens(extern_id="999922084"), now=NU, teams=TEAMS)
    assert "999922084" not in repr(fouten)


def test_a_walk_in_may_have_started_just_now() -> None:
    assert codes(maak_gegevens(start_op=NU - timedelta(minutes=10), inloop=True)) == set()


def test_a_cancelled_row_of_the_past_is_no_fault() -> None:
    assert codes(maak_gegevens(start_op=NU - timedelta(days=3), geannuleerd=True)) == set()


def test_a_medewerker_without_name_is_named() -> None:
    delivered = maak_gegevens()
    delivered = Afspraakgegevens(**{**vars(delivered), "medewerker": Medewerkergegevens(naam=" ")})
    assert codes(delivered) == {("medewerker.naam", "leeg")}


@pytest.mark.parametrize(
    "bsn", ["999922084", "999935068", "9999 22084", "999.922.084", "99992208 4", "111222333", "123456782"]
)
def test_a_bsn_is_recognised(bsn: str) -> None:
    assert gegevens.looks_like_bsn(bsn)


@pytest.mark.parametrize("text", ["0612345678", "123456789", "A2026-0001", "", "000000000", "99992208", "10464554"])
def test_what_is_no_bsn_is_left_alone(text: str) -> None:
    assert not gegevens.looks_like_bsn(text)


LANGUAGES = [
    ("nl", "nl"), ("NL", "nl"), ("nld", "nl"), ("Nederlands", "nl"), ("", "nl"), (" nl-NL ", "nl"),
    ("en", "en"), ("English", "en"), ("ti", "ti"), ("Tigrinya", "ti"), ("uk", "uk"), ("pl", "pl"), ("ar", "ar"),
    ("tr", "tr"), ("en_GB", "en"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), LANGUAGES)
def test_a_language_in_any_spelling(text: str, code: str) -> None:
    assert gegevens.normalise_taal(text) == code


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="klingon"):
        gegevens.normalise_taal("klingon")


def test_the_hour_that_does_not_exist_is_refused() -> None:
    with pytest.raises(LocalTimeFout) as raised:
        gegevens.local_to_utc(datetime(2026, 3, 29, 2, 30))  # noqa: DTZ001
    assert "bestaat niet" in raised.value.melding


def test_a_year_that_the_calendar_of_computers_does_not_have_is_refused() -> None:
    # In UTC, midnight of that day in Amsterdam lies before the year 1.
    with pytest.raises(LocalTimeFout) as raised:
        gegevens.local_to_utc(datetime(1, 1, 1))  # noqa: DTZ001
    assert "jaartal" in raised.value.melding


@pytest.mark.parametrize("text", ["111222333", "١١١٢٢٢٣٣٣", "１１１２２２３３３"])
def test_a_bsn_in_the_digits_of_any_script(text: str) -> None:
    assert gegevens.looks_like_bsn(text)
    assert gegevens.contains_bsn(f"mijn nummer is {text}")


def test_of_the_hour_that_exists_twice_the_first_is_taken_and_told() -> None:
    moment, twice = gegevens.local_to_utc(datetime(2026, 10, 25, 2, 30))  # noqa: DTZ001
    assert (moment, twice) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True)


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1)))  # noqa: DTZ001
def test_a_local_time_comes_back_as_itself(naive: datetime) -> None:
    try:
        moment, _ = gegevens.local_to_utc(naive)
    except LocalTimeFout:
        assert naive.month == 3
        assert naive.hour == 2
        return
    assert moment.astimezone(AMSTERDAM).replace(tzinfo=None) == naive
