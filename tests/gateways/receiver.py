"""A web server that writes down which receipts come in, and can refuse the first few."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from tests.double.calls import twilio_signature
from tests.double.running import Double


class Receiver:
    """``statuses`` are the reports about SMS, ``events`` those about mail, in the order in which they came."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.refuse = 0
        self.statuses: list[str] = []
        self.events: list[dict[str, Any]] = []
        self.unsigned = 0
        self.lock = threading.Lock()

    def take(self, path: str, body: bytes, signature: str) -> int:
        with self.lock:
            if self.refuse:
                self.refuse -= 1
                return 503
            if path.endswith("/events"):
                self.events += json.loads(body)
                return 204
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            self.unsigned += signature != twilio_signature(self.url + path, form, Double.auth_token)
            self.statuses.append(form["MessageStatus"])
            return 204


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(made.take(self.path, body, self.headers.get("X-Twilio-Signature", "")))
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its name there
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Receiver(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
