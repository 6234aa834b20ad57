"""A provider that hangs is left alone for a while, and nobody else has to wait for it."""

import threading
from datetime import timedelta

import pytest

from notifications.domain.lifecycle import Channel, Status
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways.base import Outcome
from notifications.models import Message
from notifications.outbox.deliver import sendable_channels
from tests.outbox.helpers import EMAIL, NOW, FakeGateway, drain, plan, plan_many, status

pytestmark = pytest.mark.django_db

LOST = Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER)
TAKEN = Outcome(verdict=Verdict.ACCEPTED, vendor_id="x-1")


@pytest.fixture(autouse=True)
def _one_at_a_time(settings: object) -> None:
    settings.NOTIFICATIONS_THREADS = 1  # type: ignore[attr-defined]


def _count(wanted: Status) -> int:
    return Message.objects.filter(status=wanted.value).count()


def test_five_calls_without_an_answer_let_the_channel_rest(sms: FakeGateway, caplog: pytest.LogCaptureFixture) -> None:
    sms.outcomes = [LOST] * 40
    plan_many(60)
    with caplog.at_level("WARNING", logger="notifications.outbox.breaker"):
        drain()
    assert len(sms.sent) == 5
    assert (_count(Status.UNKNOWN), _count(Status.QUEUED)) == (5, 55)
    assert sendable_channels(NOW) == [Channel.EMAIL]
    assert len([line for line in caplog.records if line.name == "notifications.outbox.breaker"]) == 1
    sms.outcomes = []
    assert drain(NOW + timedelta(seconds=59)) == 0
    drain(NOW + timedelta(seconds=120))
    assert _count(Status.ACCEPTED) == 55


def test_lost_calls_with_an_answer_in_between_do_not(sms: FakeGateway) -> None:
    sms.outcomes = [*[LOST] * 4, TAKEN] * 4
    plan_many(20)
    drain()
    assert (len(sms.sent), _count(Status.UNKNOWN)) == (20, 16)


def test_the_other_channel_goes_on_meanwhile(sms: FakeGateway, email: FakeGateway) -> None:
    sms.outcomes = [LOST] * 40
    plan_many(60)
    plan("mail/1", recipients=[EMAIL], due_at=NOW)
    drain()
    assert status("mail/1", Channel.EMAIL) is Status.ACCEPTED


def test_the_next_batch_does_not_wait_for_a_call_that_hangs(
    sms: FakeGateway, email: FakeGateway, settings: object
) -> None:
    settings.NOTIFICATIONS_THREADS = 2  # type: ignore[attr-defined]
    mailed = threading.Event()
    order: list[float] = []
    sms.during = lambda outgoing: order.append(mailed.wait(60)) if outgoing.address.endswith("00") else None
    email.during = lambda _outgoing: mailed.set()
    plan_many(50)
    plan("mail/1", recipients=[EMAIL])
    drain()
    # False would say that the call gave up waiting for the mail.
    assert order == [True]
