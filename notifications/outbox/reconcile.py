"""Finding out what became of a lost call, before anything is sent again.

The provider that can be searched is searched. Absence counts when it was seen three times, a minute apart, and
the horizon is over. A clock that jumps makes the horizon nothing, and one of those minutes; the other is longer
than any call that was going on at the first look, and than a list lags behind. A provider that cannot be
searched (SendGrid) reports by event; after a bound of silence the mail is sent again, because a second e-mail
is the smaller harm, and the log says so. A text message that nobody can be asked about is never sent again: the
person is reached over the next channel, or by a person.
Every step is a compare-and-swap on the attempt's number: a slow sweep cannot act on an old answer.
"""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from notifications.domain.lifecycle import Channel, Event, Status
from notifications.domain.reasons import Reason
from notifications.gateways.base import Gateway, Search
from notifications.gateways.registry import gateway_for
from notifications.models import Attempt, Message
from notifications.outbox import points, settings, stopping
from notifications.outbox.fallback import patience, silence_at, to_next_channel
from notifications.outbox.ready import digest
from notifications.outbox.shift import shift
from notifications.outbox.those import those

logger = logging.getLogger(__name__)

# Longer than a drain and its last call take together: what was under way at one look is over at the next.
_AGAIN = timedelta(seconds=60)
_LOOKS = 3
# What was of no more use so long before a call can't be what the provider has of it; its clock may be hours off.
_BEFORE = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class _Case:
    """A lost call: its last attempt, and the gateway that can be asked about it (None: nobody)."""

    message: Message
    attempt: Attempt | None
    gateway: Gateway | None


def reconcile(*, now: datetime, limit: int = 400, seconds: float = 20.0) -> int:
    """Look up lost calls, the longest waiting first; returns how many were settled.

    Providers are asked by several threads at once, which touch no database.
    """
    stop_at = time.monotonic() + seconds
    rows = those(Status.UNKNOWN).filter(check_at__lte=now)
    waiting = list(rows.order_by("check_at")[:limit])
    if not waiting:
        return 0
    settled = 0
    threads = min(settings.threads(), len(waiting))
    with ThreadPoolExecutor(threads, thread_name_prefix="search") as pool:
        for start in range(0, len(waiting), threads):
            if time.monotonic() > stop_at or stopping.stop_asked():
                break
            cases = _cases(waiting[start : start + threads])
            answers = pool.map(_ask, cases)
            settled += sum(_settle(case, answer, now) for case, answer in zip(cases, answers, strict=True))
    return settled


def _cases(messages: Sequence[Message]) -> list[_Case]:
    rows = Attempt.objects.filter(message__in=messages)
    last = {(attempt.message_id, attempt.number): attempt for attempt in rows}
    cases = []
    for message in messages:
        attempt = last.get((message.pk, message.attempts_made))
        gateway = gateway_for(Channel(message.channel))
        # When the settings changed since, nobody is left to ask: only a receipt can tell.
        can_ask = attempt is not None and gateway is not None and gateway.name == attempt.vendor
        cases.append(_Case(message=message, attempt=attempt, gateway=gateway if can_ask else None))
    return cases


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """The provider's ids of what it has that looks like this message, the newest first; None: it did not say."""

    candidates: tuple[str, ...] | None


def _ask(case: _Case) -> _Answer:
    """In a thread: everything at the provider that has this body. Whose it is, the database tells afterwards."""
    attempt, gateway = case.attempt, case.gateway
    if attempt is None or gateway is None or not gateway.can_search:
        return _Answer(candidates=None)
    found: list[str] = []

    def note(vendor_id: str) -> bool:
        # To the gateway each belongs to somebody else, so that it shows them all.
        found.append(vendor_id)
        return True

    search = Search(
        address=case.message.address,
        since=attempt.started_at,
        recognise=lambda body: digest(body) == attempt.body_digest,
        taken=note,
    )
    try:
        finding = gateway.search(search)
    except Exception:  # a defect in a gateway tells nothing about the message: it stays unknown
        logger.exception("gateway %s raised while searching %s", gateway.name, case.message.uuid)
        return _Answer(candidates=None)
    if finding.found is None:
        return _Answer(candidates=None)
    return _Answer(candidates=(*found, *([finding.vendor_id] if finding.found else [])))


def _settle(case: _Case, answer: _Answer, now: datetime) -> int:
    message, attempt = case.message, case.attempt
    points.reach("reconcile-asked")
    if attempt is None:
        return _send_again(message, now)
    if answer.candidates is None:
        can_ask = case.gateway is not None and case.gateway.can_search
        if message.channel == Channel.EMAIL.value and not can_ask:
            return _wait_for_silence(message, attempt, now)
        return _wait_for_word(message, attempt, now)
    ours = _not_taken(message, attempt, answer.candidates)
    if ours is not None:
        return _adopt(message, attempt, ours, now)
    # Its list may lag behind: absence counts only after the horizon.
    return _send_again(message, now) if _is_gone(message, attempt, settings.horizon(), now) else 0


def _is_gone(message: Message, attempt: Attempt, bound: timedelta, now: datetime) -> bool:
    """Whether the message was absent often and long enough; else this look is counted and the next one planned."""
    if attempt.absences + 1 >= _LOOKS and now - attempt.started_at >= bound:
        return True
    with transaction.atomic():
        # Two sweeps that look at once saw it absent once.
        if _look_again(message, now):
            Attempt.objects.filter(pk=attempt.pk).update(absences=F("absences") + 1)
    return False


def _not_taken(message: Message, attempt: Attempt, candidates: Sequence[str]) -> str | None:
    """The first that does not belong to another message of ours."""
    # All of them went to one number, and since about this attempt. Who was forgotten since has no number any more.
    others = Message.objects.filter(
        address_index__in=[message.address_index, ""], useful_until__gt=attempt.started_at - _BEFORE
    ).exclude(pk=message.pk)
    taken: set[str] = set()
    if candidates:
        taken.update(others.filter(vendor_id__in=candidates).values_list("vendor_id", flat=True))
        tried = Attempt.objects.filter(message__in=others, vendor_id__in=candidates)
        taken.update(tried.values_list("vendor_id", flat=True))
    return next((each for each in candidates if each not in taken), None)


def _adopt(message: Message, attempt: Attempt, vendor_id: str, now: datetime) -> int:
    with transaction.atomic():
        moved = shift(
            _unchanged(message),
            Event.ACCEPT,
            now=now,
            vendor=attempt.vendor,
            vendor_id=vendor_id,
            check_at=silence_at(message, now),
        )
        if moved:
            Attempt.objects.filter(pk=attempt.pk).update(vendor_id=vendor_id)
    points.reach("reconcile-adopted")
    if moved:
        logger.info("message %s was found at the provider", message.uuid)
    return moved


def _wait_for_silence(message: Message, attempt: Attempt, now: datetime) -> int:
    if not _is_gone(message, attempt, settings.silence(), now):
        return 0
    logger.warning(
        "no event about message %s within %d minutes: it is sent again and may arrive twice",
        message.uuid,
        settings.silence().total_seconds() // 60,
    )
    return _send_again(message, now)


def _wait_for_word(message: Message, attempt: Attempt, now: datetime) -> int:
    """Nobody says what became of it. It is never sent again; in time the person is told in another way."""
    if now < patience(message, attempt.started_at):
        _look_again(message, now)
        return 0
    with transaction.atomic():
        moved = shift(_unchanged(message), Event.EXPIRE, now=now, reason=Reason.LOST)
        if moved:
            to_next_channel(message, now=now)
    if moved:
        logger.warning("nobody can tell what became of message %s: it is not sent again", message.uuid)
    return moved


def _send_again(message: Message, now: datetime) -> int:
    if message.useful_until <= now:
        return shift(_unchanged(message), Event.EXPIRE, now=now, reason=Reason.TOO_LATE)
    moved = shift(_unchanged(message), Event.REQUEUE, now=now, due_at=now, check_at=None)
    points.reach("reconcile-requeued")
    return moved


def _look_again(message: Message, now: datetime) -> int:
    """Plan the next look; 0 when somebody else looked meanwhile."""
    return _unchanged(message).filter(check_at=message.check_at).update(check_at=now + _AGAIN)


def _unchanged(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, attempts_made=message.attempts_made, status=Status.UNKNOWN.value)
