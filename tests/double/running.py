"""Starting the double as a process of its own, and talking to it from a test."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

_ROOT = Path(__file__).resolve().parents[2]


class Double:
    """A running double."""

    account_sid = "AC" + "0" * 32
    auth_token = "double-token"
    sendgrid_key = "double-key"

    def __init__(self, url: str, public_key: str, *, specs: bool) -> None:
        self.url = url
        self.sendgrid_public_key = public_key
        # Whether requests are held to the providers' own descriptions.
        self.specs = specs

    def settings(self) -> dict[str, str]:
        """Django settings that point both channels at the double."""
        return {
            "TWILIO_ACCOUNT_SID": self.account_sid,
            "TWILIO_AUTH_TOKEN": self.auth_token,
            "TWILIO_FROM": "+3197010200000",
            "TWILIO_API_URL": self.url,
            "SENDGRID_API_KEY": self.sendgrid_key,
            "SENDGRID_API_URL": self.url,
            "SENDGRID_FROM_EMAIL": "afspraken@gemeente.test",
            "SENDGRID_FROM_NAME": "Gemeente Voorbeeld",
            "SENDGRID_WEBHOOK_PUBLIC_KEY": self.sendgrid_public_key,
            "SENDGRID_INBOUND_PUBLIC_KEY": self.sendgrid_public_key,
            "SENDGRID_INBOUND_DOMAIN": "antwoord.gemeente.test",
        }

    def journal(self, *, api: str = "", what: str = "", page: int = 5000) -> list[dict[str, Any]]:
        """What was asked and answered, fetched ``page`` lines at a time."""
        lines: list[dict[str, Any]] = []
        start = 0
        while True:
            asked = urlencode({"api": api, "what": what, "from": start, "limit": page})
            part = self._call("GET", f"/_double/journal?{asked}")
            lines += part
            if len(part) < page:
                return lines
            start = part[-1]["n"] + 1

    def counts(self) -> dict[str, dict[str, int]]:
        """How often everything happened, per provider."""
        found: dict[str, dict[str, int]] = self._call("GET", "/_double/counts")
        return found

    def accepted(self, api: str, *, by: str = "to") -> dict[str, int]:
        """How often each person (``to``) or message of ours (``uuid``) was accepted."""
        found: dict[str, int] = self._call("GET", f"/_double/accepted?{urlencode({'api': api, 'by': by})}")
        return found

    def letters_to_come(self) -> int:
        """Receipts that are still to be sent."""
        return int(self._call("GET", "/_double/waiting")["letters"])

    def weather(self, **shares: Any) -> None:
        """From now on; without shares it is fine weather. Fields: tests/double/control.py."""
        self._call("POST", "/_double/weather", shares)

    def latency(self, *, ms: float = 0.0, sigma: float = 0.0) -> None:
        self._call("POST", "/_double/latency", {"ms": ms, "sigma": sigma})

    def revoke(self, api: str, *, on: bool = True) -> None:
        """Take the keys back, or give them again."""
        self._call("POST", "/_double/revoked", {"api": api, "on": on})

    def fault(self, api: str, kind: str, **more: Any) -> None:
        self._call("POST", "/_double/faults", {"api": api, "kind": kind, **more})

    def clear(self) -> None:
        self._call("DELETE", "/_double/all")

    def listing(self, *, on: bool) -> None:
        self._call("POST", "/_double/listing", {"on": on})

    def report(self, sid: str, status: str, error_code: int | None = None) -> int:
        """Have a signed status callback sent; returns what our webhook answered."""
        asked = {"sid": sid, "status": status, "error_code": error_code}
        return int(self._call("POST", "/_double/status", asked)["answered"])

    def text(self, *, url: str, sender: str, to: str, body: str, sid: str = "") -> int:
        """Have a signed inbound SMS sent; returns what our webhook answered."""
        asked = {"url": url, "sender": sender, "to": to, "body": body, "sid": sid}
        return int(self._call("POST", "/_double/inbound", asked)["answered"])

    def event(self, *, url: str, mail_id: str, name: str, **more: Any) -> int:
        """Have a signed e-mail event sent; returns what our webhook answered."""
        asked = {"url": url, "id": mail_id, "name": name, **more}
        return int(self._call("POST", "/_double/events", asked)["answered"])

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            payload = answer.read()
        return json.loads(payload) if payload else None


@contextmanager
def running_double(*options: str) -> Iterator[Double]:
    """A double in a process of its own, stopped at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.double", *options],
        cwd=_ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        yield Double(ready["url"], ready["sendgrid_public_key"], specs=ready["specs"])
    finally:
        process.terminate()
        process.wait(timeout=60)
        if process.stdout is not None:
            process.stdout.close()
