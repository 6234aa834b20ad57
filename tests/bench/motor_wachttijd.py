"""From planned to accepted, with the real worker: when nothing else is going on, and behind ten thousand others."""

from __future__ import annotations

import os
import statistics
from contextlib import ExitStack

from tests.bench.base import Cijfer, judged
from tests.bench.motor_base import LATENCY_MS, Proef, accepted, double, environment, hand, spread, thousands
from tests.bench.motor_worker import redis, worker

STUKS = 40
GRENS_ORM = 1.5
GRENS_REDIS = 0.3
VEEL = int(os.environ.get("BENCH_INEENS", "10000"))
GRENS_VEEL = 60.0
# Those in haste come one by one, while the others are still going out.
HAAST = 5
HAAST_PAUZE = 4.0
HAAST_MINUTEN = 55
# What was claimed already goes first: a batch, at what the provider takes in a second.
GRENS_HAAST = 3.0


def run(proef: Proef, *, stuks: int = STUKS, veel: int = VEEL) -> list[Cijfer]:
    """Idle with each broker, then the burst with the broker of the default installation."""
    found = _idle(proef, stuks, broker="database")
    found += _idle(proef, stuks, broker="Redis")
    found += _burst(proef, veel)
    return found


def _idle(proef: Proef, stuks: int, *, broker: str) -> list[Cijfer]:
    with ExitStack() as stack:
        url = proef.database("wachttijd")
        stack.callback(proef.forget, "wachttijd")
        provider = stack.enter_context(double())
        more = {"REDIS_URL": stack.enter_context(redis()).url} if broker == "Redis" else {}
        env = environment(url=url, double=provider, **more)
        planner = stack.enter_context(hand(env))
        planner.ask("appointments", aantal=stuks)
        planner.ask("empty")
        stack.enter_context(worker(env))
        planner.ask("alive")
        # Whoever sends the first message sets up connections and reads texts.
        planner.ask("singles", aantal=3, zaad=1)
        planner.ask("empty", vlaggen=False)
        provider.clear()
        seconds = planner.ask("singles", aantal=stuks, zaad=2)["seconden"]
        accepted(provider, stuks)
    bound = GRENS_REDIS if broker == "Redis" else GRENS_ORM
    p95 = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    title = f"motor, in rust van gepland tot geaccepteerd, deurbel in {broker}"
    return [
        Cijfer(naam=f"{title}, mediaan (min-max)", waarde=f"{spread(seconds, digits=2)} s"),
        judged(f"{title}, p95 van {stuks}", p95, bound, unit=" s", digits=2),
    ]


def _burst(proef: Proef, veel: int) -> list[Cijfer]:
    with ExitStack() as stack:
        url = proef.database("ineens")
        stack.callback(proef.forget, "ineens")
        provider = stack.enter_context(double(latency_ms=LATENCY_MS))
        env = environment(url=url, double=provider)
        planner = stack.enter_context(hand(env))
        other = stack.enter_context(hand(env))
        planner.ask("appointments", aantal=veel)
        planner.ask("empty")
        stack.enter_context(worker(env))
        planner.ask("alive")
        planner.ask("singles", aantal=3, zaad=1)
        planner.ask("empty", vlaggen=False)
        provider.clear()
        begun = planner.ask("burst", aantal=veel)
        other.start("soon", aantal=HAAST, pauze=HAAST_PAUZE, minuten=HAAST_MINUTEN)
        done = planner.ask("all_accepted", aantal=veel + HAAST, sinds=begun["op"])
        haste = other.finish()
        accepted(provider, veel + HAAST)
    size = thousands(veel)
    behind = min(haste["achter"])
    title = f"motor, afspraak binnen het uur, gepland achter {size} andere"
    return [
        Cijfer(naam=f"motor, {size} berichten plannen in één transactie", waarde=f"{begun['seconden']:.0f} s"),
        judged(
            f"motor, {size} ineens bij {LATENCY_MS} ms, één worker, tot de laatste geaccepteerd is",
            done["seconden"],
            GRENS_VEEL,
            unit=" s",
            digits=1,
        ),
        Cijfer(
            naam=f"{title}: gepland tot geaccepteerd, mediaan (min-max) van {HAAST}",
            waarde=f"{spread(haste['seconden'], digits=2)} s",
        ),
        judged(f"{title}: de langzaamste", max(haste["seconden"]), GRENS_HAAST, unit=" s", digits=2),
        Cijfer(naam=f"{title}: hoeveel er dan nog wachtten, minimaal", waarde=str(behind), grens="> 0", ok=behind > 0),
    ]
