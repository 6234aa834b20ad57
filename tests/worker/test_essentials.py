"""One life of a worker node, on either database: it sends, survives every kill, and stops as it is asked to."""

import os
import signal
from pathlib import Path

import pytest

from tests.worker.node import Node, running_node, stop, wait_for, works

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

# What a killed or frozen process leads to. A start that took too long, for one, would be a fault of the node.
_KILLED = ("started again: it ended by itself", "no heartbeat for", "the sentinel has been silent for")


def test_any_part_may_be_killed_and_the_node_goes_on(tmp_path: Path) -> None:
    """An idle process, the main one, the sentinel; all of them frozen at once; and at last a stop within its bound."""
    with running_node(tmp_path) as node:
        works(node, "its start")
        # It may have held the lock of the queue, or that of its own clock, which the sentinel looks at: then the
        # node is started again, and until then there is no other process in its place.
        idle = node.pool()[-1]
        os.kill(idle, signal.SIGKILL)
        wait_for(lambda: idle not in node.pool(), "another process in the place of the killed one")
        works(node, "the end of an idle process")
        for what in ("main", "sentinel"):
            before, members = node.restarts(), node.members() - {node.pid}
            os.kill(getattr(node, what), signal.SIGKILL)
            _restarted(node, before, f"the end of {what}")
            works(node, f"the end of {what}")
            assert not members & node.members(), "processes of the cluster that was ended"
        before, members = node.restarts(), node.members() - {node.pid}
        os.killpg(node.main, signal.SIGSTOP)
        works(node, "a freeze of the whole cluster")
        assert node.restarts() > before
        assert not members & node.members()
        assert node.restarts() == sum(node.said(why) for why in _KILLED), node.log.read_text(encoding="utf-8")
        # A node that does not stop within its bound is killed by the watchdog, which then says 1.
        assert stop(node) == 0
        assert node.said("did not stop clean") == 0


def _restarted(node: Node, before: int, what: str) -> None:
    wait_for(lambda: node.restarts() > before, f"a restart after {what}")
