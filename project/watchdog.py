"""Watches one worker node from outside: is work being done, and not merely: is there a process.

``manage.py worker`` becomes this program; it starts the cluster (``worker --cluster``) as a child in a process
group of its own and listens to two pipes. Through the first the cluster says what happens in it, five bytes at a
time; a heartbeat that went from the pusher through the queue, a worker process and the monitor is what counts as
life. The second is the life line: nothing is ever written to it, and when it closes everybody stops.

A cluster that is stuck, or that ended by itself, is killed as a group and started again. Nothing gets lost by
that: the rows of the outbox are the truth, and a call that was cut off is looked up before anything is repeated.

Only the standard library, and nothing of the service: this process must cost next to nothing, must not fail when
the database does, and its own judgement must not hang on what it judges.
"""

import ctypes
import json
import logging
import os
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import Enum
from types import FrameType

logger = logging.getLogger("watchdog")

RECORD = struct.Struct(">cI")
"""One word of the cluster: what happened, and in which process."""
TICK = 1.0
# Enough for every process of a killed group to be gone; they have nothing left to decide.
_REAP_SECONDS = 10.0
# A cluster that worked this long and then failed did not fail because it was started.
_LONG_LIFE = 600.0
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


class Sign(Enum):
    """What a cluster says of itself."""

    ROUND = b"r"  # a task came back, whatever its outcome: every part did its work
    GUARD = b"g"  # the sentinel looks after its processes and the schedules
    BEGIN = b"b"  # a process began on a task
    END = b"e"  # and finished it


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How long things may take, in seconds, and how often a start may fail.

    ``idle`` is longer than SQLite waits for a lock (20) and than a database connection may take, with a few
    heartbeats to spare. ``busy`` holds while a process is in a task and is longer than a task may last (60, and
    then 3 until it is killed): a node all of whose processes are in long tasks is not stuck.
    """

    beat: float = 10
    start: float = 60
    idle: float = 45
    busy: float = 90
    stop: float = 27
    pause: float = 1
    longest_pause: float = 60
    failed_starts: int = 5


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What the cluster is told at its start."""

    node: str
    restarts: int
    beat: float
    stop: float
    watchdog: int
    signs: int
    life_line: int


@dataclass(kw_only=True)
class Life:
    """What is known of one run of the cluster. Moments are on the watchdog's own clock."""

    began: float
    round: float | None = None
    guard: float | None = None
    busy: dict[int, float] = field(default_factory=dict)

    def note(self, sign: Sign, pid: int, now: float) -> None:
        """Take in one word of the cluster."""
        if sign is Sign.ROUND:
            self.round = now
        elif sign is Sign.GUARD:
            self.guard = now
        elif sign is Sign.BEGIN:
            self.busy[pid] = now
        else:
            self.busy.pop(pid, None)

    def complaint(self, bounds: Bounds, now: float) -> str:
        """Why the cluster is held to be stuck; empty when it is not."""
        # A process that was killed in its task never says that it finished.
        busy = any(now - began <= bounds.busy for began in self.busy.values())
        if self.round is None:
            # Who is in a task has started; it may be waiting for a database that does not answer.
            waited = now - self.began
            stuck = waited > bounds.start and not busy
            return f"no heartbeat in the {waited:.0f} seconds since its start" if stuck else ""
        silent = now - self.round
        if silent > (bounds.busy if busy else bounds.idle):
            return f"no heartbeat for {silent:.0f} seconds, {'busy' if busy else 'with nothing to do'}"
        unguarded = now - (self.began if self.guard is None else self.guard)
        if unguarded > (bounds.start if self.guard is None else bounds.idle):
            return f"the sentinel has been silent for {unguarded:.0f} seconds"
        return ""


class Clock:
    """Seconds that the watchdog itself was awake: a machine that stood still is no proof against the cluster."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._seen = monotonic()
        self.now = 0.0

    def advance(self) -> float:
        """The time now. Of a pause longer than two ticks only two ticks count."""
        seen = self._monotonic()
        self.now += min(seen - self._seen, 2 * TICK)
        self._seen = seen
        return self.now


class Cluster:
    """One run of the child, with everything below it."""

    def __init__(self, command: list[str], orders: Callable[[int, int], Orders], began: float) -> None:
        self.signs, their_signs = os.pipe()
        their_life_line, self.life_line = os.pipe()
        # Neither side may ever wait for the other.
        for handle in (self.signs, their_signs, their_life_line):
            os.set_blocking(handle, False)
        self.code: int | None = None
        self.life = Life(began=began)
        try:
            # A session of its own: a signal to our group must not reach theirs, which can hang on it.
            self.child = subprocess.Popen(
                [*command, json.dumps(asdict(orders(their_signs, their_life_line)))],
                pass_fds=(their_signs, their_life_line),
                start_new_session=True,
            )
        finally:
            os.close(their_signs)
            os.close(their_life_line)

    def listen(self, now: float) -> None:
        """Take in what the cluster said since the last time."""
        with suppress(BlockingIOError):
            said = os.read(self.signs, 1000 * RECORD.size)
            for word, pid in RECORD.iter_unpack(said[: len(said) // RECORD.size * RECORD.size]):
                self.life.note(Sign(word), pid, now)

    def reap(self) -> None:
        """Take leave of processes that ended, but for the first one: its number is also that of its group.

        Not reaped it keeps the number, so that nobody else has it when the group is killed.
        """
        with suppress(ChildProcessError):
            while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                if ended.si_pid == self.child.pid:
                    # As Popen has it: below zero is the signal that ended it.
                    self.code = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
                    return
                os.waitpid(ended.si_pid, 0)

    def ask_to_stop(self) -> None:
        """To the main process alone: the others hear it from their life line."""
        self.let_go()
        with suppress(ProcessLookupError):
            os.kill(self.child.pid, signal.SIGTERM)

    def let_go(self) -> None:
        """Close the life line: no new work begins."""
        if self.life_line >= 0:
            os.close(self.life_line)
            self.life_line = -1

    def end(self) -> bool:
        """Kill the whole group, wait until it is gone, and close what is ours; False when something stays.

        Once is enough, for Linux lets no fork escape a signal to its group. And once it must be: after the first
        process was reaped the number may be somebody else's.
        """
        self.let_go()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.child.pid, signal.SIGKILL)
        deadline = time.monotonic() + _REAP_SECONDS
        while not (gone := self._is_gone()) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.close(self.signs)
        return gone

    def _is_gone(self) -> bool:
        """Reap whoever ended, the first one too; whether nothing of the group is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return True
            if pid == 0:
                return not _group_exists(self.child.pid)
            if pid == self.child.pid:
                self.code = self.child.returncode = os.waitstatus_to_exitcode(status)


class Watchdog:
    """Keeps a cluster going until it is told to stop; ``run`` returns the exit code."""

    def __init__(self, command: list[str], node: str, bounds: Bounds) -> None:
        self.command = command
        self.node = node
        self.bounds = bounds
        self.clock = Clock()
        self.restarts = 0
        self.asked = 0
        self._woken, self._waker = os.pipe()
        for handle in (self._woken, self._waker):
            os.set_blocking(handle, False)

    def run(self) -> int:
        """Until a SIGTERM, SIGINT or SIGHUP. 0: stopped clean; 1: not so, or the cluster can't be started."""
        self._listen_to_signals()
        failed, short_lives = 0, 0
        while not self.asked:
            cluster = Cluster(self.command, self._orders, self.clock.advance())
            complaint = self._watch(cluster)
            if not complaint:
                return self._stop(cluster)
            logger.error("the cluster of %s is ended and started again: %s", self.node, complaint)
            if not cluster.end():
                logger.critical("some processes of %s cannot be ended", self.node)
                return 1
            failed = failed + 1 if cluster.life.round is None else 0
            if failed >= self.bounds.failed_starts:
                logger.critical("the cluster of %s failed %s starts in a row; giving up", self.node, failed)
                return 1
            long = self.clock.now - cluster.life.began > _LONG_LIFE
            short_lives = 1 if long else short_lives + 1
            self.restarts += 1
            self._sleep(min(self.bounds.longest_pause, self.bounds.pause * 2 ** (short_lives - 1)))
        return 0

    def _watch(self, cluster: Cluster) -> str:
        """Why the cluster has to be started again; empty when we were asked to stop."""
        while not self.asked:
            self._wait(TICK, cluster)
            now = self.clock.advance()
            cluster.listen(now)
            cluster.reap()
            if cluster.code is not None and not self.asked:
                return f"it ended by itself with code {cluster.code}"
            if complaint := cluster.life.complaint(self.bounds, now):
                return complaint
        return ""

    def _stop(self, cluster: Cluster) -> int:
        cluster.ask_to_stop()
        deadline = time.monotonic() + self.bounds.stop
        while cluster.code is None and self.asked < 2 and (left := deadline - time.monotonic()) > 0:
            self._wait(min(TICK, left), cluster)
            cluster.listen(self.clock.advance())
            cluster.reap()
        code = cluster.code
        gone = cluster.end()
        # Before it has said anything it had not begun, and a signal is how it ends then.
        unborn = code == -signal.SIGTERM and cluster.life.guard is None
        if gone and (code == 0 or unborn):
            logger.info("%s stopped", self.node)
            return 0
        if code is None:
            reason = "asked twice" if self.asked > 1 else f"not within {self.bounds.stop:g} seconds"
        else:
            reason = f"code {code}"
        logger.error("%s did not stop clean (%s) and was killed", self.node, reason)
        return 1

    def _orders(self, signs: int, life_line: int) -> Orders:
        return Orders(
            node=self.node,
            restarts=self.restarts,
            beat=self.bounds.beat,
            stop=self.bounds.stop,
            watchdog=os.getpid(),
            signs=signs,
            life_line=life_line,
        )

    def _listen_to_signals(self) -> None:
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._on_stop)
        # Without a handler it would not wake us.
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        # Processes whose parent was killed become our children, so that we see them end.
        prctl(_PR_SET_CHILD_SUBREAPER, 1)

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.asked += 1

    def _wait(self, seconds: float, cluster: Cluster | None = None) -> None:
        """Until something happens, but no longer than ``seconds``."""
        handles = [self._woken] if cluster is None else [self._woken, cluster.signs]
        ready, _, _ = select.select(handles, [], [], seconds)
        if self._woken in ready:
            with suppress(BlockingIOError):
                os.read(self._woken, 1000)

    def _sleep(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self.asked and (left := deadline - time.monotonic()) > 0:
            self._wait(left)


class JsonLines(logging.Formatter):
    """The service's own log format (project/logs.py), which this process must not load."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        return json.dumps(line, ensure_ascii=False)


def prctl(option: int, value: int) -> None:
    """Ask something of Linux for this process; elsewhere it is nothing."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def die_with_parent(number: int) -> None:
    """Have this process signalled when its parent ends in whatever way; on Linux only."""
    prctl(_PR_SET_PDEATHSIG, number)


def _group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def main(arguments: list[str]) -> int:
    """``arguments`` is one JSON object: the command of the cluster, the node's name, log settings, bounds."""
    given = json.loads(arguments[0])
    handler = logging.StreamHandler()
    if not given["plain_log"]:
        handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=given["log_level"])
    node = f"{given['name']}:{os.getpid()}"
    return Watchdog(given["command"], node, Bounds(**given["bounds"])).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
