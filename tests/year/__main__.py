"""`python -m tests.year --appointments 2000 --seed 1`: one simulated year, judged; exit code 1 on a finding.

The database is SQLite in memory: it begins empty and is gone afterwards.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.environment import prepare

if TYPE_CHECKING:
    from tests.year.facts import Year

_MOST_SHOWN = 40


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.year")
    parser.add_argument("--appointments", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mutants", nargs="*", default=(), help="put defects in: the year must find them (mutants.py)")
    asked = parser.parse_args(arguments)
    set_up()
    from tests.year import town, verdicts
    from tests.year.mutants import MUTANTS

    began, cpu = time.perf_counter(), time.process_time()
    with ExitStack() as stack:
        for name in asked.mutants:
            stack.enter_context(MUTANTS[name].defect())
        year = town.live(asked.appointments, asked.seed)
    spent = f"{time.perf_counter() - began:.1f} ({time.process_time() - cpu:.1f} of processor time)"
    findings = verdicts.judge(year)
    for name, value in (_table(year) | {"seconds": spent, "findings": len(findings)}).items():
        print(f"{name:18} {value}")
    for finding in findings[:_MOST_SHOWN]:
        print(finding)
    return 1 if findings else 0


def _table(year: Year) -> dict[str, object]:
    changes = Counter(change.what for case in year.cases for change in case.changes)
    states = Counter(row.status for row in year.rows.values())
    return {
        "appointments": len(year.cases),
        "moves": changes["move"],
        "cancels": changes["cancel"],
        "other changes": changes.total() - changes["plan"] - changes["move"] - changes["cancel"],
        "acts of clients": sum(len(case.acts) for case in year.cases),
        "sends": len(year.calls),
        "messages": ", ".join(f"{status} {count}" for status, count in sorted(states.items())),
        "on the worklist": len(year.worklist),
    }


def set_up() -> None:
    """The service's own settings on an empty database."""
    prepare()
    os.environ["DATABASE_URL"] = "sqlite://:memory:"
    # A year makes millions of short-lived objects and hardly a circle among them.
    gc.set_threshold(200_000, 50, 100)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
