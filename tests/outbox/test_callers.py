"""Threads come as they are needed: a few for a provider that answers at once, many for one that is slow."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from notifications.gateways.base import Outcome, Outgoing
from notifications.models import Message
from notifications.outbox import callers as module
from notifications.outbox import deliver
from notifications.outbox.breaker import Breaker
from notifications.outbox.callers import Callers
from notifications.outbox.claim import claim
from notifications.outbox.prepare import prepare
from notifications.outbox.ready import Ready
from notifications.wording.rendering import Book
from tests.outbox.helpers import NOW, FakeGateway, drain, plan_many

pytestmark = pytest.mark.django_db
MANY = 40


@pytest.fixture
def group(sms: FakeGateway) -> list[Ready]:
    plan_many(MANY)
    return prepare(claim(owner="w", channels=[sms.channel], limit=MANY, now=NOW), owner="w", book=Book(), now=NOW)


def _most_at_once(sms: FakeGateway, group: list[Ready], *, size: int, act: Callable[[], None]) -> int:
    """Hand all of them out; how many were going on at the same moment at most."""
    lock, busy, most = threading.Lock(), 0, 0
    honest = sms.send

    def send(outgoing: Outgoing) -> Outcome:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        act()
        with lock:
            busy -= 1
        return honest(outgoing)

    sms.send = send  # type: ignore[method-assign]
    with Callers(size, Breaker()) as callers:
        for ready in group:
            callers.hand_out(ready, time.monotonic() + 60)
        _all(callers)
    return most


def _all(callers: Callers) -> list[tuple[Ready, Outcome]]:
    """Every call that was handed out, ended; each group of them as it comes."""
    found: list[tuple[Ready, Outcome]] = []
    while callers.going:
        some = callers.ended(enough=7, most=9, timeout=30.0, moment=1.0)
        assert 0 < len(some) <= 9
        found += some
    assert len({ready.message.pk for ready, _ in found}) == len(found) == MANY
    return found


def test_a_quick_provider_gets_a_few(sms: FakeGateway, group: list[Ready], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BUSY", 0.0)
    assert _most_at_once(sms, group, size=32, act=lambda: None) <= module._FEW


def test_a_slow_one_gets_all(sms: FakeGateway, group: list[Ready]) -> None:
    """Each waits until as many are going on as may be: with fewer threads this would never end."""
    together = threading.Barrier(20, timeout=30)
    assert _most_at_once(sms, group, size=20, act=lambda: (together.wait(), None)[1]) == 20


def test_never_more_than_was_set(sms: FakeGateway, group: list[Ready], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BUSY", 100.0)
    assert _most_at_once(sms, group, size=10, act=lambda: time.sleep(0.01)) <= 10


def test_one_that_was_slow_does_not_weigh(
    sms: FakeGateway, group: list[Ready], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the first call over a new connection is; in seconds that no busy machine takes by itself."""
    monkeypatch.setattr(module, "_LOOK", 0.5)
    slow = iter([2.0])
    assert _most_at_once(sms, group, size=32, act=lambda: time.sleep(next(slow, 0.0))) <= module._FEW


def test_who_is_in_a_hurry_goes_first(sms: FakeGateway, group: list[Ready]) -> None:
    """Of those in line; the one that is being sent is sent."""
    free = threading.Event()
    order: list[str] = []
    honest = sms.send

    def send(outgoing: Outgoing) -> Outcome:
        free.wait(30)
        order.append(str(outgoing.uuid))
        return honest(outgoing)

    sms.send = send  # type: ignore[method-assign]
    last = group[-2:]
    with Callers(1, Breaker()) as callers:
        for ready in group:
            ready.message.urgent = ready in last
            callers.hand_out(ready, time.monotonic() + 60)
        free.set()
        _all(callers)
    expected = [str(ready.message.uuid) for ready in group]
    begun = expected.index(order[0])
    # The one thread has taken nothing yet, or what was handed out first.
    assert begun in (0, MANY - 2)
    hurried = expected[-2:]
    assert order == ([expected[0], *hurried, *expected[1:-2]] if begun == 0 else [*hurried, *expected[:-2]])


def test_what_ended_before_a_thread_died_is_told_first(sms: FakeGateway, group: list[Ready]) -> None:
    class Died(BaseException):
        pass

    honest, count = sms.send, 0

    def send(outgoing: Outgoing) -> Outcome:
        nonlocal count
        count += 1
        if count == 3:
            raise Died
        return honest(outgoing)

    sms.send = send  # type: ignore[method-assign]
    with Callers(1, Breaker()) as callers:
        for ready in group[:5]:
            callers.hand_out(ready, time.monotonic() + 60)
        found = callers.ended(enough=5, most=9, timeout=30.0, moment=30.0)
        assert [ready.message.pk for ready, _ in found] == [each.message.pk for each in group[:2]]
        with pytest.raises(Died):
            callers.ended(enough=1, most=9, timeout=30.0, moment=0.0)


def test_a_slow_beginning_is_no_slow_provider(sms: FakeGateway, group: list[Ready]) -> None:
    """The first group took long to make; nobody was called yet."""
    with Callers(32, Breaker()) as callers:
        time.sleep(2 * module._LOOK)
        callers.hand_out(group[0], time.monotonic() + 60)
        assert callers._wanted == module._FEW
        assert callers.ended(enough=1, most=1, timeout=30.0, moment=0.0)


def test_the_next_group_is_made_when_few_calls_are_left(sms: FakeGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    plan_many(200)
    honest_send = sms.send
    pools: list[Callers] = []
    going: list[int] = []

    class Watched(Callers):
        def __init__(self, size: int, breaker: Breaker) -> None:
            super().__init__(2, breaker)
            pools.append(self)

    def send(outgoing: Outgoing) -> Outcome:
        time.sleep(0.002)
        return honest_send(outgoing)

    def note(**options: Any) -> list[Message]:
        going.append(pools[-1].going)
        return claim(**options)

    sms.send = send  # type: ignore[method-assign]
    monkeypatch.setattr(deliver, "Callers", Watched)
    monkeypatch.setattr(deliver, "claim", note)
    assert drain() == 200
    assert len(going) >= 3
    assert max(going) <= 2 * module._AHEAD


def test_a_slow_provider_has_more_in_line() -> None:
    quick, slow = Callers(48, Breaker()), Callers(48, Breaker())
    slow._wanted = 48
    assert 0 < quick.ahead < slow.ahead


def _begun(sms: FakeGateway) -> threading.Event:
    """Set as soon as a call begins."""
    begun, honest = threading.Event(), sms.send

    def send(outgoing: Outgoing) -> Outcome:
        begun.set()
        return honest(outgoing)

    sms.send = send  # type: ignore[method-assign]
    return begun


def test_a_call_begins_while_the_drain_waits_for_the_database(
    sms: FakeGateway, group: list[Ready], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_POLITE", 30.0)
    begun = _begun(sms)
    with Callers(8, Breaker()) as callers:
        callers.meanwhile(lambda: None)
        callers.hand_out(group[0], time.monotonic() + 60)
        # The drain has work to do.
        assert not begun.wait(0.2)
        # Sooner than it would begin by itself.
        assert callers.meanwhile(lambda *statement: begun.wait(15) and statement, "SELECT 1", [], False, {})
        assert not callers._free.is_set()


def test_a_call_begins_while_the_drain_waits_for_answers(
    sms: FakeGateway, group: list[Ready], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_POLITE", 30.0)
    with Callers(8, Breaker()) as callers:
        callers.meanwhile(lambda: None)
        callers.hand_out(group[0], time.monotonic() + 60)
        # Sooner than it would begin by itself.
        assert len(callers.ended(enough=1, most=1, timeout=15.0, moment=0.0)) == 1
        assert not callers._free.is_set()
        assert callers.ended(enough=1, most=1, timeout=0.0, moment=0.0) == []
        assert not callers._free.is_set()


@pytest.mark.parametrize("dies", [False, True])
def test_calls_are_made_when_the_drain_ends_or_dies(
    sms: FakeGateway, group: list[Ready], monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    monkeypatch.setattr(module, "_POLITE", 30.0)
    begun = _begun(sms)

    def act() -> None:
        with Callers(8, Breaker()) as callers:
            callers.meanwhile(lambda: None)
            callers.hand_out(group[0], time.monotonic() + 60)
            if dies:
                raise ValueError("the database is away")

    started = time.monotonic()
    if dies:
        with pytest.raises(ValueError, match="away"):
            act()
    else:
        act()
    assert begun.is_set()
    # Sooner than it would begin by itself.
    assert time.monotonic() - started < 15


def test_a_drain_that_is_busy_for_long_keeps_nobody_waiting(sms: FakeGateway, group: list[Ready]) -> None:
    """Who is asked for values may take as long as it likes, and not over the database alone."""
    begun = _begun(sms)
    with Callers(8, Breaker()) as callers:
        callers.meanwhile(lambda: None)
        callers.hand_out(group[0], time.monotonic() + 60)
        assert begun.wait(30)
        assert not callers._free.is_set()


def test_a_drain_lets_calls_begin_while_it_waits_for_the_database(
    sms: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where it was looked, and whether calls could begin then; a commit may hold statements of its own.
    seen: list[tuple[str, bool]] = []
    honest = Callers.meanwhile

    def noted(callers: Callers, execute: Callable[..., Any], *statement: Any) -> Any:
        def look(*statement: Any) -> Any:
            seen.append(("waits", callers._free.is_set()))
            return execute(*statement)

        found = honest(callers, look, *statement)
        seen.append(("works", callers._free.is_set()))
        return found

    monkeypatch.setattr(Callers, "meanwhile", noted)
    plan_many(3)
    assert drain() == 3
    assert len(seen) > 10
    assert set(seen) == {("waits", True), ("works", False)}
