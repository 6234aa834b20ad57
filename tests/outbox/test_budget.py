"""Budgets per team: one mistake does not become four thousand texts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications.domain.budget import Limits, free_again, periods
from notifications.domain.lifecycle import Channel, Status
from notifications.domain.reasons import Reason, advice_text, reason_text
from notifications.gateways.registry import use
from notifications.models import Message, Spent
from notifications.outbox import purge
from notifications.outbox.enqueue import Recipient
from tests.outbox.helpers import EMAIL, NOW, FakeGateway, World, drain, message, plan

pytestmark = pytest.mark.django_db


def _plan(count: int, *, scope: str = "wmo", start: int = 0, **more: Any) -> None:
    for number in range(start, start + count):
        to = Recipient(channel=Channel.SMS, address=f"+316{number:08d}")
        plan(f"{scope}/{number}", scope=scope, recipients=[to], **more)


def _spent(scope: str = "wmo") -> int:
    return sum(Spent.objects.filter(scope=scope, channel="sms").values_list("units", flat=True))


def test_what_is_over_the_hour_waits_for_the_next(
    sms: FakeGateway, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.NOTIFICATIONS_BUDGET_SMS_HOUR = 5
    _plan(12)
    drain()
    assert (len(sms.sent), _spent()) == (5, 5)
    held = Message.objects.filter(status=Status.QUEUED.value)
    assert {(m.reason, m.due_at) for m in held} == {("budget", datetime(2026, 12, 2, 14, 0, tzinfo=UTC))}
    alarms = [line for line in caplog.records if line.levelname == "ERROR"]
    assert len(alarms) == 1
    assert "wmo" in alarms[0].getMessage()
    drain(NOW + timedelta(hours=1))
    drain(NOW + timedelta(hours=2))
    assert len(sms.sent) == 12


def test_another_team_and_another_channel_have_their_own(sms: FakeGateway, email: FakeGateway, settings: Any) -> None:
    settings.NOTIFICATIONS_BUDGET_SMS_HOUR = 2
    _plan(4)
    _plan(4, scope="schuld", start=100)
    plan("m/1", scope="wmo", recipients=[EMAIL])
    drain()
    assert (len(sms.sent), len(email.sent)) == (4, 1)
    assert (_spent("wmo"), _spent("schuld")) == (2, 2)


def test_segments_are_what_counts(sms: FakeGateway, world: World, settings: Any) -> None:
    settings.NOTIFICATIONS_BUDGET_SMS_DAY = 6
    world.values = {"naam": "x" * 200, "link": "http://testserver/v/abc"}
    _plan(2)
    drain()
    assert _spent() == 4
    _plan(4, start=10, useful_until=NOW + timedelta(days=3))
    drain()
    # Room for two segments: a group is counted one a message before it is written.
    assert len(sms.sent) == 4
    drain(NOW + timedelta(hours=1))
    assert len(sms.sent) == 4
    drain(NOW + timedelta(days=1))
    assert len(sms.sent) == 6


def test_what_would_be_too_late_goes_to_the_next_channel(sms: FakeGateway, email: FakeGateway, settings: Any) -> None:
    settings.NOTIFICATIONS_BUDGET_SMS_DAY = 1
    _plan(1)
    drain()
    to = [Recipient(channel=Channel.SMS, address="+31611111111"), EMAIL]
    plan("a/1", scope="wmo", recipients=to, useful_until=NOW + timedelta(hours=2))
    drain()
    assert (message("a/1").status, message("a/1").reason) == (Status.FAILED.value, "budget")
    assert len(email.sent) == 1


def test_answers_and_login_mail_are_never_held_up(sms: FakeGateway, settings: Any) -> None:
    settings.NOTIFICATIONS_BUDGET_SMS_HOUR = 1
    _plan(3, exempt_from_quiet_hours=True)
    drain()
    assert len(sms.sent) == 3


def test_without_budgets_nothing_is_counted(sms: FakeGateway, settings: Any) -> None:
    settings.NOTIFICATIONS_BUDGET_SMS_HOUR = settings.NOTIFICATIONS_BUDGET_SMS_DAY = 0
    _plan(3)
    drain()
    assert not Spent.objects.exists()


def test_out_of_the_box_a_mistake_stops_at_two_thousand_segments() -> None:
    Spent.objects.create(scope="wmo", channel="sms", hour=periods(NOW).hour, units=1_999)
    _plan(3)
    with use(Channel.SMS, FakeGateway(Channel.SMS)):
        drain()
    assert Message.objects.filter(reason="budget").count() == 2


def test_what_was_spent_long_ago_is_forgotten() -> None:
    for days in (1, 40, 70):
        Spent.objects.create(scope="wmo", channel="sms", hour=NOW - timedelta(days=days), units=1)
    purge.wipe(now=NOW)
    assert Spent.objects.count() == 2


def test_the_reason_says_what_to_do() -> None:
    assert reason_text(Reason.BUDGET)
    assert "Bel de cliënt" in advice_text(Reason.BUDGET)


@pytest.mark.parametrize(
    ("now", "day", "next_day", "month", "next_month"),
    [
        ("2026-12-02T13:40", "2026-12-01T23:00", "2026-12-02T23:00", "2026-11-30T23:00", "2026-12-31T23:00"),
        # The day the clock goes back has 25 hours, the day it goes forward 23.
        ("2026-10-25T00:30", "2026-10-24T22:00", "2026-10-25T23:00", "2026-09-30T22:00", "2026-10-31T23:00"),
        ("2026-10-25T22:59", "2026-10-24T22:00", "2026-10-25T23:00", "2026-09-30T22:00", "2026-10-31T23:00"),
        ("2027-03-28T10:00", "2027-03-27T23:00", "2027-03-28T22:00", "2027-02-28T23:00", "2027-03-31T22:00"),
        ("2027-01-31T23:30", "2027-01-31T23:00", "2027-02-01T23:00", "2027-01-31T23:00", "2027-02-28T23:00"),
    ],
)
def test_a_day_is_a_day_in_amsterdam(now: str, day: str, next_day: str, month: str, next_month: str) -> None:
    found = periods(datetime.fromisoformat(now).replace(tzinfo=UTC))
    expected = [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (day, next_day, month, next_month)]
    assert [found.day, found.next_day, found.month, found.next_month] == expected


@pytest.mark.parametrize(
    ("limits", "spent", "expected"),
    [
        (Limits(), (999, 999, 999), None),
        (Limits(hour=5), (4, 9, 9), None),
        (Limits(hour=5), (5, 9, 9), "next_hour"),
        (Limits(hour=5, day=9), (5, 9, 9), "next_day"),
        (Limits(hour=5, day=9, month=9), (0, 0, 9), "next_month"),
    ],
)
def test_when_there_is_room_again(limits: Limits, spent: tuple[int, int, int], expected: str | None) -> None:
    around = periods(NOW)
    hour, day, month = spent
    moment = free_again(limits, hour=hour, day=day, month=month, around=around)
    assert moment == (None if expected is None else getattr(around, expected))
