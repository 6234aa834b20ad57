"""Connections with an end: to the time they take, and to what is read from them.

urllib3 makes them, keeps them, checks certificates and finds the way through a proxy. What is said over them goes
by the standard library below it: for a request that is never repeated, redirected or unpacked the rest of urllib3
has nothing to do, and it took two thirds of the processor time of a call. Its read timeout starts anew with every
byte that comes in besides, so that a server which sends a byte a second is waited for as long as it likes, and it
reads whatever is sent. Here a call ends when its time is over, and an answer bigger than any real one is cut off.
"""

import io
import socket
import ssl
import time
from collections import deque
from dataclasses import dataclass
from http import client as plain
from queue import Empty, Full
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util.ssl_match_hostname import CertificateError

# A page of fifty messages, each of 1,600 characters written as six, is half of this.
MOST_BYTES = 1024 * 1024
# The least that one of several addresses gets to answer in, in seconds.
_LEAST = 0.5
# So many bytes always fit in what the machine keeps for a connection over which all was answered: to send them
# takes no time.
_FITS = 8 * 1024


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Status, headers and the whole body, as it came; an error status is no exception. Headers know no case."""

    status: int
    headers: plain.HTTPMessage
    body: bytes


class TooMuch(OSError):
    """More bytes than an answer can have."""


class _Meter(io.RawIOBase):
    """What comes in over a socket, until ``stop_at`` (monotonic clock) and MOST_BYTES at most."""

    def __init__(self, raw: Any, sock: socket.socket, stop_at: float) -> None:
        self._raw = raw
        self._sock = sock
        self._stop_at = stop_at
        self._left = MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._left < MOST_BYTES:
            # The first part has all the time there is, as the connection has it already.
            left = self._stop_at - time.monotonic()
            if left <= 0:
                raise TimeoutError("the answer takes too long")
            self._sock.settimeout(left)
        count: int | None = self._raw.readinto(buffer)
        self._left -= count or 0
        if self._left < 0:
            raise TooMuch(f"more than {MOST_BYTES} bytes")
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Reader(io.BufferedReader):
    """Room for a part of the answer is made before it comes in, as much as the other side announces."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > MOST_BYTES:
            raise TooMuch(f"{size} bytes announced")
        return super().read(size)


class _Bounded:
    """For an HTTPConnection: connecting, sending and reading each end in time, and a request is one packet."""

    timeout: float | None
    sock: socket.socket | None
    _held: list[bytes] | None = None
    _stop_at = 0.0

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.response_class = self._response

    def connect(self) -> None:
        """Whatever goes wrong here, TLS and a proxy included: nothing of the request has left."""
        limit = self.timeout or 0.0
        begun = time.monotonic()
        # For what a proxy answers.
        self._stop_at = begun + limit
        try:
            super().connect()  # type: ignore[misc]  # of the class that this is mixed into
        except (HTTPError, ssl.SSLCertVerificationError):
            raise
        except (OSError, plain.HTTPException) as problem:
            raise NewConnectionError(self, f"no connection: {problem}") from problem  # type: ignore[arg-type]
        if limit and time.monotonic() - begun > limit:
            # The name took too long to find, or TLS came on top of it; a call has no more time than was said.
            raise ConnectTimeoutError(self, "connecting took too long")

    def exchange(self, method: str, target: str, body: bytes | None, headers: dict[str, str], seconds: float) -> Answer:
        """One request over a made connection, and its answer within so many seconds; raises OSError or HTTPException.

        Head and body go in one packet: half the system calls, on both sides.
        """
        assert self.sock is not None
        held: list[bytes] = []
        self._held = held
        try:
            plain.HTTPConnection.request(self, method, target, body, headers)  # type: ignore[arg-type]
        finally:
            self._held = None
        packet = b"".join(held)
        if len(packet) > _FITS:
            self.sock.settimeout(self.timeout)
        refused = False
        try:
            self.sock.sendall(packet)
        except (BrokenPipeError, ConnectionResetError):
            # Who refuses a big mail may say so and hang up before it has all of it.
            refused = True
        if self.sock.gettimeout() != seconds:
            self.sock.settimeout(seconds)
        self._stop_at = time.monotonic() + seconds
        answer = plain.HTTPConnection.getresponse(self)  # type: ignore[arg-type]
        if answer.status < 200:
            # No answer yet, but a word before it, which the standard library takes for one.
            raise plain.BadStatusLine(str(answer.status))
        found = Answer(status=answer.status, headers=answer.headers, body=answer.read())
        if refused or self._says_more():
            self.close()  # type: ignore[attr-defined]
        return found

    def _says_more(self) -> bool:
        """Whether something came behind the answer: it would be taken for the next one."""
        # What waits at the socket itself is seen when the connection is used again; this is in the TLS layer.
        return isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0

    # urllib3 looks through every header for a word that means none.
    putheader = plain.HTTPConnection.putheader

    def send(self, data: Any) -> None:
        if self._held is not None and isinstance(data, bytes):
            self._held.append(data)
        else:
            super().send(data)  # type: ignore[misc]

    def _new_conn(self) -> socket.socket:
        """Connect to the first address that answers; all of them together get the time of one."""
        host, port, limit = self._dns_host, self.port, self.timeout or 0.0  # type: ignore[attr-defined]
        try:
            found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as problem:
            unknown = problem if isinstance(problem, socket.gaierror) else socket.gaierror(str(problem))
            raise NameResolutionError(host, self, unknown) from problem  # type: ignore[arg-type]
        stop_at = time.monotonic() + limit
        last: OSError = OSError("no address")
        for place, (family, kind, protocol, _, address) in enumerate(found):
            made: socket.socket | None = None
            try:
                made = socket.socket(family, kind, protocol)
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                made.settimeout(max((stop_at - time.monotonic()) / (len(found) - place), _LEAST))
                made.connect(address)
            except OSError as problem:
                # Also a family that this machine does not have.
                if made is not None:
                    made.close()
                last = problem
            else:
                made.settimeout(limit or None)
                return made
        if isinstance(last, TimeoutError):
            raise ConnectTimeoutError(self, f"{host} does not answer")
        raise NewConnectionError(self, f"no connection to {host}: {last}")  # type: ignore[arg-type]

    def _response(self, sock: socket.socket, *args: Any, **options: Any) -> plain.HTTPResponse:
        answer = plain.HTTPResponse(sock, *args, **options)
        answer.fp = _Reader(_Meter(answer.fp.detach(), sock, self._stop_at))
        return answer


class _Http(_Bounded, HTTPConnection):  # type: ignore[misc]  # its response_class is a class, ours makes one
    """Plain, for this machine."""


class _Https(_Bounded, HTTPSConnection):  # type: ignore[misc]  # likewise
    """Over TLS."""


class _Kept:
    """What urllib3 wants of a place to keep connections in; the last one that came back goes out first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: deque[Any] = deque()

    def get(self, *, block: bool = False, timeout: float | None = None) -> Any:
        """A connection that was kept; raises Empty, and never waits."""
        try:
            return self._kept.pop()
        except IndexError:
            raise Empty from None

    def put(self, connection: Any, *, block: bool = False) -> None:
        """Keep this one; raises Full."""
        if len(self._kept) >= self._size:
            raise Full
        self._kept.append(connection)

    def qsize(self) -> int:
        return len(self._kept)


class _Asking(urllib3.HTTPConnectionPool):
    """A pool: one question, one answer."""

    QueueCls = _Kept  # type: ignore[assignment]  # a queue, as far as a pool asks

    def ask(self, method: str, target: str, *, body: bytes | None, headers: dict[str, str]) -> Answer:
        self.num_requests += 1
        connection: Any = self._get_conn()
        try:
            if connection.sock is None:
                self._connect(connection)
            try:
                answer: Answer = connection.exchange(method, target, body, headers, self.timeout.read_timeout)
            except TimeoutError as problem:
                raise ReadTimeoutError(self, target, "no answer in time") from problem
            except (OSError, plain.HTTPException) as problem:
                raise ProtocolError("the connection was lost", problem) from problem
        except BaseException:
            # Half an answer may still be under way over it.
            connection.close()
            raise
        self._put_conn(connection)
        return answer

    def _connect(self, connection: Any) -> None:
        try:
            if self.proxy is None:
                connection.connect()
            else:
                self._prepare_proxy(connection)
        except (ssl.SSLCertVerificationError, CertificateError) as problem:
            raise SSLError(problem) from problem


class _HttpPool(_Asking):
    ConnectionCls = _Http


class _HttpsPool(_Asking, urllib3.HTTPSConnectionPool):
    ConnectionCls = _Https


def bound(manager: urllib3.PoolManager) -> urllib3.PoolManager:
    """Have a manager make connections of this kind."""
    manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
    return manager


class Line:
    """One provider's address over kept connections; safe to use from several threads at once."""

    def __init__(self, manager: urllib3.PoolManager, base_url: str) -> None:
        # Asked for once: finding the pool of an address costs as much as half a request.
        self._pool: Any = manager.connection_from_url(base_url)
        self._prefix = urlsplit(base_url).path.rstrip("/")

    def ask(self, method: str, target: str, *, body: bytes | None, headers: dict[str, str]) -> Answer:
        """One request, never repeated or redirected; the answer is read whole, and not unpacked.

        We ask for no compression. What comes packed all the same is not from the provider, and might unpack to
        any size. Raises urllib3's HTTPError.
        """
        answer: Answer = self._pool.ask(method, self._prefix + target, body=body, headers=headers)
        return answer
