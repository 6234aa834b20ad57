"""What every connection to the database gets."""

from datetime import UTC
from functools import cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_TIMESTAMPTZ = "timestamptz"


def read_moments_in_c(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Moments are read by the driver's own code; called for each new connection.

    Django puts a class in Python in its place, for databases that are kept in another time zone than UTC. Ours are
    not, and a moment then costs a fraction: a page of 300 appointments reads thousands of them.
    """
    if connection.vendor == "postgresql" and connection.timezone is UTC:
        connection.connection.adapters.register_loader(_TIMESTAMPTZ, _reader())


@cache
def _reader() -> Any:
    # SQLite goes without the driver.
    from psycopg import adapters  # noqa: PLC0415
    from psycopg.adapt import Loader  # noqa: PLC0415
    from psycopg.pq import Format  # noqa: PLC0415

    quick: Any = adapters.get_loader(adapters.types[_TIMESTAMPTZ].oid, Format.TEXT)

    class Moments(Loader):
        """The driver's own, which can't be a base, with the time zone that Django asks it for."""

        timezone = UTC

        def __init__(self, oid: int, context: Any = None) -> None:
            super().__init__(oid, context)
            self._quick = quick(oid, context)
            # What the driver calls for each value: nothing of ours in between.
            self.load = self._quick.load  # type: ignore[method-assign]

        def load(self, data: Any) -> Any:
            return self._quick.load(data)

    return Moments
