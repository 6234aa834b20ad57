"""The demo in one command: `python -m project.launch`, what `make run` calls after setting up.

Starts the web server and one worker node on this machine, with keys of its own in var/demo.env and a
console instead of an SMS provider. Not for production: deploy/ is.
"""

import ctypes
import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from project.env import BASE_DIR, DEMO_ENV_FILE, read_env_file

HOST = "127.0.0.1"
# A cold start of a slow machine; who fails says so at once.
READY_SECONDS = 180
# The worker finishes the task it is on; after this it is stopped the hard way.
# A worker whose provider hangs takes up to 27 seconds to stop clean.
STOP_SECONDS = 30
PR_SET_PDEATHSIG = 1


class Stop(BaseException):
    """Somebody pressed Ctrl-C or sent SIGTERM.

    Like KeyboardInterrupt not an Exception: work that must go on after a fault must still stop for this.
    """


def port_problem(port: int) -> str | None:
    """Why nothing can listen on the port, or None."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return (
                f"Poort {port} is al in gebruik. Draait Vooraf al, of een ander programma? "
                f"Stop dat, of kies een andere poort: PORT={port + 1} make run"
            )
    return None


def demo_environment(port: int) -> dict[str, str]:
    """The environment of the demo; makes its keys the first time."""
    DEMO_ENV_FILE.parent.mkdir(exist_ok=True)
    with suppress(FileExistsError):
        handle = os.open(DEMO_ENV_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(new_demo_env())
    values = read_env_file(DEMO_ENV_FILE) | dict(os.environ)
    return values | {
        "DEBUG": "1",
        "DEMO": "1",
        "PORT": str(port),
        "PUBLIC_URL": os.environ.get("PUBLIC_URL") or f"http://{HOST}:{port}",
        "DJANGO_SETTINGS_MODULE": "project.settings",
        "PYTHONUNBUFFERED": "1",
    }


def new_demo_env() -> str:
    keys = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "LINK_KEY", "INDEX_KEY")}
    values = {
        "DEBUG": "1",
        "DEMO": "1",
        **keys,
        "FIELD_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        # A range that reaches nobody; replies are typed in the berichtenbak.
        "SMS_NUMBER_SHOWN": "+3197010200000",
    }
    lines = ["# Keys of the demo on this machine, made by make run. Delete var/ to start afresh."]
    return "\n".join([*lines, *(f"{name}={value}" for name, value in values.items()), ""])


def prepare_database() -> None:
    """Migrate when there is something to migrate, and fill in the demo data (idempotent)."""
    import django  # noqa: PLC0415 (the environment must be complete first)
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection, connections  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    django.setup()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Database bijwerken ...", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("demo")
    connections.close_all()
    if file := stamp():
        file.write_text(database_version(), encoding="utf-8")


def database_version() -> str:
    """A hash of everything that decides what the tables look like: our migrations and the packages."""
    files = sorted(BASE_DIR.glob("*/migrations/*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in [*files, BASE_DIR / "requirements.txt"])).hexdigest()


def stamp() -> Path | None:
    """The file beside an SQLite database that says which version of the tables it was filled for."""
    address = os.environ.get("DATABASE_URL") or f"sqlite:///{BASE_DIR / 'var' / 'vooraf.sqlite3'}"
    if not address.startswith("sqlite:///"):
        return None
    return Path(f"{address.removeprefix('sqlite:///')}.prepared")


def is_prepared() -> bool:
    """Whether an earlier start filled this database for this version of the tables.

    Then the web server may start at once and the demo data be topped up meanwhile, which halves the wait.
    """
    file = stamp()
    return (
        file is not None
        and file.with_suffix("").is_file()
        and file.is_file()
        and file.read_text(encoding="utf-8") == database_version()
    )


def die_with_parent() -> None:
    """Ask Linux to stop this child when the launcher is killed outright; elsewhere it is nothing."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Children:
    """The web server and the worker: started together, stopped together."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: list[str], env: dict[str, str]) -> None:
        # A session of its own: Ctrl-C in the terminal would otherwise reach every process of the
        # worker at once, and django-q2 can hang when its whole group is signalled.
        self.running[name] = subprocess.Popen(
            command,
            cwd=BASE_DIR,
            env=env,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 (the launcher has one thread)
        )

    def dead(self) -> str | None:
        """The name of a child that has ended, if any."""
        for name, child in self.running.items():
            if child.poll() is not None:
                return name
        return None

    def stop(self) -> None:
        for child in self.running.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            # What is left of its session: a main process that died leaves its workers behind.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def answers(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def wait_until(ready: Callable[[], bool], children: Children) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and children.dead() is None:
        if ready():
            return True
        time.sleep(0.1)
    return False


def serve(port: int, env: dict[str, str]) -> int:
    children = Children()
    python = sys.executable
    try:
        gunicorn = [python, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        prepared = is_prepared()
        if not prepared:
            prepare_database()
        children.start("de webserver", [*gunicorn, "--bind", f"{HOST}:{port}"], env)
        if prepared:
            prepare_database()
        if not wait_until(lambda: answers(port), children):
            print(f"{children.dead() or 'de webserver'} is niet gestart.", file=sys.stderr)
            return 1
        # Not before: on two cores it would keep the first page waiting.
        children.start("de worker", [python, "manage.py", "worker"], env)
        print(welcome(env["PUBLIC_URL"]), flush=True)
        while (dead := children.dead()) is None:
            time.sleep(0.5)
        print(f"{dead} is onverwacht gestopt; de rest stopt ook.", file=sys.stderr)
        return 1
    except Stop:
        print("\nVooraf stopt ...", flush=True)
        return 0
    finally:
        # From here a second Ctrl-C ends it at once: the children die with their parent.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        children.stop()


def welcome(address: str) -> str:
    return (
        f"\nVooraf draait op {address}\n"
        f"  dag- en werklijst   {address}/werk/\n"
        f"  beheer              {address}/beheer/\n"
        f"  telefoon en mailbox {address}/berichtenbak/  (hier leest u wat de cliënt krijgt)\n"
        f"  API                 {address}/api/v1/docs\n"
        "Stoppen met Ctrl-C."
    )


def raise_stop(_number: int, _frame: FrameType | None) -> None:
    raise Stop


def main() -> int:
    port = int(os.environ.get("PORT") or 8000)
    problem = port_problem(port)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, raise_stop)
    env = demo_environment(port)
    os.environ.update(env)
    return serve(port, env)


if __name__ == "__main__":
    sys.exit(main())
