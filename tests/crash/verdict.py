"""The double's journal against the database: what was lost, came twice, was stale, or hangs."""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from django.db import connection

from notifications.domain.lifecycle import FINAL, Channel, Status
from notifications.domain.reasons import Reason
from notifications.models import Attempt, Message
from tests.crash.plan import Verdict
from tests.crash.scene import link
from tests.double.running import Double

# Final, or with the provider: after these nothing is left to do.
_SETTLED = {*FINAL, Status.ACCEPTED}
# A person sees these on the worklist, with the reason.
_SHOWN = {Status.FAILED, Status.EXPIRED, Status.UNDELIVERED}
# A message is told these at most once in its life.
_ONCE = {Status.ACCEPTED, Status.DELIVERED, Status.UNDELIVERED, Status.FAILED, Status.EXPIRED, Reason.SILENT.value}
_AGAIN = "is sent again and may arrive twice"

_STALE_POSTGRES = """
    SELECT DISTINCT m.uuid, a.number FROM crash_log a JOIN notifications_message m ON m.id = a.message_id
    JOIN crash_log c ON c.what = 'change' AND c.subject = m.subject AND pg_visible_in_snapshot(c.xid, a.seen)
    WHERE a.what = 'attempt' AND (c.generation > m.generation OR (c.generation = m.generation AND c.state = 'off'))
"""
_STALE_SQLITE = """
    SELECT DISTINCT m.uuid, a.number FROM crash_log a JOIN notifications_message m ON m.id = a.message_id
    JOIN crash_log c ON c.what = 'change' AND c.subject = m.subject AND c.id < a.id
    WHERE a.what = 'attempt' AND (c.generation > m.generation OR (c.generation = m.generation AND c.state = 'off'))
"""


def judge(*, double: Double, log: Path) -> Verdict:
    """Compare; the run is over and everything is quiet."""
    verdict = Verdict()
    accepted: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in double.journal(what="accepted"):
        accepted[line["uuid"]].append(line)
    messages = {str(message.uuid): message for message in Message.objects.defer("text", "title").order_by("pk")}
    world = _world()
    for uuid, message in messages.items():
        _lost(verdict, uuid, message, accepted.get(uuid, []), world)
    _twice(verdict, accepted, messages, log)
    _stale(verdict, accepted)
    _stuck(verdict, messages)
    _told(verdict, messages)
    _planned(verdict, messages, world)
    verdict.facts |= {
        "messages": len(messages),
        "sms": sum(each.channel == Channel.SMS.value for each in messages.values()),
        "accepted": sum(map(len, accepted.values())),
        "statuses": dict(Counter(each.status for each in messages.values())),
        "attempts": dict(Counter(Attempt.objects.values_list("outcome", flat=True))),
        "double": double.counts(),
    }
    return verdict


def _world() -> dict[str, tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, generation, state FROM crash_world")
        return {subject: (generation, state) for subject, generation, state in cursor.fetchall()}


def _lost(
    verdict: Verdict,
    uuid: str,
    message: Message,
    copies: list[dict[str, Any]],
    world: dict[str, tuple[int, str]],
) -> None:
    """Said to be with the provider and is not; or ended without being sent while it was still true."""
    status = Status(message.status)
    if status in {Status.ACCEPTED, Status.DELIVERED, Status.UNDELIVERED} and not copies:
        verdict.lost.append(f"{uuid} is {status} and the provider never took it")
    if status in _SHOWN and not message.reason:
        verdict.lost.append(f"{uuid} is {status} without a reason for a person to see")
    still_true = world.get(message.subject) == (message.generation, "on")
    if status is Status.SUPERSEDED and still_true:
        verdict.lost.append(f"{uuid} was superseded and is still true")
    if status is Status.EXPIRED and (message.useful_until - message.created_at).total_seconds() > 3600:
        verdict.lost.append(f"{uuid} expired with two days left")
    for copy in copies:
        text = copy.get("body") or copy["mail"]["content"][0]["value"]
        if link(message.subject, message.generation) not in text.split() or copy["to"] != message.address:
            verdict.wrong.append(f"{uuid} went out with another message's text or address")
    known = {copy.get("sid") or copy["id"] for copy in copies}
    if message.vendor_id and message.vendor_id not in known:
        verdict.wrong.append(f"{uuid} has an id that the provider gave to another message")


def _twice(
    verdict: Verdict, accepted: dict[str, list[dict[str, Any]]], messages: dict[str, Message], log: Path
) -> None:
    announced: Counter[str] = Counter()
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if _AGAIN in line:
            announced.update(part.strip('",') for part in line.split() if part.count("-") == 4)
    surplus = 0
    for uuid, copies in accepted.items():
        if uuid not in messages:
            verdict.wrong.append(f"{uuid} was sent and is not in the database")
        elif len(copies) > 1 and copies[0]["api"] == "twilio":
            verdict.twice.append(f"{uuid} was taken {len(copies)} times as SMS")
        elif len(copies) > 1:
            surplus += len(copies) - 1
            if announced[uuid] < len(copies) - 1:
                verdict.twice.append(f"{uuid} was taken {len(copies)} times as mail, logged {announced[uuid]} times")
    per_person = Counter((message.subject, message.generation, message.channel) for message in messages.values())
    verdict.twice += [f"{key} has {count} rows" for key, count in per_person.items() if count > 1]
    verdict.facts |= {"mails_twice": surplus, "mails_announced": sum(announced.values())}


def _stale(verdict: Verdict, accepted: dict[str, list[dict[str, Any]]]) -> None:
    """An Attempt row that was written when a change that undoes the message was there already."""
    with connection.cursor() as cursor:
        cursor.execute(_STALE_POSTGRES if connection.vendor == "postgresql" else _STALE_SQLITE)
        for raw, number in cursor.fetchall():
            uuid = _dashed(raw)
            fate = "was taken" if uuid in accepted else "happened not to be taken"
            verdict.stale.append(f"{uuid}: attempt {number} after its change; the message {fate}")
        cursor.execute("SELECT count(*) FROM crash_log WHERE what = 'change'")
        verdict.facts["changes"] = cursor.fetchone()[0]


def _dashed(raw: Any) -> str:
    """SQLite keeps an UUID without its dashes."""
    text = str(raw)
    if "-" in text:
        return text
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _stuck(verdict: Verdict, messages: dict[str, Message]) -> None:
    for uuid, message in messages.items():
        if Status(message.status) not in _SETTLED:
            verdict.stuck.append(f"{uuid} is still {message.status}, due {message.due_at}, check {message.check_at}")
        if message.untold:
            verdict.stuck.append(f"{uuid} has news that nobody was told")


def _told(verdict: Verdict, messages: dict[str, Message]) -> None:
    """What the storey above wrote down: the last word is the state, and nothing was written twice."""
    told: dict[str, list[str]] = defaultdict(list)
    sums: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT uuid, status, reason FROM crash_told ORDER BY id")
        for uuid, status, reason in cursor.fetchall():
            # Silence is news about a message that was told to be accepted before.
            told[uuid].append(status if reason != Reason.SILENT.value else reason)
            sums[status] += 1
        cursor.execute("SELECT status, told FROM crash_tally")
        tally = dict(cursor.fetchall())
    if tally != dict(sums):
        verdict.wrong.append(f"the listener's sums {tally} are not what it wrote {dict(sums)}")
    for uuid, message in messages.items():
        words = told.get(uuid, [])
        status = Status(message.status)
        # Withdrawing is the storey's own doing: it is not told.
        last = Reason.SILENT.value if message.reason == Reason.SILENT.value else status.value
        if status is not Status.SUPERSEDED and words[-1:] != [last]:
            verdict.wrong.append(f"{uuid} is {status}, and what was told is {words}")
        for word, count in Counter(words).items():
            if count > 1 and word in _ONCE:
                verdict.wrong.append(f"{uuid} was told to be {word} {count} times")
    verdict.facts["told"] = dict(sums)


def _planned(verdict: Verdict, messages: dict[str, Message], world: dict[str, tuple[int, str]]) -> None:
    """Every subject that is still true has a message; the world and the outbox were written together."""
    have = {(message.subject, message.generation) for message in messages.values()}
    for subject, (generation, state) in world.items():
        if state == "on" and (subject, generation) not in have:
            verdict.lost.append(f"{subject} generation {generation} was never planned")


def write(verdict: Verdict, path: Path) -> None:
    """Keep the verdict beside the journal and the dump."""
    path.write_text(json.dumps(verdict.__dict__, indent=1, default=str), encoding="utf-8")
