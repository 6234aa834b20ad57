"""Moving messages from state to state: the one place that writes ``status``.

A move is a compare-and-swap: the rows that are in a state from which the event may happen are moved,
the others are left alone, and the caller sees how many there were.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import Field, QuerySet

from notifications.domain.lifecycle import FINAL, TRANSITIONS, Event, Status, sources
from notifications.domain.reasons import Reason
from notifications.models import Message
from notifications.outbox.given import given

# States of which the storeys above are told; the others are our own affair or their own doing.
_NEWS = frozenset(
    {
        Status.ACCEPTED,
        Status.DELIVERED,
        Status.UNDELIVERED,
        Status.FAILED,
        Status.UNKNOWN,
        Status.EXPIRED,
    }
)


def target(event: Event) -> Status:
    """The state an event leads to; every event leads to exactly one."""
    (status,) = {after for (_, happened), after in TRANSITIONS.items() if happened is event}
    return status


def shift(
    rows: QuerySet[Message],
    event: Event,
    *,
    now: datetime,
    reason: Reason = Reason.NONE,
    only_from: Collection[Status] | None = None,
    **fields: Any,
) -> int:
    """Let ``event`` happen to those of ``rows`` to which it can; returns how many moved.

    ``only_from`` narrows the states further. ``fields`` are written in the same statement.
    """
    changes = _changes(event, reason, now) | fields
    return rows.filter(status__in=_origins(event, only_from)).update(**changes)


def shift_each(
    values: Mapping[int, Sequence[object]],
    event: Event,
    *,
    now: datetime,
    columns: Mapping[str, type],
    where: Mapping[str, Any],
    **fields: Any,
) -> set[int]:
    """The same for many rows that each get values of their own; returns the rows that moved.

    ``values`` is message row -> what comes in ``columns``, in that order; ``where`` what else must be so.
    """
    table = connection.ops.quote_name(Message._meta.db_table)  # noqa: SLF001  # documented, for all its name
    changes = _changes(event, Reason.NONE, now) | fields
    # In one order, so that two who write the same rows do not wait for each other in a circle.
    ordered = sorted(values.items(), key=itemgetter(0))
    rows, packed = given({"id": int, **columns}, [(key, *row) for key, row in ordered])
    sets = [f"{_column(name)} = %s" for name in changes if name not in columns]
    sets += [f"{_column(name)} = given.{name}" for name in columns]
    origins = _origins(event, None)
    sql = (
        f"UPDATE {table} SET {', '.join(sets)} FROM {rows} WHERE {table}.{_column('id')} = given.id"  # noqa: S608
        f" AND {table}.{_column('status')} IN ({', '.join(['%s'] * len(origins))})"
        + "".join(f" AND {table}.{_column(name)} = %s" for name in where)
        + f" RETURNING {table}.{_column('id')}"
    )
    parameters = [_value(name, value) for name, value in changes.items() if name not in columns]
    parameters += [*packed, *origins, *(_value(name, value) for name, value in where.items())]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {key for (key,) in cursor.fetchall()}


def _field(name: str) -> Field[Any, Any]:
    field = Message._meta.get_field(name)  # noqa: SLF001
    assert isinstance(field, Field)
    return field


def _column(name: str) -> str:
    return connection.ops.quote_name(_field(name).attname)


def _value(name: str, value: Any) -> Any:
    return _field(name).get_db_prep_save(value, connection=connection)


def _origins(event: Event, only_from: Collection[Status] | None) -> list[str]:
    origins = sources(event) & frozenset(only_from) if only_from is not None else sources(event)
    return sorted(each.value for each in origins)


def _changes(event: Event, reason: Reason, now: datetime) -> dict[str, Any]:
    """What an event writes, whatever the message."""
    status = target(event)
    changes: dict[str, Any] = {"status": status.value, "reason": reason.value}
    if status is not Status.SENDING:
        changes |= {"lease_owner": "", "lease_until": None, "in_flight": False}
    if status in FINAL:
        changes |= {"ended_at": now, "check_at": None}
    if status in _NEWS:
        changes["untold"] = True
    if status is Status.ACCEPTED:
        changes |= {"accepted_at": now, "check_at": None}
    if status is Status.DELIVERED:
        changes["delivered_at"] = now
    return changes
