"""Requests and answers as bytes: whole, in any number of parts, and nothing that a value could smuggle in."""

import socket
from http.client import responses
from itertools import pairwise
from typing import cast
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.gateways import http
from notifications.gateways.connections import Line
from notifications.gateways.wire import MOST_BYTES, Answer, NoAnswer, Reading, packet
from tests.gateways.raw_server import raw_server

# In seconds; nothing here takes as long.
PATIENCE = 20.0
TOKENS = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=3, max_size=12).map(lambda word: f"x-{word}")
VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30)
# What has a body, and a way to say how long it is.
STATUSES = st.sampled_from(sorted(status for status in responses if status >= 200 and status not in (204, 304)))


class _Line:
    """A socket over which these parts come, each at a time of its own."""

    def __init__(self, parts: list[bytes], *, hang_up: bool) -> None:
        self._parts = parts
        self._hang_up = hang_up

    def recv(self, size: int) -> bytes:
        if not self._parts:
            assert self._hang_up, "asked for more than there is: a real line would be waited for"
            return b""
        part = self._parts.pop(0)
        if part[size:]:
            self._parts.insert(0, part[size:])
        return part[:size]

    def settimeout(self, seconds: float) -> None:
        assert 0 < seconds <= PATIENCE


def _sent(parts: list[bytes], *, hang_up: bool = True) -> tuple[Answer, bool]:
    """What is read of these parts, and whether the line is kept."""
    reading = Reading()
    answer = reading.read(cast("socket.socket", _Line(parts, hang_up=hang_up)), PATIENCE)
    return answer, reading.kept


def _split(said: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted({place % (len(said) + 1) for place in places}), len(said)]
    return [said[begin:end] for begin, end in pairwise(edges) if begin < end]


def _framed(how: str, body: bytes) -> tuple[bytes, bytes]:
    if how == "length":
        return b"Content-Length: %d\r\n" % len(body), body
    if how == "chunks":
        chunks = [body[place : place + 7] for place in range(0, len(body), 7)]
        return b"Transfer-Encoding: chunked\r\n", b"".join(b"%x\r\n%b\r\n" % (len(c), c) for c in [*chunks, b""])
    return b"", body


@given(
    status=STATUSES,
    headers=st.dictionaries(TOKENS, VALUES, max_size=4),
    body=st.binary(max_size=200),
    how=st.sampled_from(["length", "chunks", "until the end"]),
    places=st.lists(st.integers(0, 10_000), max_size=8),
)
def test_an_answer_is_the_same_in_any_number_of_parts(
    status: int, headers: dict[str, str], body: bytes, how: str, places: list[int]
) -> None:
    length, framed = _framed(how, body)
    named = b"".join(f"{name.title()}: {value}\r\n".encode() for name, value in headers.items())
    said = f"HTTP/1.1 {status} Word\r\n".encode() + named + length + b"\r\n" + framed
    answer, kept = _sent(_split(said, places), hang_up=how == "until the end")
    assert (answer.status, answer.body) == (status, body)
    assert {name: answer.headers[name] for name in headers} == {n: v.strip() for n, v in headers.items()}
    assert kept is (how != "until the end")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n\0\0\0", False),
    ],
)
def test_a_line_is_kept_when_it_is_agreed_to_and_empty(said: bytes, kept: bool) -> None:
    answer, found = _sent([said], hang_up=False)
    assert (answer.body, found) == (b"", kept)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"<html>",
    ],
)
def test_less_than_an_answer_is_none(said: bytes) -> None:
    with pytest.raises(NoAnswer):
        _sent([said])


def test_more_than_an_answer_can_be_is_none() -> None:
    with pytest.raises(NoAnswer, match="more than"):
        _sent([b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 1024] * (MOST_BYTES // 1024 + 1)], hang_up=False)


def test_of_a_header_that_comes_twice_the_first_counts() -> None:
    answer, _ = _sent([b"HTTP/1.1 429 Slow\r\nRetry-After: 3\r\nretry-after: 9\r\nContent-Length: 0\r\n\r\n"])
    assert answer.headers["retry-after"] == "3"


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/a b", {}),
        ("/a\r\nX: y", {}),
        ("", {}),
        ("/é", {}),
        ("/a", {"X": "y\r\nTo: z"}),
        ("/a", {"X": "y\n"}),
        ("/a", {"X": "y\r"}),
        ("/a", {"X": "y\0"}),
        ("/a", {"X\r\nY": "z"}),
        ("/a", {"X": "€"}),
    ],
)
def test_nothing_can_be_smuggled_into_a_request(target: str, headers: dict[str, str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # also that of a letter that no header can have
        packet("POST", target, "host", headers, b"")


@pytest.mark.parametrize("url", ["http://localhost:{}", "http://127.0.0.1:{}/prefix"])
def test_a_request_says_where_it_goes(url: str) -> None:
    heads: list[list[bytes]] = []

    def act(line: socket.socket) -> None:
        while got := line.recv(65536):
            heads.append(got.partition(b"\r\n\r\n")[0].splitlines())
            line.sendall(b"HTTP/1.1 204 Empty\r\n\r\n")

    with raw_server(act) as port:
        at = url.format(port)
        line = Line(http.pool_for(at, size=1), at)
        assert line.ask("GET", "/x?y=1", body=None, headers={"A": "b"}).status == 204
    (head,) = heads
    assert head[0].decode() == f"GET {urlsplit(at).path}/x?y=1 HTTP/1.1"
    assert set(head[1:]) == {f"Host: {urlsplit(at).netloc}".encode(), b"Accept-Encoding: identity", b"A: b"}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.twilio.com", "api.twilio.com"),
        ("https://api.twilio.com:443/", "api.twilio.com"),
        ("https://api.twilio.com:8443", "api.twilio.com:8443"),
        ("http://[::1]:8090", "[::1]:8090"),
        ("http://localhost:80", "localhost"),
    ],
)
def test_the_name_of_the_host_in_a_request(url: str, host: str) -> None:
    assert Line(http.pool_for(url, size=1), url)._pool._host_header == host
