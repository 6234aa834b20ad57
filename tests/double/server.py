"""The double's HTTP: what a request looks like on the wire, and faults on command."""

import contextlib
import json
import socket
import struct
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qs, urlsplit

from tests.double import control, sendgrid, twilio
from tests.double.answers import Answer
from tests.double.state import Fault, State


class DoubleServer(ThreadingHTTPServer):
    """A server with a state that all its threads share."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], state: State) -> None:
        self.state = state
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of the game."""


def make_server(host: str, port: int, state: State) -> DoubleServer:
    return DoubleServer((host, port), state)


class _Room(NamedTuple):
    """One provider's part of the double."""

    handle: Callable[..., Answer]
    addressee: Callable[[bytes], str]


class Handler(BaseHTTPRequestHandler):
    """One request: routed, perhaps spoiled, answered."""

    protocol_version = "HTTP/1.1"
    # Headers and body in two packets would wait for each other (Nagle and delayed acknowledgement).
    wbufsize = 65536

    def do_GET(self) -> None:
        self._handle("GET")

    def do_POST(self) -> None:
        self._handle("POST")

    def do_DELETE(self) -> None:
        self._handle("DELETE")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its name there
        """Quiet: the journal tells more."""

    def _handle(self, method: str) -> None:
        state = cast("DoubleServer", self.server).state
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = parse_qs(parts.query, keep_blank_values=True)
        if parts.path.startswith("/_double/"):
            self._answer(control.handle(state, method, parts.path, body))
            return
        if state.latency:
            time.sleep(state.latency)
        if parts.path.startswith("/2010-04-01/"):
            api, room = "twilio", _Room(twilio.handle, twilio.addressee)
        elif parts.path.startswith("/v3/"):
            api, room = "sendgrid", _Room(sendgrid.handle, sendgrid.addressee)
        else:
            self._answer(Answer(404, {"message": "not found"}))
            return
        fault = state.next_fault(api, method, room.addressee(body))
        if fault is not None:
            state.note(api, "fault", kind=fault.kind, to=room.addressee(body))
            if self._spoil_before(fault):
                return
        auth = self.headers.get("Authorization", "")
        answer = room.handle(state, method, parts.path, query, body, auth)
        if fault is not None and self._spoil_after(fault, answer):
            return
        self._answer(answer)

    def _spoil_before(self, fault: Fault) -> bool:
        """Faults in which nothing was accepted; True when the request is over."""
        if fault.kind == "429":
            body = {"code": 20429, "message": "Too Many Requests", "status": 429}
            headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            self._answer(Answer(429, body, headers))
        elif fault.kind == "error":
            body = {"code": fault.code, "message": "refused", "status": fault.status}
            if fault.api == "sendgrid":
                body = {"errors": [{"message": "refused", "field": None}]}
            self._answer(Answer(fault.status, body))
        elif fault.kind == "5xx-before":
            self._answer(Answer(503, {"message": "unavailable"}))
        elif fault.kind == "reset-before":
            self._reset()
        else:
            if fault.kind == "slow":
                time.sleep(fault.seconds)
            return False
        return True

    def _spoil_after(self, fault: Fault, answer: Answer) -> bool:
        """Faults in which it was accepted all the same; True when the request is over."""
        if fault.kind == "5xx-after":
            self._answer(Answer(502, {"message": "bad gateway"}))
        elif fault.kind == "reset-after":
            self._reset()
        elif fault.kind == "hang":
            time.sleep(fault.seconds)
            self._reset()
        elif fault.kind == "garbled":
            self._send(answer.status, b'{"sid": "SM', {"Content-Type": "application/json"})
        else:
            return False
        return True

    def _reset(self) -> None:
        """Cut the connection with a RST, as a crashed server does."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def _answer(self, answer: Answer) -> None:
        payload = b"" if answer.body is None else json.dumps(answer.body).encode()
        self._send(answer.status, payload, {"Content-Type": "application/json", **answer.headers})

    def _send(self, status: int, payload: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)
        self.wfile.flush()
