"""A worker node of which any part is killed or stopped goes on, and leaves nobody behind."""

import os
import signal
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone

from notifications import api as post
from tests.worker.node import Node, running_node, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def plan() -> UUID:
    """A text that may go out at any hour."""
    now = timezone.now()
    return post.enqueue_text(
        subject="proef",
        recipient=post.Recipient(channel=post.Channel.SMS, address="+31612345678"),
        title="",
        text="Dag",
        useful_until=now + timedelta(hours=1),
        now=now,
    )


def is_sent(uuid: UUID) -> bool:
    status = post.status_of(uuid)
    return status is not None and status.status in {post.Status.ACCEPTED, post.Status.DELIVERED}


def works(node: Node, after: str) -> None:
    uuid = plan()
    wait_for(lambda: is_sent(uuid), f"a text that was planned after {after}; {node.log.read_text()}")


def restarted_since(node: Node, before: int, what: str) -> None:
    wait_for(lambda: node.restarts() > before, f"a restart after {what}")


def test_any_part_may_be_killed(tmp_path: Path) -> None:
    """The main process, the sentinel, what pushes and what monitors; and all of them at once frozen."""
    with running_node(tmp_path) as node:
        works(node, "its start")
        for what in ("main", "sentinel"):
            before, members = node.restarts(), node.members() - {node.pid}
            os.kill(getattr(node, what), signal.SIGKILL)
            restarted_since(node, before, f"the end of {what}")
            works(node, f"the end of {what}")
            assert not members & node.members(), "processes of the cluster that was ended"
        before, members = node.restarts(), node.members() - {node.pid}
        os.killpg(node.main, signal.SIGSTOP)
        works(node, "a freeze of the whole cluster")
        assert node.restarts() > before
        assert not members & node.members()
        assert node.restarts() == node.said("started again: it ended by itself") + node.said("no heartbeat for")


def test_a_worker_process_that_is_killed_with_the_lock_of_the_queue(tmp_path: Path) -> None:
    """Of two idle processes one waits inside the lock: killed there, it takes the queue with it for good."""
    with running_node(tmp_path) as node:
        trials = 0
        while node.restarts() == 0:
            trials += 1
            assert trials < 16, "the process with the lock should have been hit by now"
            os.kill(node.pool()[0], signal.SIGKILL)
            works(node, f"the end of an idle process, trial {trials}")
        assert node.said("no heartbeat for") >= 1


def test_nothing_outlives_the_watchdog(tmp_path: Path) -> None:
    with running_node(tmp_path) as node:
        members = node.members()
        assert len(members) == 7
        os.kill(node.pid, signal.SIGKILL)
        wait_for(lambda: not node.left(), "the end of a cluster whose watchdog was killed")


def test_nothing_outlives_watchdog_and_main_together(tmp_path: Path) -> None:
    with running_node(tmp_path) as node:
        assert len(node.members()) == 7
        main = node.main
        os.kill(node.pid, signal.SIGSTOP)
        os.kill(main, signal.SIGKILL)
        os.kill(node.pid, signal.SIGKILL)
        wait_for(lambda: not node.left(), "the end of the others")
