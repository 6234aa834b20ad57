"""Encrypted model fields and the keyed blind index: the one room that both apps use.

Phone numbers and e-mail addresses are encrypted at rest with AES-256-GCM (docs/adr/0013), under keys that are made of
those in ``settings.FIELD_KEYS``: the first one encrypts, all of them decrypt, so a key is rotated by putting a new one
in front. Fernet tokens, as they were written before, are read as well.

An encrypted value can't be searched. Where a row must be found by its address, a second column holds
``blind_index(value)``: an HMAC-SHA256 with a key of its own. A plain hash would not do, because the
ten million Dutch mobile numbers are enumerated in seconds.
"""

from __future__ import annotations

import hmac
import os
from base64 import b64encode, urlsafe_b64decode
from binascii import a2b_base64
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

# How a value of this kind begins; a Fernet token begins with "gAAAA".
_MARK = "1."
# Chosen at random for each value. Under one key that goes well for four thousand million values (NIST SP 800-38D, 8.3).
_NONCE_BYTES = 12


@lru_cache(maxsize=8)
def _ciphers(keys: tuple[str, ...]) -> tuple[AESGCM, ...]:
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS is empty: give at least one Fernet key")
    # Not the key itself: one key is for one algorithm.
    return tuple(AESGCM(HKDF(SHA256(), 32, None, b"vooraf field 1").derive(urlsafe_b64decode(key))) for key in keys)


@lru_cache(maxsize=8)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(value: str) -> str:
    """``value`` under the newest key, as ASCII text: twice the same value gives two different texts."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _ciphers(tuple(settings.FIELD_KEYS))[0].encrypt(nonce, value.encode(), None)
    return _MARK + b64encode(nonce + sealed).decode("ascii")


def decrypt(token: str) -> str:
    """The text inside ``token``; raises :class:`UnreadableField` when no key fits."""
    keys = tuple(settings.FIELD_KEYS)
    try:
        if not token.startswith(_MARK):
            return _fernet(keys).decrypt(token.encode("ascii")).decode()
        packed = a2b_base64(token[len(_MARK) :], strict_mode=True)
    except (InvalidToken, ValueError) as problem:
        raise _unreadable() from problem
    for cipher in _ciphers(keys):
        try:
            return cipher.decrypt(packed[:_NONCE_BYTES], packed[_NONCE_BYTES:], None).decode()
        except (InvalidTag, ValueError):
            # Another key, or not one of ours at all.
            continue
    raise _unreadable()


def _unreadable() -> UnreadableField:
    return UnreadableField("an encrypted column can't be read with the keys in FIELD_KEYS")


def blind_index(value: str) -> str:
    """64 hexadecimal characters to look an address up by; the empty string stays empty.

    The caller passes the canonical form: E.164 for a phone number; an e-mail address is folded here,
    because people type it in any case.
    """
    folded = value.strip().casefold()
    if not folded:
        return ""
    return hmac.digest(settings.INDEX_KEY.encode(), folded.encode(), "sha256").hex()


class UnreadableField(Exception):
    """None of the keys in FIELD_KEYS opens this column."""

    loggable = True


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
