"""When we leave people alone: 21.00 to 8.00, Sundays and public holidays, Amsterdam time.

All moments are aware; the answer is in UTC. Local times are made with ``zoneinfo`` and converted, so
that both clock changes come out right: neither 8.00 nor 21.00 falls in a skipped or repeated hour.
"""

from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY_STARTS = time(8)
DAY_ENDS = time(21)
# Easter, Christmas and a Sunday never make more than five quiet days in a row; ten is ample.
_LOOK_AHEAD_DAYS = 10


def is_quiet(moment: datetime, *, holidays: Container[date]) -> bool:
    """Whether people are left alone at ``moment``."""
    local = moment.astimezone(AMSTERDAM)
    return not _is_daytime(local) or _is_quiet_day(local.date(), holidays)


def next_allowed(moment: datetime, *, deadline: datetime, holidays: Container[date]) -> datetime:
    """The first fitting moment at or after ``moment`` that lies before ``deadline``, in UTC.

    When the deadline leaves no ordinary moment, a Sunday or holiday by day is chosen before a night;
    when it leaves no daytime at all, ``moment`` itself: a message at a bad hour is better than none.
    """
    for quiet_days in (False, True):
        for start, end in _windows(moment, holidays, quiet_days=quiet_days):
            candidate = max(start, moment.astimezone(UTC))
            if candidate < end and candidate < deadline:
                return candidate
    return moment.astimezone(UTC)


def _windows(moment: datetime, holidays: Container[date], *, quiet_days: bool) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of daytime, in UTC, from the day of ``moment`` on."""
    first = moment.astimezone(AMSTERDAM).date()
    for offset in range(_LOOK_AHEAD_DAYS):
        day = first + timedelta(days=offset)
        if quiet_days or not _is_quiet_day(day, holidays):
            yield _utc(day, DAY_STARTS), _utc(day, DAY_ENDS)


def _utc(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=AMSTERDAM).astimezone(UTC)


def _is_daytime(local: datetime) -> bool:
    return DAY_STARTS <= local.time() < DAY_ENDS


def _is_quiet_day(day: date, holidays: Container[date]) -> bool:
    return day.isoweekday() == 7 or day in holidays
