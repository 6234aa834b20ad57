"""The outbox with the console gateway: claim, render, record; against a bare loop that only keeps the texts."""

from __future__ import annotations

import time
import uuid
from datetime import datetime, timedelta

from afspraken.flow import plan
from notifications import api as post
from notifications import jobs
from notifications.models import ConsoleItem
from tests.bench.base import Cijfer
from tests.bench.world import deliveries
from tests.builders import TESTER

AANTAL = 400


def run(now: datetime) -> list[Cijfer]:
    """Messages per second of one worker process, and its processor time."""
    jobs.drain()
    start = now + timedelta(days=6)
    plan.plan_afspraken(gegevens=deliveries(AANTAL, start=start, bron="sturen"), actor=TESTER, now=now)
    before = ConsoleItem.objects.count()
    begun, cpu = time.perf_counter(), time.process_time()
    while post.queue_health(now).oldest_due_seconds or _waiting(now):
        jobs.drain()
    taken, cpu = time.perf_counter() - begun, time.process_time() - cpu
    count = ConsoleItem.objects.count() - before
    assert count == 2 * AANTAL, count
    texts = [item.text for item in ConsoleItem.objects.order_by("-pk")[:count]]
    begun = time.perf_counter()
    for text in texts:
        ConsoleItem.objects.create(
            message_uuid=uuid.uuid4(), channel="sms", address="+31610000000", sender="bench", text=text, sent_at=now
        )
    bare = time.perf_counter() - begun
    return [
        Cijfer(naam="berichten, per seconde en worker (console)", waarde=f"{count / taken:.0f}/s"),
        Cijfer(naam="berichten, tegenover alleen bewaren van de tekst", waarde=f"{taken / bare:.1f}x"),
        Cijfer(naam="berichten, processortijd per 1.000", waarde=f"{cpu / count * 1000:.1f} s"),
    ]


def _waiting(now: datetime) -> bool:
    since = now - timedelta(days=1)
    return any(m.due_at <= now for m in post.recent(scopes=None, since=since, status=post.Status.QUEUED, limit=50))
