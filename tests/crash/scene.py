"""The world of a run: who is told what, what changes meanwhile, and who listens. All of it in the same database.

``crash_world`` holds what is true now; ``crash_log`` every change and every Attempt row, so that afterwards it
can be told which was first. On SQLite that is the order of the rows, because writers stand in line. PostgreSQL
has no such order: there each change has the number of its transaction, each Attempt what was visible to it.
"""

import random
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from notifications.api import Asked, Channel, Recipient, Rendering, cancel_pending, enqueue
from notifications.signals import DeliveryChange

_WORLD = """CREATE TABLE crash_world (
    subject varchar(100) PRIMARY KEY, number integer NOT NULL, generation integer NOT NULL,
    state varchar(10) NOT NULL)"""
_LOG = """CREATE TABLE crash_log (
    id {serial}, what varchar(10) NOT NULL, subject varchar(100), generation integer, state varchar(10),
    message_id bigint, number integer {moment})"""
_TOLD = """CREATE TABLE crash_told (
    id {serial}, uuid varchar(40) NOT NULL, status varchar(20) NOT NULL, reason varchar(40) NOT NULL,
    exhausted integer NOT NULL)"""
_TALLY = "CREATE TABLE crash_tally (status varchar(20) PRIMARY KEY, told integer NOT NULL)"
_TABLES = (_WORLD, "CREATE INDEX crash_number ON crash_world (number)", _LOG, _TOLD, _TALLY)
_NOTE = "INSERT INTO crash_log (what, message_id, number) VALUES ('attempt', NEW.message_id, NEW.number);"
_FUNCTION = f"""CREATE FUNCTION crash_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {_NOTE} RETURN NEW; END $$"""
_POSTGRES = (
    _FUNCTION,
    "CREATE TRIGGER crash_attempt AFTER INSERT ON notifications_attempt FOR EACH ROW EXECUTE FUNCTION crash_attempt()",
)
_SQLITE = (f"CREATE TRIGGER crash_attempt AFTER INSERT ON notifications_attempt BEGIN {_NOTE} END",)
STATES = ("moved", "cancelled", "answered")


def build() -> None:
    """Make the tables and the trigger."""
    postgres = connection.vendor == "postgresql"
    words = {
        "serial": "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
        if postgres
        else "integer PRIMARY KEY AUTOINCREMENT",
        "moment": ", xid xid8 DEFAULT pg_current_xact_id(), seen pg_snapshot DEFAULT pg_current_snapshot()"
        if postgres
        else "",
    }
    with connection.cursor() as cursor:
        for statement in (*_TABLES, *(_POSTGRES if postgres else _SQLITE)):
            cursor.execute(statement.format(**words) if "{" in statement else statement)


def clear_away() -> None:
    """Leave the database as it was found."""
    with connection.cursor() as cursor:
        on = " ON notifications_attempt" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER IF EXISTS crash_attempt{on}")
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS crash_attempt()")
        for table in ("world", "log", "told", "tally"):
            cursor.execute(f"DROP TABLE IF EXISTS crash_{table}")


def answer_many(asked: Sequence[Asked]) -> list[Rendering | None]:
    """The engine's question, right before it sends: is this still true?"""
    marks = ", ".join(["%s"] * len(asked))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT subject, generation, state FROM crash_world WHERE subject IN ({marks})",
            [each.subject for each in asked],
        )
        known = {subject: (generation, state) for subject, generation, state in cursor.fetchall()}
    return [_rendering(each, *known.get(each.subject, (0, "gone"))) for each in asked]


def answer(subject: str, kind: str, generation: int) -> Rendering | None:
    return answer_many([Asked(subject=subject, kind=kind, generation=generation)])[0]


def _rendering(asked: Asked, generation: int, state: str) -> Rendering | None:
    if generation != asked.generation or state != "on":
        return None
    return Rendering(values={"naam": asked.subject, "link": link(asked.subject, generation)})


def link(subject: str, generation: int) -> str:
    """What stands in the text; by it the verdict sees whether the right text went out."""
    return f"http://testserver/v/{subject}/{generation}"


def listen(sender: object, change: DeliveryChange, **_more: object) -> None:
    """The storey above: writes down what it is told, in the engine's own transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO crash_told (uuid, status, reason, exhausted) VALUES (%s, %s, %s, %s)",
            [str(change.uuid), change.status.value, change.reason, int(change.exhausted)],
        )
        cursor.execute(
            "INSERT INTO crash_tally (status, told) VALUES (%s, 1)"
            " ON CONFLICT (status) DO UPDATE SET told = crash_tally.told + 1",
            [change.status.value],
        )


class Planner:
    """Plans subjects ``first``, ``first + step`` ... and changes earlier ones."""

    def __init__(self, *, first: int, step: int, dice: random.Random) -> None:
        self._first, self._step, self._dice = first, step, dice
        with connection.cursor() as cursor:
            cursor.execute("SELECT max(number) FROM crash_world WHERE number %% %s = %s", [step, first % step])
            last = cursor.fetchone()[0]
        # What was planned before this process was killed is in the database or it is not.
        self.next = first if last is None else last + step

    def plan(self, goal: int) -> bool:
        """Plan some more; False when the goal is reached."""
        if self.next >= goal:
            return False
        count = self._dice.randint(1, 6)
        numbers = [self.next + each * self._step for each in range(count)]
        with transaction.atomic():
            for number in numbers:
                subject = f"crash/{number}"
                with connection.cursor() as cursor:
                    cursor.execute("INSERT INTO crash_world VALUES (%s, %s, 1, 'on')", [subject, number])
                self._enqueue(subject, number, 1)
        self.next = numbers[-1] + self._step
        return True

    def change(self) -> None:
        """Move, cancel or answer one of the newest: many of those still wait, or are just being sent."""
        number = self.next - self._step * self._dice.randint(1, 30)
        if number < 0:
            return
        subject, to = f"crash/{number}", self._dice.choice(STATES)
        with transaction.atomic(), connection.cursor() as cursor:
            lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
            cursor.execute(f"SELECT generation, state FROM crash_world WHERE subject = %s{lock}", [subject])
            row = cursor.fetchone()
            if row is None or row[1] != "on":
                return
            generation = row[0] + (to == "moved")
            state = "on" if to == "moved" else "off"
            cursor.execute(
                "UPDATE crash_world SET generation = %s, state = %s WHERE subject = %s", [generation, state, subject]
            )
            cursor.execute(
                "INSERT INTO crash_log (what, subject, generation, state) VALUES ('change', %s, %s, %s)",
                [subject, generation, state],
            )
            cancel_pending(subject=subject, now=timezone.now())
            if to == "moved":
                self._enqueue(subject, number, generation)
            # A transaction of the storey above may have more to do before it commits.
            if self._dice.random() < 0.5:
                time.sleep(self._dice.random() * 0.05)

    def _enqueue(self, subject: str, number: int, generation: int) -> None:
        dice, now = self._dice, timezone.now()
        phone = Recipient(channel=Channel.SMS, address=f"+316{number:08d}")
        mail = Recipient(channel=Channel.EMAIL, address=f"client{number}@example.nl")
        mode, recipients = dice.choice(
            (("all", [phone]), ("all", [phone]), ("all", [phone, mail]), ("first", [phone, mail]), ("all", [mail]))
        )
        made: dict[str, Any] = {
            "subject": subject,
            "kind": "proef",
            "generation": generation,
            "recipients": recipients,
            "mode": mode,
            "language": "nl",
            "scope": dice.choice(("", "wmo", "werk")),
            "due_at": now + timedelta(seconds=dice.choice((0, 0, 0, dice.random() * 4))),
            # A few have so little time that they must end as "too late", for a person to see.
            "useful_until": now + (timedelta(seconds=2) if dice.random() < 0.01 else timedelta(days=2)),
            "now": now,
            "exempt_from_quiet_hours": True,
        }
        enqueue(**made)
