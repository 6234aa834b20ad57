"""Raw servers that misbehave below HTTP: connecting, sending and reading each end, and what that means."""

import socket
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.retry import Verdict
from notifications.gateways import connections, http
from notifications.gateways.base import Attachment
from notifications.gateways.sendgrid import gateway as sendgrid
from notifications.gateways.twilio import client, gateway
from tests.double.running import Double
from tests.gateways.outgoing import mail, sms
from tests.gateways.raw_server import PATIENCE, raw_server


def _ignore(over: threading.Event) -> None:
    over.wait(PATIENCE)


Twilio = Callable[[str], gateway.TwilioGateway]


def test_who_never_shakes_hands_was_told_nothing(twilio_at: Twilio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "CONNECT_SECONDS", 0.3)
    told: list[bytes] = []

    def listen(line: socket.socket) -> None:
        while part := line.recv(4096):
            told.append(part)

    with raw_server(listen) as port:
        outcome = twilio_at(f"https://localhost:{port}").send(sms())
    assert outcome.verdict is Verdict.TEMPORARY
    assert b"Authorization" not in b"".join(told)


def test_a_hand_that_is_withdrawn_was_told_nothing(twilio_at: Twilio) -> None:
    with raw_server(lambda line: line.close()) as port:
        assert twilio_at(f"https://localhost:{port}").send(sms()).verdict is Verdict.TEMPORARY


def test_plain_words_where_tls_should_be(twilio_at: Twilio) -> None:
    with raw_server(lambda line: line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        assert twilio_at(f"https://localhost:{port}").send(sms()).verdict is Verdict.TEMPORARY


def test_the_next_address_of_a_host_is_tried(double: Double, monkeypatch: pytest.MonkeyPatch) -> None:
    known = socket.getaddrinfo("127.0.0.1", int(double.url.rsplit(":", 1)[1]), type=socket.SOCK_STREAM)
    closed = socket.getaddrinfo("127.0.0.1", 9, type=socket.SOCK_STREAM)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [*closed, *closed, *known])
    assert gateway.from_settings().send(sms()).verdict is Verdict.ACCEPTED


def test_many_addresses_get_the_time_of_one(twilio_at: Twilio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "CONNECT_SECONDS", 1.0)
    monkeypatch.setattr(connections, "_LEAST", 0.05)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        # Its queue is full: who comes now is not answered, as behind a broken firewall.
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        found = socket.getaddrinfo("127.0.0.1", port, type=socket.SOCK_STREAM)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found * 60)
        started = time.monotonic()
        outcome = twilio_at(f"http://127.0.0.1:{port}").send(sms())
        took = time.monotonic() - started
        for each in waiting:
            each.close()
    assert outcome.verdict is Verdict.TEMPORARY
    assert took < PATIENCE, "sixty addresses of one second each"


def test_a_name_that_does_not_exist_got_nothing(twilio_at: Twilio, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    outcome = twilio_at("https://api.twilio.com").send(sms())
    assert (outcome.verdict, outcome.vendor_code) == (Verdict.TEMPORARY, "NameResolutionError")


def test_who_does_not_listen_is_not_talked_to_for_ever(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "CONNECT_SECONDS", 0.5)
    over = threading.Event()
    with raw_server(lambda line: _ignore(over)) as port:
        settings.SENDGRID_API_KEY, settings.SENDGRID_FROM_EMAIL = "k", "a@b.nl"
        settings.SENDGRID_API_URL = f"http://127.0.0.1:{port}"
        big = Attachment(filename="x", content_type="text/plain", content=b"x" * 16_000_000)
        started = time.monotonic()
        outcome = sendgrid.from_settings().send(mail(attachments=(big,)))
        took = time.monotonic() - started
        over.set()
    assert outcome.verdict is Verdict.UNKNOWN
    assert took < PATIENCE


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFF\r\n{",
        b"HTTP/1.1 201 Created\r\nContent-Length: 99999999999999999\r\n\r\n{",
        b"HTTP/1.1 201 Created\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 201 Created\r\n" + b"X: y\r\n" * 5000,
        b"HTTP/1.1 201 Created\r\nX: " + b"y" * 100_000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000,
        b"HTTP/1.1 201 Created\r\n\r\n" + b"[" * 900_000,
        b"HTTP/1.1 201 Created\r\n\r\n\xff\xfe{}",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n{}",
        b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"",
    ],
)
def test_nonsense_is_unknown(twilio_at: Twilio, answer: bytes) -> None:
    def act(line: socket.socket) -> None:
        line.recv(65536)
        line.sendall(answer)
        line.shutdown(socket.SHUT_WR)
        line.recv(1)

    with raw_server(act) as port:
        outcome = twilio_at(f"http://127.0.0.1:{port}").send(sms())
    assert outcome.verdict is Verdict.UNKNOWN


def test_a_request_is_one_packet(twilio_at: Twilio) -> None:
    packets: list[bytes] = []

    def act(line: socket.socket) -> None:
        packets.append(line.recv(65536))
        line.sendall(b'HTTP/1.1 201 Created\r\nContent-Length: 45\r\n\r\n{"sid": "SM' + b"a" * 32 + b'"}')

    with raw_server(act) as port:
        outcome = twilio_at(f"http://127.0.0.1:{port}").send(sms())
    assert outcome.verdict is Verdict.ACCEPTED
    head, _, body = packets[0].partition(b"\r\n\r\n")
    assert dict(parse_qsl(body.decode()))["To"] == sms().address
    assert b"accept-encoding: identity" in head.lower()


@pytest.mark.parametrize(
    ("setting", "url", "host"),
    [
        ("TWILIO_API_URL", "https://api.dublin.ie1.twilio.com", "api.dublin.ie1.twilio.com"),
        ("TWILIO_API_URL", "https://api.twilio.com/", "api.twilio.com"),
        ("SENDGRID_API_URL", "https://api.eu.sendgrid.com", "api.eu.sendgrid.com"),
    ],
)
def test_the_setting_alone_decides_where_it_goes(
    settings: Any, monkeypatch: pytest.MonkeyPatch, setting: str, url: str, host: str
) -> None:
    asked: list[str] = []

    def note(name: str, *_: Any, **__: Any) -> Any:
        asked.append(name)
        raise socket.gaierror(-2, "not in a test")

    monkeypatch.setattr(socket, "getaddrinfo", note)
    # What the official client would take from the environment plays no part.
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    monkeypatch.setenv("TWILIO_REGION", "au1")
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FROM = "AC1", "t", "Gemeente"
    settings.SENDGRID_API_KEY, settings.SENDGRID_FROM_EMAIL = "k", "a@b.nl"
    setattr(settings, setting, url)
    if setting == "TWILIO_API_URL":
        gateway.from_settings().send(sms())
    else:
        sendgrid.from_settings().send(mail())
    assert asked == [host]


@pytest.mark.parametrize("threads", [1, 32])
def test_there_is_a_connection_for_every_thread(double: Double, settings: Any, threads: int) -> None:
    settings.NOTIFICATIONS_THREADS = threads
    for pool in (gateway.from_settings()._client.http_client._pool, sendgrid.from_settings()._client.pool):
        assert pool.connection_pool_kw["maxsize"] >= threads


def test_connections_outlive_a_burst(double: Double, settings: Any) -> None:
    settings.NOTIFICATIONS_THREADS = 16
    double.latency(ms=30)
    made = gateway.from_settings()

    def burst() -> None:
        threads = [threading.Thread(target=made.send, args=(sms(),)) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    for _ in range(3):
        burst()
    double.latency()
    pool = made._client.http_client._pool
    (one_host,) = [pool.pools[key] for key in pool.pools.keys()]  # noqa: SIM118
    assert (one_host.num_requests, one_host.num_connections <= 16) == (48, True)


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.booleans(), st.lists(st.text()))))
def test_a_form_is_written_as_the_standard_library_does(fields: dict[str, Any]) -> None:
    assert client._form(fields) == urlencode(fields, doseq=True).encode()
