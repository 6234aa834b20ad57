"""When one channel fails, the next one."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from notifications.domain.lifecycle import Channel, Status
from notifications.domain.reasons import Reason
from notifications.models import Message
from notifications.outbox import points
from notifications.outbox.enqueue import decent_moment, put, unpack, usable_recipients
from notifications.outbox.those import those

logger = logging.getLogger(__name__)

_SILENCE_AT_LEAST = timedelta(minutes=30)
_SILENCE_AT_MOST = timedelta(days=1)

# Nobody was reached by these, but a sister message may yet arrive or has arrived.
_HOPE = [
    status.value
    for status in (
        Status.QUEUED,
        Status.SENDING,
        Status.UNKNOWN,
        Status.ACCEPTED,
        Status.DELIVERED,
    )
]


def to_next_channel(message: Message, *, now: datetime) -> bool:
    """Plan the message for the next address that can be used; in the caller's transaction.

    False when there is none left, or when it is too late to be of use.
    """
    # As it stands now: the addresses may have been erased while the provider was answering.
    message.refresh_from_db(fields=["fallback"])
    rest = usable_recipients(unpack(message.fallback), list(Channel))
    if not rest or message.useful_until <= now:
        return False
    exempt = message.exempt_from_quiet_hours
    news = Message(
        subject=message.subject,
        kind=message.kind,
        generation=message.generation,
        language=message.language,
        scope=message.scope,
        due_at=decent_moment(now, message.useful_until, exempt=exempt),
        useful_until=message.useful_until,
        exempt_from_quiet_hours=exempt,
        urgent=message.urgent,
        created_at=now,
    )
    put(news, rest[:1], fallback=rest[1:], now=now)
    points.reach("next-channel-planned")
    return True


def patience(message: Message, since: datetime) -> datetime:
    """Until when silence about a message is not alarming, counted from its last call.

    A quarter of the time that was left, between half an hour and a day; when there was less than an hour, half
    of it, because a person must still have time to call.
    """
    left = message.useful_until - since
    at_least = min(_SILENCE_AT_LEAST, left / 2)
    return since + min(max(left / 4, at_least), _SILENCE_AT_MOST)


def silence_at(message: Message, now: datetime) -> datetime | None:
    """When silence about a message that was just accepted becomes a worry; None for what nobody has to be told."""
    return None if message.ready_made or message.useful_until <= now else patience(message, now)


def after_silence(*, now: datetime) -> int:
    """Accepted and then nothing was heard: the next channel is used too, and without one a person is told."""
    count = 0
    for message in those(Status.ACCEPTED).filter(check_at__lte=now).order_by("check_at")[:500]:
        with transaction.atomic():
            mine = Message.objects.filter(pk=message.pk, status=Status.ACCEPTED.value, check_at__lte=now)
            # It keeps its state: the provider has it, and a late receipt still counts.
            if not mine.update(check_at=None, reason=Reason.SILENT.value, untold=True):
                continue
            count += 1
            if to_next_channel(message, now=now):
                logger.info("nothing was heard of message %s: the next channel is used too", message.uuid)
    return count


def is_silent(message: Message) -> bool:
    """Whether the provider took it and nothing was heard since, longer than is usual."""
    return message.status == Status.ACCEPTED.value and message.reason == Reason.SILENT.value


def is_exhausted(message: Message) -> bool:
    """Whether nobody was reached and nothing is under way any more for the same news."""
    if message.ready_made:
        return True
    same = Message.objects.filter(
        subject=message.subject,
        kind=message.kind,
        generation=message.generation,
        ready_made=False,
        status__in=_HOPE,
    )
    silent = Q(status=Status.ACCEPTED.value, reason=Reason.SILENT.value)
    return not same.exclude(pk=message.pk).exclude(silent).exists()
