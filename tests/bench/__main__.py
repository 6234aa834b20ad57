"""`python -m tests.bench [name ...]`: the benchmarks of docs/benchmarks.md, in one run, as a table.

Exit code 1 when a figure is over its bound. The database is a file of its own, deleted afterwards.
"""

from __future__ import annotations

import os
import platform
import sys
import time

from tests.bench import motor, start
from tests.bench.base import Cijfer, own_database

NAMES = ("daglijst", "clientpagina", "import", "api", "berichten", "start", *motor.PARTS)


def main(wanted: list[str]) -> int:
    # "motor" is the whole engine.
    wanted = [part for name in wanted for part in (motor.PARTS if name == "motor" else [name])]
    unknown = set(wanted) - set(NAMES)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; choose from {', '.join(NAMES)}, motor")
        return 2
    chosen = wanted or list(NAMES)
    figures: list[Cijfer] = []
    if "start" in chosen:
        # First, and in processes of its own: what follows changes this process's settings.
        figures += timed("start", start.run)
    parts = [name for name in motor.PARTS if name in chosen]
    if parts:
        figures += motor.run(parts)
    if set(chosen) - {"start"} - set(parts):
        with own_database():
            figures += in_database(chosen)
    report(figures)
    return 0 if all(figure.ok is not False for figure in figures) else 1


def in_database(chosen: list[str]) -> list[Cijfer]:
    import time_machine

    from tests.bench import api, berichten, clientpagina, daglijst, inlezen, world

    now = world.weekday_morning()
    figures: list[Cijfer] = []
    with time_machine.travel(now, tick=False):
        started = time.perf_counter()
        day = world.build(now)
        figures.append(Cijfer(naam="gegevens maken", waarde=f"{time.perf_counter() - started:.0f} s"))
        benches = {
            "daglijst": lambda: daglijst.run(day, now),
            "clientpagina": lambda: clientpagina.run(now),
            "import": lambda: inlezen.run(now),
            "api": lambda: api.run(now),
            "berichten": lambda: berichten.run(now),
        }
        for name, bench in benches.items():
            if name in chosen:
                figures += timed(name, bench)
    return figures


def timed(name: str, bench: object) -> list[Cijfer]:
    assert callable(bench)
    print(f"-- {name} ...", flush=True)
    found: list[Cijfer] = bench()
    return found


def report(figures: list[Cijfer]) -> None:
    print(f"\nPython {platform.python_version()}, {platform.machine()}, {_cpus()} cores\n")
    print("| wat | gemeten | grens | |")
    print("|---|---|---|---|")
    for figure in figures:
        verdict = "" if figure.ok is None else "ja" if figure.ok else "NEE"
        print(f"| {figure.naam} | {figure.waarde} | {figure.grens} | {verdict} |")


def _cpus() -> int:
    return len(os.sched_getaffinity(0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
