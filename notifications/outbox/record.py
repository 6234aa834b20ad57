"""Writing down how calls ended: a compare-and-swap on the lease and the attempt's number."""

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

from notifications.domain.lifecycle import Channel, Event, Status
from notifications.domain.phone import mask
from notifications.domain.reasons import Reason
from notifications.domain.retry import Decision, Step, Verdict, decide
from notifications.gateways.base import Outcome
from notifications.models import Attempt, Message
from notifications.outbox import commits, fallback, flags, news, opt_outs, points, receipts, settings
from notifications.outbox.callers import NOT_STARTED
from notifications.outbox.deadlock import again_after_deadlock
from notifications.outbox.ready import Ready
from notifications.outbox.shift import shift
from notifications.outbox.together import record_accepted

logger = logging.getLogger(__name__)

_MANY = 3
# Not at once: with a lease that is set too short it would go round and round in the same drain.
_NEXT_TURN = timedelta(seconds=1)


class Result(NamedTuple):
    """A call that is over."""

    ready: Ready
    outcome: Outcome


def record(results: Sequence[Result], *, now: datetime) -> None:
    """Write the outcomes of a group of calls in one transaction, then tell the news."""
    if not results:
        return
    done, early = again_after_deadlock(lambda: _write(results, now))
    points.reach("recorded")
    untold = [result.ready.message.id for result in results if early or result.ready.message.id not in done]
    if untold:
        news.tell(ids=untold)


def _write(results: Sequence[Result], now: datetime) -> tuple[set[int], int]:
    """The rows that were recorded and told at once, and how many receipts had come before."""
    with commits.atomic():
        done = _together(results, now)
        for result in sorted(results, key=lambda each: each.ready.message.id):
            if result.ready.message.id not in done:
                _record(result, now)
        points.reach("recording")
        # Our rows are locked until the commit: a receipt that comes now waits and finds them recorded.
        early = receipts.apply_waiting({each.ready.message.uuid for each in results}, now=now)
    return done, early


def _together(results: Sequence[Result], now: datetime) -> set[int]:
    """Record what simply was accepted, at once; returns those rows. The rest is looked at one by one."""
    plain: dict[str, list[Result]] = {}
    for result in results:
        outcome = result.outcome
        if outcome.verdict is Verdict.ACCEPTED and not outcome.delivered and not result.ready.message.ready_made:
            plain.setdefault(result.ready.gateway.name, []).append(result)
    done: set[int] = set()
    for group in plain.values():
        # With one or two there is nothing to gain.
        if len(group) >= _MANY:
            ids = {result.ready.message.id: result.outcome.vendor_id[:100] for result in group}
            done |= record_accepted(ids, [result.ready for result in group], now=now)
    return done


def _record(result: Result, now: datetime) -> None:
    ready, outcome = result.ready, result.outcome
    message = ready.message
    Attempt.objects.filter(message=message, number=ready.number).update(
        outcome=outcome.verdict.value,
        reason=outcome.reason.value,
        vendor_code=outcome.vendor_code[:40],
        vendor_id=outcome.vendor_id[:100],
        finished_at=now,
    )
    decision = decide(
        verdict=outcome.verdict,
        now=now,
        useful_until=message.useful_until,
        failures=message.failures,
        retry_after=outcome.retry_after,
        jitter=random.random(),  # noqa: S311  # spreads load, keeps no secret
        grace=settings.grace(),
    )
    if outcome.halt:
        _halt(message, outcome, now)
    same = Message.objects.filter(pk=message.pk, attempts_made=ready.number)
    if not _apply(same, ready, outcome, decision, now):
        logger.warning("message %s was settled before its call ended", message.uuid)
        return
    if outcome.reason is Reason.OPTED_OUT:
        opt_outs.opt_out_index(
            channel=Channel(message.channel),
            index=message.address_index,
            now=now,
            source=ready.gateway.name,
        )


def _apply(
    same: QuerySet[Message],
    ready: Ready,
    outcome: Outcome,
    decision: Decision,
    now: datetime,
) -> int:
    """Move the message; also one that a sweep called unknown while the call was still going on."""
    message, vendor = ready.message, ready.gateway.name
    if decision.step is Step.ACCEPT:
        wiped: dict[str, Any] = {"title": "", "text": ""} if message.ready_made else {}
        moved = shift(
            same,
            Event.ACCEPT,
            now=now,
            only_from=(Status.SENDING, Status.UNKNOWN),
            vendor_id=outcome.vendor_id[:100],
            vendor=vendor,
            check_at=fallback.silence_at(message, now),
            **wiped,
        )
        if moved and outcome.delivered:
            shift(same, Event.DELIVER, now=now)
        return moved
    if decision.step is Step.LOOK_UP:
        logger.warning("outcome of message %s to %s is unknown", message.uuid, mask(message.address))
        return shift(same, Event.LOSE, now=now, reason=Reason.NO_ANSWER, check_at=decision.at)
    late = shift(same, Event.REQUEUE, now=now, only_from=(Status.UNKNOWN,), due_at=now, reason=outcome.reason)
    if late:
        return late
    if decision.step is Step.REFUSE:
        moved = shift(same, Event.REFUSE, now=now, reason=outcome.reason)
        if moved:
            fallback.to_next_channel(message, now=now)
        return moved
    asked = outcome is not NOT_STARTED
    if decision.step is Step.EXPIRE and asked:
        return shift(same, Event.EXPIRE, now=now, reason=Reason.TOO_LATE)
    # What only stood in line did not fail: the next drain takes it.
    at, failures = (decision.at, message.failures + 1) if asked else (now + _NEXT_TURN, message.failures)
    return shift(same, Event.POSTPONE, now=now, reason=outcome.reason, due_at=at, failures=failures)


def _halt(message: Message, outcome: Outcome, now: datetime) -> None:
    """The fault is in our account: let the channel rest, and raise one alarm."""
    channel = Channel(message.channel)
    if flags.halt_channel(channel, now=now, pause=settings.halt_for()):
        logger.error(
            "the %s provider refuses our account (code %s); sending rests for %d seconds",
            channel.value,
            outcome.vendor_code,
            settings.halt_for().total_seconds(),
        )
