"""What every connection to the database gets."""

from datetime import UTC
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


def read_moments_in_c(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Moments are read by the driver's own code; called for each new connection.

    Django puts a class in Python in its place, for databases that are kept in another time zone than UTC. Ours are
    not, and a moment then costs a fortieth: a page of 300 appointments reads thousands of them.
    """
    if connection.vendor != "postgresql" or connection.timezone is not UTC:
        return
    from psycopg import adapters  # noqa: PLC0415  # SQLite goes without
    from psycopg.pq import Format  # noqa: PLC0415

    moment = adapters.types["timestamptz"]
    quick: Any = adapters.get_loader(moment.oid, Format.TEXT)
    # Django looks at the time zone of whoever reads them.
    reader = type("Moments", (quick,), {"timezone": UTC})
    connection.connection.adapters.register_loader(moment.oid, reader)
