"""Telling the storeys above what changed: exactly once for what they write in our database.

The mark "untold" is set in the same statement as the new state, and taken away in the same
transaction in which the receivers run. A crash in between repeats the news; it never loses it.
"""

import logging
from collections.abc import Sequence

from django.db import transaction

from notifications.domain.lifecycle import ENDED_BADLY, Channel, Status
from notifications.domain.reasons import Reason, reason_text
from notifications.models import Message
from notifications.outbox import points
from notifications.outbox.fallback import is_exhausted, is_silent
from notifications.signals import DeliveryChange, delivery_changed

logger = logging.getLogger(__name__)

_GROUP = 100
# Encrypted, and no part of the news.
_SECRET = ("address", "fallback", "title", "text")


def tell(*, ids: Sequence[int] | None = None) -> int:
    """Send the news that is waiting, of ``ids`` or of all messages; returns how many were told."""
    waiting = Message.objects.filter(untold=True)
    if ids is not None:
        waiting = waiting.filter(pk__in=ids)
    if not delivery_changed.has_listeners(Message):
        return waiting.update(untold=False)
    told = 0
    keys = list(waiting.order_by("pk").values_list("pk", flat=True)[:1000])
    for start in range(0, len(keys), _GROUP):
        group = keys[start : start + _GROUP]
        try:
            told += _tell(group)
        except Exception:  # one receiver's fault must not silence the rest
            told += sum(_tell_one(key) for key in group)
    return told


def tell_at_once(messages: Sequence[Message], status: Status) -> bool:
    """Tell that ``messages`` are now ``status``, in the caller's transaction and without reading them again.

    False when a receiver failed: what the receivers wrote is undone, and the caller leaves its rows untold.
    """
    if not delivery_changed.has_listeners(Message):
        return True
    points.reach("telling-at-once")
    try:
        with transaction.atomic():
            for message in messages:
                delivery_changed.send(sender=Message, change=_change(message, status, Reason.NONE))
    except Exception:  # it is told again, one by one, by the sweep
        logger.exception("a receiver of delivery_changed failed; the news comes again")
        return False
    return True


def _tell_one(key: int) -> int:
    try:
        return _tell([key])
    except Exception:
        # It stays untold: the next sweep tries again.
        logger.exception("a receiver of delivery_changed failed for message row %s", key)
        return 0


def _tell(keys: Sequence[int]) -> int:
    with transaction.atomic():
        # Waits for a row that is just being written: skipped news would come a minute late.
        rows = list(Message.objects.select_for_update().filter(pk__in=keys, untold=True).defer(*_SECRET).order_by("pk"))
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(untold=False)
        points.reach("telling")
        for row in rows:
            delivery_changed.send(sender=Message, change=_change(row, Status(row.status), Reason(row.reason)))
    points.reach("told")
    return len(rows)


def _change(row: Message, status: Status, reason: Reason) -> DeliveryChange:
    return DeliveryChange(
        uuid=row.uuid,
        subject=row.subject,
        kind=row.kind,
        generation=row.generation,
        channel=Channel(row.channel),
        status=status,
        reason=reason.value,
        reason_text=reason_text(reason),
        exhausted=(status in ENDED_BADLY or is_silent(row)) and is_exhausted(row),
    )
