"""The official client on a pool: its own opens a new connection, TLS and all, for every mail."""

from typing import Any
from urllib.request import Request

import urllib3
from python_http_client.client import Client as RestClient
from sendgrid import SendGridAPIClient


class PooledRestClient(RestClient):  # type: ignore[misc]  # the SDK has no types
    """Builds requests as the official client does, and sends them over the pool.

    An error status is returned and not raised, so that the gateway sees the headers too.
    """

    def __init__(self, *, pool: urllib3.PoolManager, **options: Any) -> None:
        super().__init__(**options)
        self._pool = pool

    def _build_client(self, name: str | None = None) -> "PooledRestClient":
        return PooledRestClient(
            pool=self._pool,
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=[*self._url_path, name] if name else self._url_path,
            append_slash=self.append_slash,
            timeout=self.timeout,
        )

    def _make_request(self, opener: Any, request: Request, timeout: float | None = None) -> Any:
        answer = self._pool.request(
            request.get_method(),
            request.full_url,
            body=request.data,  # type: ignore[arg-type]
            headers=dict(request.headers),
            redirect=False,
        )
        return _Answer(answer)


class _Answer:
    """What the official client expects of an answer."""

    def __init__(self, answer: urllib3.BaseHTTPResponse) -> None:
        self._answer = answer

    def getcode(self) -> int:
        return self._answer.status

    def read(self) -> bytes:
        return self._answer.data

    def info(self) -> Any:
        return self._answer.headers


def make(*, api_key: str, base_url: str, pool: urllib3.PoolManager) -> SendGridAPIClient:
    """The official client, sending to ``base_url`` over ``pool``."""
    client = SendGridAPIClient(api_key=api_key, host=base_url.rstrip("/"))
    client.client = PooledRestClient(
        pool=pool,
        host=client.host,
        # The headers that the client made for itself: key, user agent, accept.
        request_headers=client.client.request_headers,
        version=3,
    )
    return client
