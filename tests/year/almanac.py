"""What the year must keep to, written down a second time and from other sources than the service uses.

Nothing in here imports from ``afspraken`` or ``notifications``: an oracle that asks the thing it judges agrees
with it. Days and hours are those of Europe/Amsterdam; moments are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

# Algemene termijnenwet, article 3, for the months of the year. That also names every 5 May; offices close on it once
# in five years (2025, 2030), and the service goes by that.
HOLIDAYS = frozenset(
    {
        date(2026, 12, 25),
        date(2026, 12, 26),
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 28),
        date(2027, 3, 29),
        date(2027, 4, 27),
        date(2027, 5, 6),
        date(2027, 5, 16),
        date(2027, 5, 17),
        date(2027, 12, 25),
        date(2027, 12, 26),
    }
)
# Last Sundays of October and March, at 1.00 UTC: the clock goes from 3.00 to 2.00, and from 2.00 to 3.00.
CLOCK_CHANGES = (datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2027, 3, 28, 1, tzinfo=UTC))
# What a client must have in hand before it begins.
BEFORE_THE_START = timedelta(minutes=15)
# So long an answer to something that the client did is of use.
ANSWER_IS_FRESH = timedelta(minutes=30)

# A reminder comes at least so long after the invitation.
NOT_ON_ITS_HEELS = timedelta(hours=20)


@dataclass(frozen=True, kw_only=True)
class TeamRule:
    """What a team chose; days are working days."""

    invite_days: int = 10
    remind: bool = True
    remind_days: int = 1
    remind_at: time = time(10, 0)


TEAMS = {
    "wmo": TeamRule(),
    "werk-en-inkomen": TeamRule(invite_days=5, remind_days=2, remind_at=time(9, 30)),
    "jeugd": TeamRule(invite_days=15, remind=False),
    "burgerzaken": TeamRule(remind_at=time(8, 0)),
}


def at(day: date, clock: time) -> datetime:
    """The moment at which Dutch clocks show this."""
    return datetime.combine(day, clock, tzinfo=AMSTERDAM).astimezone(UTC)


def local(moment: datetime) -> datetime:
    """The same moment as Dutch clocks show it."""
    return moment.astimezone(AMSTERDAM)


def is_rest_day(day: date) -> bool:
    """A Sunday or a holiday."""
    return day.weekday() == 6 or day in HOLIDAYS


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no holiday."""
    return day.weekday() < 5 and day not in HOLIDAYS


def is_night(moment: datetime) -> bool:
    """From 21.00 to 8.00."""
    return not 8 <= local(moment).hour < 21


def is_quiet(moment: datetime) -> bool:
    """Whether people are left alone."""
    return is_night(moment) or is_rest_day(local(moment).date())


def opening(moment: datetime, before: datetime, *, rest_days: bool) -> datetime | None:
    """The first daytime moment from ``moment`` on and before ``before``; with ``rest_days`` those days too."""
    day = local(moment).date()
    while at(day, time(0)) < before:
        start, end = at(day, time(8)), at(day, time(21))
        first = max(start, moment)
        if (rest_days or not is_rest_day(day)) and first < end and first < before:
            return first
        day += DAY
    return None


def is_excusable(moment: datetime, before: datetime) -> bool:
    """Whether a message that leaves at ``moment`` could not have left at a better one before its deadline."""
    if not is_quiet(moment):
        return True
    if opening(moment, before, rest_days=False) is not None:
        return False
    return not is_night(moment) or opening(moment, before, rest_days=True) is None


def first_decent(moment: datetime, before: datetime) -> datetime:
    """When a message that is due at ``moment`` leaves when all goes well."""
    return (
        opening(moment, before, rest_days=False)
        or (opening(moment, before, rest_days=True) if is_quiet(moment) else None)
        or moment
    )


def _working_days_before(day: date, count: int) -> date:
    back = 0
    while back < count:
        day -= DAY
        back += is_working_day(day)
    return day


def invite_from(start: datetime, team: str) -> datetime:
    """Before this nobody is invited: 8.00 so many working days before the day of the meeting."""
    return at(_working_days_before(local(start).date(), TEAMS[team].invite_days), time(8))


def remind_from(start: datetime, team: str) -> datetime | None:
    """When the one reminder is due; None when the team sends none."""
    rule = TEAMS[team]
    return at(_working_days_before(local(start).date(), rule.remind_days), rule.remind_at) if rule.remind else None


_DAYS = {
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}
_MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
    "en": "January February March April May June July August September October November December".split(),
}


def spoken(start: datetime, language: str) -> tuple[str, str]:
    """The day and the hour of a meeting as they must stand in a message."""
    here = local(start)
    day = f"{_DAYS[language][here.weekday()]} {here.day} {_MONTHS[language][here.month - 1]}"
    return day, f"{here.hour}{':' if language == 'en' else '.'}{here.minute:02d}"
