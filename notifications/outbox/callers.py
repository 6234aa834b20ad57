"""The threads that wait for providers. They touch no database; what they learn goes back by a queue.

A plain queue and as many threads as are needed: the standard executor makes a future with locks of its
own for every call, which at thousands of calls a second is a fifth of what a call costs.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from time import process_time
from typing import Any

from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways.base import Outcome
from notifications.outbox import points, stopping
from notifications.outbox.breaker import Breaker
from notifications.outbox.ready import Ready

logger = logging.getLogger(__name__)

_Ended = tuple[Ready, Outcome | BaseException]
# So many keep a processor busy when answers come at once; more make no difference.
_FEW = 12
# So many calls per thread, but at most so many in all, may stand in line while the next group is made ready: they are
# made while the drain waits for the database. With more there is more to look up after a crash, and it is no faster.
_AHEAD = 10
_LINE = 240
# A call lets the drain go first for so many seconds at most: whoever it asks for values may take long over them.
_POLITE = 0.05
# Every so many seconds it is looked whether more of them may wait together: when all of them wait, or when there was
# always a call to make and this process used less than such a part of one processor.
_LOOK = 0.05
_BUSY = 0.6


# Nobody was asked: its lease or the drain would have ended first, or its channel was closed.
NOT_STARTED = Outcome(verdict=Verdict.TEMPORARY, vendor_code="not-started")


class Callers:
    """At most ``size`` calls at once; a context manager whose end waits for calls that are going on.

    It begins with a few threads, and takes more when the provider turns out to be slow.
    """

    def __init__(self, size: int, breaker: Breaker) -> None:
        self.breaker = breaker
        # Calls handed out whose end was not taken yet.
        self.going = 0
        self._size = size
        self._wanted = min(_FEW, size)
        self._looked_at, self._spent = time.monotonic(), process_time()
        # Since the last look: a thread had nothing to do; no call ended.
        self._dry, self._still = False, True
        self._threads: list[threading.Thread] = []
        # Who is in a hurry stands in a line of its own. One thing to do per entry of the queue; None: go home.
        self._hurried: deque[tuple[Ready, float]] = deque()
        self._others: deque[tuple[Ready, float]] = deque()
        self._todo: SimpleQueue[bool | None] = SimpleQueue()
        # Who waits for these is woken once, when there are as many as it wants.
        self._ended: deque[_Ended] = deque()
        self._enough = 1
        self._woken = threading.Event()
        # Set while the drain waits for something: the processor is free.
        self._free = threading.Event()
        self._free.set()

    def __enter__(self) -> "Callers":
        return self

    def __exit__(self, *_problem: object) -> None:
        self._free.set()
        for _ in self._threads:
            self._todo.put(None)
        for thread in self._threads:
            thread.join()

    def hand_out(self, ready: Ready, latest_start: float) -> None:
        """Have a call made; it may begin until ``latest_start`` on the monotonic clock. Urgent ones go first."""
        if not self.going:
            # Until now nobody could be slow.
            self._looked_at, self._spent, self._still = time.monotonic(), process_time(), False
        self.going += 1
        (self._hurried if ready.message.urgent else self._others).append((ready, latest_start))
        self._todo.put(True)
        self._look()
        self._man()

    @property
    def ahead(self) -> int:
        """How many calls may be going on when the next group is made ready."""
        return min(_LINE, _AHEAD * self._wanted)

    def meanwhile(self, execute: Callable[..., Any], *statement: Any) -> Any:
        """For ``connection.execute_wrapper`` and ``commits``: while the drain waits for the database, calls may begin.

        Only then, and while it waits for answers. All threads share one interpreter: calls
        that begin while the drain has work to do take turns with it, dozens of times for each, and that costs both more
        than it brings.
        """
        self._free.set()
        try:
            return execute(*statement)
        finally:
            self._free.clear()

    def ended(self, *, enough: int, most: int, timeout: float, moment: float) -> list[tuple[Ready, Outcome]]:
        """Calls that ended, at most ``most``; raises what a call's thread died of.

        ``enough`` of them are waited for, but not longer than ``moment`` seconds after the first, nor longer than
        ``timeout`` seconds for that one: then there are none.
        """
        self._free.set()
        try:
            if not self._wait(1, timeout):
                return []
            self._wait(min(enough, self.going), moment)
        finally:
            self._free.clear()
        taken: list[tuple[Ready, Outcome]] = []
        while self._ended and len(taken) < most:
            ready, outcome = self._ended[0]
            if isinstance(outcome, BaseException):
                if taken:
                    # Those before it are written down first.
                    break
                raise outcome
            self._ended.popleft()
            self.going -= 1
            taken.append((ready, outcome))
        return taken

    def _wait(self, enough: int, timeout: float) -> bool:
        """Whether so many ended, within ``timeout`` seconds."""
        self._enough = enough
        stop_at = time.monotonic() + timeout
        while len(self._ended) < enough:
            left = stop_at - time.monotonic()
            if left <= 0:
                return False
            self._woken.clear()
            # Between the look and the clearing another one may have come.
            if len(self._ended) < enough:
                self._woken.wait(min(left, _LOOK) if self._wanted < self._size else left)
            self._look()
        return True

    def _look(self) -> None:
        """Take more threads when there is work for them and a processor to do it."""
        now = time.monotonic()
        if self._wanted == self._size or now < self._looked_at + _LOOK:
            return
        spent = process_time()
        idle = spent - self._spent < _BUSY * (now - self._looked_at)
        if not self._dry and (self._still or idle):
            self._wanted = self._size if self._still else min(self._size, 2 * self._wanted)
            self._man()
        self._looked_at, self._spent, self._dry, self._still = now, spent, False, True

    def _man(self) -> None:
        """Have as many threads as are wanted, and no more than there are calls for."""
        while len(self._threads) < min(self._wanted, self.going):
            thread = threading.Thread(target=self._work, name=f"provider-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while self._next():
            if not self._free.is_set():
                self._free.wait(_POLITE)
            ready, latest_start = self._first()
            outcome: Outcome | BaseException
            try:
                outcome = call(ready, latest_start, self.breaker)
            except BaseException as problem:  # told to the drain, which would wait for ever
                outcome = problem
            self._still = False
            self._ended.append((ready, outcome))
            if len(self._ended) >= self._enough and not self._woken.is_set():
                self._woken.set()

    def _next(self) -> bool:
        """Whether there is something to do, when there is; False: go home."""
        if self._todo.empty():
            self._dry = True
        return self._todo.get() is not None

    def _first(self) -> tuple[Ready, float]:
        # Threads share the lines without a lock: there is always one thing to do for each that came for one.
        try:
            return self._hurried.popleft()
        except IndexError:
            return self._others.popleft()


def call(ready: Ready, latest_start: float, breaker: Breaker) -> Outcome:
    """One call, unless it stood in line too long or its channel was closed meanwhile."""
    channel = ready.outgoing.channel
    if time.monotonic() > latest_start or not breaker.is_open(channel) or stopping.stop_asked():
        # Its lease could end while the provider answers. Or nobody answers, or nobody may ask.
        return NOT_STARTED
    points.reach("call-begins")
    outcome = _send(ready)
    points.reach("call-ended")
    breaker.note(channel, outcome)
    return outcome


def _send(ready: Ready) -> Outcome:
    try:
        return ready.gateway.send(ready.outgoing)
    except Exception as problem:  # a defect in a gateway: the message may have gone out
        logger.exception(
            "gateway %s raised %s for message %s",
            ready.gateway.name,
            type(problem).__name__,
            ready.outgoing.uuid,
        )
        return Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER, vendor_code="exception")
