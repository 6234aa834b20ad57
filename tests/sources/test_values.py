"""Cells in the styles that exports have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraken.sources import values
from afspraken.sources.error_file import defuse
from afspraken.sources.values import Celfout

DAY = date(2026, 12, 4)


@pytest.mark.parametrize(
    "text",
    [
        "04-12-2026", "4-12-2026", "04/12/2026", "4/12/2026", "04.12.2026", "2026-12-04", "2026-12-04T00:00:00",
        "2026-12-04 00:00:00", "04-12-2026 0:00", "46360", "46360.0",
    ],
)  # fmt: skip
def test_dates(text: str) -> None:
    assert values.read_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "leeg", "04-12-2026"),
        ("04-12-26", "jaar_te_kort", "vier cijfers"),
        ("12/31/2026", "maand_bestaat_niet", "eerst de dag"),
        ("31-11-2026", "datum_bestaat_niet", "bestaat niet"),
        ("29-02-2027", "datum_bestaat_niet", "bestaat niet"),
        ("0-12-2026", "datum_bestaat_niet", "bestaat niet"),
        ("04-12/2026", "geen_datum", "04-12-2026"),
        ("vrijdag", "geen_datum", "04-12-2026"),
        ("4 december 2026", "geen_datum", "04-12-2026"),
        ("٠٤-١٢-٢٠٢٦", "geen_datum", "04-12-2026"),
        ("20261204", "geen_datum", "04-12-2026"),
        ("12345", "geen_datum", "04-12-2026"),
    ],
)
def test_wrong_dates(text: str, code: str, words: str) -> None:
    refused(values.read_date, text, code, words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13.15 uur", time(13, 15)),
        ("8.30 uur", time(8, 30)),
        ("9.00 uur", time(9, 0)),
        ("09:15", time(9, 15)),
        ("9:15", time(9, 15)),
        ("09:15:00", time(9, 15)),
        ("09.15", time(9, 15)),
        ("9,15 uur", time(9, 15)),
        ("9u15", time(9, 15)),
        ("9 uur", time(9, 0)),
        ("13.15 UUR", time(13, 15)),
        ("13.15uur", time(13, 15)),
        ("0.30", time(0, 30)),
        ("23.59 uur", time(23, 59)),
        ("0.5520833333", time(13, 15)),
        ("0.7500000000", time(18, 0)),
    ],
)
def test_times(text: str, expected: time) -> None:
    assert values.read_time(text) == expected


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "leeg", "13.15 uur"),
        ("24.00 uur", "tijd_bestaat_niet", "23.59"),
        ("12.60 uur", "tijd_bestaat_niet", "23.59"),
        ("9", "geen_tijd", "13.15 uur"),
        ("kwart over 1", "geen_tijd", "13.15 uur"),
        ("1:15 PM", "geen_tijd", "13.15 uur"),
        ("09:15:30", "geen_tijd", "13.15 uur"),
        ("0915", "geen_tijd", "13.15 uur"),
        ("13.5", "geen_tijd", "13.15 uur"),
    ],
)
def test_wrong_times(text: str, code: str, words: str) -> None:
    refused(values.read_time, text, code, words)


@pytest.mark.parametrize("text", ["45", "45.0", "45,00", "45 min", "45min.", "45 Minuten", "045"])
def test_durations(text: str) -> None:
    assert values.read_duration(text) == timedelta(minutes=45)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "leeg"), ("4", "duur_kan_niet"), ("721", "duur_kan_niet"), ("0", "duur_kan_niet"),
        ("-45", "geen_duur"), ("0:45", "geen_duur"), ("45.5", "geen_duur"), ("drie kwartier", "geen_duur"),
    ],
)  # fmt: skip
def test_wrong_durations(text: str, code: str) -> None:
    refused(values.read_duration, text, code)


@pytest.mark.parametrize("minutes", [5, 720])
def test_the_edges_of_a_duration(minutes: int) -> None:
    assert values.read_duration(str(minutes)) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text",
    [
        "0612345678", "06-12345678", "(06) 12 34 56 78", "+31 6 1234 5678", "+31(0)612345678", "0031612345678",
        "612345678", "612345678.0", "31612345678",
    ],
)  # fmt: skip
def test_phones(text: str) -> None:
    assert values.read_mobile(text) == "+31612345678"


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("010-1234567", "landline", "vast nummer"),
        ("0900-1234", "paid", "betaald"),
        ("06-1234567", "impossible", "06 en dan nog 8 cijfers"),
        ("+44 7911 123456", "not_allowed", "Nederlandse"),
        ("0970 1020 0000", "machine", "apparaten"),
        ("geen", "letters", "alleen cijfers"),
        ("6,12E+08", "nummer_afgerond", "afgerond"),
    ],
)
@pytest.mark.django_db
def test_wrong_phones(text: str, code: str, words: str) -> None:
    refused(values.read_mobile, text, code, words)


def test_nothing_is_no_phone_and_no_address() -> None:
    assert values.read_mobile("") == ""
    assert values.read_email("") == ""


def test_addresses() -> None:
    assert values.read_email("d'haene11@Example.NL") == "d'haene11@example.nl"
    refused(values.read_email, "jansen@", "invalid", "naam@voorbeeld.nl")
    refused(values.read_email, "a@b.nl, c@d.nl", "invalid")


@pytest.mark.parametrize(
    ("text", "code"), [("", "nl"), ("nld", "nl"), ("Nederlands", "nl"), ("ENGELS", "en"), ("tigrinya", "ti")]
)
def test_languages(text: str, code: str) -> None:
    assert values.read_language(text) == code


def test_an_unknown_language_names_the_known_ones() -> None:
    refused(values.read_language, "Klingon", "onbekende_taal", "Nederlands, Engels")


def test_status_form_and_version() -> None:
    assert [values.read_status(t) for t in ("", "Gepland", "GEANNULEERD", "afgezegd")] == [False, False, True, True]
    refused(values.read_status, "misschien", "onbekende_status", "gepland of geannuleerd")
    assert [values.read_vorm(t) for t in ("", "Huisbezoek", "telefonisch")] == ["", "huisbezoek", "telefoon"]
    refused(values.read_vorm, "brief", "onbekende_vorm", "balie")
    assert values.vorm_in_locatie("HUISBEZOEK") == "huisbezoek"
    assert values.vorm_in_locatie("Stadhuis") == ""
    assert [values.read_version(t) for t in ("", "3", "3.0")] == [None, 3, 3]
    refused(values.read_version, "v3", "geen_getal")


def test_numbers() -> None:
    assert values.read_number("4632.0") == "4632"
    assert values.read_number("A2026-0001") == "A2026-0001"
    refused(values.read_number, "", "leeg")
    refused(values.read_number, "999922084", "lijkt_op_bsn")
    refused(values.read_number, "999922084.0", "lijkt_op_bsn")


@pytest.mark.parametrize("text", ["P. Y?lmaz", "Y\ufffdlmaz", "Ã–zdemir", "DaniÃ«lle"])
def test_a_lost_letter_is_seen(text: str) -> None:
    assert values.lost_letter(text)


@pytest.mark.parametrize("text", ["Yılmaz", "Özdemir", "Åsa Ångström", "d'Haene", "Łukasiewicz", "José"])
def test_a_whole_name_is_not_warned_about(text: str) -> None:
    assert not values.lost_letter(text)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_in_every_style(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    styles = (f"{day:%d-%m-%Y}", f"{day.day}/{day.month}/{day.year}", f"{day:%d.%m.%Y}", day.isoformat(), str(serial))
    assert {values.read_date(text) for text in styles} == {day}


@given(st.times())
def test_every_minute_in_every_style(moment: time) -> None:
    clock = time(moment.hour, moment.minute)
    fraction = (clock.hour * 60 + clock.minute) / (24 * 60)
    styles = [f"{clock.hour}.{clock:%M} uur", f"{clock:%H:%M}", f"{clock.hour}u{clock:%M}", f"{clock:%H:%M}:00"]
    if fraction:
        styles.append(f"{fraction:.10f}")
    assert {values.read_time(text) for text in styles} == {clock}


@given(st.integers(10_000_000, 99_999_999))
def test_every_number_in_every_style_is_one_number(tail: int) -> None:
    d = str(tail)
    styles = (
        f"06{d}", f"06-{d}", f"(06) {d[:2]} {d[2:4]} {d[4:6]} {d[6:]}", f"+31 6 {d[:4]} {d[4:]}", f"+31(0)6{d}",
        f"00316{d}", f"6{d}", f"6{d}.0",
    )  # fmt: skip
    outcomes = set()
    for text in styles:
        try:
            outcomes.add(values.read_mobile(text))
        except Celfout as problem:
            outcomes.add(problem.code)
    assert len(outcomes) == 1
    assert outcomes <= {f"+316{d}", "impossible", "not_mobile", "not_allowed", "machine"}


READERS = (
    values.read_date, values.read_time, values.read_duration, values.read_mobile, values.read_email,
    values.read_language, values.read_status, values.read_vorm, values.read_version, values.read_number,
)  # fmt: skip


@pytest.mark.django_db
@given(st.text(max_size=60))
def test_no_text_breaks_a_reader(text: str) -> None:
    cleaned = values.clean(text)
    said = []
    for reader in READERS:
        try:
            reader(cleaned)
        except Celfout as problem:
            said.append(problem.melding)
    assert [text for text in said if not text.endswith(".")] == []


@given(st.text(max_size=60))
def test_the_prefix_of_the_error_file_comes_off_again(text: str) -> None:
    assert values.clean(defuse(text)) == values.clean(text)


def refused(reader: Callable[[str], object], text: str, code: str, words: str = "") -> None:
    with pytest.raises(Celfout) as caught:
        reader(text)
    assert caught.value.code == code
    assert words in caught.value.melding
