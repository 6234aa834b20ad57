"""Which days the demo fills, and when things happen on the way to a conversation."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from afspraken.domain.datums import local_date
from afspraken.domain.gegevens import AMSTERDAM
from afspraken.domain.timing import working_days_before
from afspraken.flow.berichten import is_vrij

TERUG = 5
VOORUIT = 9
"""Working days around today."""


def moment(day: date, clock: str, *, minutes: int = 0) -> datetime:
    """A local time ("9.30") on a day, in UTC, some minutes later."""
    hour, minute = clock.split(".")
    local = datetime.combine(day, time(int(hour), int(minute)), tzinfo=AMSTERDAM)
    return local.astimezone(UTC) + timedelta(minutes=minutes)


def before(day: date, count: int) -> date:
    """The ``count``-th working day before ``day``."""
    return working_days_before(day, count, is_vrij=is_vrij)


def after(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``; with 0 the day itself."""
    while count > 0:
        day += timedelta(days=1)
        if not is_vrij(day):
            count -= 1
    return day


def window(now: datetime) -> list[date]:
    """The days to fill: working days around today, and today itself also when the town hall is closed."""
    today = local_date(now)
    past = [before(today, count) for count in range(TERUG, 0, -1)]
    return [*past, today, *(after(today, count) for count in range(1, VOORUIT + 1))]


def working_days(start: date, end: date) -> list[date]:
    """The working days from ``start`` up to and including ``end``."""
    span = [start + timedelta(days=count) for count in range((end - start).days + 1)]
    return [day for day in span if not is_vrij(day)]


def next_week(now: datetime) -> list[date]:
    """Five working days from next Monday on."""
    today = local_date(now)
    monday = today + timedelta(days=7 - today.weekday())
    first = monday if not is_vrij(monday) else after(monday, 1)
    return [after(first, count) for count in range(5)]
