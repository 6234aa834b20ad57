"""A lost call is looked up before anything is sent again."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest

from notifications.domain.lifecycle import Channel, Event, Status
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways import http, registry
from notifications.gateways.base import Finding, Outcome, Report, Search
from notifications.models import Attempt, EngineFlag, Message
from notifications.outbox import purge, receipts, reconcile
from notifications.outbox import settings as settings_of_the_engine
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
MINUTE = timedelta(minutes=1)


def _lose(gateway: FakeGateway) -> None:
    gateway.outcomes = [LOST]
    plan(recipients=[EMAIL if gateway.channel is Channel.EMAIL else SMS])
    drain()


def _look_thrice(until: datetime = HORIZON) -> int:
    """Three looks, a minute apart; how many were settled at the last."""
    assert reconcile.reconcile(now=until - 2 * MINUTE) == 0
    assert reconcile.reconcile(now=until - MINUTE) == 0
    return reconcile.reconcile(now=until)


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


def test_an_id_of_somebody_who_was_forgotten_since_is_not_adopted() -> None:
    listing = Listing(Channel.SMS)
    with registry.use(Channel.SMS, listing):
        plan("other")
        drain()
        assert purge.erase(["other"], now=NOW) == 1
        _lose(listing)
        listing.ids = ("fake-1",)
        assert reconcile.reconcile(now=GRACE) == 0
    assert status() is Status.UNKNOWN


def test_an_id_that_a_receipt_gave_to_another_message_is_not_adopted() -> None:
    """The call of that one was lost as well; its receipt said that it is there, and by which id."""
    listing = Listing(Channel.SMS)
    with registry.use(Channel.SMS, listing):
        listing.outcomes = [LOST]
        plan("other")
        drain()
        told = Report(
            vendor="fake", event_id="x", message_uuid=message("other").uuid, vendor_id="x-1", event=Event.DELIVER
        )
        assert receipts.take([told], now=NOW) == 1
        _lose(listing)
        listing.ids = ("x-1",)
        assert reconcile.reconcile(now=GRACE) == 0
    assert status() is Status.UNKNOWN


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
    assert _look_thrice() == 8


def test_absent_counts_only_after_the_horizon(sms: FakeGateway) -> None:
    _lose(sms)
    assert reconcile.reconcile(now=GRACE) == 0
    assert status() is Status.UNKNOWN
    assert reconcile.reconcile(now=GRACE + timedelta(seconds=59)) == 0
    assert len(sms.searches) == 1, "it does not ask more often than once a minute"
    for minutes in (1, 2, 3, 4):
        assert reconcile.reconcile(now=GRACE + minutes * MINUTE) == 0
    assert reconcile.reconcile(now=GRACE + 5 * MINUTE) == 1
    assert status() is Status.QUEUED
    drain(GRACE + 5 * MINUTE)
    assert (status(), attempts()) == (Status.ACCEPTED, ["unknown", "accepted"])


def test_absent_once_or_twice_is_not_enough_however_late_it_is(sms: FakeGateway) -> None:
    """A clock that jumps makes the horizon nothing, and one of the minutes between the looks."""
    _lose(sms)
    assert reconcile.reconcile(now=GRACE) == 0
    jumped = HORIZON + timedelta(hours=5)
    assert reconcile.reconcile(now=jumped) == 0
    assert reconcile.reconcile(now=jumped + timedelta(seconds=59)) == 0
    assert len(sms.searches) == 2
    assert reconcile.reconcile(now=jumped + MINUTE) == 1
    assert status() is Status.QUEUED


def test_two_looks_at_the_same_time_count_once(sms: FakeGateway) -> None:
    _lose(sms)
    old, attempt = message(), Attempt.objects.get()
    for _ in range(2):
        assert reconcile._is_gone(old, attempt, timedelta(minutes=5), GRACE) is False
    assert Attempt.objects.get().absences == 1


def test_the_next_look_is_later_than_whatever_was_under_way() -> None:
    """From the Attempt row to the end of its call: what is left of the drain, and one call."""
    assert settings_of_the_engine.drain_for() + timedelta(seconds=http.CALL_SECONDS) < reconcile._AGAIN


def test_a_text_message_that_nobody_can_tell_about_is_never_sent_again(sms: FakeGateway, email: FakeGateway) -> None:
    """The person is told over the next channel, while there is time; the last one ends on the worklist."""
    sms.outcomes = [LOST]
    plan(recipients=[SMS, EMAIL], useful_until=NOW + timedelta(hours=8))
    drain()
    sms.finding = Finding(found=None)
    late = NOW + timedelta(hours=2)
    assert reconcile.reconcile(now=late - timedelta(seconds=1)) == 0
    assert status() is Status.UNKNOWN
    assert reconcile.reconcile(now=late + MINUTE) == 1
    assert (status(), message().reason) == (Status.EXPIRED, "lost")
    assert status(channel=Channel.EMAIL) is Status.QUEUED
    assert len(sms.sent) == 1


def test_what_was_given_up_and_arrived_after_all_counts_as_arrived(sms: FakeGateway) -> None:
    _lose(sms)
    sms.finding = Finding(found=None)
    assert reconcile.reconcile(now=NOW + timedelta(hours=7)) == 1
    report = Report(vendor="fake", event_id="1", message_uuid=message().uuid, vendor_id="x", event=Event.DELIVER)
    receipts.take([report], now=NOW + timedelta(hours=8))
    assert (status(), message().reason) == (Status.DELIVERED, "")


def test_what_was_overtaken_is_not_sent_after_all(sms: FakeGateway, world: World) -> None:
    _lose(sms)
    _look_thrice()
    world.superseded.add("a/1")
    drain(HORIZON)
    assert (status(), len(sms.sent)) == (Status.SUPERSEDED, 1)


def test_too_late_to_send_again_is_expired(sms: FakeGateway) -> None:
    sms.outcomes = [LOST]
    plan(useful_until=NOW + timedelta(minutes=2))
    drain()
    assert _look_thrice() == 1
    assert status() is Status.EXPIRED


def test_a_slow_sweep_cannot_act_on_an_old_answer(sms: FakeGateway) -> None:
    """Between its search and its decision another sweep sent the message again, and lost it again."""
    _lose(sms)
    old = message()
    _look_thrice()
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
    for minutes in (3, 2, 1):
        assert reconcile.reconcile(now=silence - minutes * MINUTE) == 0
    assert reconcile.reconcile(now=silence) == 1
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
        assert reconcile.reconcile(now=NOW + timedelta(hours=7)) == 1
    assert other.searches == []
    assert (status(), message().reason) == (Status.EXPIRED, "lost")
    assert len(sms.sent) == 1


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
