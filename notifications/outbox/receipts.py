"""What providers report afterwards: stored once, applied forward only, never lost for being early."""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from notifications.domain.lifecycle import Channel, Event, Status, follows
from notifications.domain.reasons import Reason
from notifications.gateways.base import Report
from notifications.models import Message, Receipt
from notifications.outbox import fallback, news, opt_outs, points
from notifications.outbox.shift import shift

logger = logging.getLogger(__name__)

_STOPS = frozenset({Reason.OPTED_OUT, Reason.SPAM_REPORT})


def take(reports: Iterable[Report], *, now: datetime) -> int:
    """Store and apply reports; returns how many were new. Reports of other systems are dropped."""
    fresh = 0
    touched = []
    for report in reports:
        with transaction.atomic():
            # The row is locked first: our own record of the call waits, or we wait for it.
            message = Message.objects.select_for_update().filter(uuid=report.message_uuid).first()
            if message is None or _says_nothing(report, message):
                continue
            receipt, created = _store(report, now)
            points.reach("receipt-stored")
            if created:
                fresh += 1
                touched.append(message.pk)
                _apply(receipt, message, now)
    if touched:
        news.tell(ids=touched)
    return fresh


def _says_nothing(report: Report, message: Message) -> bool:
    """ "It is on its way" about a message that we know is on its way: not worth a row."""
    return report.event is Event.ACCEPT and not (follows(Status(message.status), Event.ACCEPT))


def apply_waiting(uuids: Collection[UUID], *, now: datetime) -> int:
    """Apply what came before our own record of these messages; in the caller's transaction. How many there were."""
    count = 0
    for receipt in Receipt.objects.filter(message_uuid__one_of=uuids, applied_at__isnull=True).order_by("pk"):
        message = Message.objects.select_for_update().get(uuid=receipt.message_uuid)
        _apply(receipt, message, now)
        count += 1
    return count


def apply_left_over(*, now: datetime, limit: int = 500) -> int:
    """For the sweep: receipts whose message is no longer being sent."""
    uuids = list(
        Receipt.objects.filter(applied_at__isnull=True).order_by("pk").values_list("message_uuid", flat=True)[:limit]
    )
    ready = Message.objects.filter(uuid__in=uuids).exclude(status=Status.SENDING.value)
    count = 0
    for uuid in ready.values_list("uuid", flat=True):
        with transaction.atomic():
            apply_waiting({uuid}, now=now)
        count += 1
    return count


def _store(report: Report, now: datetime) -> tuple[Receipt, bool]:
    return Receipt.objects.get_or_create(
        vendor=report.vendor,
        event_id=report.event_id[:150],
        defaults={
            "message_uuid": report.message_uuid,
            "vendor_id": report.vendor_id[:100],
            "event": report.event.value if report.event else "",
            "reason": report.reason.value,
            "vendor_code": report.vendor_code[:40],
            "occurred_at": report.occurred_at,
            "received_at": now,
        },
    )


def _apply(receipt: Receipt, message: Message, now: datetime) -> None:
    """Let one receipt do its work on a locked message; too early means: leave it waiting."""
    status = Status(message.status)
    reason = Reason(receipt.reason)
    if status is Status.SENDING:
        return
    if receipt.event and _counts(receipt, message, status):
        _move(receipt, message, Event(receipt.event), reason, now)
    if reason in _STOPS:
        opt_outs.opt_out_index(
            channel=Channel(message.channel),
            index=message.address_index,
            now=now,
            source=receipt.vendor,
        )
    Receipt.objects.filter(pk=receipt.pk).update(applied_at=now)
    points.reach("receipt-applied")


def _counts(receipt: Receipt, message: Message, status: Status) -> bool:
    event = Event(receipt.event)
    if not follows(status, event):
        return False
    if status is Status.DELIVERED and message.channel != Channel.EMAIL.value:
        # Only mail servers take something and bring it back.
        return False
    other = bool(receipt.vendor_id and message.vendor_id != receipt.vendor_id)
    if other and message.vendor_id:
        logger.warning("message %s is at the provider more than once", message.uuid)
        # The failure of one copy says nothing about the other.
        return event is not Event.RETURN
    return True


def _move(receipt: Receipt, message: Message, event: Event, reason: Reason, now: datetime) -> None:
    fields: dict[str, Any] = {}
    if not message.vendor_id and receipt.vendor_id:
        fields |= {"vendor_id": receipt.vendor_id, "vendor": receipt.vendor}
    if message.ready_made:
        fields |= {"title": "", "text": ""}
    if event is Event.ACCEPT:
        fields["check_at"] = fallback.silence_at(message, now)
    if event is Event.DELIVER and message.accepted_at is None:
        fields["accepted_at"] = now
    moved = shift(Message.objects.filter(pk=message.pk), event, now=now, reason=reason, **fields)
    if moved and event is Event.RETURN:
        fallback.to_next_channel(message, now=now)
