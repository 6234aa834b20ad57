"""When to invite and when to remind. Local days and hours are those of Europe/Amsterdam.

Quiet hours are the post room's rule (``notifications.domain.quiet_hours``) and come on top.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from afspraken.domain.gegevens import AMSTERDAM

IsVrij = Callable[[date], bool]
"""Says whether a day is no working day (weekend or holiday)."""

# A message that arrives less than this before the meeting has no use for the client.
MINST_VOORAF = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Regels:
    """Timing rules of one team; days are working days before the appointment."""

    uitnodiging_werkdagen: int = 10
    herinnering_aan: bool = True
    herinnering_werkdagen: int = 1
    herinnering_tijd: time = time(10, 0)


def working_days_before(day: date, count: int, *, is_vrij: IsVrij) -> date:
    """The ``count``-th working day before ``day``; with 0 the day itself."""
    while count > 0:
        day -= timedelta(days=1)
        if not is_vrij(day):
            count -= 1
    return day


def _local(day: date, clock: time) -> datetime:
    # A wall-clock time in the hour that is skipped in March is read as the moment the clock jumps to.
    return datetime.combine(day, clock, tzinfo=AMSTERDAM).astimezone(UTC)


def invite_at(*, start_op: datetime, now: datetime, regels: Regels, is_vrij: IsVrij) -> datetime:
    """When the invitation is due: at once, but not earlier than the set number of working days before."""
    day = working_days_before(start_op.astimezone(AMSTERDAM).date(), regels.uitnodiging_werkdagen, is_vrij=is_vrij)
    return max(now, _local(day, time(8, 0)))


def remind_at(*, start_op: datetime, regels: Regels, is_vrij: IsVrij) -> datetime | None:
    """When the one reminder is due; None when the team sends none."""
    if not regels.herinnering_aan:
        return None
    local_start = start_op.astimezone(AMSTERDAM)
    day = working_days_before(local_start.date(), regels.herinnering_werkdagen, is_vrij=is_vrij)
    moment = _local(day, regels.herinnering_tijd)
    return moment if moment < start_op else None


def useful_until(*, start_op: datetime) -> datetime:
    """After this moment a message about the coming meeting is of no use."""
    return start_op - MINST_VOORAF


def reminder_makes_sense(*, invited_op: datetime, remind_op: datetime) -> bool:
    """A reminder on the heels of the invitation is a nuisance: at least a day must lie between."""
    return remind_op - invited_op >= timedelta(hours=20)


ANSWER_USEFUL = timedelta(minutes=30)
"""An answer to a text of the client that comes later than this only confuses."""

COPY_USEFUL = timedelta(days=3)
"""How long after the meeting a copy of the form is still worth sending."""

INVITE_HORIZON = timedelta(days=62)
"""No team can choose an earlier invitation than this: 40 working days with holidays."""

REMIND_AHEAD = timedelta(hours=24)
"""How long before its moment a reminder is put in the outbox: then a coordinator sees it coming."""
