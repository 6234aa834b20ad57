"""Accepted, and then nothing: the person is told over the next channel before it is too late."""

from collections.abc import Generator
from datetime import timedelta

import pytest

from notifications.domain.lifecycle import Channel, Event, Status
from notifications.gateways.base import Report
from notifications.models import Message
from notifications.outbox import fallback, news, receipts
from notifications.outbox.enqueue import enqueue_text
from notifications.signals import DeliveryChange, delivery_changed
from tests.outbox.helpers import EMAIL, NOW, SMS, FakeGateway, drain, message, plan, status

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("hours_left", "minutes"),
    [(0.5, 15), (1, 30), (2, 30), (8, 120), (24, 360), (96, 1440), (960, 1440)],
)
def test_how_long_silence_may_last(sms: FakeGateway, email: FakeGateway, hours_left: float, minutes: int) -> None:
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


@pytest.fixture
def told() -> Generator[list[DeliveryChange]]:
    """What the storeys above hear."""
    heard: list[DeliveryChange] = []

    def listen(sender: object, change: DeliveryChange, **_more: object) -> None:
        heard.append(change)

    delivery_changed.connect(listen)
    yield heard
    delivery_changed.disconnect(listen)


def test_without_another_channel_a_person_is_told(sms: FakeGateway, told: list[DeliveryChange]) -> None:
    plan()
    drain()
    silence = fallback.patience(message(), NOW)
    assert fallback.after_silence(now=silence) == 1
    assert (status(), message().reason, Message.objects.count()) == (Status.ACCEPTED, "silent", 1)
    news.tell()
    assert (told[-1].status, told[-1].reason, told[-1].exhausted) == (Status.ACCEPTED, "silent", True)
    assert fallback.after_silence(now=silence + timedelta(hours=1)) == 0


def test_while_another_channel_may_still_reach_the_person_nobody_has_to_act(
    sms: FakeGateway, email: FakeGateway, told: list[DeliveryChange]
) -> None:
    plan(recipients=[SMS, EMAIL])
    drain()
    silence = fallback.patience(message(), NOW)
    fallback.after_silence(now=silence)
    drain(silence)
    fallback.after_silence(now=fallback.patience(message(channel=Channel.EMAIL), silence))
    news.tell()
    silent = [(change.channel, change.exhausted) for change in told if change.reason == "silent"]
    assert silent == [(Channel.SMS, False), (Channel.EMAIL, True)]


def test_a_late_receipt_takes_the_worry_away(sms: FakeGateway, told: list[DeliveryChange]) -> None:
    plan()
    drain()
    silence = fallback.patience(message(), NOW)
    fallback.after_silence(now=silence)
    report = Report(vendor="fake", event_id="1", message_uuid=message().uuid, vendor_id="fake-1", event=Event.DELIVER)
    receipts.take([report], now=silence)
    assert (status(), message().reason) == (Status.DELIVERED, "")
    assert (told[-1].status, told[-1].exhausted) == (Status.DELIVERED, False)


def test_nobody_is_told_of_login_mail(email: FakeGateway) -> None:
    enqueue_text(
        subject="", recipient=EMAIL, title="Inloggen", text="Link", useful_until=NOW + timedelta(hours=1), now=NOW
    )
    drain()
    assert Message.objects.get().check_at is None
