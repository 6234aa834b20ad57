"""Encrypted columns: what goes in comes out, with an old key too, and nothing else opens them."""

from base64 import b64decode, b64encode, urlsafe_b64encode
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from notifications.fields import UnreadableField, decrypt, encrypt

OLD, NEW, OTHER = (urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2, 3))
ADDRESS = "+31612345678"


@given(st.text())
def test_what_goes_in_comes_out(text: str) -> None:
    assert decrypt(encrypt(text)) == text


def test_the_same_twice_is_not_the_same() -> None:
    """Or it would show who has the same address."""
    assert len({encrypt(ADDRESS) for _ in range(100)}) == 100


def test_it_is_short_and_begins_with_its_kind() -> None:
    stored = encrypt(ADDRESS)
    assert stored.startswith("1.")
    # A nonce of 12 and a tag of 16 bytes; as a Fernet token it was 100.
    assert len(stored) == len("1.") + (12 + len(ADDRESS) + 16 + 2) // 3 * 4


def test_the_first_key_encrypts_and_all_of_them_decrypt(settings: Any) -> None:
    settings.FIELD_KEYS = [OLD]
    before = encrypt(ADDRESS)
    settings.FIELD_KEYS = [NEW, OLD]
    after = encrypt(ADDRESS)
    assert decrypt(before) == decrypt(after) == ADDRESS
    settings.FIELD_KEYS = [NEW]
    assert decrypt(after) == ADDRESS
    with pytest.raises(UnreadableField):
        decrypt(before)


def test_what_was_written_as_a_fernet_token_is_read(settings: Any) -> None:
    settings.FIELD_KEYS = [NEW, OLD]
    assert decrypt(Fernet(OLD).encrypt(ADDRESS.encode()).decode()) == ADDRESS
    with pytest.raises(UnreadableField):
        decrypt(Fernet(OTHER).encrypt(ADDRESS.encode()).decode())


def test_a_change_of_any_byte_is_seen() -> None:
    packed = b64decode(encrypt(ADDRESS)[2:])
    for place in range(len(packed)):
        changed = packed[:place] + bytes([packed[place] ^ 1]) + packed[place + 1 :]
        with pytest.raises(UnreadableField):
            decrypt("1." + b64encode(changed).decode())


@pytest.mark.parametrize(
    "stored", ["1.", "1.AAAA", "1.é", "1.!", "1." + "A" * 36, "1. AAAA", "+31612345678", "gAAAA", "é"]
)
def test_what_is_no_value_of_ours_is_refused(stored: str) -> None:
    with pytest.raises(UnreadableField) as refused:
        decrypt(stored)
    assert stored not in str(refused.value)


def test_half_a_value_is_refused() -> None:
    stored = encrypt(ADDRESS)
    for length in range(len(stored)):
        with pytest.raises(UnreadableField):
            decrypt(stored[:length])


def test_without_keys_nothing_is_written(settings: Any) -> None:
    settings.FIELD_KEYS = []
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        encrypt(ADDRESS)
