"""Receipts: once, forward only, and never lost for coming early."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from notifications.domain.lifecycle import Channel, Event, Status
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways.base import Outcome, Outgoing, Report
from notifications.models import Message, Receipt
from notifications.outbox import fallback, receipts
from notifications.outbox.opt_outs import is_opted_out
from notifications.signals import DeliveryChange
from tests.outbox.helpers import (
    EMAIL,
    MAIL,
    NOW,
    SMS,
    FakeGateway,
    drain,
    message,
    plan,
    status,
)

pytestmark = pytest.mark.django_db


def _report(event: Event | None, number: int = 1, **changes: Any) -> Report:
    made: dict[str, Any] = {
        "vendor": "fake",
        "event_id": f"fake-1:{event}:{number}",
        "message_uuid": message().uuid,
        "vendor_id": "fake-1",
        "event": event,
    }
    return Report(**(made | changes))


def _take(*reports: Report) -> int:
    return receipts.take(reports, now=NOW)


def test_delivered_is_the_end(sms: FakeGateway, news: list[DeliveryChange]) -> None:
    plan()
    drain()
    assert _take(_report(Event.DELIVER)) == 1
    row = message()
    assert (row.status, row.delivered_at, row.ended_at) == ("delivered", NOW, NOW)
    assert [each.status for each in news] == [Status.ACCEPTED, Status.DELIVERED]


def test_the_same_receipt_counts_once(sms: FakeGateway, news: list[DeliveryChange]) -> None:
    plan()
    drain()
    assert _take(_report(Event.DELIVER), _report(Event.DELIVER)) == 1
    assert _take(_report(Event.DELIVER)) == 0
    assert Receipt.objects.count() == 1
    assert len(news) == 2


def test_a_late_sent_never_overwrites_delivered(sms: FakeGateway) -> None:
    plan()
    drain()
    _take(_report(Event.DELIVER))
    _take(_report(Event.ACCEPT))
    assert status() is Status.DELIVERED


@pytest.mark.parametrize("late", [Event.RETURN, Event.ACCEPT])
def test_an_sms_that_arrived_stays_arrived(sms: FakeGateway, late: Event) -> None:
    plan()
    drain()
    _take(_report(Event.DELIVER))
    _take(_report(late, reason=Reason.UNREACHABLE))
    assert status() is Status.DELIVERED


def test_delivered_does_not_follow_undelivered(sms: FakeGateway) -> None:
    plan()
    drain()
    _take(_report(Event.RETURN, reason=Reason.UNREACHABLE))
    _take(_report(Event.DELIVER))
    assert (status(), message().reason) == (Status.UNDELIVERED, "unreachable")


def test_a_mail_can_come_back_after_it_was_taken(
    sms: FakeGateway, email: FakeGateway, news: list[DeliveryChange]
) -> None:
    plan(recipients=[EMAIL])
    drain()
    uuid = message(channel=Channel.EMAIL).uuid
    base: dict[str, Any] = {"message_uuid": uuid, "vendor_id": "fake-1", "vendor": "fake"}
    receipts.take(
        [
            Report(event_id="1", event=Event.DELIVER, **base),
            Report(event_id="2", event=Event.RETURN, reason=Reason.MAILBOX_UNKNOWN, **base),
        ],
        now=NOW,
    )
    assert status(channel=Channel.EMAIL) is Status.UNDELIVERED
    assert news[-1].exhausted is True


def test_undelivered_moves_to_the_next_channel(sms: FakeGateway, email: FakeGateway) -> None:
    plan(recipients=[SMS, EMAIL])
    drain()
    _take(_report(Event.RETURN, reason=Reason.UNREACHABLE))
    assert message(channel=Channel.EMAIL).address == MAIL
    drain()
    assert status(channel=Channel.EMAIL) is Status.ACCEPTED


def test_a_receipt_of_another_system_is_dropped(sms: FakeGateway) -> None:
    plan()
    other = "99999999-0000-4000-8000-000000000000"
    assert _take(_report(Event.DELIVER, message_uuid=other)) == 0
    assert Receipt.objects.count() == 0


def test_on_its_way_about_what_is_on_its_way_is_not_kept(sms: FakeGateway) -> None:
    plan()
    drain()
    _take(_report(Event.ACCEPT, 1), _report(Event.ACCEPT, 2))
    assert Receipt.objects.count() == 0


def test_a_receipt_before_our_own_record_is_kept_and_applied(sms: FakeGateway, news: list[DeliveryChange]) -> None:
    def early(_outgoing: Outgoing) -> None:
        _take(_report(Event.DELIVER))
        assert status() is Status.SENDING

    sms.on_network = False
    sms.during = early
    plan()
    drain()
    assert status() is Status.DELIVERED
    assert Receipt.objects.get().applied_at == NOW
    assert message().vendor_id == "fake-1"


def test_a_receipt_for_a_call_whose_answer_was_lost_settles_it(sms: FakeGateway) -> None:
    sms.outcomes = [Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER)]
    plan()
    drain()
    assert status() is Status.UNKNOWN
    _take(_report(Event.ACCEPT))
    assert (status(), message().vendor_id) == (Status.ACCEPTED, "fake-1")
    assert message().check_at == fallback.patience(message(), NOW)


def test_a_receipt_keeps_a_requeued_message_from_going_twice(sms: FakeGateway) -> None:
    plan()
    Message.objects.update(attempts_made=1)
    _take(_report(Event.DELIVER))
    drain()
    assert (sms.sent, status()) == ([], Status.DELIVERED)


def test_the_failure_of_one_copy_says_nothing_about_the_other(sms: FakeGateway) -> None:
    plan()
    drain()
    _take(_report(Event.RETURN, vendor_id="other-copy", reason=Reason.UNREACHABLE))
    assert status() is Status.ACCEPTED
    _take(_report(Event.DELIVER, vendor_id="other-copy"))
    assert status() is Status.DELIVERED


@pytest.mark.parametrize("reason", [Reason.SPAM_REPORT, Reason.OPTED_OUT])
def test_a_wish_is_remembered_and_moves_nothing(sms: FakeGateway, email: FakeGateway, reason: Reason) -> None:
    plan(recipients=[EMAIL])
    drain()
    uuid = message(channel=Channel.EMAIL).uuid
    report = Report(vendor="fake", event_id="1", message_uuid=uuid, vendor_id="x", event=None, reason=reason)
    receipts.take([report], now=NOW)
    assert status(channel=Channel.EMAIL) is Status.ACCEPTED
    assert is_opted_out(channel=Channel.EMAIL, address=MAIL)


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_count_once(sms: FakeGateway, news: list[DeliveryChange]) -> None:
    plan()
    drain()
    report = _report(Event.DELIVER)
    barrier = threading.Barrier(5)
    fresh: list[int] = []

    def work() -> None:
        try:
            barrier.wait(60)
            fresh.append(_take(report))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(fresh) == [0, 0, 0, 0, 1]
    assert [each.status for each in news] == [Status.ACCEPTED, Status.DELIVERED]


@pytest.mark.skipif("sqlite" in connection.vendor, reason="only on PostgreSQL: row locks")
@pytest.mark.django_db(transaction=True)
def test_a_receipt_waits_for_the_record_that_is_being_written(sms: FakeGateway) -> None:
    """The record is not committed yet when the receipt comes: neither may miss the other."""
    plan()
    drain()
    Message.objects.update(status=Status.SENDING.value)
    report = _report(Event.DELIVER)

    def take() -> None:
        try:
            _take(report)
        finally:
            connection.close()

    thread = threading.Thread(target=take)
    with transaction.atomic():
        Message.objects.update(status=Status.ACCEPTED.value)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive(), "it waits for the lock"
    thread.join(60)
    assert status() is Status.DELIVERED
