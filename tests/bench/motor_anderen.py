"""The same messages in the usual ways: Celery with Redis, and django-q2, each with a task per message."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime

from tests.bench.base import Cijfer
from tests.bench.motor_base import (
    LATENCY_MS,
    Hand,
    Proef,
    at_least,
    cost,
    double,
    environment,
    hand,
    in_turn,
    median,
    spread,
)
from tests.bench.motor_worker import process, redis
from tests.double.running import Double

AANTAL = 600
AANTAL_TRAAG = 50
RONDES = 3
_PROCESSEN = 2
_PATIENCE = 300.0


@dataclass(kw_only=True)
class Wijze:
    """One way to send. ``ask`` plans so many; a command of its own lets them go, when there is one."""

    naam: str
    roots: tuple[int | None, ...]
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def run(proef: Proef, *, aantal: int = AANTAL, rondes: int = RONDES) -> list[Cijfer]:
    """Without vendor latency, then with it."""
    found: list[Cijfer] = []
    for latency, many in ((0, aantal), (LATENCY_MS, min(aantal, AANTAL_TRAAG))):
        with ExitStack() as stack:
            found += _compare(proef, stack, latency, many, rondes)
    return found


def _compare(proef: Proef, stack: ExitStack, latency: int, many: int, rondes: int) -> list[Cijfer]:
    url = proef.database("anderen")
    stack.callback(proef.forget, "anderen")
    provider = stack.enter_context(double(latency_ms=latency))
    server = stack.enter_context(redis())
    env = environment(url=url, double=provider)
    planner = stack.enter_context(hand(env | {"BENCH_BROKER": server.url}))
    # Our worker and the bare client get so many that the slow provider keeps all their threads busy.
    ours_many = many if not latency else 20 * planner.threads
    ours = stack.enter_context(hand(env))
    # A database of its own: a cluster on ours would answer our doorbell too.
    q_env = environment(url=proef.database("anderen_q"), double=provider)
    stack.callback(proef.forget, "anderen_q")
    q_planner = stack.enter_context(hand(q_env))
    cluster = stack.enter_context(process(["manage.py", "qcluster"], q_env))
    celery = stack.enter_context(
        process(
            ["-m", "celery", "-A", "tests.bench.motor_taken", "worker", "-c", str(_PROCESSEN), "-l", "ERROR"],
            env | {"BENCH_BROKER": server.url},
        )
    )
    wij = Wijze(naam=f"wij, één worker, {ours.threads} draden", roots=(ours.pid, proef.server))
    theirs = Wijze(naam=f"Celery en Redis, {_PROCESSEN} processen", roots=(celery, server.pid))
    per_task = Wijze(naam=f"django-q2 op PostgreSQL, {_PROCESSEN} processen", roots=(cluster, proef.server))
    steps: list[Callable[[], None]] = [
        lambda: _ours(wij, ours, planner, provider, ours_many),
        lambda: _tasks(theirs, planner, provider, many, "celery_tasks"),
        lambda: _tasks(per_task, q_planner, provider, many, "q_tasks"),
    ]
    for step in steps:
        step()
    for each in (wij, theirs, per_task):
        each.rates.clear()
        each.cpu.clear()
    for number in range(rondes):
        in_turn(steps, number)
    return _figures(wij, (theirs, per_task), latency)


def _ours(way: Wijze, worker: Hand, planner: Hand, provider: Double, many: int) -> None:
    planner.ask("plan", aantal=many)
    seconds = 0.0

    def act() -> None:
        nonlocal seconds
        seconds = worker.ask("drain")["seconden"]

    cpu = cost(way.roots, act)
    _all_there(provider, many)
    way.rates.append(many / seconds)
    way.cpu.append(cpu / many * 1000)


def _tasks(way: Wijze, planner: Hand, provider: Double, many: int, doe: str) -> None:
    """Their time runs from the first call to the last, so that putting them in the queue does not count."""
    moments: list[datetime] = []

    def act() -> None:
        planner.ask(doe, aantal=many)
        moments.extend(_wait(provider, many))

    cpu = cost(way.roots, act)
    way.rates.append((many - 1) / (moments[-1] - moments[0]).total_seconds())
    way.cpu.append(cpu / many * 1000)


def _wait(provider: Double, many: int) -> list[datetime]:
    until = time.monotonic() + _PATIENCE
    while provider.counts().get("twilio", {}).get("accepted", 0) < many:
        assert time.monotonic() < until, f"{provider.counts()} after {_PATIENCE:.0f} s, {many} wanted"
        time.sleep(0.1)
    return _all_there(provider, many)


def _all_there(provider: Double, many: int) -> list[datetime]:
    """Each number once; the moments, in order."""
    lines = provider.journal(api="twilio", what="accepted")
    assert len(lines) == len({line["to"] for line in lines}) == many, f"{len(lines)} accepted, {many} wanted"
    provider.clear()
    return sorted(datetime.fromisoformat(line["at"]) for line in lines)


def _figures(wij: Wijze, others: tuple[Wijze, ...], latency: int) -> list[Cijfer]:
    where = f"bij {latency} ms" if latency else "zonder vertraging"
    found = []
    for each in (wij, *others):
        digits = 0 if median(each.rates) >= 100 else 1
        found.append(
            Cijfer(
                naam=f"motor, {where}: {each.naam} (processortijd per 1.000: {median(each.cpu):.2f} s)",
                waarde=f"{spread(each.rates, digits=digits)}/s",
            )
        )
    for each in others:
        ratio = median([one / other for one, other in zip(wij.rates, each.rates, strict=True)])
        found.append(at_least(f"motor, {where}: wij tegenover {each.naam}", ratio, 1.0, unit="x"))
    return found
