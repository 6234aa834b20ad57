"""What an SMS costs: against a list by hand, and against another library on whatever comes up."""

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.segments import _PLAIN, count_segments, is_gsm, to_plain

GSM = "".join(chr(code) for code in range(0x20, 0x2200) if is_gsm(chr(code)))


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments", "left"),
    [
        ("", "GSM-7", 0, 0, 160),
        ("a", "GSM-7", 1, 1, 159),
        ("a" * 160, "GSM-7", 160, 1, 0),
        ("a" * 161, "GSM-7", 161, 2, 145),
        ("a" * 306, "GSM-7", 306, 2, 0),
        ("a" * 307, "GSM-7", 307, 3, 152),
        ("€" * 80, "GSM-7", 160, 1, 0),
        ("€" * 81, "GSM-7", 162, 2, 143),
        # An escape pair does not straddle two parts: the first keeps one septet unused.
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3, 152),
        ("ë" * 70, "UCS-2", 70, 1, 0),
        ("ë" * 71, "UCS-2", 71, 2, 63),
        ("😀" * 35, "UCS-2", 70, 1, 0),
        ("😀" * 36, "UCS-2", 72, 2, 61),
        # Nor does a surrogate pair.
        ("ë" * 66 + "😀" + "ë" * 66, "UCS-2", 134, 3, 66),
        ("café à Åø", "GSM-7", 9, 1, 151),
    ],
)
def test_by_hand(text: str, encoding: str, units: int, segments: int, left: int) -> None:
    count = count_segments(text)
    assert (count.encoding, count.units) == (encoding, units)
    assert (count.segments, count.per_segment_left) == (segments, left)


@given(st.text(alphabet=st.sampled_from(GSM + "€ë😀\n"), min_size=1, max_size=500))
def test_against_another_library(text: str) -> None:
    theirs = smsutil.split(text)
    ours = count_segments(text)
    assert ours.encoding == ("GSM-7" if theirs.encoding == "gsm0338" else "UCS-2")
    assert ours.segments == len(theirs.parts)


@given(st.characters(exclude_categories=["Cs"], exclude_characters="\x1b\r\x0c"))
def test_the_alphabet_is_the_same(char: str) -> None:
    assert is_gsm(char) == smsutil.is_valid_gsm(char)


@given(st.text(max_size=400))
def test_one_more_character_never_costs_less(text: str) -> None:
    shorter, longer = count_segments(text), count_segments(text + "a")
    assert longer.segments >= shorter.segments
    assert 0 <= longer.per_segment_left < 160


def test_the_costly_character_is_named_with_a_way_out() -> None:
    (costly,) = count_segments("Uw cliënt, beste cliënt").costly
    assert (costly.char, costly.position, costly.suggestion) == ("ë", 6, "e")
    assert costly.name == "e met puntjes"


@pytest.mark.parametrize(
    ("char", "name", "suggestion"),
    [
        ("\u00a0", "vaste spatie", " "),
        ("\u2019", "krul-apostrof", "'"),
        ("\u201c", "krul-aanhalingsteken", '"'),
        ("\u2013", "half kastlijntje", "-"),
        ("\u2026", "beletselteken", "..."),
        ("\u200b", "onzichtbaar teken", ""),
        ("ç", "c met accent", "c"),
        ("😀", "emoji of bijzonder teken", ""),
        ("ж", "teken ж", ""),
    ],
)
def test_names_and_suggestions(char: str, name: str, suggestion: str) -> None:
    (costly,) = count_segments(f"a{char}").costly
    assert (costly.name, costly.suggestion) == (name, suggestion)


def test_a_text_in_another_script_does_not_list_every_letter() -> None:
    assert len(count_segments("".join(chr(code) for code in range(0x430, 0x450))).costly) == 10


@given(st.text(max_size=200))
def test_plain_text_is_plain_already(text: str) -> None:
    assert to_plain(to_plain(text)) == to_plain(text)


def test_plain_keeps_names_and_mends_punctuation() -> None:
    assert to_plain("“Zoë’s” gesprek\u00a0– om 10 uur…") == '"Zoë\'s" gesprek - om 10 uur...'
    assert count_segments(to_plain("Beste meneer\u00a0Bakker")).encoding == "GSM-7"


@given(st.text(st.one_of(st.sampled_from(sorted(_PLAIN)), st.characters(max_codepoint=0x2FFF))))
def test_every_letter_that_has_a_plain_one_is_replaced_and_no_other(text: str) -> None:
    assert to_plain(text) == "".join(_PLAIN.get(letter, letter) for letter in text)
