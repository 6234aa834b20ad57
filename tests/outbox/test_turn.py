"""A node keeps a process free for what is not sending, and no ring gets lost by that."""

import os
import subprocess
from datetime import timedelta
from typing import Any

import pytest

from notifications.domain.lifecycle import Status
from notifications.models import EngineFlag
from notifications.outbox import bell, deliver, flags, turn
from tests.outbox.helpers import NOW, FakeGateway, message, plan, status

pytestmark = pytest.mark.django_db


def _drain() -> int:
    return turn.drain(clock=lambda: NOW)


@pytest.fixture
def in_between(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What happens while the first drain has the turn."""
    steps: list[Any] = []
    real = deliver.drain

    def drain(*, clock: deliver.Clock, linger: timedelta) -> int:
        assert linger == timedelta(seconds=10)
        calls = real(clock=clock)
        while steps:
            steps.pop(0)()
        return calls

    monkeypatch.setattr(deliver, "drain", drain)
    return steps


def test_of_two_processes_only_one_drains(sms: FakeGateway, in_between: list[Any], rings: list[str]) -> None:
    plan("a/1")
    turned_away = []

    def second() -> None:
        plan("a/2")
        bell.ring(now=NOW)
        turned_away.append(_drain())

    in_between.append(second)
    assert _drain() == 1
    assert turned_away == [0]
    assert message("a/2").status == Status.QUEUED.value
    # The ring that was turned away, repeated by the one that had the turn.
    assert rings[-1] == "notifications.jobs.drain"
    assert _drain() == 1
    assert message("a/2").status == Status.ACCEPTED.value


def test_with_more_processes_all_but_one_may_drain(sms: FakeGateway, in_between: list[Any], settings: Any) -> None:
    settings.Q_CLUSTER = settings.Q_CLUSTER | {"workers": 3}
    plan("a/1")
    counts: list[int] = []

    def third() -> None:
        plan("a/3")
        counts.append(_drain())

    def second() -> None:
        plan("a/2")
        in_between.append(third)
        counts.append(_drain())

    in_between.append(second)
    assert _drain() == 1
    assert counts == [0, 1]


def test_a_turn_ends_with_its_drain(sms: FakeGateway, monkeypatch: pytest.MonkeyPatch, rings: list[str]) -> None:
    def fail(**_options: object) -> int:
        raise RuntimeError

    plan()
    with monkeypatch.context() as patch:
        patch.setattr(deliver, "drain", fail)
        with pytest.raises(RuntimeError):
            _drain()
    rings.clear()
    assert _drain() == 1
    assert rings == []
    assert not EngineFlag.objects.filter(name__startswith="turn:").exists()


def test_the_turn_of_a_process_that_hangs_lapses(sms: FakeGateway) -> None:
    plan()
    (name,) = turn._turns()
    hold = timedelta(seconds=60)
    assert flags.take_turn(name, now=NOW - timedelta(seconds=59), hold=hold, holder=str(os.getpid()))
    assert _drain() == 0
    assert turn.drain(clock=lambda: NOW + timedelta(seconds=1)) == 1
    assert status() is Status.ACCEPTED


def test_nobody_waits_for_the_turn_of_a_killed_process(sms: FakeGateway) -> None:
    plan()
    gone = subprocess.Popen(["sleep", "600"])
    (name,) = turn._turns()
    assert flags.take_turn(name, now=NOW, hold=timedelta(seconds=60), holder=str(gone.pid))
    assert _drain() == 0
    gone.kill()
    gone.wait()
    assert _drain() == 1
    assert not EngineFlag.objects.filter(name__startswith="turn:").exists()


def test_a_turn_that_somebody_else_took_meanwhile_is_not_cleared() -> None:
    flags.take_turn("x", now=NOW, hold=timedelta(seconds=60), holder="1")
    flags.clear_turn("x", holder="2")
    assert flags.turn_holder("x") == "1"


def test_a_ring_that_was_missed_does_not_silence_the_bell(sms: FakeGateway, rings: list[str]) -> None:
    """The one that had the turn was killed before it could repeat the ring."""
    flags.miss_bell(now=NOW, hold=bell.HOLD)
    bell.ring(now=NOW + bell.HOLD - timedelta(seconds=1))
    assert rings == []
    bell.ring(now=NOW + bell.HOLD)
    assert rings == ["notifications.jobs.drain"]
