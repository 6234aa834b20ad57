"""A request as bytes, and an answer out of bytes: what passes over a line that was made.

The parser is that of Node.js (llhttp), by way of httptools. The one of the standard library reads an answer's head as
if it were a mail: half of what a call cost.
"""

import re
import socket
import time
from collections.abc import Mapping
from typing import NamedTuple

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

# A page of fifty messages, each of 1,600 characters written as six, is half of this.
MOST_BYTES = 1024 * 1024
_PART = 16 * 1024
_TARGET = re.compile(r"[!-~]+")


class Answer(NamedTuple):
    """Status, headers and the whole body, as it came; an error status is no exception.

    Names of headers are in small letters. Of a header that came twice it is the first one.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


class NoAnswer(OSError):
    """What came is no answer, not all of it, or more than an answer can be."""


def packet(method: str, target: str, host: str, headers: Mapping[str, str], body: bytes | None) -> bytes:
    """A request, head and body in one; raises ValueError for what would be read as another one."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Accept-Encoding: identity"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    head = "\r\n".join(lines)
    ends = len(lines) - 1
    if head.count("\r") != ends or head.count("\n") != ends or "\0" in head or not _TARGET.fullmatch(target):
        raise ValueError("a line break or a space where there can be none")
    return head.encode("latin-1") + b"\r\n\r\n" + (body or b"")


class Reading:
    """One answer as it comes in over a socket; the parser calls the methods whose names begin with ``on_``."""

    def __init__(self, *, head_only: bool = False) -> None:
        """With ``head_only`` it is over when the head is there, and what comes then is somebody else's."""
        self.answer: Answer | None = None
        # Whether the line can be used again: it was agreed to, and nothing came behind the answer.
        self.kept = False
        self._head_only = head_only
        self._headers: dict[str, str] = {}
        self._parts: list[bytes] = []
        self._status = 0
        self._parser = HttpResponseParser(self)

    def read(self, sock: socket.socket, seconds: float) -> Answer:
        """The answer, whole and within so many seconds; raises TimeoutError, NoAnswer or another OSError.

        The socket must have these seconds as its own time limit; what it has afterwards depends.
        """
        stop_at = time.monotonic() + seconds
        count = 0
        while True:
            part = sock.recv(_PART)
            count += len(part)
            if count > MOST_BYTES:
                raise NoAnswer(f"more than {MOST_BYTES} bytes")
            self._take(part)
            if self.answer is not None:
                return self.answer
            # The first part had all the time there is.
            left = stop_at - time.monotonic()
            if left <= 0:
                raise TimeoutError("the answer takes too long")
            sock.settimeout(left)

    def _take(self, part: bytes) -> None:
        if not part:
            self._end()
            return
        try:
            self._parser.feed_data(part)
        except (HttpParserError, HttpParserUpgrade) as problem:
            self.kept = False
            if self.answer is None:
                raise NoAnswer("no answer as HTTP has them") from problem

    def _end(self) -> None:
        """The other side hung up: an answer that does not say how long it is, is over then."""
        if not self._status or "content-length" in self._headers or "transfer-encoding" in self._headers:
            raise NoAnswer("the line was closed before there was an answer")
        self._finish()

    def _finish(self) -> None:
        self.answer = Answer(status=self._status, headers=self._headers, body=b"".join(self._parts))

    def on_message_begin(self) -> None:
        """The answer, a word before it (100 to 199), or something behind it."""
        self.kept = False
        self._headers, self._parts = {}, []

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status >= 200 and self.answer is None:
            self._status = status
            if self._head_only:
                self._finish()

    def on_body(self, part: bytes) -> None:
        self._parts.append(part)

    def on_message_complete(self) -> None:
        if self._status and self.answer is None:
            self._finish()
            self.kept = self._parser.should_keep_alive()
