"""Budgets: how much a team may send in an hour, a day and a month of the calendar in Amsterdam."""

from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta

from notifications.domain.quiet_hours import AMSTERDAM


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Units (segments of SMS, or mails) per period; 0 means no limit."""

    hour: int = 0
    day: int = 0
    month: int = 0

    def __bool__(self) -> bool:
        return bool(self.hour or self.day or self.month)

    def is_wider_than(self, other: "Limits") -> bool:
        """Whether more may be sent than under ``other`` in any period."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return any(theirs and (not mine or mine > theirs) for mine, theirs in pairs)


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What was filled in for one team, or for all: None is nothing, 0 is no limit."""

    hour: int | None = None
    day: int | None = None
    month: int | None = None

    def over(self, below: Limits) -> Limits:
        """The limits that count: what was filled in, and for the rest ``below``."""
        return Limits(
            hour=below.hour if self.hour is None else self.hour,
            day=below.day if self.day is None else self.day,
            month=below.month if self.month is None else self.month,
        )


@dataclass(frozen=True, kw_only=True)
class Periods:
    """The start of the hour, day and month that a moment lies in, and of the next ones; in UTC."""

    hour: datetime
    day: datetime
    month: datetime
    next_hour: datetime
    next_day: datetime
    next_month: datetime


def periods(now: datetime) -> Periods:
    """The periods around ``now``. A day of a clock change has 23 or 25 hours, and is one day."""
    local = now.astimezone(AMSTERDAM)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    first = midnight.replace(day=1)
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return Periods(
        hour=hour,
        day=midnight.astimezone(UTC),
        month=first.astimezone(UTC),
        next_hour=hour + timedelta(hours=1),
        next_day=(midnight + timedelta(days=1)).astimezone(UTC),
        next_month=(first + timedelta(days=32)).replace(day=1).astimezone(UTC),
    )


def free_again(limits: Limits, *, hour: int, day: int, month: int, around: Periods) -> datetime | None:
    """When there is room again, given what was spent in each period; None when there is room now."""
    if limits.month and month >= limits.month:
        return around.next_month
    if limits.day and day >= limits.day:
        return around.next_day
    if limits.hour and hour >= limits.hour:
        return around.next_hour
    return None
