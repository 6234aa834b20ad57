"""Lines to a provider: over TLS, through a proxy, and never one answer for another."""

import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from notifications.domain.retry import Verdict
from notifications.gateways import http
from notifications.gateways.base import Attachment, Search
from notifications.gateways.sendgrid import gateway as sendgrid
from notifications.gateways.twilio import gateway
from tests.gateways.certificates import self_signed
from tests.gateways.outgoing import mail, sms
from tests.gateways.raw_server import raw_server

Twilio = Callable[[str], gateway.TwilioGateway]


def _taken(letter: str) -> bytes:
    body = b'{"sid": "SM' + letter.encode() * 32 + b'"}'
    return b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def _request(line: socket.socket) -> bytes:
    """One whole request; nothing when the other side has gone."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = line.recv(65536)
        if not part:
            return b""
        got += part
    return got


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """What a server on localhost needs to be believed."""
    file = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_over_tls_a_line_is_kept(twilio_at: Twilio, trusted: ssl.SSLContext) -> None:
    lines: list[int] = []

    def act(line: socket.socket) -> None:
        lines.append(0)
        while _request(line):
            lines[-1] += 1
            line.sendall(_taken("a"))

    with raw_server(act, tls=trusted) as port:
        made = twilio_at(f"https://localhost:{port}")
        assert [made.send(sms()).verdict for _ in range(3)] == [Verdict.ACCEPTED] * 3
    assert lines == [3]


def test_a_certificate_for_another_name_is_told_nothing(twilio_at: Twilio, trusted: ssl.SSLContext) -> None:
    told: list[bytes] = []
    with raw_server(lambda line: told.append(_request(line)), tls=trusted) as port:
        assert twilio_at(f"https://127.0.0.1:{port}").send(sms()).verdict is Verdict.TEMPORARY
    assert b"".join(told) == b""


def _proxy(monkeypatch: pytest.MonkeyPatch, port: int, *, login: str = "") -> None:
    monkeypatch.setattr(http, "_LOOPBACK", frozenset({"127.0.0.1"}))
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://{login}127.0.0.1:{port}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def _pump(one: socket.socket, other: socket.socket) -> None:
    try:
        while part := one.recv(65536):
            other.sendall(part)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        return


def test_through_a_proxy_that_knows_us(
    twilio_at: Twilio, trusted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads: list[bytes] = []
    told: list[bytes] = []

    def provider(line: socket.socket) -> None:
        while asked := _request(line):
            told.append(asked)
            # Every second time it hangs up without a word about it.
            line.sendall(_taken("a"))
            if len(told) == 2:
                return

    def proxy(line: socket.socket) -> None:
        if not (head := _request(line)):
            return
        heads.append(head)
        # In two packets, as some of them do.
        line.sendall(b"HTTP/1.1 200 Connection established\r\n")
        threading.Event().wait(0.05)
        line.sendall(b"\r\n")
        with socket.create_connection(("127.0.0.1", port)) as onward:
            threading.Thread(target=_pump, args=(onward, line), daemon=True).start()
            _pump(line, onward)

    with raw_server(provider, tls=trusted) as port, raw_server(proxy) as gate:
        _proxy(monkeypatch, gate, login="gemeente:w%40chtwoord@")
        made = twilio_at(f"https://localhost:{port}")
        assert [made.send(sms()).verdict for _ in range(2)] == [Verdict.ACCEPTED] * 2
        threading.Event().wait(0.2)
        assert made.send(sms()).verdict is Verdict.ACCEPTED
    assert [head.splitlines()[0].split()[:2] for head in heads] == [[b"CONNECT", b"localhost:%d" % port]] * 2
    assert [head.lower().count(b"\r\nhost:") for head in heads] == [1, 1]
    login = b"Basic " + b64encode(b"gemeente:w@chtwoord")
    assert all(login in head for head in heads)
    assert not any(b"proxy-authorization" in asked.lower() for asked in told)
    assert not any(b"Body=" in head for head in heads)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 502 Bad Gateway\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"",
    ],
)
def test_a_proxy_that_lets_nothing_through_got_nothing(
    twilio_at: Twilio, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    def act(line: socket.socket) -> None:
        _request(line)
        line.sendall(answer)

    with raw_server(act) as gate:
        _proxy(monkeypatch, gate)
        made = twilio_at("https://localhost:9")
        assert made.send(sms()).verdict is Verdict.TEMPORARY
        since = datetime(2026, 11, 25, tzinfo=UTC)
        search = Search(address="+31612345678", since=since, recognise=lambda _: True, taken=lambda _: False)
        assert made.search(search).found is None


@pytest.mark.parametrize("status", [b"100 Continue", b"102 Processing", b"103 Early Hints"])
@pytest.mark.parametrize("apart", [True, False])
def test_a_word_before_the_answer_is_not_the_answer(twilio_at: Twilio, status: bytes, apart: bool) -> None:
    """What comes for the first must never be taken for the answer to the next."""

    def act(line: socket.socket) -> None:
        while asked := _request(line):
            letter = "a" if b"%2B31600000001" in asked else "b"
            word = b"HTTP/1.1 " + status + b"\r\nLink: x\r\n\r\n" if letter == "a" else b""
            if apart and word:
                line.sendall(word)
                threading.Event().wait(0.1)
                word = b""
            line.sendall(word + _taken(letter))

    with raw_server(act) as port:
        made = twilio_at(f"http://127.0.0.1:{port}")
        first = made.send(sms(address="+31600000001"))
        second = made.send(sms(address="+31600000002"))
    assert (first.verdict, first.vendor_id) == (Verdict.ACCEPTED, "SM" + "a" * 32)
    assert (second.verdict, second.vendor_id) == (Verdict.ACCEPTED, "SM" + "b" * 32)


def test_what_waits_behind_an_answer_is_never_read(twilio_at: Twilio, trusted: ssl.SSLContext) -> None:
    """In one TLS record with it, where the socket itself looks empty."""

    def act(line: socket.socket) -> None:
        while asked := _request(line):
            if b"%2B31600000002" in asked:
                line.sendall(_taken("b"))
                continue
            body = b'{"sid": "SM' + b"a" * 32 + b'"}'
            head = b"HTTP/1.1 201 Created\r\nContent-Length: 8000\r\nX-Fill: "
            head += b"x" * (8192 - 8000 - len(head) - 4) + b"\r\n\r\n"
            line.sendall(head + body + b" " * (8000 - len(body)) + _taken("c"))

    with raw_server(act, tls=trusted) as port:
        made = twilio_at(f"https://localhost:{port}")
        first = made.send(sms(address="+31600000001"))
        second = made.send(sms(address="+31600000002"))
    assert first.vendor_id == "SM" + "a" * 32
    assert second.vendor_id == "SM" + "b" * 32


def test_who_refuses_a_big_mail_early_is_heard(settings: Any) -> None:
    def act(line: socket.socket) -> None:
        line.recv(1000)
        line.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}")
        line.shutdown(socket.SHUT_WR)
        # Read on for a while, or the answer would be thrown away with what was not read.
        for _ in range(200):
            if not line.recv(65536):
                return

    with raw_server(act) as port:
        settings.SENDGRID_API_KEY, settings.SENDGRID_FROM_EMAIL = "k", "a@b.nl"
        settings.SENDGRID_API_URL = f"http://127.0.0.1:{port}"
        big = Attachment(filename="x", content_type="text/plain", content=b"x" * 20_000_000)
        outcome = sendgrid.from_settings().send(mail(attachments=(big,)))
    assert outcome.vendor_code == "413"


def test_a_family_that_this_machine_does_not_have(twilio_at: Twilio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host with an IPv6 address first, on a machine without IPv6."""

    def act(line: socket.socket) -> None:
        _request(line)
        line.sendall(_taken("a"))

    with raw_server(act) as port:
        known = socket.getaddrinfo("127.0.0.1", port, type=socket.SOCK_STREAM)
        strange = [(12345, *known[0][1:])]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [*strange, *known])
        assert twilio_at(f"http://127.0.0.1:{port}").send(sms()).verdict is Verdict.ACCEPTED
