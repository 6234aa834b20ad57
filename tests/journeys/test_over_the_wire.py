"""The road with every part a process of its own: web server, worker, and a double of Twilio and SendGrid.

Nothing is patched but the hours of the day (``any_hour``): the API is called over HTTP, the worker sends
over HTTP with the official clients, the double holds each request to the providers' descriptions where those
are present, signs its callbacks and its inbound SMS as the vendors do, and our webhooks answer it.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.double.running import Double, running_double
from tests.environment import VALUES

ROOT = Path(__file__).resolve().parents[2]
MOBIEL = "+31612345678"
T = TypeVar("T")


def wait_for(what: str, look: Callable[[], T | None], seconds: float = 300) -> T:
    """Look again and again until there is something; a process needs its time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.2)
    pytest.fail(f"waited {seconds} s for {what}")


class Installation:
    """A whole Vooraf on this machine, with a database file of its own."""

    def __init__(self, folder: Path, double: Double) -> None:
        # Kept and handed on: a port that is let go for a moment may be somebody else's the next.
        self.door = socket.socket()
        self.door.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        self.log = folder / "log.txt"
        self.env = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            **VALUES,
            **double.settings(),
            "PYTHONPATH": f"{Path(__file__).parent / 'any_hour'}{os.pathsep}{ROOT}",
            "PUBLIC_URL": self.url,
            "DATABASE_URL": f"sqlite:///{folder / 'wire.sqlite3'}",
            "ALLOWED_HOSTS": "127.0.0.1",
            "NOTIFICATIONS_CONSOLE": "0",
            "LOG_LEVEL": "INFO",
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.sleutel = ""

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *command: str, fds: tuple[int, ...] = ()) -> None:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=fds,
            )
        self.processes.append(process)

    def stop(self) -> None:
        self.door.close()
        for process in self.processes:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Bearer {self.sleutel}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    def up(self) -> bool:
        assert not [each for each in self.processes if each.poll() is not None], self.log.read_text()[-2000:]
        try:
            with urllib.request.urlopen(f"{self.url}/livez", timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@contextmanager
def running(folder: Path, double: Double) -> Iterator[Installation]:
    made = Installation(folder, double)
    try:
        made.manage("migrate", "--verbosity", "0")
        made.manage("createcachetable")
        made.manage(
            "shell", "-c", "from afspraken.models import Team; Team.objects.create(code='wmo', naam='Team Wmo')"
        )
        scopes = ("--scope", "afspraken:lezen", "--scope", "afspraken:schrijven")
        made.sleutel = next(
            word for word in made.manage("api_sleutel", "jcc", *scopes).split() if word.startswith("vf_")
        )
        door = made.door.fileno()
        made.start("-m", "gunicorn", "project.wsgi", "--bind", f"fd://{door}", "--threads", "4", fds=(door,))
        made.start("manage.py", "worker")
        wait_for("the web server", lambda: made.up() or None)
        yield made
    finally:
        made.stop()


def soon() -> datetime:
    """So near that the invitation is due at once, also on a Sunday."""
    return datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=50)


def body() -> dict[str, Any]:
    start = soon()
    return {
        "start": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "eind": f"{start + timedelta(minutes=45):%Y-%m-%dT%H:%M:%SZ}",
        "externeVersie": 1,
        "onderwerp": "gesprek met de gemeente",
        "team": "wmo",
        "vorm": "balie",
        "locatie": {"naam": "Stadhuis", "adres": "Markt 1"},
        "client": {"naam": "A. Jansen", "mobiel": "06 12 34 56 78", "email": "a.jansen@example.nl", "taal": "nl"},
    }


@pytest.mark.slow
def test_over_the_wire(tmp_path: Path) -> None:
    with running_double() as double, running(tmp_path, double) as vooraf:
        status, made = vooraf.call("PUT", "/api/v1/afspraken/jcc/J-1", body())
        assert status == 201, made

        text = wait_for("the SMS", lambda: next(iter(double.journal(api="twilio", what="accepted")), None))
        mail = wait_for("the e-mail", lambda: next(iter(double.journal(api="sendgrid", what="accepted")), None))
        assert text["to"] == MOBIEL
        assert "JA, NEE of WEET NIET" in json.dumps(text, ensure_ascii=False)
        assert "zonder toestemming van de medewerker" in json.dumps(mail, ensure_ascii=False)
        assert double.journal(what="refused") == []

        sid, mail_id = text["sid"], mail["id"]
        assert double.report(sid, "sent") in (200, 204)
        assert double.report(sid, "delivered") in (200, 204)
        assert double.event(url=f"{vooraf.url}/webhooks/sendgrid/events", mail_id=mail_id, name="delivered") in (
            200,
            204,
        )

        def delivered() -> Any:
            seen = vooraf.call("GET", "/api/v1/afspraken/jcc/J-1")[1]
            return seen if all(b["afgeleverdOp"] for b in seen["berichten"]) else None

        wait_for("both receipts", delivered)

        url = f"{vooraf.url}/webhooks/twilio/sms"
        answered = double.text(url=url, sender=MOBIEL, to="+3197010200000", body="Ja hoor, voor mijn advocaat")
        assert answered == 200

        def told() -> Any:
            seen = vooraf.call("GET", "/api/v1/afspraken/jcc/J-1")[1]
            return seen["voornemen"]

        voornemen = wait_for("the answer", told)
        assert (voornemen["antwoord"], voornemen["doel"], voornemen["kanaal"]) == ("ja", "deskundige", "sms")
        wait_for("the receipt", lambda: len(double.journal(api="twilio", what="accepted")) == 2 or None)

        unsigned = urllib.request.Request(url, data=b"MessageSid=SM1&From=%2B31612345678&Body=nee", method="POST")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(unsigned, timeout=120)
        assert refused.value.code == 403
        refused.value.close()
        assert told()["antwoord"] == "ja"

        log = vooraf.log.read_text(encoding="utf-8", errors="replace")
        for personal in ("612345678", "a.jansen@", "A. Jansen", "advocaat"):
            assert personal not in log
        token = json.dumps(text).split("/v/")[1][:32]
        assert token not in log
