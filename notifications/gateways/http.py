"""One pooled connection manager per gateway, and what each of its failures means.

The official clients bring slow or endless-waiting transports of their own; both let another one be
put in. What this one saves is in docs/adr/0010.
"""

import logging
import ssl
import urllib.request
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways.base import Outcome
from notifications.gateways.connections import bound

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
# Connecting, sending (which may take as long as connecting) and the whole answer.
CALL_SECONDS = 2 * CONNECT_SECONDS + READ_SECONDS

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

# At DEBUG they log addresses with phone numbers in them, and whole mails.
for _noisy in ("urllib3", "python_http_client", "twilio"):
    logging.getLogger(_noisy).setLevel(logging.WARNING)


class UnsafeAddress(ValueError):
    """An API address that would send keys and texts over the network in the clear."""


class RateLimited(Exception):
    """The provider answered 429: it did nothing, and says when to come back (seconds, or None)."""

    def __init__(self, retry_after: float | None) -> None:
        super().__init__("429")
        self.retry_after = retry_after


class ServerTrouble(Exception):
    """An answer that leaves open whether the request was carried out."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def leaves_open(status: int) -> bool:
    """Whether an answer with this status says nothing about what was done: no success, and no refusal either."""
    # 408: the request came in too slowly, or so a proxy thought.
    return not 200 <= status < 300 and (status < 400 or status >= 500 or status == 408)


def pool_for(base_url: str, *, size: int) -> urllib3.PoolManager:
    """A pool of kept connections; certificates are checked, nothing is retried or redirected.

    The machine's proxy settings (HTTPS_PROXY, NO_PROXY) are honoured. Raises :class:`UnsafeAddress`
    for plain http to another machine.
    """
    parts = urlsplit(base_url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise UnsafeAddress(f"{parts.scheme}://{parts.hostname} is not https")
    options = {
        "maxsize": size,
        "retries": False,
        "timeout": urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
    }
    proxy = urllib.request.getproxies().get(parts.scheme)
    host = parts.hostname or ""
    if proxy and host not in _LOOPBACK and not urllib.request.proxy_bypass(host):
        return bound(urllib3.ProxyManager(proxy, proxy_headers=_proxy_headers(proxy), **options))  # type: ignore[arg-type]
    return bound(urllib3.PoolManager(**options))  # type: ignore[arg-type]


def _proxy_headers(proxy: str) -> dict[str, str]:
    """The name and password that stand in the address of a proxy."""
    auth = urllib3.util.parse_url(proxy).auth
    return urllib3.make_headers(proxy_basic_auth=unquote(auth)) if auth else {}


def meaning_of(problem: Exception) -> Outcome:
    """What a failed call means. Only failures before the request could leave are "not sent"."""
    if isinstance(problem, RateLimited):
        return Outcome(
            verdict=Verdict.TEMPORARY,
            reason=Reason.RATE_LIMITED,
            vendor_code="429",
            retry_after=problem.retry_after,
        )
    if isinstance(problem, ServerTrouble):
        return Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER, vendor_code=str(problem.status))
    name = type(problem).__name__
    if isinstance(problem, HTTPError) and never_left(problem):
        return Outcome(verdict=Verdict.TEMPORARY, reason=Reason.PROVIDER_ERROR, vendor_code=name)
    return Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER, vendor_code=name)


def never_left(problem: HTTPError) -> bool:
    """Whether the connection was never made, so that nothing can have been received."""
    if isinstance(problem, MaxRetryError):
        return isinstance(problem.reason, HTTPError) and never_left(problem.reason)
    if isinstance(problem, ProxyError):
        original = problem.original_error
        return isinstance(original, HTTPError) and never_left(original)
    if isinstance(problem, NewConnectionError | ConnectTimeoutError):
        return True
    # A certificate is judged before the first byte of the request; other TLS faults may come later.
    return isinstance(problem, SSLError) and any(
        isinstance(each, ssl.SSLCertVerificationError)
        for each in (*problem.args, problem.__cause__, problem.__context__)
    )


def retry_after(value: str | None, *, now: datetime | None = None) -> float | None:
    """The seconds in a Retry-After header, which may be a number or a date; nonsense counts as absent."""
    text = (value or "").strip()
    try:
        seconds = float(text)
    except ValueError:
        moment = _http_date(text)
        if moment is None:
            return None
        seconds = max((moment - (now or datetime.now(UTC))).total_seconds(), 0.0)
    return seconds if 0 <= seconds < 1e6 else None


def reset_after(value: str | None, *, now: datetime | None = None) -> float | None:
    """The seconds until the moment in an X-RateLimit-Reset header (seconds since 1970); nonsense counts as absent."""
    try:
        moment = datetime.fromtimestamp(float(value or ""), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    seconds = (moment - (now or datetime.now(UTC))).total_seconds()
    return max(seconds, 0.0) if seconds < 1e6 else None


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    # "-0000" makes a moment without a zone; HTTP knows only one.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
