"""What must hold for every text, not only for the ones we thought of."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraken.domain.reply import Woord, read
from afspraken.domain.voornemen import TOELICHTING_MAX, Antwoord, Doel

POLITE = (
    "hoor",
    "bedankt",
    "dank u wel",
    "alstublieft",
    "aub",
    "graag",
    "hallo",
    "groetjes",
    "prima",
    "is goed",
    "👍",
    "🙂",
)
MARKS = ("", "!", ".", "!!!", ", ", " ")
NEGATION = ("niet", "geen", "nee", "nooit", "no", "not", "niks", "never", "liever niet", "hoeft niet", "nope", "neen")
NEUTRAL = ("het", "gesprek", "opnemen", "ik", "wil", "ga", "dat", "record", "opname", "hoor", "dus", ",", ".", "de")
VOCABULARY = (
    *POLITE,
    *NEGATION,
    *NEUTRAL,
    *(
        "ja",
        "JA",
        "weet",
        "misschien",
        "stop",
        "STOP",
        "regels",
        "hulp",
        "7K",
        "2",
        "?",
        "toch",
        "wacht",
        "sorry",
        "met",
    ),
    *("sms", "thuis", "advocaat", "facebook", "delen", "komen", "kan", "of", "want", "yes", "don't", "know", "\n", "…"),
)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    reading = read(text)
    assert isinstance(reading.woord, Woord)
    assert len(reading.tekst) <= TOELICHTING_MAX
    assert len(reading.toelichting) <= TOELICHTING_MAX


@given(st.lists(st.sampled_from(VOCABULARY), max_size=14))
def test_any_row_of_known_words_is_read_consistently(row: list[str]) -> None:
    reading = read(" ".join(row))
    assert not (reading.antwoord and reading.tegenstrijdig)
    if reading.antwoord is None:
        assert not reading.stellig
    if reading.opdracht in (Woord.STOP, Woord.START):
        assert reading.antwoord is None
    if reading.antwoord is Antwoord.NEE:
        assert (reading.toelichting, reading.soorten) == ("", frozenset())
        assert reading.doel in (None, Doel.LIEVER_NIET)
    if reading.automatisch:
        assert reading.antwoord is None
        assert reading.opdracht is None


@given(st.lists(st.sampled_from(VOCABULARY), max_size=10), st.sampled_from(["lower", "upper", "title"]))
def test_case_does_not_change_the_answer(row: list[str], how: str) -> None:
    text = " ".join(row)
    assert read(getattr(text, how)()).antwoord is read(text).antwoord


@given(
    st.sampled_from(["ja", "Ja", "JA", "jaa", "yes"]),
    st.lists(st.tuples(st.sampled_from(MARKS), st.sampled_from(POLITE)), max_size=4),
    st.sampled_from(MARKS),
)
def test_a_plain_ja_with_any_politeness_is_ja(word: str, polite: list[tuple[str, str]], end: str) -> None:
    text = word + "".join(f"{mark} {extra}" for mark, extra in polite) + end
    assert read(text).woord is Woord.JA


@given(
    st.sampled_from(["nee", "Nee", "NEE", "neee", "no"]),
    st.lists(st.tuples(st.sampled_from(MARKS), st.sampled_from(POLITE)), max_size=4),
)
def test_a_plain_nee_with_any_politeness_is_nee(word: str, polite: list[tuple[str, str]]) -> None:
    assert read(word + "".join(f"{mark} {extra}" for mark, extra in polite)).woord is Woord.NEE


@given(
    st.lists(st.sampled_from(NEGATION), min_size=1, max_size=4),
    st.lists(st.sampled_from(NEUTRAL), max_size=6),
    st.randoms(),
)
def test_negation_alone_is_never_ja(negations: list[str], neutral: list[str], random: object) -> None:
    row = negations + neutral
    random.shuffle(row)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert read(" ".join(row)).antwoord is not Antwoord.JA


@given(st.sampled_from(["JA", "NEE", "WEET NIET"]), st.sampled_from(["2B", "7K", "9Z", "4h"]))
def test_a_code_does_not_change_the_answer(word: str, code: str) -> None:
    bare = read(word)
    for text in (f"{word} {code}", f"{code} {word}", f"{word}, {code}.", f"{word}\n{code}"):
        reading = read(text)
        assert (reading.antwoord, reading.codes) == (bare.antwoord, (code.upper(),))


@pytest.mark.parametrize(
    "text",
    [
        "ja " * 5000,
        "a" * 100_000,
        "ja, " * 4000,
        "niet " * 4000,
        "ik wil " * 3000,
        "?" * 50_000,
        "7" * 10_000,
        "\u0301" * 9000,
    ],
)
def test_a_long_text_is_read_in_no_time(text: str) -> None:
    begin = time.perf_counter()
    reading = read(text)
    assert time.perf_counter() - begin < 1
    assert len(reading.tekst) <= TOELICHTING_MAX
