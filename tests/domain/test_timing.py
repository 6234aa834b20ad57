"""When to invite and when to remind."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraken.domain import timing
from afspraken.domain.timing import Regels

AMS = ZoneInfo("Europe/Amsterdam")
KERST = {date(2026, 12, 25), date(2026, 12, 26)}


def is_vrij(day: date) -> bool:
    return day.weekday() >= 5 or day in KERST


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=AMS)  # type: ignore[misc,arg-type]


WORKING_DAYS = [
    (date(2026, 12, 3), 1, date(2026, 12, 2)),
    (date(2026, 11, 30), 1, date(2026, 11, 27)),
    (date(2026, 12, 28), 1, date(2026, 12, 24)),
    (date(2026, 12, 3), 10, date(2026, 11, 19)),
    (date(2026, 12, 3), 0, date(2026, 12, 3)),
]


@pytest.mark.parametrize(("day", "count", "expected"), WORKING_DAYS)
def test_working_days_skip_weekends_and_holidays(day: date, count: int, expected: date) -> None:
    assert timing.working_days_before(day, count, is_vrij=is_vrij) == expected


def test_an_appointment_within_the_window_is_invited_at_once() -> None:
    now = at(2026, 11, 25, 10, 0)
    assert timing.invite_at(start_op=at(2026, 12, 3, 10, 0), now=now, regels=Regels(), is_vrij=is_vrij) == now


def test_an_appointment_far_away_waits_until_ten_working_days_before() -> None:
    due = timing.invite_at(
        start_op=at(2026, 12, 22, 10, 0), now=at(2026, 11, 25, 10, 0), regels=Regels(), is_vrij=is_vrij
    )
    assert due == at(2026, 12, 8, 8, 0)


def test_the_reminder_is_the_working_day_before_at_ten() -> None:
    assert timing.remind_at(start_op=at(2026, 12, 3, 14, 0), regels=Regels(), is_vrij=is_vrij) == at(2026, 12, 2, 10, 0)
    assert timing.remind_at(start_op=at(2026, 11, 30, 9, 0), regels=Regels(), is_vrij=is_vrij) == at(
        2026, 11, 27, 10, 0
    )


def test_a_team_may_send_no_reminder() -> None:
    assert (
        timing.remind_at(start_op=at(2026, 12, 3, 14, 0), regels=Regels(herinnering_aan=False), is_vrij=is_vrij) is None
    )


def test_the_clock_of_the_wall_holds_over_the_change_of_the_clock() -> None:
    # Monday after the clock went back (25 October 2026): ten o'clock stays ten o'clock on the Friday before.
    due = timing.remind_at(start_op=at(2026, 10, 26, 9, 0), regels=Regels(), is_vrij=is_vrij)
    assert due is not None
    assert due == datetime(2026, 10, 23, 8, 0, tzinfo=UTC)
    due = timing.remind_at(start_op=at(2026, 3, 30, 9, 0), regels=Regels(), is_vrij=is_vrij)
    assert due == datetime(2026, 3, 27, 9, 0, tzinfo=UTC)


def test_no_reminder_on_the_heels_of_the_invitation() -> None:
    remind = at(2026, 12, 2, 10, 0)
    assert not timing.reminder_makes_sense(invited_op=remind - timedelta(hours=2), remind_op=remind)
    assert timing.reminder_makes_sense(invited_op=remind - timedelta(days=1), remind_op=remind)


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31)),  # noqa: DTZ001
    st.integers(0, 20),
    st.times(min_value=time(7, 0), max_value=time(20, 0)),
)
def test_a_reminder_never_comes_after_the_start(start: datetime, days: int, clock: time) -> None:
    start_op = start.replace(tzinfo=AMS).astimezone(UTC)
    regels = Regels(herinnering_werkdagen=days, herinnering_tijd=clock.replace(microsecond=0))
    due = timing.remind_at(start_op=start_op, regels=regels, is_vrij=is_vrij)
    assert due is None or due < start_op
