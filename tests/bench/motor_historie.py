"""What a message costs with ten thousand and with ten million sent before it, by turns on one server."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field

from tests.bench.base import Cijfer, judged
from tests.bench.motor_base import (
    Hand,
    Proef,
    accepted,
    cost,
    double,
    environment,
    hand,
    in_turn,
    median,
    spread,
    thousands,
)
from tests.double.running import Double

WEINIG = 10_000
VEEL = int(os.environ.get("BENCH_HISTORIE", "10000000"))
AANTAL = 1000
RONDES = 7
GRENS = 1.1
# What one message takes on disk with its attempt, indexes included, and as much again to sort them.
BYTES_PER_MESSAGE = 2_500


@dataclass(kw_only=True)
class Kant:
    """One of the two databases, with its worker and its planner; per round the seconds per 1,000 messages."""

    planner: Hand
    worker: Hand
    planned: int = 0
    plan: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def run(proef: Proef, *, veel: int = VEEL, aantal: int = AANTAL, rondes: int = RONDES) -> list[Cijfer]:
    """Fill both, then send by turns."""
    veel = min(veel, _room())
    found: list[Cijfer] = []
    with ExitStack() as stack:
        provider = stack.enter_context(double())
        sides = []
        for name, many in (("weinig", WEINIG), ("veel", veel)):
            url = proef.database(name)
            stack.callback(proef.forget, name)
            env = environment(url=url, double=provider)
            side = Kant(planner=stack.enter_context(hand(env)), worker=stack.enter_context(hand(env)))
            sides.append(side)
            found.append(_fill(proef, side, many))
        few, many_side = sides
        for number in range(rondes + 1):
            if number == 1:
                # The first round only warmed up.
                for side in sides:
                    for values in (side.plan, side.wall, side.cpu):
                        values.clear()
            in_turn(
                [
                    lambda: _round(few, proef, provider, aantal),
                    lambda: _round(many_side, proef, provider, aantal),
                ],
                number,
            )
        found += _figures(few, many_side, veel)
    return found


def _fill(proef: Proef, side: Kant, many: int) -> Cijfer:
    started = time.perf_counter()
    # Less often interrupted to bring everything to the disk.
    with proef.configured(max_wal_size="8GB"):
        steps = side.planner.ask("history", aantal=many)
    taken = ", ".join(f"{step} {seconds:.0f}" for step, seconds in steps.items())
    return Cijfer(
        naam=f"motor, {thousands(many)} berichten van het afgelopen jaar maken ({taken})",
        waarde=f"{time.perf_counter() - started:.0f} s",
    )


def _round(side: Kant, proef: Proef, provider: Double, aantal: int) -> None:
    planned = side.planner.ask("plan", aantal=aantal, leeg=False, vanaf=side.planned)
    side.planned += aantal
    seconds = 0.0

    def act() -> None:
        nonlocal seconds
        seconds = side.worker.ask("drain")["seconden"]

    cpu = cost([side.worker.pid, proef.server], act)
    accepted(provider, aantal)
    told = side.planner.ask("told")
    assert told == {"rijen": aantal, "geaccepteerd": aantal, "pogingen": aantal}, told
    side.plan.append(planned["seconden"] / aantal * 1000)
    side.wall.append(seconds / aantal * 1000)
    side.cpu.append(cpu / aantal * 1000)


def _figures(few: Kant, many: Kant, veel: int) -> list[Cijfer]:
    size = thousands(veel)
    found = []
    for naam, ours, theirs, bound in (
        ("tijd per bericht", many.wall, few.wall, GRENS),
        ("processortijd per bericht, worker en database", many.cpu, few.cpu, GRENS),
        ("tijd om te plannen", many.plan, few.plan, None),
    ):
        ratio = median([one / other for one, other in zip(ours, theirs, strict=True)])
        title = f"motor, {naam}: met {size} berichten tegenover 10.000"
        detail = f"{spread(ours, digits=2)} en {spread(theirs, digits=2)} s per 1.000"
        if bound is None:
            found.append(Cijfer(naam=f"{title} ({detail})", waarde=f"{ratio:.2f}x"))
        else:
            found.append(judged(f"{title} ({detail})", ratio, bound, unit="x", digits=2))
    return found


def _room() -> int:
    """How many old messages fit on the disk, with as much left free."""
    return shutil.disk_usage(tempfile.gettempdir()).free // 2 // BYTES_PER_MESSAGE
