"""The janitor: whatever a crash left behind is mended, and nothing is sent blindly."""

from datetime import timedelta
from typing import Any

import pytest

from notifications import jobs
from notifications.domain.lifecycle import Channel, Event, Status
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways.base import Outcome, Report
from notifications.models import Message
from notifications.outbox import fallback, flags, news, receipts, record, release, sweep
from notifications.outbox.claim import claim
from notifications.outbox.prepare import prepare
from notifications.signals import DeliveryChange, delivery_changed
from notifications.wording.rendering import Book
from tests.outbox.helpers import (
    EMAIL,
    NOW,
    SMS,
    FakeGateway,
    attempts,
    drain,
    message,
    plan,
    plan_many,
    status,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(seconds=121)


class Killed(BaseException):
    """The process is gone: nothing that comes after is done."""


def test_a_worker_killed_before_the_attempt_sent_nothing(sms: FakeGateway) -> None:
    plan()
    claim(owner="gone", channels=[Channel.SMS], limit=9, now=NOW)
    sweep.sweep(now=NOW + timedelta(seconds=119))
    assert status() is Status.SENDING
    sweep.sweep(now=LATER)
    assert status() is Status.QUEUED
    drain(LATER)
    assert (status(), attempts()) == (Status.ACCEPTED, ["accepted"])


def test_a_worker_killed_during_the_call_leaves_it_unknown(sms: FakeGateway) -> None:
    def kill(_outgoing: object) -> None:
        raise Killed

    sms.during = kill
    plan()
    with pytest.raises(Killed):
        drain()
    assert (status(), attempts()) == (Status.SENDING, [""])
    assert release.expire_leases(now=LATER) == (0, 1)
    assert (status(), message().reason, attempts()) == (Status.UNKNOWN, "no_answer", ["unknown"])
    sms.during = lambda outgoing: None
    drain(LATER)
    assert len(sms.sent) == 1, "it is looked up first"


def test_a_worker_killed_between_answer_and_record_leaves_it_unknown(
    sms: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_args: object, **_kwargs: object) -> None:
        raise Killed

    plan()
    with monkeypatch.context() as patched:
        patched.setattr("notifications.outbox.deliver.record", kill)
        with pytest.raises(Killed):
            drain()
    assert len(sms.sent) == 1
    release.expire_leases(now=LATER)
    assert status() is Status.UNKNOWN


def test_a_slow_worker_whose_lease_ran_out_still_counts(sms: FakeGateway) -> None:
    """A sweep called it unknown while the call went on; the answer settles it after all."""

    def meanwhile(_outgoing: object) -> None:
        release.expire_leases(now=LATER)
        assert status() is Status.UNKNOWN

    sms.on_network = False
    sms.during = meanwhile
    plan()
    drain()
    assert (status(), message().vendor_id) == (Status.ACCEPTED, "fake-1")


def test_a_group_is_recorded_whole_when_some_leases_were_swept(sms: FakeGateway, email: FakeGateway) -> None:
    plan_many(6)
    plan("mail", recipients=[SMS, EMAIL])
    rows = claim(owner="w", channels=[Channel.SMS], limit=9, now=NOW)
    ready = prepare(rows, owner="w", book=Book(), now=NOW)
    Message.objects.filter(subject__in=["a/1", "a/4"]).update(lease_until=NOW)
    release.expire_leases(now=NOW + timedelta(seconds=1))
    assert status("a/1") is Status.UNKNOWN
    refused = Outcome(verdict=Verdict.PERMANENT, reason=Reason.NOT_MOBILE)
    taken = [Outcome(verdict=Verdict.ACCEPTED, vendor_id=f"SM-{each.message.subject}") for each in ready]
    taken[2] = refused
    record.record([record.Result(ready=one, outcome=two) for one, two in zip(ready, taken, strict=True)], now=NOW)
    for number in (0, 1, 3, 4, 5):
        row = message(f"a/{number}")
        assert (row.status, row.vendor, row.vendor_id) == ("accepted", "fake", f"SM-a/{number}")
        assert (row.in_flight, row.lease_owner, row.check_at) == (False, "", fallback.patience(row, NOW))
        assert attempts(f"a/{number}") == ["accepted"]
    assert (status("a/2"), attempts("a/2")) == (Status.FAILED, ["permanent"])
    assert message("mail").check_at == NOW + timedelta(hours=6)


def test_a_lease_that_ran_out_cannot_open_an_attempt(sms: FakeGateway) -> None:
    plan()
    rows = claim(owner="slow", channels=[Channel.SMS], limit=9, now=NOW)
    assert prepare(rows, owner="slow", book=Book(), now=LATER) == []
    assert attempts() == []


def test_another_workers_message_is_not_touched(sms: FakeGateway) -> None:
    plan()
    rows = claim(owner="first", channels=[Channel.SMS], limit=9, now=NOW)
    release.expire_leases(now=LATER)
    claim(owner="second", channels=[Channel.SMS], limit=9, now=LATER)
    assert prepare(rows, owner="first", book=Book(), now=LATER) == []
    assert release.release(rows, owner="first", now=LATER) == 0
    assert message().lease_owner == "second"


def test_a_lost_ring_is_rung_again(sms: FakeGateway, rings: list[str]) -> None:
    plan()
    sweep.sweep(now=NOW)
    assert rings == ["notifications.jobs.drain"]


def test_nothing_due_means_no_ring(sms: FakeGateway, rings: list[str]) -> None:
    plan(due_at=NOW + timedelta(hours=1))
    sweep.sweep(now=NOW)
    assert rings == []


def test_what_has_little_time_left_goes_ahead_of_the_others(sms: FakeGateway) -> None:
    plan("bulk", useful_until=NOW + timedelta(hours=5))
    plan("soon", useful_until=NOW + timedelta(hours=2))
    assert (message("bulk").urgent, message("soon").urgent) == (False, True)
    # It has waited in the backlog until little time was left.
    later = NOW + timedelta(hours=4)
    sweep.sweep(now=later)
    assert message("bulk").urgent
    batch = claim(owner="w", channels=[Channel.SMS], limit=1, now=NOW)
    assert [each.subject for each in batch] == ["bulk"], "of the urgent ones the oldest"


def test_too_late_is_expired_without_a_worker(sms: FakeGateway, news: list[DeliveryChange]) -> None:
    plan(useful_until=NOW + timedelta(minutes=5))
    sweep.sweep(now=NOW + timedelta(minutes=5))
    assert [(each.status, each.exhausted) for each in news] == [(Status.EXPIRED, True)]


def test_a_receipt_left_waiting_is_applied(sms: FakeGateway) -> None:
    plan()
    drain()
    Message.objects.update(status=Status.SENDING.value, in_flight=True, lease_until=NOW, accepted_at=None)
    report = Report(
        vendor="fake",
        event_id="1",
        message_uuid=message().uuid,
        vendor_id="fake-1",
        event=Event.DELIVER,
    )
    receipts.take([report], now=NOW)
    assert status() is Status.SENDING
    sweep.sweep(now=LATER)
    assert status() is Status.DELIVERED


def test_news_that_a_receiver_could_not_take_comes_again(sms: FakeGateway) -> None:
    told: list[str] = []
    broken = [True]

    def receiver(sender: object, change: DeliveryChange, **_kwargs: Any) -> None:
        # What it writes is undone with the rest.
        Message.objects.filter(uuid=change.uuid).update(language="xx")
        if broken and change.subject == "a/1":
            raise RuntimeError("a defect above us")
        told.append(change.subject)

    delivery_changed.connect(receiver, weak=False)
    plan_many(3)
    drain()
    assert message("a/1").untold is True
    assert message("a/1").language == "nl"
    assert sorted(set(told)) == ["a/0", "a/2"]
    broken.clear()
    assert news.tell() == 1
    assert message("a/1").untold is False
    assert (told[-1], message("a/1").language) == ("a/1", "xx")


def test_one_broken_step_does_not_stop_the_others(
    sms: FakeGateway, rings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_kwargs: object) -> None:
        raise RuntimeError("a defect")

    for name in ("expire_useless", "expire_leases"):
        monkeypatch.setattr(release, name, broken)
    monkeypatch.setattr(receipts, "apply_left_over", broken)
    plan()
    sweep.sweep(now=NOW)
    assert rings == ["notifications.jobs.drain"]


def test_the_jobs_may_run_twice(sms: FakeGateway) -> None:
    plan(recipients=[SMS])
    for job in (jobs.drain, jobs.sweep, jobs.hand_on_inbound, jobs.heartbeat, jobs.wipe):
        job()
        job()
    assert flags.heartbeat_age(message().created_at) is not None


def test_the_bell_is_held_for_half_a_minute_at_most() -> None:
    hold = timedelta(seconds=30)
    assert flags.take_bell(now=NOW, hold=hold) is True
    assert flags.take_bell(now=NOW + timedelta(seconds=29), hold=hold) is False
    assert flags.take_bell(now=NOW + timedelta(seconds=30), hold=hold) is True
    flags.drop_bell(now=NOW + timedelta(seconds=31))
    assert flags.take_bell(now=NOW + timedelta(seconds=31), hold=hold) is True


def test_pause_names_who_and_when() -> None:
    assert flags.sending_paused() is None
    flags.pause_sending(now=NOW, by="beheerder")
    paused = flags.sending_paused()
    assert paused is not None
    assert (paused.by, paused.since) == ("beheerder", NOW)
    assert flags.closed_channels(NOW) == set(Channel)
    flags.resume_sending(now=NOW)
    assert (flags.sending_paused(), flags.closed_channels(NOW)) == (None, set())
