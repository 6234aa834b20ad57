"""Stopping a worker node: clean, within its bound, whatever it is at; and two nodes that share one queue."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from notifications import api as post
from tests.double.running import Double, running_double
from tests.worker.node import running_node, stop, wait_for
from tests.worker.texts import is_sent, plan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(scope="module")
def double() -> Iterator[Double]:
    with running_double() as running:
        yield running


def test_idle_nodes_share_the_work_and_stop_clean(tmp_path: Path) -> None:
    """Two nodes on one queue, each with heartbeats of its own; one is killed outright, the other goes on."""
    with running_node(tmp_path, name="een") as first, running_node(tmp_path, name="twee") as second:
        assert [row.name for row in post.worker_nodes(timezone.now())] == [f"een:{first.pid}", f"twee:{second.pid}"]
        many = [plan() for _ in range(20)]
        wait_for(lambda: all(map(is_sent, many)), "twenty texts")
        assert (first.restarts(), second.restarts()) == (0, 0)
        os.kill(first.pid, signal.SIGKILL)
        one = plan()
        wait_for(lambda: is_sent(one), "a text after the end of the first node")
        assert stop(second) == 0
        # Who stopped is not missed.
        assert f"twee:{second.pid}" not in [row.name for row in post.worker_nodes(timezone.now())]


def test_a_call_that_hangs_is_waited_for(tmp_path: Path, double: Double) -> None:
    """The provider takes its time; the node stops when it has answered, and begins nothing new."""
    double.clear()
    double.fault("twilio", "slow", seconds=5)
    with running_node(tmp_path, **double.settings(), NOTIFICATIONS_THREADS="1") as node:
        first = plan()
        wait_for(double.journal, "the call to begin")
        assert stop(node) == 0
        assert node.restarts() == 0
    assert status(first) is post.Status.ACCEPTED
    assert sum(double.accepted("twilio").values()) == 1


def test_a_node_that_cannot_stop_is_ended(tmp_path: Path, double: Double) -> None:
    """The bound is shorter than what the provider does: not clean, and said so. Nothing is lost by it."""
    double.clear()
    double.fault("twilio", "hang", seconds=60)
    with running_node(tmp_path, **double.settings(), WORKER_STOP_SECONDS="2") as node:
        first = plan()
        wait_for(double.journal, "the call to begin")
        began = time.monotonic()
        assert stop(node) == 1
        assert node.said("did not stop clean (not within 2 seconds)") == 1
        assert time.monotonic() - began < 60
    # It stays claimed until its lease is over, and is looked up then.
    assert status(first) is post.Status.SENDING


def test_a_signal_to_everybody_at_once_is_a_clean_stop_too(tmp_path: Path, double: Double) -> None:
    """As systemd does by default. The call that is going on is finished, not cut off."""
    double.clear()
    double.fault("twilio", "slow", seconds=4)
    with running_node(tmp_path, **double.settings()) as node:
        first = plan()
        wait_for(double.journal, "the call to begin")
        members = node.members()
        assert len(members) == 7
        for pid in sorted(members, reverse=True):
            os.kill(pid, signal.SIGTERM)
        assert node.process.wait(120) == 0
        assert node.left() == set()
    assert status(first) is post.Status.ACCEPTED


def status(uuid: object) -> post.Status | None:
    found = post.status_of(uuid)  # type: ignore[arg-type]
    return None if found is None else found.status
