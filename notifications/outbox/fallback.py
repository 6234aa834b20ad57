"""When one channel fails, the next one."""

from datetime import datetime

from notifications.domain.lifecycle import Channel, Status
from notifications.models import Message
from notifications.outbox.enqueue import decent_moment, put, unpack, usable_recipients

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
    return True


def is_exhausted(message: Message) -> bool:
    """Whether nobody was reached and nothing is under way any more for the same news."""
    if message.ready_made:
        return True
    return not (
        Message.objects.filter(
            subject=message.subject,
            kind=message.kind,
            generation=message.generation,
            ready_made=False,
            status__in=_HOPE,
        )
        .exclude(pk=message.pk)
        .exists()
    )
