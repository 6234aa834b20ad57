"""Reading the outbox: for the delivery board, an appointment's page, and operators. Writes nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from notifications.domain.lifecycle import Channel, Status
from notifications.domain.phone import mask
from notifications.domain.reasons import Reason, advice_text, reason_text
from notifications.models import Message
from notifications.outbox.those import those


@dataclass(frozen=True, kw_only=True)
class MessageStatus:
    """Where a message is. ``reason`` is a code, the two texts are plain Dutch.

    ``masked_address`` is empty once the address was wiped.
    """

    uuid: UUID
    subject: str
    kind: str
    generation: int
    channel: Channel
    status: Status
    reason: str
    reason_text: str
    advice_text: str
    masked_address: str
    scope: str
    language: str
    due_at: datetime
    useful_until: datetime
    accepted_at: datetime | None
    delivered_at: datetime | None

    @property
    def is_silent(self) -> bool:
        """Whether the provider took it, and said nothing since for longer than is usual."""
        return self.status is Status.ACCEPTED and self.reason == Reason.SILENT.value

    @property
    def is_lost(self) -> bool:
        """Whether it was given up without anybody knowing whether it went out."""
        return self.status is Status.EXPIRED and self.reason == Reason.LOST.value


@dataclass(frozen=True, kw_only=True)
class QueueHealth:
    """How the engine is doing; ``oldest_due_seconds`` is 0 when nothing waits."""

    oldest_due_seconds: float
    queued: int
    unknown: int
    sending: int
    untold: int = 0


def statuses_for(subjects: Collection[str]) -> dict[str, list[MessageStatus]]:
    """The messages about each subject, oldest first; one query. Every subject has an entry.

    Ready-made mail is about nothing that the storeys above know.
    """
    found: dict[str, list[MessageStatus]] = {subject: [] for subject in subjects}
    for row in Message.objects.filter(subject__in=list(found), ready_made=False).order_by("pk"):
        found[row.subject].append(_status(row))
    return found


def status_of(uuid: UUID) -> MessageStatus | None:
    """One message, or None."""
    row = Message.objects.filter(uuid=uuid).first()
    return None if row is None else _status(row)


def recent(
    *,
    scopes: Collection[str] | None,
    since: datetime,
    status: Status | Collection[Status] | None = None,
    channel: Channel | None = None,
    limit: int,
    offset: int = 0,
) -> list[MessageStatus]:
    """Messages made since a moment, newest first; ``scopes`` None means all, several statuses mean any of them."""
    rows = _since(scopes, since)
    if status is not None:
        wanted = [status] if isinstance(status, Status) else status
        rows = rows.filter(status__in=[each.value for each in wanted])
    if channel is not None:
        rows = rows.filter(channel=channel.value)
    return [_status(row) for row in rows.order_by("-created_at", "-pk")[offset : offset + limit]]


def counts(*, scopes: Collection[str] | None, since: datetime) -> dict[tuple[Channel, Status], int]:
    """How many messages made since a moment are in each state, per channel."""
    rows = _since(scopes, since).order_by().values_list("channel", "status").annotate(Count("pk"))
    return {(Channel(channel), Status(status)): many for channel, status, many in rows}


def upcoming(*, scopes: Collection[str] | None, limit: int) -> list[MessageStatus]:
    """Messages that wait for their moment, the next one first; ``scopes`` None means all."""
    rows = those(Status.QUEUED).filter(ready_made=False)
    if scopes is not None:
        rows = rows.filter(scope__in=scopes)
    return [_status(row) for row in rows.order_by("due_at", "pk")[:limit]]


def waiting(*, kind: str, channel: Channel, language: str, scopes: Collection[str] | None) -> int:
    """How many messages wait that will be written with the wording of their moment: who publishes wants to know."""
    rows = those(Status.QUEUED).filter(kind=kind, channel=channel.value, language=language, ready_made=False)
    return (rows if scopes is None else rows.filter(scope__in=scopes)).count()


def queue_health(now: datetime) -> QueueHealth:
    """Figures for readiness and monitoring; cheap, because finished messages are not read."""
    waiting = those(Status.QUEUED).aggregate(many=Count("pk"), oldest=Min("due_at", filter=Q(due_at__lte=now)))
    oldest = waiting["oldest"]
    return QueueHealth(
        oldest_due_seconds=0.0 if oldest is None else (now - oldest).total_seconds(),
        queued=waiting["many"],
        unknown=those(Status.UNKNOWN).count(),
        sending=those(Status.SENDING).count(),
        untold=Message.objects.filter(untold=True).count(),
    )


def _since(scopes: Collection[str] | None, since: datetime) -> QuerySet[Message]:
    rows = Message.objects.filter(created_at__gte=since, ready_made=False)
    return rows if scopes is None else rows.filter(scope__in=scopes)


def _status(row: Message) -> MessageStatus:
    reason = Reason(row.reason)
    return MessageStatus(
        uuid=row.uuid,
        subject=row.subject,
        kind=row.kind,
        generation=row.generation,
        channel=Channel(row.channel),
        status=Status(row.status),
        reason=row.reason,
        reason_text=reason_text(reason),
        advice_text=advice_text(reason),
        masked_address=mask(row.address) if row.address else "",
        scope=row.scope,
        language=row.language,
        due_at=row.due_at,
        useful_until=row.useful_until,
        accepted_at=row.accepted_at,
        delivered_at=row.delivered_at,
    )
