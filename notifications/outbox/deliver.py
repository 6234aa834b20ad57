"""The drain: claim, prepare, call, record, again; until nothing is due or its time is over.

The database is touched by this thread alone. The pool's threads only wait for providers, so no
connection and no transaction is held open while a provider thinks.
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from notifications.domain.lifecycle import Channel
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways.base import Gateway, Outcome, Outgoing
from notifications.gateways.registry import open_channels
from notifications.models import Message
from notifications.outbox import bell, flags, news, points, settings
from notifications.outbox.breaker import Breaker
from notifications.outbox.claim import claim, worker_name
from notifications.outbox.prepare import Ready, prepare
from notifications.outbox.record import Result, record
from notifications.outbox.release import release
from notifications.wording.rendering import Book

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
_BATCH = 50
# Kept in hand when a call starts: the answer must be written before the lease is over.
_MARGIN = 5.0
_MOMENT = 0.01


@dataclass(frozen=True, kw_only=True)
class _Work:
    """What the batches of one drain share. A call that hangs does not keep the next batch waiting."""

    pool: ThreadPoolExecutor
    breaker: Breaker
    clock: Clock
    stop_at: datetime
    running: dict[Future[Outcome], Ready] = field(default_factory=dict)


def drain(*, clock: Clock) -> int:
    """Send what is due; returns the number of calls made. Safe to run twice, and at once."""
    flags.drop_bell(now=clock())
    points.reach("drain-begun")
    owner = worker_name()
    stop_at = clock() + settings.drain_for()
    calls = 0
    with ThreadPoolExecutor(settings.threads(), thread_name_prefix="provider") as pool:
        work = _Work(pool=pool, breaker=Breaker(), clock=clock, stop_at=stop_at)
        while clock() < stop_at:
            channels = [channel for channel in sendable_channels(clock()) if work.breaker.is_open(channel)]
            batch = claim(owner=owner, channels=channels, limit=_BATCH, now=clock())
            if not batch and not work.running:
                break
            if not batch:
                # How a call ends may leave something to send: the next channel of a message that failed.
                _collect(work, keep=len(work.running) - 1)
                continue
            calls += _deliver(batch, owner=owner, work=work)
        else:
            bell.ring(now=clock())
        _collect(work, keep=0)
    news.tell()
    return calls


def sendable_channels(now: datetime) -> list[Channel]:
    """Channels that have a gateway and are neither paused nor resting."""
    closed = flags.closed_channels(now)
    return [channel for channel in open_channels() if channel not in closed]


def _deliver(batch: Sequence[Message], *, owner: str, work: _Work) -> int:
    """One claimed batch, in groups: the next group is prepared while providers answer."""
    book = Book()
    clock = work.clock
    group = 2 * settings.threads()
    calls = 0
    rest = iter(batch)
    while part := list(islice(rest, group)):
        if clock() >= work.stop_at or not _all_open(part, clock()):
            # Out of time; or paused, or the account was refused, since this batch was claimed.
            release([*part, *rest], owner=owner, now=clock())
            break
        for ready in prepare(part, owner=owner, book=book, now=clock()):
            calls += 1
            latest = _latest_start(ready, now=clock(), stop_at=work.stop_at)
            if ready.gateway.on_network:
                work.running[work.pool.submit(_call, ready, latest, work.breaker)] = ready
            else:
                outcome = _call(ready, latest, work.breaker)
                record([Result(ready=ready, outcome=outcome)], now=clock())
        _collect(work, keep=group)
    return calls


def _all_open(part: Sequence[Message], now: datetime) -> bool:
    return {Channel(each.channel) for each in part} <= set(sendable_channels(now))


def _collect(work: _Work, *, keep: int) -> None:
    """Record finished calls, in groups, until at most ``keep`` are still going on.

    Answers that come within a moment of each other are recorded together: a transaction costs more
    than the moment.
    """
    running = work.running
    while len(running) > keep:
        wait(running, return_when=FIRST_COMPLETED)
        done, _ = wait(running, timeout=_MOMENT)
        results = [Result(ready=running.pop(each), outcome=each.result()) for each in done]
        record(results, now=work.clock())
        work.breaker.tell(now=work.clock())


def _latest_start(ready: Ready, *, now: datetime, stop_at: datetime) -> float:
    """Until when, on the monotonic clock, this call may begin.

    The answer must be written before the lease is over, and a provider that hangs must not keep the
    drain past its task's time limit.
    """
    lease_until = ready.message.lease_until or now
    by_lease = (lease_until - now).total_seconds() - ready.gateway.call_seconds - _MARGIN
    return time.monotonic() + min(by_lease, max(0.0, (stop_at - now).total_seconds()))


def _call(ready: Ready, latest_start: float, breaker: Breaker) -> Outcome:
    gateway, outgoing = ready.gateway, ready.outgoing
    if time.monotonic() > latest_start or not breaker.is_open(outgoing.channel):
        # It stood in line too long: its lease could end while the provider answers. Or nobody answers.
        return Outcome(verdict=Verdict.TEMPORARY, reason=Reason.NONE, vendor_code="not-started")
    points.reach("call-begins")
    outcome = _send(gateway, outgoing)
    points.reach("call-ended")
    breaker.note(outgoing.channel, outcome.verdict)
    return outcome


def _send(gateway: Gateway, outgoing: Outgoing) -> Outcome:
    try:
        return gateway.send(outgoing)
    except Exception as problem:  # a defect in a gateway: the message may have gone out
        logger.exception(
            "gateway %s raised %s for message %s",
            gateway.name,
            type(problem).__name__,
            outgoing.uuid,
        )
        return Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER, vendor_code="exception")
