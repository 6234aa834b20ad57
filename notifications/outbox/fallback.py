"""When one channel fails, the next one."""

from datetime import datetime

from notifications.domain.lifecycle import Channel, Status
from notifications.domain.quiet_hours import next_allowed
from notifications.fields import blind_index
from notifications.models import Message
from notifications.outbox import bell
from notifications.outbox.enqueue import HOLIDAYS, pack, unpack, usable_recipients

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
    first, others = rest[0], rest[1:]
    due_at = now
    if not message.exempt_from_quiet_hours:
        due_at = next_allowed(now, deadline=message.useful_until, holidays=HOLIDAYS)
    Message.objects.bulk_create(
        [
            Message(
                subject=message.subject,
                kind=message.kind,
                generation=message.generation,
                channel=first.channel.value,
                language=message.language,
                scope=message.scope,
                address=first.address,
                address_index=blind_index(first.address),
                fallback=pack(others),
                due_at=due_at,
                useful_until=message.useful_until,
                exempt_from_quiet_hours=message.exempt_from_quiet_hours,
                urgent=message.urgent,
                created_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    if due_at <= now:
        bell.ring_on_commit(now=now)
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
