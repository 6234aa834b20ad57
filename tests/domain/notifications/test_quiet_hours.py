"""When people are left alone: by hand at the edges, and by rule over years, both clock changes in."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.quiet_hours import is_quiet, next_allowed

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DUTCH = holidays.country_holidays("NL", years=range(2025, 2033))
FAR = timedelta(days=60)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


def _next(moment: datetime, deadline: datetime | None = None) -> datetime:
    return next_allowed(moment, deadline=deadline or moment + FAR, holidays=DUTCH)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-12-02T08:00", "2026-12-02T08:00"),
        ("2026-12-02T07:59:59", "2026-12-02T08:00"),
        ("2026-12-02T20:59:59", "2026-12-02T20:59:59"),
        ("2026-12-02T21:00", "2026-12-03T08:00"),
        ("2026-12-03T00:30", "2026-12-03T08:00"),
        # Saturday evening, and all of Sunday, become Monday.
        ("2026-12-05T21:30", "2026-12-07T08:00"),
        ("2026-12-06T12:00", "2026-12-07T08:00"),
        # Both days of Christmas, and the Sunday after it.
        ("2026-12-24T22:00", "2026-12-28T08:00"),
        # King's Day on a Monday after a Sunday.
        ("2026-04-25T21:00", "2026-04-28T08:00"),
        # The night in which the clock goes forward (29 March 2026 is a Sunday), and back.
        ("2026-03-28T22:00", "2026-03-30T08:00"),
        ("2026-10-24T21:00", "2026-10-26T08:00"),
        ("2026-10-25T02:30", "2026-10-26T08:00"),
    ],
)
def test_the_first_decent_moment(moment: str, expected: str) -> None:
    assert _next(local(moment)) == local(expected)


@pytest.mark.parametrize(
    ("moment", "deadline", "expected"),
    [
        # Monday morning is in time.
        ("2026-12-05T22:00", "2026-12-07T08:30", "2026-12-07T08:00"),
        # It is not: then Sunday by day, rather than Saturday night.
        ("2026-12-05T22:00", "2026-12-07T08:00", "2026-12-06T08:00"),
        ("2026-12-06T12:34", "2026-12-07T07:00", "2026-12-06T12:34"),
        # No daytime is left at all: at once.
        ("2026-12-02T23:00", "2026-12-03T07:30", "2026-12-02T23:00"),
        ("2026-12-03T05:00", "2026-12-03T08:00", "2026-12-03T05:00"),
    ],
)
def test_unless_there_is_no_other_moment(moment: str, deadline: str, expected: str) -> None:
    assert _next(local(moment), local(deadline)) == local(expected)


def test_day_and_night_have_the_right_length_on_days_that_have_not() -> None:
    for day, hours in (("2026-03-29", 10), ("2026-10-25", 12), ("2026-06-03", 11)):
        start = local(f"{day}T00:00") - timedelta(hours=3)  # 21.00 the day before
        morning = local(f"{day}T08:00")
        assert (morning - start) == timedelta(hours=hours)
        assert is_quiet(morning - timedelta(seconds=1), holidays=())
        assert is_quiet(start, holidays=())


moments = st.integers(0, 2100 * 24 * 3600).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@given(moments)
def test_what_comes_out_is_decent_and_not_earlier(moment: datetime) -> None:
    found = _next(moment)
    assert found >= moment
    assert not is_quiet(found, holidays=DUTCH)
    here = found.astimezone(AMSTERDAM)
    assert time(8) <= here.time() < time(21)
    assert here.isoweekday() != 7
    assert here.date() not in DUTCH


@given(moments)
def test_it_is_the_first_such_moment(moment: datetime) -> None:
    found = _next(moment)
    if found != moment:
        assert is_quiet(moment, holidays=DUTCH)
        assert is_quiet(found - timedelta(seconds=1), holidays=DUTCH)
        for quarter in range(int((found - moment) / timedelta(minutes=15))):
            assert is_quiet(moment + quarter * timedelta(minutes=15), holidays=DUTCH)


@given(moments, st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=12)))
def test_it_is_always_in_time(moment: datetime, room: timedelta) -> None:
    deadline = moment + room
    found = _next(moment, deadline)
    assert moment <= found < deadline
    if is_quiet(found, holidays=DUTCH):
        # Then there truly was no decent moment.
        assert _next(moment) >= deadline


@given(moments)
def test_asked_again_it_stays(moment: datetime) -> None:
    assert _next(_next(moment)) == _next(moment)


def test_a_municipality_that_closes_for_two_weeks_still_gets_an_answer() -> None:
    closed = {date(2026, 7, 1) + timedelta(days=n) for n in range(30)}
    moment = local("2026-07-01T12:00")
    assert next_allowed(moment, deadline=moment + FAR, holidays=closed) == moment
