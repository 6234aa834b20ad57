"""What the engine's benchmarks read from the system: processor time and memory of processes, and lock waits."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

_TICK = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name; the first is the state. Empty when it has ended."""
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return []
    # The name may hold spaces and brackets of its own.
    return text.rpartition(")")[2].split()


def tree(roots: Iterable[int]) -> list[int]:
    """These processes and all their descendants, as far as they live."""
    parents: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid for pid in roots if _stat(pid)]
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.append(pid)
            waiting += parents.get(pid, [])
    return found


def cpu_seconds(*roots: int) -> float:
    """Processor time that these process trees have used so far, kernel included.

    Children that ended and were waited for count along: the kernel adds their time to their parent's.
    """
    ticks = 0
    for pid in tree(roots):
        fields = _stat(pid)
        if fields:
            # utime, stime, cutime, cstime
            ticks += sum(int(each) for each in fields[11:15])
    return ticks / _TICK


def pss_mb(*roots: int) -> float:
    """Memory of these process trees in MB; what processes share is counted once."""
    total = 0
    for pid in tree(roots):
        try:
            text = (_PROC / str(pid) / "smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def postmaster(url: str) -> int | None:
    """The main process of the PostgreSQL server, or None when it runs on another machine."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        fields = _stat(int(row[0]))
        try:
            name = (_PROC / str(row[0]) / "comm").read_text().strip()
        except OSError:
            return None
        return int(fields[1]) if fields and name.startswith("postgres") else None


@dataclass(kw_only=True)
class Waits:
    """How often somebody was seen waiting for a lock of somebody else, in two halves of the time."""

    samples: list[int]

    @property
    def mean(self) -> float:
        """Sessions that wait, on average."""
        return sum(self.samples) / max(1, len(self.samples))

    @property
    def halves(self) -> tuple[float, float]:
        middle = len(self.samples) // 2
        return Waits(samples=self.samples[:middle]).mean, Waits(samples=self.samples[middle:]).mean


@contextmanager
def sampled_waits(url: str, *, every: float = 0.02) -> Iterator[Waits]:
    """Looks how many sessions of this database wait for a lock, so many seconds apart, while the block runs."""
    found = Waits(samples=[])
    over = threading.Event()

    def look() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not over.is_set():
                row = connection.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                    "AND datname = current_database()"
                ).fetchone()
                assert row is not None
                found.samples.append(int(row[0]))
                time.sleep(every)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()
