"""How many messages one key may send: a counter per key and minute, shared by all processes.

The price is two small writes in the cache per message. A race between two processes may count one
too few: it protects a server, not a secret.
"""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

from afspraken.api.problems import Problem

PER_MINUUT = 1200
"""A whole day of a large municipality comes in within minutes; a loop that runs wild is stopped."""


def count(sleutel: str, *, now: datetime) -> None:
    """Count one message; over the limit it raises a 429 that says when to come back."""
    minute = now.strftime("%Y%m%d%H%M")
    name = f"api:{sleutel}:{minute}"
    if _add(name) > PER_MINUUT:
        wacht = 60 - now.second
        raise Problem(
            429,
            f"Deze sleutel mag {PER_MINUUT} berichten per minuut sturen. Probeer het over {wacht} seconden opnieuw.",
            headers={"Retry-After": str(wacht)},
        )


def _add(name: str) -> int:
    if cache.add(name, 1, 120):
        return 1
    try:
        return cache.incr(name)
    except ValueError:
        # It ran out between the two calls.
        cache.add(name, 1, 120)
        return 1
