"""A part of the municipality with its own share of the year, in a process of its own."""

from __future__ import annotations

import gc
import os
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.environment import prepare

if TYPE_CHECKING:
    from tests.year.facts import Year


@dataclass(frozen=True, kw_only=True)
class District:
    """What came of one district: how much there was of everything, and what was wrong."""

    counts: Counter[str]
    findings: list[str]
    seconds: float
    cpu: float


def live(appointments: int, seed: int, mutants: tuple[str, ...]) -> District:
    """One district, from an empty database to the verdict."""
    set_up()
    from tests.year import town, verdicts
    from tests.year.mutants import MUTANTS

    began, cpu = time.perf_counter(), time.process_time()
    with ExitStack() as stack:
        for name in mutants:
            stack.enter_context(MUTANTS[name].defect())
        year = town.live(appointments, seed)
    findings = [str(finding) for finding in verdicts.judge(year)]
    return District(
        counts=_counts(year),
        findings=findings,
        seconds=time.perf_counter() - began,
        cpu=time.process_time() - cpu,
    )


def _counts(year: Year) -> Counter[str]:
    changes = Counter(change.what for case in year.cases for change in case.changes)
    counts = Counter(
        {
            "appointments": len(year.cases),
            "moves": changes["move"],
            "cancels": changes["cancel"],
            "other changes": changes.total() - changes["plan"] - changes["move"] - changes["cancel"],
            "acts of clients": sum(len(case.acts) for case in year.cases),
            "sends": len(year.calls),
            "on the worklist": len(year.worklist),
        }
    )
    counts.update(f"messages {row.status}" for row in year.rows.values())
    return counts


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
