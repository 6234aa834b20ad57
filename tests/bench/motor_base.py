"""What the engine's benchmarks stand on: PostgreSQL, the provider's double, and processes that do as told."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from project.bootstrap import ROOT
from tests.bench import motor_meten
from tests.bench.base import Cijfer
from tests.double.running import Double, running_double
from tests.environment import UNWANTED_PREFIXES, VALUES
from tests.postgres import database_url

LATENCY_MS = 150


@dataclass(kw_only=True)
class Proef:
    """Everything one run of the engine's benchmarks shares. ``url`` is the database of the tables as migrated."""

    url: str
    server: int | None
    stack: ExitStack

    def database(self, name: str) -> str:
        """A fresh copy of the migrated database; returns its address. Nobody may be connected to the original."""
        with self.admin() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{urlsplit(self.url).path.lstrip("/")}"')
        return with_name(self.url, name)

    def forget(self, name: str) -> None:
        """Drop a database: the disk may be needed for the next."""
        with self.admin() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextmanager
    def admin(self) -> Iterator[Any]:
        import psycopg

        with psycopg.connect(libpq(with_name(self.url, "postgres")), autocommit=True) as connection:
            yield connection

    @contextmanager
    def configured(self, **settings: str) -> Iterator[None]:
        """The server with other settings for as long as the block runs; only ever a server on this machine."""
        self._configure([f"SET {name} = '{value}'" for name, value in settings.items()])
        try:
            yield
        finally:
            self._configure([f"RESET {name}" for name in settings])

    def _configure(self, changes: Sequence[str]) -> None:
        if self.server is None:
            return
        with self.admin() as connection:
            for change in changes:
                connection.execute(f"ALTER SYSTEM {change}")
            connection.execute("SELECT pg_reload_conf()")
        # The server looks at its settings in its own time.
        time.sleep(1)


def with_name(url: str, name: str) -> str:
    parts = urlsplit(url)
    return parts._replace(path=f"/{name}").geturl()


def libpq(url: str) -> str:
    """The address as psycopg wants it: the socket's folder is part of the query."""
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    words = {"host": host, "port": str(parts.port or ""), "user": parts.username or "", "dbname": parts.path[1:]}
    if parts.password:
        words["password"] = parts.password
    return " ".join(f"{name}={value}" for name, value in words.items() if value)


def environment(*, url: str, double: Double | None, **more: str) -> dict[str, str]:
    """The environment of a process that works on this database and sends to this double."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(UNWANTED_PREFIXES)}
    # Budgets are kept, and so cost what they cost, but none of them stops a benchmark.
    budgets = {f"NOTIFICATIONS_BUDGET_SMS_{each}": "100000000" for each in ("HOUR", "DAY", "MONTH")}
    found = kept | VALUES | budgets | {"DATABASE_URL": url, "WORKER_PROCESSES": "2"}
    # Only the browser tests need it.
    del found["DJANGO_ALLOW_ASYNC_UNSAFE"]
    if double is not None:
        found |= double.settings()
    return found | more


class Hand:
    """A process that does what it is told (tests/bench/motor_hand.py)."""

    def __init__(self, env: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.motor_hand"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        ready = self.finish()
        self.pid = int(ready["pid"])
        self.threads = int(ready["draden"])

    def start(self, doe: str, **given: Any) -> None:
        """Begin; :meth:`finish` waits for the end."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"doe": doe, **given}) + "\n")
        self._process.stdin.flush()

    def finish(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"a helper of the benchmark ended with code {self._process.wait()}")
        found: dict[str, Any] = json.loads(line)
        return found

    def ask(self, doe: str, **given: Any) -> dict[str, Any]:
        self.start(doe, **given)
        return self.finish()

    def close(self) -> None:
        """The end of its input is the end of its work."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


@contextmanager
def hand(env: dict[str, str]) -> Iterator[Hand]:
    made = Hand(env)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def proef() -> Iterator[Proef]:
    """A PostgreSQL server with the tables in it."""
    with ExitStack() as stack:
        given = stack.enter_context(database_url())
        made = Proef(url=with_name(given, "vooraf_bench"), server=None, stack=stack)
        with made.admin() as connection:
            connection.execute('DROP DATABASE IF EXISTS "vooraf_bench" WITH (FORCE)')
            connection.execute('CREATE DATABASE "vooraf_bench"')
        stack.callback(made.forget, "vooraf_bench")
        made.server = motor_meten.postmaster(libpq(made.url))
        with hand(environment(url=made.url, double=None)) as first:
            first.ask("prepare")
        yield made


@contextmanager
def double(*, latency_ms: int = 0) -> Iterator[Double]:
    """The provider, in a process of its own."""
    options = ["--latency-ms", str(latency_ms)] if latency_ms else []
    with running_double(*options) as running:
        yield running


def accepted(provider: Double, aantal: int) -> datetime:
    """Hold the double's journal to what had to be sent: each number once. Returns when the last came; forgets all."""
    lines = provider.journal(api="twilio", what="accepted")
    people = {line["to"] for line in lines}
    assert len(lines) == len(people) == aantal, f"{len(lines)} texts to {len(people)} people, {aantal} planned"
    last = max(datetime.fromisoformat(line["at"]) for line in lines)
    provider.clear()
    return last


def in_turn(steps: Sequence[Callable[[], None]], number: int) -> None:
    """One round: forwards and backwards by turns, so that a machine that gets slower or faster favours nobody."""
    for step in steps if number % 2 == 0 else steps[::-1]:
        step()


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def thousands(number: int) -> str:
    """As Dutch people write it: 10.000."""
    return f"{number:,}".replace(",", ".")


def at_least(naam: str, value: float, bound: float, *, unit: str = "", digits: int = 2) -> Cijfer:
    """A figure that must reach ``bound``."""
    return Cijfer(naam=naam, waarde=f"{value:.{digits}f}{unit}", grens=f">= {bound:g}{unit}", ok=value >= bound)


def spread(values: Sequence[float], *, digits: int = 0) -> str:
    """A median with the lowest and highest, for a row without a bound."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def cost(roots: Sequence[int | None], act: Callable[[], Any]) -> float:
    """Processor seconds that ``act`` costs these process trees."""
    pids = [pid for pid in roots if pid is not None]
    before = motor_meten.cpu_seconds(*pids)
    act()
    return motor_meten.cpu_seconds(*pids) - before
