"""The official client with a transport that has a pool, time limits and no opinions."""

from functools import lru_cache
from logging import getLogger
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import urllib3
from twilio.http import HttpClient
from twilio.http.response import Response

from notifications.gateways.connections import Line
from notifications.gateways.http import RateLimited, ServerTrouble, leaves_open, retry_after


class PooledHttpClient(HttpClient):  # type: ignore[misc]  # the SDK has no types
    """Sends what the client asks to ``base_url``, whatever host the client has in mind.

    429 and answers that leave the outcome open are raised here, because the client's own exception
    does not carry the headers.
    """

    def __init__(self, *, base_url: str, pool: urllib3.PoolManager) -> None:
        super().__init__(getLogger("twilio"), is_async=False)
        self._pool = pool
        self._line = Line(pool, base_url)

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | bytes | None = None,  # fields of a form, or the form as it goes over the line
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # ours are set on the pool
        allow_redirects: bool = False,  # never
    ) -> Response:
        """One request; raises urllib3's HTTPError, RateLimited or ServerTrouble."""
        parts = urlsplit(uri)
        query = urlencode(params, doseq=True) if params else parts.query
        sent = dict(headers or {})
        if auth is not None:
            sent["Authorization"] = _basic(*auth)
        answer = self._line.ask(
            method.upper(),
            parts.path + (f"?{query}" if query else ""),
            body=data if isinstance(data, bytes) else _form(data) if data else None,
            headers=sent,
        )
        if answer.status == 429:
            raise RateLimited(retry_after(answer.headers.get("retry-after")))
        if leaves_open(answer.status):
            raise ServerTrouble(answer.status)
        # Of a refusal the numbers count; of a success every letter, because messages are recognised by it.
        text = answer.body.decode("utf-8", "replace" if answer.status >= 400 else "strict")
        return Response(answer.status, text, answer.headers)


# What every byte becomes in a form.
_QUOTED = {byte: quote_plus(bytes([byte])) for byte in range(256)}


def _form(fields: dict[str, Any]) -> bytes:
    """As ``urlencode(fields, doseq=True)``, which looks at each letter of a text by itself: a tenth of a call."""
    if any(isinstance(value, list | tuple | bytes) for value in fields.values()):
        return urlencode(fields, doseq=True).encode()
    return "&".join(f"{quoted(name)}={quoted(str(value))}" for name, value in fields.items()).encode()


def quoted(text: str) -> str:
    """A name or a value as it stands in a form."""
    return text.encode().decode("latin-1").translate(_QUOTED)


@lru_cache(maxsize=4)
def _basic(name: str, secret: str) -> str:
    return urllib3.make_headers(basic_auth=f"{name}:{secret}")["authorization"]
