"""When the providers are not themselves, and when the municipality stopped all sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from tests.year.almanac import at


@dataclass(frozen=True, kw_only=True)
class Storm:
    """Hours in which every call to a channel ("sms", "email") ends in the same way."""

    channel: str
    weather: str
    begins: datetime
    ends: datetime


def _storm(channel: str, weather: str, day: date, begin: time, end: time) -> Storm:
    return Storm(channel=channel, weather=weather, begins=at(day, begin), ends=at(day, end))


STORMS = (
    _storm("sms", "busy", date(2026, 11, 10), time(9), time(12)),
    _storm("sms", "busy for a while", date(2027, 5, 11), time(7, 50), time(10, 30)),
    _storm("sms", "account", date(2026, 12, 3), time(14), time(16)),
    _storm("sms", "dead", date(2027, 2, 1), time(7, 50), time(9, 20)),
    # The day after the clock was changed, from before anybody may be disturbed.
    _storm("sms", "lost", date(2026, 10, 26), time(7, 30), time(8, 45)),
    _storm("email", "dead", date(2027, 1, 13), time(15), time(16, 30)),
    # Over the hour from which people are left alone.
    _storm("sms", "dead", date(2027, 6, 2), time(19, 30), time(21, 45)),
    _storm("email", "busy", date(2027, 6, 2), time(19, 30), time(21, 45)),
    # Christmas Eve, and then two quiet days.
    _storm("sms", "account", date(2026, 12, 24), time(19, 30), time(21, 10)),
)
PAUSES = (
    (at(date(2027, 2, 17), time(8, 30)), at(date(2027, 2, 17), time(10, 45))),
    (at(date(2027, 9, 6), time(7, 30)), at(date(2027, 9, 6), time(9, 10))),
)


def weather_of(channel: str, moment: datetime) -> str:
    """How the calls of a channel end at this moment; empty: as they should."""
    return next((each.weather for each in STORMS if each.channel == channel and each.begins <= moment < each.ends), "")


def is_foul(begin: datetime, end: datetime) -> bool:
    """Whether any of it was going on between these moments: then delays have a reason."""
    spells = [(each.begins, each.ends) for each in STORMS] + list(PAUSES)
    return any(starts <= end and begin <= stops for starts, stops in spells)
