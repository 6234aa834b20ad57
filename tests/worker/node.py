"""A worker node as the operator starts it, in processes of its own, on the test's database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from django.utils import timezone

from notifications import api as post
from project.env import BASE_DIR
from tests.addresses import database_url
from tests.environment import VALUES
from tests.worker.texts import is_sent, plan

PATIENCE = 90.0
# Bounds for tests: quick, but wide enough for a machine on which five other things run.
BOUNDS = {
    "WORKER_BEAT_SECONDS": "1",
    "WORKER_START_SECONDS": "60",
    "WORKER_IDLE_SECONDS": "6",
    "WORKER_BUSY_SECONDS": "40",
    "WORKER_STOP_SECONDS": "25",
}
_PROC = Path("/proc")
T = TypeVar("T")


def wait_for(condition: Callable[[], T], what: str, patience: float = PATIENCE) -> T:
    """What the condition returns once that is true; fails after ``patience`` seconds."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited {patience:.0f} seconds in vain: {what}"
        time.sleep(0.1)
    return found


class Node:
    """A running ``manage.py worker``; its process number is that of the watchdog."""

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "worker"],
                cwd=BASE_DIR,
                env=dict(env),
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        # With the moment each began: a number is soon given to somebody else.
        self._seen: set[tuple[int, str]] = set()
        self._others: dict[int, set[int]] = {}

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def main(self) -> int:
        """The cluster's main process, once it is there."""
        return wait_for(lambda: next(iter(children(self.pid)), 0), "the main process")

    @property
    def sentinel(self) -> int:
        return wait_for(lambda: next(iter(children(self.main)), 0), "the sentinel")

    def pool(self) -> list[int]:
        """The worker processes, oldest first. The sentinel starts them first, then the monitor and the pusher."""

        def four() -> tuple[int, list[int]] | None:
            # Looked for anew each time: the watchdog may just be putting another cluster in its place.
            sentinel = self.sentinel
            found = children(sentinel)
            return (sentinel, found) if len(found) == 4 else None

        sentinel, found = wait_for(four, "four processes") or (0, [])
        others = self._others.setdefault(sentinel, set(found[2:]))
        return [pid for pid in found if pid not in others]

    def members(self) -> set[int]:
        """Everything that belongs to the node now; remembered for :meth:`left`."""
        found, todo = set(), [self.pid]
        while todo:
            pid = todo.pop()
            if fields := _stat(pid):
                found.add((pid, fields[19]))
                todo += children(pid)
        self._seen |= found
        return {pid for pid, _ in found}

    def left(self) -> set[int]:
        """Of everything that was ever seen of this node: what still runs."""
        return {pid for pid, began in self._seen if _runs_since(pid, began)}

    def said(self, words: str) -> int:
        """How often the log says this."""
        return self.log.read_text(encoding="utf-8").count(words)

    def restarts(self) -> int:
        return self.said("is ended and started again")

    def end(self) -> None:
        """Whatever happened in the test: nothing stays."""
        if self.process.poll() is None:
            self.members()
        for pid in self.left():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        wait_for(lambda: not self.left(), "the last processes to go")


def children(pid: int) -> list[int]:
    """Its children, oldest first."""
    found = []
    for path in _PROC.glob("[0-9]*"):
        fields = _stat(int(path.name))
        if fields and fields[1] == str(pid) and fields[0] != "Z":
            found.append((int(fields[19]), int(path.name)))
    return [child for _, child in sorted(found)]


def _runs_since(pid: int, began: str) -> bool:
    fields = _stat(pid)
    return bool(fields) and fields[0] != "Z" and fields[19] == began


def _stat(pid: int) -> list[str]:
    """The fields behind the name: state, parent, ...; empty when there is no such process."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def environment(**more: str) -> dict[str, str]:
    """What a node is told; ``more`` goes before the bounds of these tests."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return inherited | VALUES | BOUNDS | {"DATABASE_URL": database_url(), "LOG_LEVEL": "WARNING"} | more


@contextmanager
def running_node(folder: Path, *, name: str = "node", **env: str) -> Iterator[Node]:
    """A node for the duration of the block, ready for work."""
    node = Node(environment(WORKER_NAME=name, **env), folder / f"{name}.log")
    try:
        wait_for(lambda: beats(node), "the first heartbeat")
        yield node
    finally:
        node.end()


def works(node: Node, after: str) -> None:
    """A text goes out."""
    uuid = plan()
    wait_for(lambda: is_sent(uuid), f"a text that was planned after {after}; {node.log.read_text()}")


def stop(node: Node) -> int:
    """Ask it to stop; its exit code, with nothing left of it."""
    node.members()
    node.process.terminate()
    code = node.process.wait(120)
    assert node.left() == set()
    return code


def beats(node: Node) -> bool:
    """Whether the node's own row is in the database and its processes are there."""
    assert node.process.poll() is None, node.log.read_text(encoding="utf-8")
    return any(row.name.endswith(f":{node.pid}") for row in post.worker_nodes(timezone.now()))
