"""The start of numbers that a beheerder adds: what may be added, and why not."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.phone import NEVER, AddressProblem, may_text, normalise_mobile, shown_prefix
from notifications.domain.prefixes import PrefixProblem, check_prefix

FIXED = ("+316",)


def check(typed: str, *added: str) -> str:
    return check_prefix(typed, fixed=FIXED, added=added)


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("+32 4", "+324"),
        (" +32-4 ", "+324"),
        ("+44 (7)", "+447"),
        ("+49 15", "+4915"),
        ("+1 868", "+1868"),
        ("+39 3", "+393"),
        # Here the zero stays.
        ("+225 01", "+22501"),
        ("+447624", "+447624"),
    ],
)
def test_what_may_be_added(typed: str, made: str) -> None:
    assert check(typed) == made
    assert check(made, made) == made


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ("", "empty", "Vul het begin van een nummer in"),
        (" - ", "empty", "zoals +32 4"),
        ("+", "plus", "Begin met een plus en het landnummer"),
        ("32 4", "plus", "Begin met een plus"),
        ("06", "plus", "Begin met een plus"),
        ("0032 4", "plus", "schrijf +32 en niet 0032"),
        ("+32 x", "plus", "alleen cijfers"),
        ("+32 ٤", "plus", "alleen cijfers"),
        ("<b>+32 4</b>", "plus", "alleen cijfers"),
        ("+3", "short", "nog geen heel landnummer"),
        ("+8", "short", "nog geen heel landnummer"),
        ("+31", "short", "06 (+31 6) mogen al"),
        ("+32", "short", "begint bijvoorbeeld met +32 4"),
        ("+1", "short", "meer dan twintig landen"),
        ("+1 86", "short", "drie cijfers"),
        ("+999 1", "no_country", "bestaat niet"),
        ("+0", "no_country", "bestaat niet"),
        ("+31 900", "never", "betaalde nummers"),
        ("+31 90912", "never", "betaalde nummers"),
        ("+979", "never", "betaalde nummers"),
        ("+870", "never", "satelliettelefoons"),
        ("+881 6", "never", "satelliettelefoons"),
        ("+882", "never", "satelliettelefoons"),
        ("+883 5", "never", "satelliettelefoons"),
        ("+31 97", "never", "apparaten"),
        ("+31 9701", "never", "apparaten"),
        ("+888", "never", "geen nummers van een land"),
        ("+31 9", "wide", "Vul meer cijfers in"),
        ("+31 90", "wide", "Vul meer cijfers in"),
        ("+31 6", "covered", "06 (+31 6)"),
        ("+31 612", "covered", "06 (+31 6)"),
        ("+32 2", "no_mobiles", "beginnen niet zo"),
        ("+32 90", "no_mobiles", "begint bijvoorbeeld met +32 4"),
        ("+31 20", "no_mobiles", "beginnen niet zo"),
        ("+1 900", "no_mobiles", "beginnen niet zo"),
        ("+32 04", "zero", "Laat de 0 na het landnummer +32 weg"),
        ("+32 470 123 456", "long", "alleen het begin"),
    ],
)
def test_what_may_not_and_why(typed: str, code: str, says: str) -> None:
    with pytest.raises(PrefixProblem) as caught:
        check(typed)
    assert caught.value.code == code
    assert says in caught.value.message
    assert caught.value.message.endswith(".")


def test_what_is_covered_by_something_added_adds_nothing() -> None:
    with pytest.raises(PrefixProblem, match=r"valt onder \+32 4"):
        check("+32 47", "+324")
    assert check("+32 4", "+3247") == "+324"


def test_mobile_numbers_of_every_country_can_be_added() -> None:
    missing = []
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        for region in set(regions) - {"001"}:
            example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
            if example is None:
                continue
            start = f"+{code}{phonenumbers.national_significant_number(example)[: 3 if code == 1 else 2]}"
            try:
                check_prefix(start, fixed=(), added=())
            except PrefixProblem as problem:
                missing.append((region, start, problem.code))
    assert missing == []


@given(st.text(alphabet="+0123456789 -()", max_size=12))
def test_what_passes_opens_nothing_that_is_forbidden(typed: str) -> None:
    try:
        made = check(typed)
    except PrefixProblem:
        return
    assert not any(each.startswith(made) or made.startswith(each) for each in NEVER)
    assert len(made) > 3
    assert check(made) == made


@pytest.mark.parametrize(
    ("prefix", "shown"), [("+316", "06 (+31 6)"), ("+324", "+32 4"), ("+1868", "+1 868"), ("+32", "+32"), ("x", "x")]
)
def test_as_people_read_it(prefix: str, shown: str) -> None:
    assert shown_prefix(prefix) == shown


@pytest.mark.parametrize("number", ["+31970123456", "+31900123456", "+881612345678", "+88231234", "+97912345"])
def test_settings_that_are_too_wide_open_nothing_that_is_forbidden(number: str) -> None:
    allowed = ("+31", "+8", "+9")
    assert not may_text(number, allowed=allowed)
    with pytest.raises(AddressProblem):
        normalise_mobile(number, allowed=allowed)


def test_the_refusal_names_what_may() -> None:
    def said(number: str, *allowed: str) -> str:
        with pytest.raises(AddressProblem) as caught:
            normalise_mobile(number, allowed=("+316", *allowed))
        return caught.value.message

    assert "Nederlandse mobiele nummers" in said("+447911123456")
    assert "beginnen met 06 of +32 4." in said("+447911123456", "+324")
    assert "begint met 06" in said("+447911123456", *(f"+32{digit}" for digit in range(1, 8)))
    assert "satelliettelefoon" in said("+881612345678", "+324")
