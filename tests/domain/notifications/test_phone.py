"""Numbers and addresses: one form, and a refusal that says how to mend it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.phone import AddressProblem, mask, national, normalise_email, normalise_mobile


@pytest.mark.parametrize(
    "typed",
    [
        "0612345678",
        "06-12345678",
        "06 12 34 56 78",
        "(06) 12 34 56 78",
        "+31612345678",
        "+31 (0)6 12345678",
        "0031612345678",
        " 06\u00a012345678 ",
        "06.12.34.56.78",
        "612345678",
    ],
)
def test_however_it_is_typed(typed: str) -> None:
    assert normalise_mobile(typed) == "+31612345678"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("0612345", "impossible"),
        ("061234567890", "impossible"),
        ("06abc45678", "letters"),
        ("1" * 40, "letters"),
        ("0900-1234", "paid"),
        ("0909 1234", "paid"),
        ("020 624 1111", "landline"),
        ("+3197010200000", "machine"),
        ("097010200000", "machine"),
        ("+447911123456", "not_allowed"),
        ("+881612345678", "not_allowed"),
        ("+4915112345678", "not_allowed"),
        ("112", "impossible"),
    ],
)
def test_refused_with_a_reason(typed: str, code: str) -> None:
    with pytest.raises(AddressProblem) as caught:
        normalise_mobile(typed)
    assert caught.value.code == code
    assert caught.value.message.endswith(".")


def test_a_municipality_may_allow_more() -> None:
    allowed = ("+316", "+32")
    assert normalise_mobile("+32470123456", allowed=allowed) == "+32470123456"
    with pytest.raises(AddressProblem):
        normalise_mobile("+3222345678", allowed=allowed)


@given(st.integers(min_value=10_000_000, max_value=99_999_999))
def test_what_comes_out_goes_in_unchanged(digits: int) -> None:
    try:
        once = normalise_mobile(f"06{digits}")
    except AddressProblem:
        return
    assert normalise_mobile(once) == once
    assert normalise_mobile(national(once)) == once


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_a_problem(text: str) -> None:
    try:
        made = normalise_mobile(text)
    except AddressProblem:
        return
    assert made.startswith("+316")


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        (" A.Jansen@Example.NL ", "A.Jansen@example.nl"),
        ("a+b@x-y.co.uk", "a+b@x-y.co.uk"),
    ],
)
def test_an_email_address(typed: str, made: str) -> None:
    assert normalise_email(typed) == made


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "a@",
        "@x.nl",
        "a@x",
        "a b@x.nl",
        "a@x..nl",
        ".a@x.nl",
        "a.@x.nl",
        "a@x.nl\r\nBcc: b@x.nl",
        "<a@x.nl>",
        "a@x.nl,b@x.nl",
        "a@-x.nl",
        "a" * 65 + "@x.nl",
        "a@" + "x" * 250 + ".nl",
    ],
)
def test_not_an_email_address(typed: str) -> None:
    with pytest.raises(AddressProblem):
        normalise_email(typed)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("+31612345678", "06••••••78"),
        ("j.jansen@example.nl", "j…@example.nl"),
        ("+447911123456", "+44••••••56"),
        ("", ""),
    ],
)
def test_masked(address: str, shown: str) -> None:
    assert mask(address) == shown
