"""Commands of tests/bench/motor_hand.py that watch the clock: from planned to accepted, with a real worker."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

# A bound for a machine that is busy with other things; what is measured is far below.
_PATIENCE = 120.0
_LOOK = 0.02


def alive() -> dict[str, Any]:
    """Wait until a worker has shown that it lives, and has done what there was to do at its start."""
    from django.utils import timezone
    from django_q.models import OrmQ

    from notifications import api as post

    until = time.monotonic() + _PATIENCE
    while post.worker_heartbeat_age(timezone.now()) is None or OrmQ.objects.exists():
        if time.monotonic() > until:
            raise TimeoutError("the worker did not come up")
        time.sleep(0.2)
    return {}


def singles(*, aantal: int, zaad: int) -> dict[str, Any]:
    """One message at a time at unpredictable moments; the seconds from before its planning until it was accepted."""
    dice = random.Random(zaad)
    found = []
    for number in range(aantal):
        # Longer than the worker looks around, so that each finds it asleep, at any point of its sleep.
        time.sleep(dice.uniform(0.2, 1.2))
        found.append(_one(number))
    return {"seconden": found}


def _one(number: int) -> float:
    from django.db import transaction
    from django.utils import timezone

    from tests.bench.motor_hand import _subjects, enqueue

    started = timezone.now()
    subject = _subjects(number + 1)[-1]
    with transaction.atomic():
        (uuid,) = enqueue(subject, "uitnodiging", number, started)
    return (_accepted_at(uuid) - started).total_seconds()


def _accepted_at(uuid: UUID) -> datetime:
    from notifications import api as post

    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        status = post.status_of(uuid)
        assert status is not None
        if status.accepted_at is not None:
            return status.accepted_at
        time.sleep(_LOOK)
    raise TimeoutError(f"message {uuid} was not accepted")


def burst(*, aantal: int) -> dict[str, Any]:
    """Plan so many in one transaction; returns the moment at which all were there at once."""
    from django.db import transaction
    from django.utils import timezone

    from tests.bench.motor_hand import _subjects, enqueue

    subjects = _subjects(aantal)
    started = time.perf_counter()
    with transaction.atomic():
        now = timezone.now()
        for number, subject in enumerate(subjects):
            enqueue(subject, "uitnodiging", number, now)
    return {"op": timezone.now().isoformat(), "seconden": time.perf_counter() - started}


def soon(*, aantal: int, pauze: float, minuten: int) -> dict[str, Any]:
    """Meanwhile, through the flow: appointments so many minutes ahead, invited at once; planned to accepted, each."""
    from django.utils import timezone

    from afspraken.flow import plan
    from notifications import api as post
    from tests.bench import world
    from tests.builders import TESTER

    found, behind = [], []
    for number in range(aantal):
        time.sleep(pauze)
        now = timezone.now()
        start = now + timedelta(minutes=minuten)
        if post.first_allowed(now, deadline=start) > now:
            # Just before eight in the morning: sooner, or it would wait until then.
            start = now + timedelta(minutes=17)
        (gegevens,) = world.deliveries(1, start=start, bron=f"haast-{number}")
        client = replace(gegevens.client, mobiel=f"+31690{number:06d}", email="")
        gegevens = replace(gegevens, client=client)
        (result,) = plan.plan_afspraken(gegevens=[gegevens], actor=TESTER, now=now)
        subject = f"afspraak/{result.afspraak_id}"
        (message,) = post.statuses_for([subject])[subject]
        found.append((_accepted_at(message.uuid) - now).total_seconds())
        behind.append(post.queue_health(timezone.now()).queued)
    return {"seconden": found, "achter": behind}


def all_accepted(*, aantal: int, sinds: str) -> dict[str, Any]:
    """Wait until the burst is out; the seconds from ``sinds`` until the last one was accepted."""
    from django.db import connection

    until = time.monotonic() + 10 * _PATIENCE
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), max(accepted_at) FROM notifications_message WHERE accepted_at >= %s", [sinds]
            )
            count, last = cursor.fetchone()
        if count >= aantal:
            return {"seconden": (last - datetime.fromisoformat(sinds)).total_seconds(), "aantal": count}
        time.sleep(0.5)
    raise TimeoutError(f"{count} of {aantal} were accepted")
