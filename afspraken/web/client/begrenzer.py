"""Slows down whoever tries links that do not exist, per address and for all addresses together.

Only unknown links count, and a link that works is never held up: behind one address sit all phones of a
provider or all computers of a library, and a token has 192 bits, so that nobody finds one by trying.
The price: the look-up itself goes on for a blocked address; it is one query on a unique index.
"""

from __future__ import annotations

import ipaddress
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

VENSTER_SECONDEN = 600
PER_ADRES = 30
VOOR_ALLEN = 1000


def te_vaak(request: HttpRequest) -> int:
    """Count one unknown link; the seconds to wait when this address, or all together, are over the limit, else 0."""
    window, gone = divmod(int(time.time()), VENSTER_SECONDEN)
    adres = _count(f"client-link:{window}:{_fingerprint(client_address(request))}")
    allen = _count(f"client-link:{window}:allen")
    return VENSTER_SECONDEN - gone if adres > PER_ADRES or allen > VOOR_ALLEN else 0


def client_address(request: HttpRequest) -> str:
    """The address of the visitor. ``X-Forwarded-For`` counts only as far as our own proxies wrote it."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if not proxies:
        return peer
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    # Each proxy adds, at the end, the address it was called from; what stands before that is hearsay.
    return forwarded[-proxies] if len(forwarded) >= proxies and forwarded[-proxies] else peer


def _fingerprint(address: str) -> str:
    """The address as a keyed hash, so that none is kept; of IPv6 the /64 that one visitor has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        network = address
    else:
        prefix = 32 if parsed.version == 4 else 64
        network = str(ipaddress.ip_network((parsed, prefix), strict=False))
    return salted_hmac("afspraken.web.client.begrenzer", network, algorithm="sha256").hexdigest()[:32]


def _count(key: str) -> int:
    # The window stands in the key: in a database cache each count also renews the time that a key lives.
    if cache.add(key, 1, VENSTER_SECONDEN):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:
        # It ran out between the two calls.
        cache.add(key, 1, VENSTER_SECONDEN)
        return 1
