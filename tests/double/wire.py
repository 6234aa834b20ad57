"""HTTP/1.1 on one connection: requests read, answers written, and every way in which an answer can go wrong.

One event loop serves all connections. A thread per connection cost three times as much, and the double
then was what a benchmark of two workers measured.
"""

import asyncio
import json
import socket
import struct
from collections.abc import Callable
from typing import cast

from tests.double.answers import Answer, Request, form

_REASONS = {200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 429: "Too Many Requests"}
_BLOCK = b"x" * (256 * 1024)
MOST = 64 * 1024 * 1024

Serve = Callable[[Request, "Connection"], None]


class Connection(asyncio.Protocol):
    """One client. Requests are answered one after the other; ``serve`` answers by the methods below."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._busy = False
        self._left = 0
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._busy:
            self._next()

    def _next(self) -> None:
        """Take one whole request off what came in; half a one waits for the rest."""
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        lines = self._received[:end].decode("latin-1").split("\r\n")
        length, auth = 0, ""
        for line in lines[1:]:
            name, _, value = line.partition(":")
            word = name.lower()
            if word == "content-length":
                length = int(value)
            elif word == "authorization":
                auth = value.strip()
        whole = end + 4 + length
        if length > MOST:
            self.cut()
        if len(self._received) < whole or length > MOST:
            return
        body = bytes(self._received[end + 4 : whole])
        del self._received[:whole]
        method, target, _ = lines[0].split(" ", 2)
        path, _, query = target.partition("?")
        asked = form(query.encode("latin-1")) if query else {}
        self._busy = True
        self._serve(Request(method=method, path=path, query=asked, body=body, auth=auth), self)

    def answer(self, answer: Answer) -> None:
        """Answer as it should be."""
        payload = b"" if answer.body is None else json.dumps(answer.body).encode()
        self.answer_bytes(answer.status, payload, answer.headers)

    def answer_bytes(self, status: int, payload: bytes, headers: dict[str, str]) -> None:
        """Answer with any bytes."""
        self._write(_head(status, len(payload), headers) + payload)
        self._busy = False
        if self._received:
            self._next()

    def answer_partly(self, status: int, length: int, payload: bytes) -> None:
        """Promise ``length`` bytes, send some of them, and close."""
        self._write(_head(status, length, {}) + payload)
        if self._transport is not None:
            self._transport.close()

    def answer_slowly(self, status: int, length: int, pause: float, *, head: bool = False) -> None:
        """A byte at a time with ``pause`` seconds between, for as long as the client stays; ``head``: in the head."""
        begin = _head(status, length, {})
        if head:
            begin = begin[: begin.index(b"\r\n") + 2] + b"X-Slow: "
        self._write(begin)
        self._drip(pause)

    def answer_endlessly(self, status: int, length: int) -> None:
        """``length`` bytes of JSON, no faster than the client takes them."""
        self._write(_head(status, length, {}) + b'{"sid": "SM')
        self._left = length - 11
        self._pour()

    def cut(self) -> None:
        """End the connection with a RST, as a crashed server does."""
        if self._transport is None:
            return
        raw = self._transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._pour()

    def _pour(self) -> None:
        while self._left > 0 and not self._paused and self._transport is not None:
            part = min(self._left, len(_BLOCK))
            self._left -= part
            self._write(_BLOCK[:part])
            if not self._left:
                self._busy = False

    def _drip(self, pause: float) -> None:
        if self._transport is not None:
            self._write(b"x")
            asyncio.get_running_loop().call_later(pause, self._drip, pause)

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)


def _head(status: int, length: int, headers: dict[str, str]) -> bytes:
    kind = "" if "Content-Type" in headers else "Content-Type: application/json\r\n"
    more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    reason = _REASONS.get(status, "Answer")
    return f"HTTP/1.1 {status} {reason}\r\n{kind}{more}Content-Length: {length}\r\n\r\n".encode("latin-1")
