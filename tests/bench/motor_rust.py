"""A worker with nothing to do: queries, processor time; and memory of web server and worker as `make run` has them."""

from __future__ import annotations

import os
import re
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psycopg

from tests.bench.base import Cijfer, judged
from tests.bench.motor_base import Proef, double, environment, hand, libpq
from tests.bench.motor_meten import cpu_seconds, pss_mb
from tests.bench.motor_worker import get, web, worker

# Whole minutes: the sweep comes once in each.
MINUTEN = int(os.environ.get("BENCH_RUST_MINUTEN", "2"))
GRENS_VRAGEN = 100
GRENS_CPU = 2.0
GRENS_PSS = 250
# What is done once, at the start, is no rest: the scheduler's first round comes after half a minute.
_WARM_SECONDS = 45.0
_STATEMENT = re.compile(r"^\S+ \S+ \S+ \[\d+\] rust LOG:  (?:statement|execute [^:]*): (\w+)")
_NO_QUERY = frozenset({"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET"})
# A page of each kind, so that the web server has loaded what it will have loaded after a day.
_PAGES = (
    "/",
    "/accounts/login/",
    "/werk/",
    "/v/0123456789abcdef0123456789abcdef",
    "/readyz",
    "/metrics",
    "/api/v1/docs",
)


def run(proef: Proef, *, minuten: int = MINUTEN) -> list[Cijfer]:
    """Two installations side by side, both doing nothing: one on PostgreSQL, one as `make run` makes it."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vooraf-rust-"))
        embedded = environment(url=f"sqlite:///{folder}/rust.sqlite3", double=None)
        with hand(embedded) as looker:
            looker.ask("prepare")
        page, address = stack.enter_context(web(embedded))
        small = stack.enter_context(worker(embedded))
        _visit(embedded, address)
        found = _rest(proef, small, page, 60.0 * minuten)
        # Only now: what other processes of the same programs share would be counted for less.
        web_mb, worker_mb = pss_mb(page), pss_mb(small)
    title = f"motor, geheugen (PSS) van webserver ({web_mb:.0f}) en worker ({worker_mb:.0f}) op SQLite"
    return [*found, judged(title, web_mb + worker_mb, GRENS_PSS, unit=" MB")]


def _rest(proef: Proef, small: int, page: int, seconden: float) -> list[Cijfer]:
    """A worker on PostgreSQL beside them, and all of them left alone for a while."""
    with ExitStack() as stack:
        log = _log_of(proef)
        stack.enter_context(proef.configured(log_statement="all", log_line_prefix="%m [%p] %d "))
        url = proef.database("rust")
        stack.callback(proef.forget, "rust")
        env = environment(url=url, double=stack.enter_context(double()))
        server = stack.enter_context(worker(env))
        with hand(env) as looker:
            looker.ask("alive")
        time.sleep(_WARM_SECONDS)
        began, at, before = time.monotonic(), log.stat().st_size if log else 0, _used(proef, server, small, page)
        time.sleep(seconden)
        taken = time.monotonic() - began
        after = _used(proef, server, small, page)
        shares = [100 * (now - was) / taken for now, was in zip(after, before, strict=True)]
        return _figures(_count(log, at), taken, shares)


def _used(proef: Proef, server: int, small: int, page: int) -> tuple[float, ...]:
    database = cpu_seconds(proef.server) if proef.server else 0.0
    return cpu_seconds(server), database, cpu_seconds(small), cpu_seconds(page)


def _visit(env: dict[str, str], address: str) -> None:
    """Give the web server something to do before it rests; and wait until the worker is at rest."""
    port = int(address.rpartition(":")[2])
    for path in _PAGES:
        get(port, path)
    with hand(env) as looker:
        looker.ask("alive")


def _figures(counted: tuple[int, int] | None, taken: float, shares: list[float]) -> list[Cijfer]:
    found = []
    if counted is not None:
        queries, statements = (60 * each / taken for each in counted)
        title = f"motor, in rust, vragen per minuut en worker (met BEGIN en COMMIT {statements:.0f})"
        found.append(judged(title, queries, GRENS_VRAGEN, unit=""))
    on_postgres, database, on_sqlite, page = shares
    found += [
        judged("motor, in rust, deel van een kern, worker op PostgreSQL", on_postgres, GRENS_CPU, unit=" %", digits=2),
        Cijfer(naam="motor, in rust, idem van PostgreSQL zelf", waarde=f"{database:.2f} %"),
        judged("motor, in rust, deel van een kern, worker op SQLite", on_sqlite, GRENS_CPU, unit=" %", digits=2),
        Cijfer(naam="motor, in rust, idem van de webserver", waarde=f"{page:.2f} %"),
    ]
    return found


def _log_of(proef: Proef) -> Path | None:
    """The server's log, when it is a server of our own on this machine."""
    if proef.server is None:
        return None
    with psycopg.connect(libpq(proef.url)) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row is not None
    log = Path(row[0]) / "log"
    return log if log.is_file() else None


def _count(log: Path | None, start: int) -> tuple[int, int] | None:
    """Queries since then, and all statements with those that only begin and end transactions."""
    if log is None:
        return None
    with log.open("rb") as file:
        file.seek(start)
        lines = file.read().decode("utf-8", "replace").splitlines()
    verbs = [found.group(1).upper() for found in map(_STATEMENT.match, lines) if found]
    assert verbs, "no statement was logged: the worker did nothing at all, or the log looks different"
    return sum(verb not in _NO_QUERY for verb in verbs), len(verbs)
