"""Finding out what became of a lost call, before anything is sent again.

The provider that can be searched is searched. One that cannot be (SendGrid) reports by event; after a
bound of silence the mail is sent again, because a second e-mail is the smaller harm, and the log says so.
Every step is a compare-and-swap on the attempt's number: a slow sweep cannot act on an old answer.
"""

import logging
import time
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from notifications.domain.lifecycle import Channel, Event, Status
from notifications.domain.reasons import Reason
from notifications.gateways.base import Finding, Gateway, Search
from notifications.gateways.registry import gateway_for
from notifications.models import Attempt, Message
from notifications.outbox import points, settings
from notifications.outbox.fallback import silence_at
from notifications.outbox.prepare import digest
from notifications.outbox.shift import shift

logger = logging.getLogger(__name__)

_AGAIN = timedelta(seconds=60)
# A provider that could not be asked for this long after the message lost its use is not asked again.
_GIVE_UP = timedelta(days=1)


def reconcile(*, now: datetime, limit: int = 40, seconds: float = 20.0) -> int:
    """Look up lost calls, the longest waiting first; returns how many were settled."""
    stop_at = time.monotonic() + seconds
    settled = 0
    rows = Message.objects.filter(status=Status.UNKNOWN.value, check_at__lte=now)
    for message in rows.order_by("check_at")[:limit]:
        if time.monotonic() > stop_at:
            break
        settled += _settle(message, now)
    return settled


def _settle(message: Message, now: datetime) -> int:
    attempt = message.attempts.filter(number=message.attempts_made).first()
    gateway = gateway_for(Channel(message.channel))
    if attempt is None:
        return _send_again(message, now)
    if gateway is None or gateway.name != attempt.vendor:
        # The settings changed since: nobody is left to ask, only a receipt can tell.
        return _wait_for_silence(message, attempt, now)
    if not gateway.can_search:
        return _wait_for_silence(message, attempt, now)
    return _search(message, attempt, gateway, now)


def _search(message: Message, attempt: Attempt, gateway: Gateway, now: datetime) -> int:
    finding = _ask(message, attempt, gateway)
    points.reach("reconcile-asked")
    if finding.found:
        return _adopt(message, attempt, finding.vendor_id, now)
    if finding.found is None and now > message.useful_until + _GIVE_UP:
        return shift(_unchanged(message), Event.EXPIRE, now=now, reason=Reason.NO_ANSWER)
    if finding.found is None or now - attempt.started_at < settings.horizon():
        # Its list may lag behind: absence counts only after the horizon.
        _look_again(message, now)
        return 0
    return _send_again(message, now)


def _ask(message: Message, attempt: Attempt, gateway: Gateway) -> Finding:
    search = Search(
        address=message.address,
        since=attempt.started_at,
        recognise=lambda body: digest(body) == attempt.body_digest,
        taken=partial(_is_taken, message.pk),
    )
    try:
        return gateway.search(search)
    except Exception:  # a defect in a gateway tells nothing about the message: it stays unknown
        logger.exception("gateway %s raised while searching %s", gateway.name, message.uuid)
        return Finding(found=None)


def _is_taken(message_id: int, vendor_id: str) -> bool:
    return Attempt.objects.filter(vendor_id=vendor_id).exclude(message_id=message_id).exists()


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
    if now - attempt.started_at < settings.silence():
        _look_again(message, now)
        return 0
    logger.warning(
        "no event about message %s within %d minutes: it is sent again and may arrive twice",
        message.uuid,
        settings.silence().total_seconds() // 60,
    )
    return _send_again(message, now)


def _send_again(message: Message, now: datetime) -> int:
    if message.useful_until <= now:
        return shift(_unchanged(message), Event.EXPIRE, now=now, reason=Reason.TOO_LATE)
    moved = shift(_unchanged(message), Event.REQUEUE, now=now, due_at=now, check_at=None)
    points.reach("reconcile-requeued")
    return moved


def _look_again(message: Message, now: datetime) -> None:
    _unchanged(message).filter(status=Status.UNKNOWN.value).update(check_at=now + _AGAIN)


def _unchanged(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, attempts_made=message.attempts_made, status=Status.UNKNOWN.value)
