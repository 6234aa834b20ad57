"""Many messages, few statements: what is about to be sent, and what simply was accepted."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from notifications.domain.lifecycle import Event, Status
from notifications.domain.retry import Verdict
from notifications.models import Attempt, Message
from notifications.outbox import fallback, news
from notifications.outbox.given import given
from notifications.outbox.ready import Ready, digest
from notifications.outbox.shift import shift_each

_ATTEMPT = f'"{Attempt._meta.db_table}"'  # noqa: SLF001  # documented, for all its name


def open_attempts(ready: Sequence[Ready], *, now: datetime) -> None:
    """Write the Attempt rows of messages that were marked as in flight, in the caller's transaction."""
    rows, packed = given(
        {"message": int, "number": int, "vendor": str, "digest": str, "template": int, "segments": int},
        [
            (
                each.message.id,
                each.number,
                each.gateway.name,
                digest(each.outgoing.text),
                each.rendered.number,
                each.rendered.segments,
            )
            for each in ready
        ],
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_ATTEMPT} (message_id, number, vendor, started_at, outcome, reason, vendor_code, vendor_id,"  # noqa: S608
            " body_digest, absences, template_number, segments)"
            " SELECT message, number, vendor, %s, '', '', '', '', digest, 0, template, segments"
            f" FROM {rows}",
            [connection.ops.adapt_datetimefield_value(now), *packed],
        )


def record_accepted(accepted: Mapping[int, str], ready: Sequence[Ready], *, now: datetime) -> set[int]:
    """Record calls that one provider took; ``accepted`` is message row -> the provider's id.

    In the caller's transaction. Returns the rows that were recorded: a message whose lease was swept
    meanwhile is left for the caller, who looks at each.
    """
    ours: set[int] = set()
    for owner in {each.message.lease_owner for each in ready}:
        ours |= shift_each(
            {
                each.message.id: (accepted[each.message.id], fallback.silence_at(each.message, now))
                for each in ready
                if each.message.lease_owner == owner
            },
            Event.ACCEPT,
            now=now,
            columns={"vendor_id": str, "check_at": datetime},
            where={"status": Status.SENDING.value, "in_flight": True, "lease_owner": owner},
            vendor=ready[0].gateway.name,
            untold=False,
        )
    if not ours:
        return ours
    rows, packed = given({"message": int, "vendor_id": str}, [(key, accepted[key]) for key in ours])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_ATTEMPT} SET outcome = %s, finished_at = %s, vendor_id = given.vendor_id FROM {rows}"  # noqa: S608
            f" WHERE {_ATTEMPT}.message_id = given.message AND {_ATTEMPT}.outcome = ''",
            [Verdict.ACCEPTED.value, connection.ops.adapt_datetimefield_value(now), *packed],
        )
    if not news.tell_at_once([each.message for each in ready if each.message.id in ours], Status.ACCEPTED):
        Message.objects.filter(pk__one_of=ours).update(untold=True)
    return ours
