"""A process that does what the benchmark says, one JSON line per command: plan, drain, or call the bare client.

Apart from the benchmark's own process, so that its processor time is that of a worker and nothing else.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.bench import motor_klok

_TEXT = "Dag Ali, zie http://testserver/v/abc"
# As long as an invitation is, with the same kinds of letters.
_ECHTE_TEXT = (
    "Gemeente Voorbeeld: u heeft een gesprek op donderdag 3 december om 10.30. Wilt u opnemen? Dat mag. "
    "Laat het weten: antwoord JA, NEE of WEET NIET. Regels: antwoord REGELS of zie "
    "http://testserver/v/cZt0WADoFCLSaZvrIz-pzXq573k3Mcxj Hulp: bel 14 070."
)


def plan(*, aantal: int, echt: bool = False, leeg: bool = True, vanaf: int = 0) -> dict[str, Any]:
    """Plan messages through the real door, in transactions of a thousand.

    ``leeg`` throws out what was there; without, ``vanaf`` is the first number that was not used before.
    """
    from django.db import transaction
    from django.utils import timezone

    if leeg:
        empty()
    kind, subjects = "proef", [f"bench/{vanaf + number}" for number in range(aantal)]
    if echt:
        kind, subjects = "uitnodiging", _subjects(aantal)
    started, now = time.perf_counter(), timezone.now()
    for first in range(0, aantal, 1000):
        with transaction.atomic():
            for number, subject in enumerate(subjects[first : first + 1000], start=vanaf + first):
                enqueue(subject, kind, number, now)
    return {"seconden": time.perf_counter() - started}


def enqueue(subject: str, kind: str, number: int, now: Any) -> Any:
    """One SMS to a number of its own. At night it is exempt from the quiet hours, and so from the budgets."""
    from notifications import api as post

    until = now + timedelta(days=1)
    return post.enqueue(
        subject=subject,
        kind=kind,
        generation=1,
        recipients=[post.Recipient(channel=post.Channel.SMS, address=f"+316{number:08d}")],
        mode="first",
        language="nl",
        scope=("wmo", "werk-en-inkomen")[number % 2],
        due_at=now,
        useful_until=until,
        now=now,
        exempt_from_quiet_hours=post.first_allowed(now, deadline=until) > now,
    )


def _subjects(aantal: int) -> list[str]:
    from afspraken.models import Afspraak

    ids = Afspraak.objects.filter(bron="bench").order_by("pk").values_list("pk", flat=True)[:aantal]
    assert len(ids) == aantal, f"{len(ids)} appointments, {aantal} wanted"
    return [f"afspraak/{pk}" for pk in ids]


def empty(*, vlaggen: bool = True) -> dict[str, Any]:
    """Throw out all messages and everything that stands in the queue; with a worker about, not its signs of life."""
    from django.db import connection

    tables = ["notifications_message", "notifications_attempt", "django_q_ormq"]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join([*tables, 'notifications_engineflag'] if vlaggen else tables)}")
    return {}


def drain(*, echt: bool = False) -> dict[str, Any]:
    """The real drain, until nothing is due; the values come from the appointments (``echt``) or cost nothing."""
    from django.utils import timezone

    from afspraken.flow import berichten
    from notifications import api as post
    from notifications import jobs
    from tests.outbox.helpers import World

    if echt:
        post.register_context_provider(berichten.context, many=berichten.contexts)
    else:
        post.register_context_provider(World())
    started = time.perf_counter()
    while post.queue_health(timezone.now()).oldest_due_seconds:
        jobs.drain()
    return {"seconden": time.perf_counter() - started}


def bare(*, aantal: int, draden: int, echt: bool = False) -> dict[str, Any]:
    """The official client with our own transport and as many threads; no database, nothing written down."""
    client, parameters = _client()
    tekst = _ECHTE_TEXT if echt else _TEXT
    uuid = "00000000-0000-0000-0000-000000000000"

    def send(number: int) -> None:
        message = client.messages.create(
            to=f"+316{number:08d}",
            body=tekst,
            status_callback=f"http://testserver/webhooks/twilio/status/{uuid}#ct=4000&rt=10000&rc=5&rp=all",
            validity_period=36_000,
            **parameters,
        )
        assert message.sid

    # Warm up: as many connections as there are threads.
    with ThreadPoolExecutor(draden) as pool:
        started = time.perf_counter()
        for _ in pool.map(send, range(aantal)):
            pass
        return {"seconden": time.perf_counter() - started}


_made: list[Any] = []


def _client() -> tuple[Any, dict[str, str]]:
    """One client for all, as the gateway has; its pool is as large as ours."""
    from django.conf import settings
    from twilio.rest import Client

    from notifications.gateways import http as transport
    from notifications.gateways.twilio.client import PooledHttpClient

    if not _made:
        url = settings.TWILIO_API_URL
        pool = transport.pool_for(url, size=2 * settings.NOTIFICATIONS_THREADS)
        _made.append(
            Client(
                username=settings.TWILIO_ACCOUNT_SID,
                password=settings.TWILIO_AUTH_TOKEN,
                http_client=PooledHttpClient(base_url=url, pool=pool),
            )
        )
    return _made[0], {"from_": settings.TWILIO_FROM}


def raw(*, aantal: int, tekst: str = _TEXT) -> dict[str, Any]:
    """One kept connection, one thread, no client: what the wire and the provider's double can do."""
    from django.conf import settings

    host = urlsplit(settings.TWILIO_API_URL)
    path = f"/2010-04-01/Accounts/{settings.TWILIO_ACCOUNT_SID}/Messages.json"
    key = b64encode(f"{settings.TWILIO_ACCOUNT_SID}:{settings.TWILIO_AUTH_TOKEN}".encode()).decode()
    headers = {"Authorization": f"Basic {key}", "Content-Type": "application/x-www-form-urlencoded"}
    connection = http.client.HTTPConnection(host.hostname or "", host.port)
    started = time.perf_counter()
    for number in range(aantal):
        body = urlencode({"To": f"+316{number:08d}", "From": settings.TWILIO_FROM, "Body": tekst})
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 201, answer.status
    connection.close()
    return {"seconden": time.perf_counter() - started}


def told() -> dict[str, Any]:
    """How the messages planned last stand: how many there are, how many were accepted, and attempts made."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE status = 'accepted' AND vendor_id <> ''), "
            "coalesce(sum(attempts_made), 0) FROM notifications_message WHERE created_at >= "
            "(SELECT max(created_at) FROM notifications_message)"
        )
        rows, accepted, attempts = cursor.fetchone()
    return {"rijen": rows, "geaccepteerd": accepted, "pogingen": attempts}


def celery_tasks(*, aantal: int) -> dict[str, Any]:
    """As many tasks in Redis."""
    from tests.bench import motor_taken

    with motor_taken.app.producer_pool.acquire(block=True) as producer:
        for number in range(aantal):
            motor_taken.celery_send.apply_async((f"+316{number:08d}", _TEXT), producer=producer)
    return {}


def q_tasks(*, aantal: int) -> dict[str, Any]:
    """As many tasks in the table of django-q2, there all at once."""
    from django.db import transaction
    from django_q.tasks import async_task

    with transaction.atomic():
        for number in range(aantal):
            async_task("tests.bench.motor_taken.send", f"+316{number:08d}", _TEXT)
    return {}


def prepare() -> dict[str, Any]:
    """Tables, the cache's table, and the texts that ship."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    return {}


def appointments(*, aantal: int) -> dict[str, Any]:
    """Appointments of two weeks ahead, each with a client of its own."""
    from tests.bench import motor_wereld

    motor_wereld.appointments(aantal)
    return {}


def history(*, aantal: int) -> dict[str, Any]:
    """A year of messages that are over."""
    from tests.bench import motor_verleden

    return dict(motor_verleden.fill(aantal))


COMMANDS: dict[str, Callable[..., dict[str, Any]]] = {
    "alive": motor_klok.alive,
    "all_accepted": motor_klok.all_accepted,
    "appointments": appointments,
    "bare": bare,
    "burst": motor_klok.burst,
    "celery_tasks": celery_tasks,
    "drain": drain,
    "empty": empty,
    "history": history,
    "plan": plan,
    "prepare": prepare,
    "q_tasks": q_tasks,
    "raw": raw,
    "singles": motor_klok.singles,
    "soon": motor_klok.soon,
    "told": told,
}


def main() -> int:
    """Read commands until the input ends."""
    import django

    django.setup()
    from notifications import api as post
    from tests.outbox.helpers import KIND

    post.register_kinds([KIND])
    from django.conf import settings

    _say({"pid": os.getpid(), "draden": settings.NOTIFICATIONS_THREADS})
    for line in sys.stdin:
        asked = json.loads(line)
        _say(COMMANDS[asked.pop("doe")](**asked))
    return 0


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
