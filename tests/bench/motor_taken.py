"""One task per message, as it is usually done: a task of Celery and one of django-q2, each a call of the client.

No database, nothing claimed and nothing written down: whatever they are slower, it is not for what they do more.
They get our transport too, which is faster than the client's own.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

from celery import Celery  # type: ignore[import-untyped]
from twilio.rest import Client

from notifications.gateways import http
from notifications.gateways.twilio.client import PooledHttpClient

_CALLBACK = "http://testserver/webhooks/twilio/status/00000000-0000-0000-0000-000000000000#ct=4000&rt=10000&rc=5&rp=all"

app = Celery("bench", broker=os.environ.get("BENCH_BROKER", ""))
app.conf.update(task_ignore_result=True, broker_connection_retry_on_startup=True)


@lru_cache(maxsize=1)
def _client(_process: int) -> Any:
    """One per process, with the connection kept."""
    url = os.environ["TWILIO_API_URL"]
    transport = PooledHttpClient(base_url=url, pool=http.pool_for(url, size=4))
    return Client(
        username=os.environ["TWILIO_ACCOUNT_SID"], password=os.environ["TWILIO_AUTH_TOKEN"], http_client=transport
    )


def send(number: str, text: str) -> None:
    """The task of django-q2, by its dotted name."""
    message = _client(os.getpid()).messages.create(
        to=number, from_=os.environ["TWILIO_FROM"], body=text, status_callback=_CALLBACK, validity_period=36_000
    )
    assert message.sid


celery_send = app.task(name="bench.send")(send)
