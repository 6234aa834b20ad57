"""`make run` for the second time: until the first page is served."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from project.bootstrap import ROOT
from tests.bench.base import Cijfer, judged

GRENS = 5.0
_FIRST = 300.0


def run() -> list[Cijfer]:
    """Twice with a database of its own; the second time counts."""
    with tempfile.TemporaryDirectory(prefix="vooraf-start-") as folder:
        first = _until_served(Path(folder), limit=_FIRST)
        second = _until_served(Path(folder), limit=_FIRST)
    return [
        judged("make run, tweede keer tot de eerste pagina", second, GRENS, unit=" s", digits=1),
        Cijfer(naam="make run, eerste keer met lege database (pakketten al aanwezig)", waarde=f"{first:.1f} s"),
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_served(folder: Path, *, limit: float) -> float:
    port = _free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("TWILIO_", "SENDGRID_"))}
    for name in ("DJANGO_SETTINGS_MODULE", "PUBLIC_URL"):
        env.pop(name, None)
    env |= {"PORT": str(port), "DATABASE_URL": f"sqlite:///{folder}/start.sqlite3"}
    started = time.monotonic()
    child = subprocess.Popen(
        ["make", "run"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        while time.monotonic() - started < limit:
            if child.poll() is not None:
                raise RuntimeError((child.stderr.read() if child.stderr else b"").decode()[-2000:])
            if _serves(port):
                return time.monotonic() - started
            time.sleep(0.05)
        raise RuntimeError(f"no page within {limit:.0f} s")
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
        child.wait(30)
        if child.stderr is not None:
            child.stderr.close()


def _serves(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
