"""The threads that wait for providers. They touch no database; what they learn goes back by a queue.

A plain queue and as many threads as are needed: the standard executor makes a future with locks of its
own for every call, which at thousands of calls a second is a fifth of what a call costs.
"""

import logging
import threading
import time
from collections import deque
from queue import Empty, SimpleQueue

from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways.base import Outcome
from notifications.outbox import points, stopping
from notifications.outbox.breaker import Breaker
from notifications.outbox.ready import Ready

logger = logging.getLogger(__name__)

# How a call ended, and after how many seconds.
_Ended = tuple[Ready, Outcome | BaseException, float]
# So many keep a processor busy when answers come at once; more would only stand in each other's way.
_FEW = 8
# Calls that take longer than this on average, in seconds, are mostly waiting: then more of them may wait together.
_SLOW = 0.025


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
        self._usual = 0.0
        self._threads: list[threading.Thread] = []
        # Who is in a hurry stands in a line of its own. One thing to do per entry of the queue; None: go home.
        self._hurried: deque[tuple[Ready, float]] = deque()
        self._others: deque[tuple[Ready, float]] = deque()
        self._todo: SimpleQueue[bool | None] = SimpleQueue()
        self._ended: SimpleQueue[_Ended] = SimpleQueue()

    def __enter__(self) -> "Callers":
        return self

    def __exit__(self, *_problem: object) -> None:
        for _ in self._threads:
            self._todo.put(None)
        for thread in self._threads:
            thread.join()

    def hand_out(self, ready: Ready, latest_start: float) -> None:
        """Have a call made; it may begin until ``latest_start`` on the monotonic clock. Urgent ones go first."""
        self.going += 1
        (self._hurried if ready.message.urgent else self._others).append((ready, latest_start))
        self._todo.put(True)
        self._man()

    def next_ended(self, timeout: float) -> tuple[Ready, Outcome] | None:
        """A call that ended, or None after ``timeout`` seconds. Raises what the call's thread died of."""
        ended = self._take(min(timeout, 2 * _SLOW) if self._wanted < self._size else timeout)
        if ended is None and self._wanted < self._size and timeout:
            # All of them wait.
            self._wanted = self._size
            self._man()
            ended = self._take(max(0.0, timeout - 2 * _SLOW))
        if ended is None:
            return None
        ready, outcome, seconds = ended
        self.going -= 1
        # One that was slow, such as the first over a new connection, does not weigh much.
        self._usual += (seconds - self._usual) / 8
        if self._usual > _SLOW and self._wanted < self._size:
            self._wanted = min(self._size, 2 * self._wanted)
            self._man()
        if isinstance(outcome, BaseException):
            raise outcome
        return ready, outcome

    def _take(self, timeout: float) -> _Ended | None:
        try:
            return self._ended.get(timeout=timeout)
        except Empty:
            return None

    def _man(self) -> None:
        """Have as many threads as are wanted, and no more than there are calls for."""
        while len(self._threads) < min(self._wanted, self.going):
            thread = threading.Thread(target=self._work, name=f"provider-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while self._todo.get() is not None:
            ready, latest_start = self._first()
            begun = time.monotonic()
            outcome: Outcome | BaseException
            try:
                outcome = call(ready, latest_start, self.breaker)
            except BaseException as problem:  # told to the drain, which would wait for ever
                outcome = problem
            self._ended.put((ready, outcome, time.monotonic() - begun))

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
