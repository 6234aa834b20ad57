"""Moving messages from state to state: the one place that writes ``status``.

A move is a compare-and-swap: the rows that are in a state from which the event may happen are moved,
the others are left alone, and the caller sees how many there were.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from notifications.domain.lifecycle import FINAL, TRANSITIONS, Event, Status, sources
from notifications.domain.reasons import Reason
from notifications.models import Message

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
    status = target(event)
    origins = sources(event) & frozenset(only_from) if only_from is not None else sources(event)
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
    changes |= fields
    return rows.filter(status__in=[each.value for each in origins]).update(**changes)
