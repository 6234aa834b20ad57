"""Accepted, and then nothing: the person is told over the next channel before it is too late."""

from datetime import timedelta

import pytest

from notifications.domain.lifecycle import Channel, Event, Status
from notifications.gateways.base import Report
from notifications.models import Message
from notifications.outbox import fallback, receipts
from tests.outbox.helpers import EMAIL, NOW, SMS, FakeGateway, drain, message, plan, status

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("hours_left", "minutes"),
    [(1, 30), (2, 30), (8, 120), (24, 360), (96, 1440), (960, 1440)],
)
def test_how_long_silence_may_last(sms: FakeGateway, email: FakeGateway, hours_left: int, minutes: int) -> None:
    plan(recipients=[SMS, EMAIL], useful_until=NOW + timedelta(hours=hours_left))
    drain()
    late = NOW + timedelta(minutes=minutes)
    assert fallback.after_silence(now=late - timedelta(seconds=1)) == 0
    assert fallback.after_silence(now=late) == 1
    assert fallback.after_silence(now=late) == 0
    assert status() is Status.ACCEPTED
    assert status(channel=Channel.EMAIL) is Status.QUEUED


def test_what_arrived_is_no_silence(sms: FakeGateway, email: FakeGateway) -> None:
    plan(recipients=[SMS, EMAIL])
    drain()
    report = Report(vendor="fake", event_id="1", message_uuid=message().uuid, vendor_id="fake-1", event=Event.DELIVER)
    receipts.take([report], now=NOW)
    assert fallback.after_silence(now=NOW + timedelta(hours=23)) == 0


def test_without_another_channel_there_is_nothing_to_do(sms: FakeGateway) -> None:
    plan()
    drain()
    assert message().check_at is None
    assert fallback.after_silence(now=NOW + timedelta(hours=23)) == 0
    assert Message.objects.count() == 1
