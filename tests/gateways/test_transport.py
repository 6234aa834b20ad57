"""TLS is checked, plain http only reaches this machine, and what a fault means is decided once."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import urllib3
from urllib3 import exceptions as faults

from notifications.domain.retry import Verdict
from notifications.gateways import http
from notifications.gateways.twilio import gateway as twilio
from tests.gateways.certificates import self_signed
from tests.gateways.outgoing import sms


@pytest.fixture
def impostor(tmp_path: Path) -> Iterator[tuple[str, list[bytes]]]:
    """A server with a certificate that nobody vouches for; keeps what it is told."""
    file = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    told: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            raw, _ = listener.accept()
            with context.wrap_socket(raw, server_side=True) as secure:
                told.append(secure.recv(1000))
        except OSError:
            return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"https://localhost:{listener.getsockname()[1]}", told
    listener.close()
    thread.join(2)


def test_an_impostor_is_told_nothing(impostor: tuple[str, list[bytes]], settings: Any) -> None:
    url, told = impostor
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC1", "token"
    settings.TWILIO_FROM, settings.TWILIO_API_URL = "+3197010200000", url
    outcome = twilio.from_settings().send(sms())

    assert outcome.verdict is Verdict.TEMPORARY, "nothing was sent, so it may be tried again"
    assert told == []


@pytest.mark.parametrize("url", ["http://api.twilio.com", "http://127.0.0.1.example.nl", "ftp://127.0.0.1", "api"])
def test_plain_http_leaves_this_machine_never(url: str) -> None:
    with pytest.raises(http.UnsafeAddress):
        http.pool_for(url, size=1)


@pytest.mark.parametrize(
    "url", ["https://api.twilio.com", "http://127.0.0.1:8090", "http://[::1]:1", "http://localhost"]
)
def test_safe_addresses(url: str) -> None:
    assert isinstance(http.pool_for(url, size=1), urllib3.PoolManager)


_POOL: Any = object()


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (faults.NewConnectionError(_POOL, "refused"), Verdict.TEMPORARY),
        (faults.NameResolutionError("host", _POOL, socket.gaierror()), Verdict.TEMPORARY),
        (faults.ConnectTimeoutError(), Verdict.TEMPORARY),
        (faults.ProxyError("proxy", faults.NewConnectionError(_POOL, "x")), Verdict.TEMPORARY),
        (faults.SSLError(ssl.SSLCertVerificationError("unknown")), Verdict.TEMPORARY),
        (faults.ProxyError("proxy", OSError("tunnel")), Verdict.UNKNOWN),
        (faults.SSLError(ssl.SSLError("bad record")), Verdict.UNKNOWN),
        (faults.ReadTimeoutError(_POOL, "/", "slow"), Verdict.UNKNOWN),
        (faults.ProtocolError("reset"), Verdict.UNKNOWN),
        (faults.IncompleteRead(3, 7), Verdict.UNKNOWN),
        (http.ServerTrouble(503), Verdict.UNKNOWN),
        (http.RateLimited(3.0), Verdict.TEMPORARY),
        (ValueError("no json"), Verdict.UNKNOWN),
    ],
)
def test_only_what_never_left_is_safe_to_repeat(fault: Exception, verdict: Verdict) -> None:
    assert http.meaning_of(fault).verdict is verdict


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5.0),
        ("0", 0.0),
        ("1.5", 1.5),
        (None, None),
        ("", None),
        ("-1", None),
        ("nan", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 0.0),
        ("Wed, 02 Dec 2026 12:00:17 GMT", 17.0),
        ("Wednesday, 02-Dec-26 12:01:00 GMT", 60.0),
        ("Wed, 02 Dec 2026 12:00:05 -0000", 5.0),
        ("Wed, 02 Dec 2099 12:00:00 GMT", None),
        ("morgen", None),
        ("99999999999", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert http.retry_after(value, now=datetime(2026, 12, 2, 12, 0, tzinfo=UTC)) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1796212830", 30.0),
        ("1796212800", 0.0),
        ("1796212000", 0.0),
        ("1796212800.5", 0.5),
        ("99999999999", None),
        ("1e99", None),
        ("nan", None),
        ("", None),
        (None, None),
    ],
)
def test_the_moment_at_which_a_limit_is_lifted(value: str | None, seconds: float | None) -> None:
    assert http.reset_after(value, now=datetime(2026, 12, 2, 12, 0, tzinfo=UTC)) == seconds
