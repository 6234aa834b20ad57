"""A lost call is looked up before anything is sent again."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from notifications.domain.lifecycle import Channel, Status
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways import registry
from notifications.gateways.base import Finding, Outcome, Search
from notifications.models import Attempt, EngineFlag, Message
from notifications.outbox import reconcile
from tests.outbox.helpers import (
    EMAIL,
    NOW,
    SMS,
    FakeGateway,
    World,
    attempts,
    drain,
    message,
    plan,
    plan_many,
    status,
)

pytestmark = pytest.mark.django_db

LOST = Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER)
GRACE = NOW + timedelta(seconds=30)
HORIZON = NOW + timedelta(seconds=300)


def _lose(gateway: FakeGateway) -> None:
    gateway.outcomes = [LOST]
    plan(recipients=[EMAIL if gateway.channel is Channel.EMAIL else SMS])
    drain()


def test_it_first_waits_a_moment(sms: FakeGateway) -> None:
    _lose(sms)
    assert reconcile.reconcile(now=NOW + timedelta(seconds=29)) == 0
    assert sms.searches == []


def test_found_is_adopted_and_not_sent_again(sms: FakeGateway) -> None:
    _lose(sms)
    sms.finding = Finding(found=True, vendor_id="SM1")
    assert reconcile.reconcile(now=GRACE) == 1
    assert (status(), message().vendor_id, message().vendor) == (Status.ACCEPTED, "SM1", "fake")
    assert Attempt.objects.get().vendor_id == "SM1"
    drain(HORIZON)
    assert len(sms.sent) == 1


def test_it_searches_for_the_body_that_was_sent(sms: FakeGateway, world: World) -> None:
    _lose(sms)
    world.values["naam"] = "anders"
    reconcile.reconcile(now=GRACE)
    (search,) = sms.searches
    assert search.since == NOW
    assert search.recognise("Dag Ali, zie http://testserver/v/abc")
    assert search.recognise("Dag Ali, zie http://testserver/v/abc\n")
    assert not search.recognise("Dag anders, zie http://testserver/v/abc")


class Listing(FakeGateway):
    """A provider whose list holds ids, newest first; every body in it looks the same."""

    ids: tuple[str, ...] = ()

    def search(self, search: Search) -> Finding:
        self.searches.append(search)
        for each in self.ids:
            if not search.taken(each):
                return Finding(found=True, vendor_id=each)
        return Finding(found=False)


def test_an_id_of_another_message_is_not_adopted() -> None:
    listing = Listing(Channel.SMS)
    with registry.use(Channel.SMS, listing):
        plan("other")
        drain()
        _lose(listing)
        listing.ids = ("fake-1",)
        assert reconcile.reconcile(now=GRACE) == 0
        assert status() is Status.UNKNOWN
        listing.ids = ("fake-1", "fake-7")
        assert reconcile.reconcile(now=GRACE + timedelta(minutes=2)) == 1
    assert (status(), message().vendor_id) == (Status.ACCEPTED, "fake-7")


def test_two_lost_calls_never_adopt_the_same_id() -> None:
    listing = Listing(Channel.SMS)
    with registry.use(Channel.SMS, listing):
        for subject in ("a/1", "a/2", "a/3"):
            listing.outcomes = [LOST]
            plan(subject)
            drain()
        listing.ids = ("x-2", "x-1")
        assert reconcile.reconcile(now=GRACE) == 2
    assert sorted(Message.objects.values_list("vendor_id", flat=True)) == ["", "x-1", "x-2"]


def test_many_lost_calls_are_looked_up_side_by_side(sms: FakeGateway, settings: Any) -> None:
    """With one at a time, a provider that takes its time would hold up the sweep for minutes."""
    settings.NOTIFICATIONS_THREADS = 8
    together = threading.Barrier(8, timeout=30)
    sms.search = lambda search: (together.wait(), Finding(found=False))[1]  # type: ignore[method-assign]
    sms.outcomes = [LOST] * 4
    plan_many(4)
    drain()
    # The breaker lets a channel rest after five in a row.
    EngineFlag.objects.all().delete()
    sms.outcomes = [LOST] * 4
    for number in range(10, 14):
        plan(f"a/{number}")
    drain()
    assert reconcile.reconcile(now=HORIZON) == 8


def test_absent_counts_only_after_the_horizon(sms: FakeGateway) -> None:
    _lose(sms)
    assert reconcile.reconcile(now=GRACE) == 0
    assert status() is Status.UNKNOWN
    assert reconcile.reconcile(now=GRACE + timedelta(seconds=59)) == 0
    assert len(sms.searches) == 1, "it does not ask more often than once a minute"
    assert reconcile.reconcile(now=HORIZON) == 1
    assert status() is Status.QUEUED
    drain(HORIZON)
    assert (status(), attempts()) == (Status.ACCEPTED, ["unknown", "accepted"])


def test_a_provider_that_cannot_be_asked_decides_nothing(sms: FakeGateway) -> None:
    _lose(sms)
    sms.finding = Finding(found=None)
    assert reconcile.reconcile(now=HORIZON + timedelta(hours=3)) == 0
    assert status() is Status.UNKNOWN


def test_asking_ends_a_day_after_it_matters(sms: FakeGateway) -> None:
    _lose(sms)
    sms.finding = Finding(found=None)
    assert reconcile.reconcile(now=NOW + timedelta(days=2)) == 0
    assert reconcile.reconcile(now=NOW + timedelta(days=2, minutes=2)) == 1
    assert (status(), message().reason) == (Status.EXPIRED, "no_answer")


def test_what_was_overtaken_is_not_sent_after_all(sms: FakeGateway, world: World) -> None:
    _lose(sms)
    reconcile.reconcile(now=HORIZON)
    world.superseded.add("a/1")
    drain(HORIZON)
    assert (status(), len(sms.sent)) == (Status.SUPERSEDED, 1)


def test_too_late_to_send_again_is_expired(sms: FakeGateway) -> None:
    sms.outcomes = [LOST]
    plan(useful_until=NOW + timedelta(minutes=2))
    drain()
    assert reconcile.reconcile(now=HORIZON) == 1
    assert status() is Status.EXPIRED


def test_a_slow_sweep_cannot_act_on_an_old_answer(sms: FakeGateway) -> None:
    """Between its search and its decision another sweep sent the message again, and lost it again."""
    _lose(sms)
    old = message()
    reconcile.reconcile(now=HORIZON)
    sms.outcomes = [LOST]
    drain(HORIZON)
    assert (message().attempts_made, status()) == (2, Status.UNKNOWN)
    assert reconcile._send_again(old, HORIZON) == 0
    assert status() is Status.UNKNOWN


def test_a_lost_mail_is_sent_again_after_silence_and_the_log_says_so(
    email: FakeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING")
    _lose(email)
    silence = NOW + timedelta(minutes=30)
    assert reconcile.reconcile(now=silence - timedelta(seconds=1)) == 0
    assert reconcile.reconcile(now=silence + timedelta(minutes=1)) == 1
    assert "may arrive twice" in caplog.text
    assert email.searches == []
    drain(silence + timedelta(minutes=1))
    assert len(email.sent) == 2


def test_without_the_gateway_that_sent_it_nobody_is_asked(sms: FakeGateway) -> None:
    _lose(sms)
    other = FakeGateway(Channel.SMS)
    other.name = "other"
    with registry.use(Channel.SMS, other):
        assert reconcile.reconcile(now=HORIZON) == 0
    assert other.searches == []


def test_one_search_that_breaks_leaves_the_others(sms: FakeGateway) -> None:
    sms.outcomes = [LOST, LOST]
    plan("a/1")
    plan("a/2")
    drain()

    def broken(search: object) -> Finding:
        if len(sms.searches) == 0:
            sms.searches.append(search)  # type: ignore[arg-type]
            raise RuntimeError("a defect")
        return Finding(found=True, vendor_id="SM2")

    sms.search = broken  # type: ignore[method-assign]
    reconcile.reconcile(now=GRACE)
    assert sorted(Message.objects.values_list("status", flat=True)) == ["accepted", "unknown"]
