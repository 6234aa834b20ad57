"""Encrypted model fields and the keyed blind index: the one room that both apps use.

Phone numbers and e-mail addresses are encrypted at rest with Fernet (AES-128-CBC + HMAC-SHA256).
Keys come from ``settings.FIELD_KEYS``: the first one encrypts, all of them decrypt, so a key is
rotated by putting a new one in front.

An encrypted value can't be searched. Where a row must be found by its address, a second column holds
``blind_index(value)``: an HMAC-SHA256 with a key of its own. A plain hash would not do, because the
ten million Dutch mobile numbers are enumerated in seconds.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@lru_cache(maxsize=8)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS is empty: give at least one Fernet key")
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(value: str) -> str:
    """The Fernet token of ``value`` under the newest key, as ASCII text."""
    return _fernet(tuple(settings.FIELD_KEYS)).encrypt(value.encode()).decode("ascii")


def decrypt(token: str) -> str:
    """The text inside ``token``; raises :class:`UnreadableField` when no key fits."""
    try:
        return _fernet(tuple(settings.FIELD_KEYS)).decrypt(token.encode("ascii")).decode()
    except (InvalidToken, UnicodeEncodeError) as problem:
        raise UnreadableField("an encrypted column can't be read with the keys in FIELD_KEYS") from problem


def blind_index(value: str) -> str:
    """64 hexadecimal characters to look an address up by; the empty string stays empty.

    The caller passes the canonical form: E.164 for a phone number; an e-mail address is folded here,
    because people type it in any case.
    """
    folded = value.strip().casefold()
    if not folded:
        return ""
    return hmac.new(settings.INDEX_KEY.encode(), folded.encode(), hashlib.sha256).hexdigest()


class UnreadableField(Exception):
    """None of the keys in FIELD_KEYS opens this column."""


class EncryptedTextField(models.TextField[str, str]):
    """A text column whose contents are encrypted at rest; empty text is stored as it is.

    Filtering on it would compare ciphertexts and never match, so every look-up but ``isnull`` is refused.
    """

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return text if not text else encrypt(text)

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return value if not value else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is encrypted: look it up by its blind index")
        return super().get_lookup(lookup_name)
