"""A worker node of which any part is killed or stopped goes on, and leaves nobody behind."""

import os
import signal
from pathlib import Path

import pytest

from tests.worker.node import running_node, wait_for, works

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_worker_process_that_is_killed_with_the_lock_of_the_queue(tmp_path: Path) -> None:
    """Of two idle processes one waits inside the lock: killed there, it takes the queue with it for good."""
    with running_node(tmp_path) as node:
        trials = 0
        while node.restarts() == 0:
            trials += 1
            assert trials < 16, "the process with the lock should have been hit by now"
            os.kill(node.pool()[0], signal.SIGKILL)
            works(node, f"the end of an idle process, trial {trials}")
        # Or it had the lock of its own clock, that the sentinel looks at: then that one stands still.
        assert node.said("no heartbeat for") + node.said("the sentinel has been silent for") >= 1


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
