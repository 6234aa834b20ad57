"""The drain: claim, prepare, call, record, again; until nothing is due or its time is over.

The database is touched by this thread alone. The pool's threads only wait for providers, so no
connection and no transaction is held open while a provider thinks.
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime
from itertools import islice

from notifications.domain.lifecycle import Channel
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways.base import Gateway, Outcome, Outgoing
from notifications.gateways.registry import open_channels
from notifications.models import Message
from notifications.outbox import bell, flags, news, settings
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


def drain(*, clock: Clock) -> int:
    """Send what is due; returns the number of calls made. Safe to run twice, and at once."""
    flags.drop_bell(now=clock())
    owner = worker_name()
    stop_at = clock() + settings.drain_for()
    calls = 0
    with ThreadPoolExecutor(settings.threads(), thread_name_prefix="provider") as pool:
        while clock() < stop_at:
            channels = sendable_channels(clock())
            batch = claim(owner=owner, channels=channels, limit=_BATCH, now=clock())
            if not batch:
                break
            calls += _deliver(batch, owner=owner, pool=pool, clock=clock, stop_at=stop_at)
        else:
            bell.ring(now=clock())
    news.tell()
    return calls


def sendable_channels(now: datetime) -> list[Channel]:
    """Channels that have a gateway and are neither paused nor resting."""
    closed = flags.closed_channels(now)
    return [channel for channel in open_channels() if channel not in closed]


def _deliver(batch: Sequence[Message], *, owner: str, pool: ThreadPoolExecutor, clock: Clock, stop_at: datetime) -> int:
    """One claimed batch, in groups: the next group is prepared while providers answer."""
    book = Book()
    running: dict[Future[Outcome], Ready] = {}
    group = 2 * settings.threads()
    calls = 0
    rest = iter(batch)
    while part := list(islice(rest, group)):
        if clock() >= stop_at or not _all_open(part, clock()):
            # Out of time; or paused, or the account was refused, since this batch was claimed.
            release([*part, *rest], owner=owner, now=clock())
            break
        for ready in prepare(part, owner=owner, book=book, now=clock()):
            calls += 1
            latest = _latest_start(ready, now=clock(), stop_at=stop_at)
            if ready.gateway.on_network:
                running[pool.submit(_call, ready.gateway, ready.outgoing, latest)] = ready
            else:
                outcome = _call(ready.gateway, ready.outgoing, latest)
                record([Result(ready=ready, outcome=outcome)], now=clock())
        _collect(running, keep=group, clock=clock)
    _collect(running, keep=0, clock=clock)
    return calls


def _all_open(part: Sequence[Message], now: datetime) -> bool:
    return {Channel(each.channel) for each in part} <= set(sendable_channels(now))


def _collect(running: dict[Future[Outcome], Ready], *, keep: int, clock: Clock) -> None:
    """Record finished calls, in groups, until at most ``keep`` are still going on.

    Answers that come within a moment of each other are recorded together: a transaction costs more
    than the moment.
    """
    while len(running) > keep:
        wait(running, return_when=FIRST_COMPLETED)
        done, _ = wait(running, timeout=_MOMENT)
        results = [Result(ready=running.pop(each), outcome=each.result()) for each in done]
        record(results, now=clock())


def _latest_start(ready: Ready, *, now: datetime, stop_at: datetime) -> float:
    """Until when, on the monotonic clock, this call may begin.

    The answer must be written before the lease is over, and a provider that hangs must not keep the
    drain past its task's time limit.
    """
    lease_until = ready.message.lease_until or now
    by_lease = (lease_until - now).total_seconds() - ready.gateway.call_seconds - _MARGIN
    return time.monotonic() + min(by_lease, max(0.0, (stop_at - now).total_seconds()))


def _call(gateway: Gateway, outgoing: Outgoing, latest_start: float) -> Outcome:
    if time.monotonic() > latest_start:
        # It stood in line too long: its lease could end while the provider answers.
        return Outcome(verdict=Verdict.TEMPORARY, reason=Reason.NONE, vendor_code="not-started")
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
