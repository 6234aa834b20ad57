"""The official client with a transport that has a pool, time limits and no opinions."""

from logging import getLogger
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3
from twilio.http import HttpClient
from twilio.http.response import Response

from notifications.gateways.http import RateLimited, ServerTrouble, retry_after


class PooledHttpClient(HttpClient):  # type: ignore[misc]  # the SDK has no types
    """Sends what the client asks to ``base_url``, whatever host the client has in mind.

    429 and answers that leave the outcome open are raised here, because the client's own exception
    does not carry the headers.
    """

    def __init__(self, *, base_url: str, pool: urllib3.PoolManager) -> None:
        super().__init__(getLogger("twilio"), is_async=False)
        self._base_url = base_url.rstrip("/")
        self._pool = pool

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # ours are set on the pool
        allow_redirects: bool = False,  # never
    ) -> Response:
        """One request; raises urllib3's HTTPError, RateLimited or ServerTrouble."""
        parts = urlsplit(uri)
        query = urlencode(params, doseq=True) if params else parts.query
        url = f"{self._base_url}{parts.path}" + (f"?{query}" if query else "")
        sent = dict(headers or {})
        if auth is not None:
            sent |= urllib3.make_headers(basic_auth=":".join(auth))
        answer = self._pool.request(
            method.upper(),
            url,
            body=urlencode(data, doseq=True).encode() if data else None,
            headers=sent,
            redirect=False,
        )
        if answer.status == 429:
            raise RateLimited(retry_after(answer.headers.get("Retry-After")))
        if answer.status >= 500 or 300 <= answer.status < 400:
            raise ServerTrouble(answer.status)
        return Response(answer.status, answer.data.decode("utf-8"), answer.headers)
