"""The drain: claim, prepare, call, record, again; until nothing is due or its time is over.

The database is touched by this thread alone. The pool's threads only wait for providers, so no
connection and no transaction is held open while a provider thinks.
"""

import gc
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from notifications.domain.lifecycle import Channel
from notifications.gateways.registry import open_channels
from notifications.models import Message
from notifications.outbox import bell, commits, flags, news, points, settings, shaping, stopping
from notifications.outbox.breaker import Breaker
from notifications.outbox.callers import Callers, call
from notifications.outbox.claim import claim, soonest, worker_name
from notifications.outbox.prepare import prepare
from notifications.outbox.ready import Ready
from notifications.outbox.record import Result, record
from notifications.outbox.release import release
from notifications.wording.rendering import Book

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
# So many are claimed and made ready at once: the statements that this takes are the same for one as for all.
_GROUP = 256
# The first group of a drain is this small and each that follows twice as large: the first call does not wait for
# hundreds of texts.
_FIRST = 64
# Answers that come within this many seconds of each other are written together, at most so many: a
# transaction costs more than the moment. Who is alone does not wait.
_MOMENT = 0.2
_TOGETHER = 256
# So long, in seconds, the texts that were looked up and the switches that were read are relied upon.
_FRESH = 0.5
# Kept in hand when a call starts: the answer must be written before the lease is over.
_MARGIN = 5.0
# How long a drain waits for answers before it looks whether sending was stopped, in seconds.
_LOOK_UP = 1.0
# How long a drain that has nothing to do sleeps before it looks again, in seconds.
_NAP = 0.25
# How many objects are made before Python looks for circles among the youngest, and how many such looks before it looks
# among the older ones. A drain makes many that live as long as their group, and hardly any circles: with Python's own
# 700 a tenth of the drain's processor time went there.
_COLLECT = (20_000, 20, 100)


@dataclass(kw_only=True)
class _Work:
    """What the batches of one drain share. A call that hangs does not keep the next batch waiting."""

    owner: str
    callers: Callers
    clock: Clock
    stop_at: datetime
    calls: int = 0
    group: int = _FIRST
    book: Book = field(default_factory=Book)
    sendable: list[Channel] = field(default_factory=list)
    stale_at: float = 0.0

    def is_over(self) -> bool:
        """Whether no new work may begin."""
        return self.clock() >= self.stop_at or stopping.stop_asked()

    def channels(self) -> list[Channel]:
        """Where messages may go now."""
        self._freshen()
        return [each for each in self.sendable if self.callers.breaker.is_open(each)]

    def _freshen(self) -> None:
        """Look again at the switches, and at the texts when they are next asked for."""
        if time.monotonic() >= self.stale_at:
            self.book, self.sendable = Book(), sendable_channels(self.clock())
            self.stale_at = time.monotonic() + _FRESH


def drain(*, clock: Clock, linger: timedelta = timedelta(0)) -> int:
    """Send what is due; returns the number of calls made. Safe to run twice, and at once.

    What becomes due within ``linger`` is waited for: a provider's "come back in two seconds" need not
    wait for the next sweep.
    """
    flags.drop_bell(now=clock())
    points.reach("drain-begun")
    with (
        _seldom_collected(),
        Callers(settings.threads(), Breaker()) as callers,
        connection.execute_wrapper(callers.meanwhile),
        commits.around(callers.meanwhile),
    ):
        work = _Work(owner=worker_name(), callers=callers, clock=clock, stop_at=clock() + settings.drain_for())
        while not work.is_over():
            batch = _next_batch(work)
            if batch:
                _deliver(batch, work=work)
            elif callers.going:
                # How a call ends may leave something to send: the next channel of a message that failed.
                _collect(work, keep=callers.going - 1, idle=True)
            elif not _wait_for_more(work, linger):
                break
        else:
            bell.ring(now=clock())
        _collect(work, keep=0)
    news.tell()
    return work.calls


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Meanwhile Python looks less often for objects that hold each other."""
    before = gc.get_threshold()
    # Who looks seldomer already, or never (0), has a reason.
    if 0 < before[0] < _COLLECT[0]:
        gc.set_threshold(*_COLLECT)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def sendable_channels(now: datetime) -> list[Channel]:
    """Channels that have a gateway and are neither paused nor resting."""
    closed = flags.closed_channels(now)
    return [channel for channel in open_channels() if channel not in closed]


def _next_batch(work: _Work) -> list[Message]:
    """Claim what may go now: of a channel that has a rate, no more than its rate leaves room for."""
    now = work.clock()
    channels = work.channels()
    free = [channel for channel in channels if not settings.rate(channel.value)]
    limit, work.group = work.group, min(2 * work.group, _GROUP)
    batch = claim(owner=work.owner, channels=free, limit=limit, now=now) if free else []
    for channel in channels:
        if channel in free:
            continue
        granted = shaping.take(channel, limit, now=now)
        if granted:
            part = claim(owner=work.owner, channels=[channel], limit=granted, now=now)
            shaping.give_back(channel, granted - len(part), now=now)
            batch += part
    return batch


def _wait_for_more(work: _Work, linger: timedelta) -> bool:
    """Whether to look again: there is something due soon, or something due that has to wait for its rate."""
    if not linger:
        return False
    now = work.clock()
    moment = soonest(work.channels())
    if moment is None or moment > min(now + linger, work.stop_at):
        return False
    time.sleep(min(max((moment - now).total_seconds(), 0.05), _NAP))
    return True


def _deliver(batch: Sequence[Message], *, work: _Work) -> None:
    """One claimed batch: the next one is claimed and prepared while providers answer."""
    clock = work.clock
    if work.is_over() or not set(map(Channel, {each.channel for each in batch})) <= set(work.channels()):
        # Out of time; or paused, or the account was refused, since this batch was claimed.
        release(batch, owner=work.owner, now=clock())
        _settle_rate(batch, [], clock())
        return
    group = prepare(batch, owner=work.owner, book=work.book, now=clock())
    _settle_rate(batch, group, clock())
    now = clock()
    for ready in group:
        work.calls += 1
        if ready.gateway.on_network:
            work.callers.hand_out(ready, _latest_start(ready, now=now, stop_at=work.stop_at))
        else:
            latest = _latest_start(ready, now=clock(), stop_at=work.stop_at)
            record([Result(ready=ready, outcome=call(ready, latest, work.callers.breaker))], now=clock())
    _collect(work, keep=work.callers.ahead)


def _settle_rate(claimed: Sequence[Message], ready: Sequence[Ready], now: datetime) -> None:
    """Room was taken for one unit per message; what was not sent gives back, a longer text pays more."""
    for channel in Channel:
        if settings.rate(channel.value):
            taken = sum(message.channel == channel.value for message in claimed)
            used = sum(max(1, each.rendered.segments) for each in ready if each.outgoing.channel is channel)
            shaping.give_back(channel, taken - used, now=now)


def _collect(work: _Work, *, keep: int, idle: bool = False) -> None:
    """Record finished calls, in groups, until at most ``keep`` are still going on.

    ``idle``: there is nothing else to do meanwhile, so that answers are gathered for longer.
    """
    callers = work.callers
    while callers.going > keep:
        # With enough calls going on, no more than brings it to that: the next group has to be made ready.
        enough = callers.going if idle else callers.going - keep
        ended = callers.ended(enough=min(enough, _TOGETHER), most=_TOGETHER, timeout=_LOOK_UP, moment=_MOMENT)
        if ended:
            record([Result(ready=ready, outcome=outcome) for ready, outcome in ended], now=work.clock())
            callers.breaker.tell(now=work.clock())
        # Else all of them wait for a slow provider; those that stand in line may have to stay there.
        callers.breaker.close(set(Channel) - set(work.channels()))


def _latest_start(ready: Ready, *, now: datetime, stop_at: datetime) -> float:
    """Until when, on the monotonic clock, this call may begin.

    The answer must be written before the lease is over, and a provider that hangs must not keep the
    drain past its task's time limit.
    """
    lease_until = ready.message.lease_until or now
    by_lease = (lease_until - now).total_seconds() - ready.gateway.call_seconds - _MARGIN
    return time.monotonic() + min(by_lease, max(0.0, (stop_at - now).total_seconds()))
