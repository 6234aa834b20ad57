"""Many answers, few statements: calls that simply were accepted are written down together."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import CharField, DateTimeField
from django.db.models.expressions import RawSQL

from notifications.domain.lifecycle import Event, Status
from notifications.domain.retry import Verdict
from notifications.models import Attempt, Message
from notifications.outbox import fallback, news
from notifications.outbox.prepare import Ready
from notifications.outbox.shift import shift


def record_accepted(accepted: Mapping[int, str], ready: Sequence[Ready], *, now: datetime) -> set[int]:
    """Record calls that one provider took; ``accepted`` is message row -> the provider's id.

    In the caller's transaction. Returns the rows that were recorded: a message whose lease was swept
    meanwhile is left for the caller, who looks at each.
    """
    rows = Message.objects.filter(
        pk__in=accepted,
        status=Status.SENDING.value,
        in_flight=True,
        lease_owner__in={each.message.lease_owner for each in ready},
    )
    moved = shift(
        rows,
        Event.ACCEPT,
        now=now,
        vendor=ready[0].gateway.name,
        vendor_id=_paired(Message, "id", accepted, CharField(max_length=100)),
        check_at=_silences(ready, now),
        untold=False,
    )
    ours = set(accepted) if moved == len(accepted) else _written(accepted)
    if not ours:
        return ours
    ids = {key: accepted[key] for key in ours}
    Attempt.objects.filter(message_id__in=ours, outcome="").update(
        outcome=Verdict.ACCEPTED.value,
        finished_at=now,
        vendor_id=_paired(Attempt, "message_id", ids, CharField(max_length=100)),
    )
    if not news.tell_at_once([each.message for each in ready if each.message.pk in ours], Status.ACCEPTED):
        Message.objects.filter(pk__in=ours).update(untold=True)
    return ours


def _written(accepted: Mapping[int, str]) -> set[int]:
    """Those rows that hold the id which was just written to them."""
    rows = Message.objects.filter(pk__in=accepted, status=Status.ACCEPTED.value).values_list("pk", "vendor_id")
    return {key for key, vendor_id in rows if vendor_id == accepted[key]}


def _silences(ready: Sequence[Ready], now: datetime) -> RawSQL | None:
    moments = {each.message.pk: fallback.silence_at(each.message, now) for each in ready}
    known = {
        key: connection.ops.adapt_datetimefield_value(moment) for key, moment in moments.items() if moment is not None
    }
    return _paired(Message, "id", known, DateTimeField()) if known else None


def _paired(
    model: type[Message] | type[Attempt],
    column: str,
    values: Mapping[int, object],
    field: CharField[str, str] | DateTimeField[datetime, datetime],
) -> RawSQL:
    """Each row its own value, or null. A CASE of as many branches costs ten times as much to put together."""
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001  # documented, for all its name
    rows = ", ".join(["(%s, %s)"] * len(values))
    # Both databases call the columns of VALUES column1 and column2. Only our own names stand in the text.
    sql = f"SELECT given.column2 FROM (VALUES {rows}) AS given WHERE given.column1 = {table}.{column}"  # noqa: S608
    return RawSQL(sql, [each for pair in values.items() for each in pair], output_field=field)  # noqa: S611
