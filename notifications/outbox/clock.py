"""One clock for all workers: the database's.

Leases, and the horizon after which a provider's list is believed, compare moments that different processes
wrote down. A worker whose own clock is wrong, or is set right while it works, would take a message from one
who is just sending it.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import connection

Clock = Callable[[], datetime]

# The moment itself, not that of the transaction.
_ASK = {
    "postgresql": "SELECT clock_timestamp()",
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')",
}


def shared_clock() -> Clock:
    """A clock for one task: the database's, asked once; from there on the seconds that really passed.

    Aware, in UTC. It does not jump while the task works, whatever is done to the clocks of the machines.
    """
    asked, began = database_time(), time.monotonic()
    return lambda: asked + timedelta(seconds=time.monotonic() - began)


def database_time() -> datetime:
    """What the database's clock says now; aware, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute(_ASK[connection.vendor])
        moment: datetime | str = cursor.fetchone()[0]
    # SQLite has no type for it.
    if isinstance(moment, str):
        return datetime.fromisoformat(moment).replace(tzinfo=UTC)
    return moment.astimezone(UTC)
