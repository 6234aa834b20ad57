"""The official client's key and headers on a pool of kept connections.

Its own transport opens a new connection, TLS and all, for every mail, and builds a new set of handlers first.
"""

import json
from typing import Any
from urllib.parse import urlsplit

import urllib3
from sendgrid import SendGridAPIClient

from notifications.gateways.connections import Line
from notifications.gateways.wire import Answer


class Mailer:
    """Sends mails for one account; safe to use from several threads at once."""

    def __init__(self, *, official: SendGridAPIClient, pool: urllib3.PoolManager) -> None:
        base_url = official.client.host
        self.pool = pool
        self._line = Line(pool, base_url)
        self._target = f"/v{official.client._version}/mail/send"  # noqa: SLF001  # it has no door of its own
        self._headers = {**official.client.request_headers, "Content-Type": "application/json"}

    def send(self, mail: dict[str, Any]) -> Answer:
        """One mail; raises urllib3's HTTPError."""
        body = json.dumps(mail, separators=(",", ":")).encode()
        return self._line.ask("POST", self._target, body=body, headers=self._headers)


def make(*, api_key: str, base_url: str, pool: urllib3.PoolManager) -> Mailer:
    """A mailer with the official client's key and headers, sending to ``base_url`` over ``pool``."""
    parts = urlsplit(base_url)
    official = SendGridAPIClient(api_key=api_key, host=parts.geturl().rstrip("/"))
    return Mailer(official=official, pool=pool)
