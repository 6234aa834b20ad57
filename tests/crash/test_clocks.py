"""Clocks that differ: a worker whose clock is wrong, a machine whose clock is set right, a provider with its own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notifications.domain.lifecycle import Status
from notifications.gateways.base import Outgoing
from notifications.models import Attempt
from notifications.outbox import deliver, reconcile, sweep
from tests.double.running import Double
from tests.outbox.helpers import NOW, FakeGateway, drain, plan, status

pytestmark = pytest.mark.django_db(transaction=True)


def _others_work(clock: deliver.Clock) -> None:
    """Two rounds of another worker, in the thread of a call; its connection is closed again."""
    try:
        for _ in range(2):
            sweep.sweep(now=clock())
            drain(clock())
    finally:
        connection.close()


@pytest.mark.parametrize("behind", [timedelta(minutes=10), timedelta(hours=1)])
def test_a_worker_whose_clock_is_behind_keeps_its_call_to_itself(sms: FakeGateway, behind: timedelta) -> None:
    """Its lease is over for everybody else before it begins, and so is the horizon of its attempt."""

    def meanwhile(_outgoing: Outgoing) -> None:
        sms.during = lambda outgoing: None
        # The provider has not listed it yet.
        _others_work(lambda: NOW)

    sms.during = meanwhile
    plan(due_at=NOW - timedelta(hours=2), now=NOW - timedelta(hours=2))
    drain(NOW - behind)
    assert len(sms.sent) == 1


def test_a_clock_that_is_set_right_during_a_call_does_not_send_it_twice(sms: FakeGateway) -> None:
    """A machine that stood still for an hour, or whose clock was an hour behind: all its clocks jump at once."""
    now = [NOW]

    def meanwhile(_outgoing: Outgoing) -> None:
        sms.during = lambda outgoing: None
        now[0] += timedelta(hours=1)
        _others_work(lambda: now[0])

    sms.during = meanwhile
    plan()
    deliver.drain(clock=lambda: now[0])
    assert len(sms.sent) == 1


@pytest.mark.parametrize("ahead", [timedelta(minutes=2), timedelta(hours=3)])
def test_a_clock_that_is_ahead_of_the_providers_finds_its_message_all_the_same(
    double: Double, ahead: timedelta
) -> None:
    """By the attempt's own moment the provider took it before it was sent."""
    then = timezone.now() + ahead
    double.fault("twilio", "reset-after")
    plan(due_at=timezone.now(), now=timezone.now(), useful_until=then + timedelta(days=1), exempt_from_quiet_hours=True)
    deliver.drain(clock=lambda: then)
    assert status() is Status.UNKNOWN
    reconcile.reconcile(now=then + timedelta(minutes=20))
    deliver.drain(clock=lambda: then + timedelta(minutes=20))
    assert len(double.journal(what="accepted")) == 1
    assert Attempt.objects.count() == 1
