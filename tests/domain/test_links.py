"""The client's link."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from afspraken.domain import links

KEY = "k" * 50


def test_a_thousand_links_are_unique_long_and_share_no_beginning() -> None:
    tokens = [links.derive_token(uuid.uuid4(), KEY) for _ in range(1000)]
    assert len(set(tokens)) == 1000
    assert all(len(token) == links.TOKEN_LENGTH and links.is_token(token) for token in tokens)
    assert len({token[:4] for token in tokens}) > 950


@given(st.uuids())
def test_the_same_appointment_has_the_same_link_and_another_key_another(sleutel: uuid.UUID) -> None:
    assert links.derive_token(sleutel, KEY) == links.derive_token(sleutel, KEY)
    assert links.derive_token(sleutel, KEY) != links.derive_token(sleutel, "x" * 50)
    assert links.derive_token(sleutel, KEY) not in links.hash_token(links.derive_token(sleutel, KEY))


@given(st.uuids())
def test_a_short_code_is_a_digit_and_a_letter(sleutel: uuid.UUID) -> None:
    code = links.derive_code(sleutel, KEY)
    assert len(code) == 2
    assert code[0].isdigit()
    assert code[1].isupper()


@given(st.text(max_size=40))
def test_no_other_text_passes_for_a_token(text: str) -> None:
    if len(text) != links.TOKEN_LENGTH:
        assert not links.is_token(text)
