"""One worker process against the bare official client: same double, same threads, same transport; then two workers."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field

from tests.bench.base import Cijfer, judged
from tests.bench.motor_base import (
    LATENCY_MS,
    Hand,
    Proef,
    accepted,
    at_least,
    cost,
    double,
    environment,
    hand,
    in_turn,
    libpq,
    median,
    spread,
)
from tests.bench.motor_meten import sampled_waits
from tests.double.running import Double

AANTAL = 2000
# The ratio of one round differs an eighth from the next on a machine that others use; the median of five by a tenth.
RONDES = 15
RONDES_WACHT = 5
RONDES_TRAAG = 3
# Calls per thread with a slow provider: enough that beginning and end weigh little.
PER_DRAAD = 40
GRENS_SNEL = 0.7
GRENS_TRAAG = 0.95
GRENS_CPU = 0.8
# Sessions that wait for a lock, on average over the time.
GRENS_WACHT = 0.1


@dataclass(kw_only=True)
class Meting:
    """One thing that is measured, round after round."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


@dataclass(kw_only=True)
class Opstelling:
    """The processes of one double: two workers and a planner on one database."""

    proef: Proef
    url: str
    double: Double
    planner: Hand
    workers: tuple[Hand, Hand]
    aantal: int
    metingen: dict[str, Meting] = field(default_factory=dict)
    waits: dict[int, list[tuple[float, float]]] = field(default_factory=lambda: {1: [], 2: []})

    def note(self, name: str, seconds: float, cpu: float) -> None:
        found = self.metingen.setdefault(name, Meting())
        found.rates.append(self.aantal / seconds)
        found.cpu.append(cpu / self.aantal * 1000)

    def call(self, name: str, doe: str, *, aantal: int = 0, echt: bool = False) -> None:
        """The bare client, or the raw loop; in the worker's own process, so everything else is equal."""
        worker = self.workers[0]
        many = aantal or self.aantal
        given = {"draden": worker.threads, "echt": echt} if doe == "bare" else {}
        seconds = 0.0

        def act() -> None:
            nonlocal seconds
            seconds = worker.ask(doe, aantal=many, **given)["seconden"]

        cpu = cost([worker.pid], act)
        accepted(self.double, many)
        if name:
            # Fewer calls than the others make (a loop of one thread with a slow provider) count as what they are.
            self.note(name, seconds * self.aantal / many, cpu * self.aantal / many)

    def drain(self, name: str, *, workers: int = 1, echt: bool = False, watch: bool = False) -> None:
        """Our own worker, or both at once."""
        self.planner.ask("plan", aantal=self.aantal, echt=echt)
        seconds = 0.0
        busy = self.workers[:workers]

        def act() -> None:
            nonlocal seconds
            for worker in busy:
                worker.start("drain", echt=echt)
            seconds = max(worker.finish()["seconden"] for worker in busy)

        if watch:
            # Looking costs the database time, so what it costs is not counted in these rounds.
            with sampled_waits(libpq(self.url)) as waits:
                act()
            self.waits[workers].append(waits.halves)
            cpu = 0.0
        else:
            cpu = cost([*(worker.pid for worker in busy), self.proef.server], act)
        self.check()
        if name:
            self.note(name, seconds, cpu)

    def check(self) -> None:
        """What the double took and what the database says are the same, and nobody was texted twice."""
        accepted(self.double, self.aantal)
        told = self.planner.ask("told")
        assert told == {"rijen": self.aantal, "geaccepteerd": self.aantal, "pogingen": self.aantal}, told


def run(proef: Proef, *, aantal: int = AANTAL, rondes: int = RONDES) -> list[Cijfer]:
    """Without vendor latency, then with the latency of a real provider."""
    url = proef.database("snelheid")
    found: list[Cijfer] = []
    with double() as quick:
        found += _fast(proef, url, quick, aantal, rondes)
    with double(latency_ms=LATENCY_MS) as slow:
        found += _slow(proef, url, slow, min(rondes, RONDES_TRAAG))
    proef.forget("snelheid")
    return found


def _set_up(stack: ExitStack, proef: Proef, url: str, provider: Double, aantal: int) -> Opstelling:
    # Each node keeps one process free, and these two are one node to it: with three, two may drain.
    env = environment(url=url, double=provider, WORKER_PROCESSES="3")
    planner = stack.enter_context(hand(env))
    workers = (stack.enter_context(hand(env)), stack.enter_context(hand(env)))
    return Opstelling(proef=proef, url=url, double=provider, planner=planner, workers=workers, aantal=aantal)


def _fast(proef: Proef, url: str, provider: Double, aantal: int, rondes: int) -> list[Cijfer]:
    with ExitStack() as stack:
        made = _set_up(stack, proef, url, provider, aantal)
        made.planner.ask("appointments", aantal=aantal)
        for worker in made.workers:
            worker.ask("bare", aantal=200, draden=worker.threads)
        provider.clear()
        made.drain("", workers=2)
        made.drain("", workers=2, echt=True)
        for number in range(rondes):
            steps = [
                lambda: made.call("kaal", "bare"),
                lambda: made.drain("wij"),
                lambda: made.drain("echt", echt=True),
                lambda: made.call("kaal-echt", "bare", echt=True),
                lambda: made.call("lus", "raw"),
                lambda: made.drain("twee", workers=2),
            ]
            in_turn(steps, number)
        for number in range(min(rondes, RONDES_WACHT)):
            made.drain("", workers=1 + number % 2, watch=True)
            made.drain("", workers=2 - number % 2, watch=True)
        return _fast_figures(made)


def _fast_figures(made: Opstelling) -> list[Cijfer]:
    of = made.metingen
    draden = made.workers[0].threads
    ratio = {name: _ratio(of[name], of["kaal"]) for name in ("wij", "lus")}
    # What is called with the text of an invitation is held to a client that sends as long a one.
    ratio["echt"] = _ratio(of["echt"], of["kaal-echt"])
    found = [
        Cijfer(
            naam="motor, lus over één verbinding (geen client, geen database)", waarde=f"{spread(of['lus'].rates)}/s"
        ),
        Cijfer(naam=f"motor, kale client, {draden} draden", waarde=f"{spread(of['kaal'].rates)}/s"),
        Cijfer(naam="motor, kale client tegenover de lus", waarde=f"{1 / ratio['lus']:.2f}"),
        Cijfer(naam=f"motor, één worker, {draden} draden", waarde=f"{spread(of['wij'].rates)}/s"),
        at_least("motor, één worker tegenover de kale client", ratio["wij"], GRENS_SNEL),
        Cijfer(naam="motor, kale client met een echte tekst", waarde=f"{spread(of['kaal-echt'].rates)}/s"),
        Cijfer(naam="motor, één worker met echte afspraken", waarde=f"{spread(of['echt'].rates)}/s"),
        at_least("motor, idem tegenover de kale client met een echte tekst", ratio["echt"], GRENS_SNEL),
        Cijfer(naam="motor, kale client, processortijd per 1.000", waarde=f"{median(of['kaal'].cpu):.2f} s"),
    ]
    where = "worker en database" if made.proef.server else "alleen de worker"
    for name, title in (("wij", "één worker"), ("echt", "met echte afspraken"), ("twee", "twee workers")):
        value = median(of[name].cpu)
        found.append(
            judged(f"motor, {title}, processortijd per 1.000 ({where})", value, GRENS_CPU, unit=" s", digits=2)
        )
    found.append(
        Cijfer(
            naam="motor, twee workers tegenover één, zonder vertraging (twee kernen, waarvan het dubbel er een neemt)",
            waarde=f"{_ratio(of['twee'], of['wij']):.2f}",
        )
    )
    for workers in (1, 2):
        first, second = (median(half) for half in zip(*made.waits[workers], strict=True))
        halves = f"eerste helft {first:.2f}, tweede {second:.2f}"
        naam = f"motor, sessies die op een slot wachten, {('één worker', 'twee workers')[workers - 1]} ({halves})"
        found.append(judged(naam, max(first, second), GRENS_WACHT, unit="", digits=2))
    return found


def _slow(proef: Proef, url: str, provider: Double, rondes: int) -> list[Cijfer]:
    with ExitStack() as stack:
        made = _set_up(stack, proef, url, provider, 1)
        draden = made.workers[0].threads
        made.aantal = PER_DRAAD * draden
        made.drain("", workers=2)
        for number in range(rondes):
            steps = [
                lambda: made.call("kaal", "bare"),
                lambda: made.drain("wij"),
                lambda: made.drain("twee", workers=2),
            ]
            in_turn(steps, number)
        made.call("lus", "raw", aantal=20)
        of = made.metingen
        where = f"bij {LATENCY_MS} ms"
        return [
            Cijfer(naam=f"motor, lus over één verbinding {where}", waarde=f"{spread(of['lus'].rates, digits=1)}/s"),
            Cijfer(naam=f"motor, kale client {where}, {draden} draden", waarde=f"{spread(of['kaal'].rates)}/s"),
            Cijfer(naam=f"motor, één worker {where}", waarde=f"{spread(of['wij'].rates)}/s"),
            at_least(f"motor, één worker tegenover de kale client {where}", _ratio(of["wij"], of["kaal"]), GRENS_TRAAG),
            judged(
                f"motor, één worker, processortijd per 1.000 {where}",
                median(of["wij"].cpu),
                GRENS_CPU,
                unit=" s",
                digits=2,
            ),
            Cijfer(naam=f"motor, twee workers tegenover één {where}", waarde=f"{_ratio(of['twee'], of['wij']):.2f}"),
        ]


def _ratio(ours: Meting, theirs: Meting) -> float:
    """The median of the ratios within each round: what slows a round slows both."""
    return median([one / other for one, other in zip(ours.rates, theirs.rates, strict=True)])
