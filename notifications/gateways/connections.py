"""Connections with an end: to the time they take, and to what is read from them.

urllib3 makes them, keeps them, checks certificates and finds the way through a proxy. What is said over them is in
``gateways.wire``: for a request that is never repeated, redirected or unpacked the rest of urllib3 has nothing to do,
and it took two thirds of the processor time of a call. Its read timeout starts anew with every byte that comes in
besides, so that a server which sends a byte a second is waited for as long as it likes, and it reads whatever is sent.
Here a call ends when its time is over, and an answer bigger than any real one is cut off.
"""

import socket
import ssl
import time
from collections import deque
from functools import cached_property
from queue import Empty, Full
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection, port_by_scheme
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

from notifications.gateways.wire import Answer, Reading, packet

# The least that one of several addresses gets to answer in, in seconds.
_LEAST = 0.5
# So many bytes always fit in what the machine keeps for a connection over which all was answered: to send them
# takes no time.
_FITS = 8 * 1024


class _Bounded:
    """For an HTTPConnection: connecting, sending and reading each end in time, and a request is one packet."""

    timeout: float | None
    sock: socket.socket | None

    def connect(self) -> None:
        """Whatever goes wrong here, TLS and a proxy included: nothing of the request has left."""
        limit = self.timeout or 0.0
        begun = time.monotonic()
        try:
            super().connect()  # type: ignore[misc]  # of the class that this is mixed into
        except (HTTPError, ssl.SSLCertVerificationError):
            raise
        except OSError as problem:
            raise NewConnectionError(self, f"no connection: {problem}") from problem  # type: ignore[arg-type]
        if limit and time.monotonic() - begun > limit:
            # The name took too long to find, or TLS came on top of it; a call has no more time than was said.
            raise ConnectTimeoutError(self, "connecting took too long")

    def exchange(self, packet: bytes, seconds: float) -> Answer:
        """One request over a made connection, and its answer within so many seconds; raises OSError.

        Head and body go in one packet: half the system calls, on both sides.
        """
        assert self.sock is not None
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
        reading = Reading()
        answer = reading.read(self.sock, seconds)
        if refused or not reading.kept or self._says_more():
            self.close()  # type: ignore[attr-defined]
        return answer

    def _says_more(self) -> bool:
        """Whether something came behind the answer: it would be taken for the next one."""
        # What waits at the socket itself is seen when the connection is used again; this is in the TLS layer.
        return isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0

    def _tunnel(self) -> None:
        """Ask the proxy for a way through, in as much time as connecting takes."""
        assert self.sock is not None
        host: str = self._tunnel_host  # type: ignore[attr-defined]
        way = f"{_bracketed(host)}:{self._tunnel_port}"  # type: ignore[attr-defined]
        given: dict[str, str] = self._tunnel_headers  # type: ignore[attr-defined]
        # From Python 3.12 on it is among them, and twice is refused by who keeps to RFC 9112.
        headers = {name: value for name, value in given.items() if name.lower() != "host"}
        self.sock.sendall(packet("CONNECT", way, way, headers, None))
        answer = Reading(head_only=True).read(self.sock, self.timeout or 0.0)
        if not 200 <= answer.status < 300:
            raise OSError(f"the proxy lets nothing through: {answer.status}")
        self.sock.settimeout(self.timeout)

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


class _Http(_Bounded, HTTPConnection):
    """Plain, for this machine."""


class _Https(_Bounded, HTTPSConnection):
    """Over TLS."""


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


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
        said = packet(method, target, self._host_header, headers, body)
        connection: Any = self._get_conn()
        try:
            if connection.sock is None:
                self._connect(connection)
            try:
                answer: Answer = connection.exchange(said, self.timeout.read_timeout)
            except TimeoutError as problem:
                raise ReadTimeoutError(self, target, "no answer in time") from problem
            except OSError as problem:
                raise ProtocolError("the connection was lost", problem) from problem
        except BaseException:
            # Half an answer may still be under way over it.
            connection.close()
            raise
        self._put_conn(connection)
        return answer

    @cached_property
    def _host_header(self) -> str:
        host = _bracketed(self.host)
        return host if self.port == port_by_scheme[self.scheme] else f"{host}:{self.port}"

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
