"""The client's link: derived, never stored.

The token is an HMAC of the appointment's uuid, so that the database holds only a hash of it: a dump of
the database gives no usable link. Source of the requirement: the privacy paragraph of the message engine.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from uuid import UUID

TOKEN_LENGTH = 32
"""Characters of a token: 192 bits in URL-safe base64."""

_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}")

# No 0/O, 1/I/L, and no vowels that could make a word.
_CODE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"


def derive_token(sleutel: UUID, key: str) -> str:
    """The token of one appointment under the link key."""
    digest = hmac.digest(key.encode(), b"link:" + sleutel.bytes, "sha256")
    return base64.urlsafe_b64encode(digest[:24]).decode("ascii")


def hash_token(token: str) -> str:
    """What the database keeps of a token: 64 hexadecimal characters."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_token(text: str) -> bool:
    """Whether the text has the shape of a token; anything else needs no look-up."""
    return _TOKEN.fullmatch(text) is not None


def derive_code(sleutel: UUID, key: str) -> str:
    """Two characters by which an SMS names one of several appointments of the same phone.

    It starts with a digit, so that it can't be mistaken for a word. It never identifies a client: a code
    counts only together with the phone number that the text came from.
    """
    digest = hmac.digest(key.encode(), b"code:" + sleutel.bytes, "sha256")
    return _CODE_LETTERS[digest[0] % 8] + _CODE_LETTERS[8 + digest[1] % 19]
