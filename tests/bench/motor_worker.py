"""The real worker command and the real web server, started for a benchmark and stopped after it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from project.bootstrap import ROOT
from tests.bench.motor_meten import tree
from tests.crash.doorbell import Redis

_STOP_SECONDS = 60


@contextmanager
def process(command: Sequence[str], env: dict[str, str]) -> Iterator[int]:
    """A process in a session of its own, its number; asked to stop at the end, and nothing of it is left."""
    child = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=env,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        # What it complains about is worth reading.
        stderr=None,
    )
    try:
        yield child.pid
        assert child.poll() is None, f"{command} ended by itself with code {child.returncode}"
    finally:
        all_of_it = tree([child.pid])
        child.terminate()
        try:
            child.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            for pid in all_of_it:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            child.wait()


@contextmanager
def worker(env: dict[str, str]) -> Iterator[int]:
    """`manage.py worker`."""
    with process(["manage.py", "worker"], env) as pid:
        yield pid


@contextmanager
def web(env: dict[str, str]) -> Iterator[tuple[int, str]]:
    """The web server as the demo and the deployments start it, once it answers: its number and its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"]
    with process(command, env | {"LOG_LEVEL": "WARNING"}) as pid:
        until = time.monotonic() + _STOP_SECONDS
        while get(port, "/livez") != 200:
            assert time.monotonic() < until, "the web server does not answer"
            time.sleep(0.1)
        yield pid, f"127.0.0.1:{port}"


def get(port: int, path: str) -> int:
    """The status of a page; 0 when nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


@contextmanager
def redis() -> Iterator[Redis]:
    """A Redis of its own on a Unix socket."""
    with tempfile.TemporaryDirectory(prefix="vooraf-redis-") as folder, Redis.running(Path(folder)) as running:
        yield running
