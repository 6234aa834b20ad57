"""A year of sent messages, in minutes: a hundred that differ in how they ended, copied by the database.

The rows are made as the models are now, so that a new column needs no change here. Indexes are taken away
meanwhile and made again afterwards: sorting is cheaper than inserting ten million times.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from notifications.domain.lifecycle import FINAL, Channel, Status
from notifications.domain.retry import Verdict
from notifications.models import Attempt, Message

if TYPE_CHECKING:
    from django.db.models import Model

_FATES = {
    Status.DELIVERED: 88,
    Status.SUPERSEDED: 4,
    Status.UNDELIVERED: 3,
    Status.FAILED: 2,
    Status.EXPIRED: 2,
    # Taken, and never heard of again.
    Status.ACCEPTED: 1,
}
_CALLED = frozenset({Status.DELIVERED, Status.UNDELIVERED, Status.FAILED, Status.ACCEPTED})
_HUNDRED = 100
_KEPT_DAYS = 30


def fill(aantal: int) -> dict[str, float]:
    """Make ``aantal`` old messages with their attempts; returns the seconds per step.

    They are spread over a year and end yesterday; addresses are wiped but for the last month, as the
    wiping task does. Every person got ten.
    """
    now = datetime.now(tz=UTC)
    taken: dict[str, float] = {}
    tables = [Message._meta.db_table, Attempt._meta.db_table]
    with connection.cursor() as cursor:
        # Rows of our own making: the foreign key need not be looked up ten million times.
        for name, value in {
            "session_replication_role": "replica",
            "synchronous_commit": "off",
            "maintenance_work_mem": "'1GB'",
            "max_parallel_maintenance_workers": "2",
        }.items():
            cursor.execute(f"SET {name} = {value}")
        made = [_take_indexes(cursor, table) for table in tables]
        started = time.perf_counter()
        _messages(cursor, aantal, now)
        taken["berichten"] = time.perf_counter() - started
        started = time.perf_counter()
        _attempts(cursor)
        taken["pogingen"] = time.perf_counter() - started
        started = time.perf_counter()
        for again in made:
            for statement in again:
                cursor.execute(statement)
        taken["indexen"] = time.perf_counter() - started
        started = time.perf_counter()
        for table in tables:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            # As it would be after a year: vacuumed, and its statistics known.
            cursor.execute(f"VACUUM (ANALYZE) {table}")
        cursor.execute("CHECKPOINT")
        taken["opruimen"] = time.perf_counter() - started
    connection.close()
    return taken


def _messages(cursor: Any, aantal: int, now: datetime) -> None:
    fates = [fate for fate, many in _FATES.items() for _ in range(many)]
    assert len(fates) == _HUNDRED
    Message.objects.bulk_create([_message(number, fate, now) for number, fate in enumerate(fates)])
    days = f"{365 + 1} * (1 - n / {aantal}::float8) + 1"
    recent = f"{days} < {_KEPT_DAYS}"
    wiped = f"given.ended_at - ({days} - {_KEPT_DAYS}) * interval '1 day'"
    moments = {
        name: f"given.{name} - ({days}) * interval '1 day'"
        for name in ("created_at", "due_at", "useful_until", "accepted_at", "delivered_at", "ended_at", "attempted_at")
    }
    person = f"n % {max(1, aantal // 10)}"
    changed = moments | {
        "id": f"{_HUNDRED} + n",
        "uuid": "gen_random_uuid()",
        "subject": "'afspraak/' || n",
        "address": f"CASE WHEN {recent} THEN given.address ELSE '' END",
        "address_index": f"md5(({person})::text) || md5((-({person}))::text)",
        "wiped_at": f"CASE WHEN {recent} THEN NULL ELSE {wiped} END",
        "vendor_id": "CASE WHEN given.vendor_id = '' THEN '' ELSE 'SM' || md5(n::text) END",
    }
    # 37 and 100 have no common factor: the ways to end lie mixed.
    source = (
        f"generate_series(1, {aantal}) AS n JOIN {{table}} AS given ON given.id = 1 + (n::bigint * 37) % {_HUNDRED}"
    )
    _insert(cursor, Message, changed, source)
    cursor.execute(f"DELETE FROM {Message._meta.db_table} WHERE id <= {_HUNDRED}")


def _attempts(cursor: Any) -> None:
    """One for each message that was called out; its columns follow from the message."""
    now = datetime.now(tz=UTC)
    sample = Attempt(
        message_id=0,
        number=1,
        vendor="twilio",
        started_at=now,
        finished_at=now,
        outcome=Verdict.ACCEPTED.value,
        segments=2,
    )
    sample.save()
    changed = {
        "id": f"{sample.pk} + sent.id",
        "message_id": "sent.id",
        "started_at": "sent.attempted_at",
        "finished_at": "sent.attempted_at",
        "vendor_id": "sent.vendor_id",
        "body_digest": "md5(sent.id::text) || md5((-sent.id)::text)",
    }
    source = (
        f"{Message._meta.db_table} AS sent, {{table}} AS given WHERE sent.attempts_made > 0 AND given.id = {sample.pk}"
    )
    _insert(cursor, Attempt, changed, source)
    sample.delete()


def _message(number: int, fate: Status, now: datetime) -> Message:
    called = fate in _CALLED
    return Message(
        pk=number + 1,
        subject=f"afspraak/0-{number}",
        kind=("uitnodiging", "herinnering", "verplaatst")[number % 3],
        generation=1,
        channel=Channel.SMS.value,
        scope=("wmo", "werk-en-inkomen")[number % 2],
        address="+31612345678",
        due_at=now,
        useful_until=now + timedelta(days=10),
        status=fate.value,
        attempts_made=int(called),
        attempted_at=now if called else None,
        vendor="twilio" if called else "",
        vendor_id="SM" if called else "",
        created_at=now,
        accepted_at=now if called else None,
        delivered_at=now + timedelta(seconds=5) if fate is Status.DELIVERED else None,
        ended_at=now + timedelta(seconds=5) if fate in FINAL else None,
    )


def _insert(cursor: Any, model: type[Model], changed: dict[str, str], source: str) -> None:
    columns = [str(field.column) for field in model._meta.concrete_fields]
    picked = ", ".join(changed.get(column, f"given.{column}") for column in columns)
    table = model._meta.db_table
    cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {picked} FROM {source.format(table=table)}")


def _take_indexes(cursor: Any, table: str) -> Sequence[str]:
    """Drop what makes each insert dearer, but for the primary key; returns the statements that bring it back."""
    again = []
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'u'",
        [table],
    )
    for name, definition in cursor.fetchall():
        again.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = %s::regclass AND NOT indisprimary",
        [table],
    )
    for name, definition in cursor.fetchall():
        again.append(definition)
        cursor.execute(f"DROP INDEX {name}")
    return again
