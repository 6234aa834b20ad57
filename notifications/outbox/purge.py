"""Wiping: addresses and texts go, states and counts stay."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from notifications.domain.lifecycle import Event, Status
from notifications.domain.reasons import Reason
from notifications.models import (
    Attempt,
    ConsoleItem,
    InboundEmail,
    InboundSms,
    Message,
    Receipt,
    Spent,
)
from notifications.outbox import flags, settings
from notifications.outbox.enqueue import cancel_pending
from notifications.outbox.shift import shift
from notifications.outbox.those import those

# The demo's phone is not an archive.
_CONSOLE_KEPT = timedelta(days=30)
# A month of the calendar, and some.
_SPENT_KEPT = timedelta(days=62)
_GROUP = 500


def erase(subjects: Collection[str], *, now: datetime) -> int:
    """Forget everybody behind these subjects at once; returns how many messages were wiped.

    Pending messages are withdrawn. Texts that came from the same numbers go too, unless another
    subject still uses the number.
    """
    with transaction.atomic():
        for subject in subjects:
            cancel_pending(subject=subject, now=now)
        rows = Message.objects.filter(subject__in=list(subjects), ready_made=False, wiped_at__isnull=True)
        found = set(rows.values_list("address_index", flat=True)) - {""}
        count = _wipe(rows, now)
        still = set(Message.objects.filter(address_index__in=found).values_list("address_index", flat=True))
        gone = found - still
        InboundSms.objects.filter(sender_index__in=gone).delete()
        InboundEmail.objects.filter(sender_index__in=gone).delete()
    return count


def wipe(*, now: datetime) -> int:
    """What the retention term asks for; safe to run at any time. Returns the messages wiped."""
    before = now - settings.keep_for()
    kept = Message.objects.filter(wiped_at__isnull=True)
    count = 0
    # One by one: each has an index of its own.
    accepted = those(Status.ACCEPTED).filter(wiped_at__isnull=True, useful_until__lt=before)
    for old in (kept.filter(ended_at__lt=before), accepted):
        while keys := list(old.values_list("pk", flat=True)[:_GROUP]):
            count += _wipe(Message.objects.filter(pk__in=keys), now)
    handed_on = Q(handed_on_at__lt=before)
    for model in (InboundSms, InboundEmail):
        # The provider may repeat itself for a few days at most; after the term the row can go.
        model.objects.filter(handed_on).delete()
    Receipt.objects.filter(applied_at__lt=before).delete()
    Spent.objects.filter(hour__lt=now - _SPENT_KEPT).delete()
    flags.tidy(now=now)
    ConsoleItem.objects.filter(sent_at__lt=now - _CONSOLE_KEPT).delete()
    return count


def _wipe(rows: QuerySet[Message], now: datetime) -> int:
    with transaction.atomic():
        keys = list(rows.values_list("pk", "uuid"))
        ids = [key for key, _ in keys]
        uuids = [uuid for _, uuid in keys]
        kept = Message.objects.filter(pk__in=ids)
        # A call whose outcome nobody knows cannot be looked up without its address.
        shift(kept.filter(status=Status.UNKNOWN.value), Event.EXPIRE, now=now, reason=Reason.TOO_LATE)
        ConsoleItem.objects.filter(message_uuid__in=uuids).delete()
        InboundEmail.objects.filter(message_uuid__in=uuids).update(title="", text="", sender="")
        Attempt.objects.filter(message_id__in=ids).update(body_digest="")
        return kept.update(address="", address_index="", fallback="", title="", text="", wiped_at=now)
