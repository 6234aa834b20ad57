"""The usual end of a call, for a whole group in two statements.

Nearly every call ends in "accepted". Written one by one that is two statements a message, and most of
what a drain costs the database.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Case, CharField, DateTimeField, Value, When

from notifications.domain.lifecycle import Event, Status
from notifications.domain.retry import Verdict
from notifications.models import Attempt, Message
from notifications.outbox import fallback
from notifications.outbox.prepare import Ready
from notifications.outbox.shift import shift


def record_accepted(accepted: Mapping[int, str], ready: Sequence[Ready], *, now: datetime) -> set[int]:
    """Record calls that the provider took; ``accepted`` is message row -> the provider's id.

    In the caller's transaction. Returns the rows that were recorded: a message whose lease was swept
    meanwhile is left for the caller, who looks at each.
    """
    rows = Message.objects.filter(
        pk__in=accepted,
        status=Status.SENDING.value,
        in_flight=True,
        lease_owner__in={each.message.lease_owner for each in ready},
    )
    # Locked and counted first: only these rows are ours to write.
    ours = set(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    if not ours:
        return ours
    ids = Case(
        *(When(pk=key, then=Value(accepted[key])) for key in sorted(ours)), output_field=CharField(max_length=100)
    )
    shift(
        Message.objects.filter(pk__in=ours),
        Event.ACCEPT,
        now=now,
        vendor=ready[0].gateway.name,
        vendor_id=ids,
        check_at=_silences(ready, ours, now),
    )
    Attempt.objects.filter(message_id__in=ours, outcome="").update(
        outcome=Verdict.ACCEPTED.value,
        finished_at=now,
        vendor_id=Case(
            *(When(message_id=key, then=Value(accepted[key])) for key in sorted(ours)),
            output_field=CharField(max_length=100),
        ),
    )
    return ours


def _silences(ready: Sequence[Ready], ours: set[int], now: datetime) -> Case | None:
    moments = {each.message.pk: fallback.silence_at(each.message, now) for each in ready if each.message.pk in ours}
    known = {key: moment for key, moment in moments.items() if moment is not None}
    if not known:
        return None
    return Case(
        *(When(pk=key, then=Value(moment)) for key, moment in known.items()),
        default=None,
        output_field=DateTimeField(),
    )
