"""Into the outbox: once, on the right channels, at a decent hour."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from notifications.domain.lifecycle import Channel, Status
from notifications.gateways import registry
from notifications.models import Message
from notifications.outbox.enqueue import Recipient, cancel_pending, send_now, unpack
from notifications.outbox.opt_outs import opt_in, opt_out
from notifications.wording.kinds import UnknownKind
from tests.outbox.helpers import EMAIL, MAIL, MOBILE, NOW, SMS, FakeGateway, message, plan, status

pytestmark = pytest.mark.django_db


def test_a_second_call_adds_nothing_and_returns_the_same(sms: FakeGateway, email: FakeGateway) -> None:
    first = plan(recipients=[SMS, EMAIL], mode="all")
    assert plan(recipients=[SMS, EMAIL], mode="all") == first
    assert len(first) == 2
    assert Message.objects.count() == 2


def test_a_new_generation_is_a_new_message(sms: FakeGateway) -> None:
    assert plan(generation=1) != plan(generation=2)
    assert Message.objects.count() == 2


def test_first_keeps_the_others_for_later(sms: FakeGateway, email: FakeGateway) -> None:
    (uuid,) = plan(recipients=[SMS, EMAIL])
    assert message().uuid == uuid
    assert unpack(message().fallback) == [EMAIL]


def test_first_asked_again_does_not_open_a_second_channel(sms: FakeGateway, email: FakeGateway) -> None:
    first = plan(recipients=[SMS, EMAIL])
    assert plan(recipients=[EMAIL, SMS]) == first
    assert Message.objects.count() == 1


def test_who_opted_out_gets_the_next_channel(sms: FakeGateway, email: FakeGateway) -> None:
    opt_out(channel=Channel.SMS, address=MOBILE, now=NOW, source="test")
    plan(recipients=[SMS, EMAIL])
    assert message(channel=Channel.EMAIL).address == MAIL
    opt_in(channel=Channel.SMS, address=MOBILE)
    plan("a/2", recipients=[SMS, EMAIL])
    assert message("a/2").address == MOBILE


def test_a_channel_that_is_off_is_skipped(email: FakeGateway) -> None:
    with registry.use(Channel.SMS, None):
        plan(recipients=[SMS, EMAIL])
        assert message(channel=Channel.EMAIL).address == MAIL
        assert plan("a/2", recipients=[SMS]) == []


@pytest.mark.parametrize("recipients", [[], [Recipient(channel=Channel.SMS, address="")]])
def test_nobody_to_tell(sms: FakeGateway, recipients: list[Recipient]) -> None:
    assert plan(recipients=recipients) == []


def test_too_late_to_be_of_use(sms: FakeGateway) -> None:
    assert plan(useful_until=NOW) == []
    assert Message.objects.count() == 0


def test_an_unknown_kind_is_a_defect(sms: FakeGateway) -> None:
    with pytest.raises(UnknownKind):
        plan(kind="bestaat niet")


def test_quiet_hours_move_the_moment(sms: FakeGateway) -> None:
    late = datetime(2026, 12, 2, 21, 30, tzinfo=UTC)  # 22.30 in Amsterdam
    plan(due_at=late)
    assert message().due_at == datetime(2026, 12, 3, 7, 0, tzinfo=UTC)
    plan("a/2", due_at=late, exempt_from_quiet_hours=True)
    assert message("a/2").due_at == late


def test_addresses_are_unreadable_in_the_database(sms: FakeGateway, email: FakeGateway) -> None:
    plan(recipients=[SMS, EMAIL])
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, fallback, address_index FROM notifications_message")
        (row,) = cursor.fetchall()
    assert row[0].startswith("1.")
    assert not any("6123" in column or "jansen" in column for column in row)


def test_one_transaction_rings_once(
    sms: FakeGateway,
    rings: list[str],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        for number in range(20):
            plan(f"a/{number}")
        assert rings == []
    assert len(callbacks) == 1
    assert rings == ["notifications.jobs.drain"]


def test_a_bell_that_was_rung_is_not_rung_again_until_a_drain_begins(
    sms: FakeGateway,
    rings: list[str],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    for number in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            plan(f"a/{number}")
    assert rings == ["notifications.jobs.drain"]


def test_a_ring_inside_an_undone_savepoint_does_not_silence_the_next(
    sms: FakeGateway,
    rings: list[str],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        try:
            with transaction.atomic():
                plan("undone")
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        plan("kept")
    assert rings == ["notifications.jobs.drain"]


def test_what_is_due_later_does_not_ring(
    sms: FakeGateway,
    rings: list[str],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        plan(due_at=NOW + timedelta(hours=2))
    assert rings == []


def test_a_broken_queue_does_not_break_the_caller(
    sms: FakeGateway,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def broken(task: str) -> None:
        raise ConnectionError(task)

    monkeypatch.setattr("notifications.outbox.bell.async_task", broken)
    with django_capture_on_commit_callbacks(execute=True):
        plan()
    assert status() is Status.QUEUED


def test_cancel_pending_takes_only_the_kinds_asked_for(sms: FakeGateway) -> None:
    plan()
    assert cancel_pending(subject="a/1", kinds=["anders"], now=NOW) == 0
    assert cancel_pending(subject="a/2", now=NOW) == 0
    assert cancel_pending(subject="a/1", kinds=["proef"], now=NOW) == 1
    assert status() is Status.SUPERSEDED
    assert cancel_pending(subject="a/1", now=NOW) == 0


def test_send_now_is_for_what_still_waits(sms: FakeGateway) -> None:
    (uuid,) = plan(due_at=NOW + timedelta(hours=5))
    assert send_now(uuid=uuid, now=NOW) is True
    assert message().due_at == NOW
    cancel_pending(subject="a/1", now=NOW)
    assert send_now(uuid=uuid, now=NOW) is False


@pytest.mark.django_db(transaction=True)
def test_two_at_once_plan_one_message(sms: FakeGateway) -> None:
    barrier = threading.Barrier(4)
    found: list[list[object]] = []

    def work() -> None:
        try:
            barrier.wait(60)
            with transaction.atomic():
                found.append(list(plan()))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Message.objects.count() == 1
    assert len(found) == 4
    assert len({tuple(each) for each in found}) == 1
