"""One run: the world turns, processes die, the database goes down; then all is mended and compared."""

import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.crash import roles, scene, verdict
from tests.crash.board import Board
from tests.crash.children import Nursery
from tests.crash.cluster import Cluster
from tests.crash.databases import Database
from tests.crash.doorbell import Redis
from tests.crash.plan import FAULTS, RECEIPTS, SEARCH, Tally, Trial, Verdict
from tests.double.running import Double

CLUSTER_SLOT = 30
# A look at the provider's list takes so long to be repeated, and a little more; in seconds.
_BETWEEN_STEPS = 8.0


class OutOfPatience(Exception):
    """The run does not come to an end."""


@dataclass(kw_only=True)
class Run:
    """What one run works with."""

    trial: Trial
    folder: Path
    double: Double
    database: Database
    port: int
    redis: Redis | None
    dice: random.Random
    tally: Tally = field(default_factory=Tally)
    say: Callable[[str], None] = print

    def __post_init__(self) -> None:
        self.board = Board(self.folder / "board", new=True)
        self.log_path = self.folder / "log"
        self._log = os.open(self.log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.nursery = Nursery(trial=self.trial, board=self.board, log=self._log, dice=self.dice, tally=self.tally)
        self.cluster: Cluster | None = None
        self._chores: list[tuple[float, float, Callable[[], None]]] = []
        self._began = self._stepped = time.monotonic()

    def go(self) -> Verdict:
        """The whole run."""
        scene.build()
        _disconnect()
        if self.trial.every_step:
            from notifications.outbox.points import STEPS

            self.nursery.to_visit = list(STEPS)
        try:
            self._people()
            self._storm()
            self.tally.seconds = time.monotonic() - self._began
            self._recover()
            self.tally.recovery = time.monotonic() - self._began - self.tally.seconds
            found = verdict.judge(double=self.double, log=self.log_path)
            found.wrong += self.nursery.unexpected
            verdict.write(found, self.folder / "verdict.json")
            return found
        finally:
            self.nursery.end("worker", "planner", "web")
            if self.cluster is not None:
                self.cluster.end()
            with suppress(Exception):
                self.database.dump(self.folder / "database.sql")
            scene.clear_away()
            _disconnect()

    def _people(self) -> None:
        trial = self.trial
        work = partial(roles.worker, sweep_every=1.0 * trial.pace)
        for _ in range(trial.workers):
            self.nursery.add("worker", work)
        for number in range(trial.planners):
            plan = partial(roles.planner, board=self.board, number=number, of=trial.planners, changes=trial.changes)
            self.nursery.add("planner", plan)
        self.nursery.add("web", partial(roles.web, port=self.port))
        if trial.clusters:
            self.cluster = Cluster(self.folder, CLUSTER_SLOT, self._log)

    def _storm(self) -> None:
        """Kill until there were enough kills and enough messages."""
        trial = self.trial
        self._weather()
        self._every(5.0 * trial.pace, self._weather)
        if not trial.every_step:
            self._every(1 / max(0.01, trial.kills_per_second * (1 - trial.at_step)), self._kill_any)
        if trial.full_disk:
            self._every(2.5 * trial.pace, self._fill_disk)
        if trial.clock:
            self._every(2.0 * trial.pace, self._jump)
            self._every(_BETWEEN_STEPS * trial.pace, self._step_clock)
        if self.redis is not None:
            self._every(4.0, self._flush)
        if self.cluster is not None:
            self._every(6.0, self._kill_in_cluster)
        planned, asked, spoken = 0, 0.0, 0.0
        while self._goes_on(planned):
            self.nursery.reap()
            self._do_chores()
            self._restart_database()
            now = time.monotonic()
            if now - asked > 0.4:
                asked, planned = now, _count_messages(planned)
                self._set_goal(planned)
            if now - spoken > 15:
                spoken = now
                self.say(f"{now - self._began:5.0f} s  {self.tally.total} kills  {planned} messages")
            self._check_patience()
            time.sleep(0.01)

    def _goes_on(self, planned: int) -> bool:
        trial = self.trial
        if trial.every_step and self.nursery.to_visit:
            return True
        enough_kills = trial.every_step or self.tally.total + self.tally.cluster_kills >= trial.kills
        return not enough_kills or planned < trial.messages

    def _set_goal(self, planned: int) -> None:
        """Messages come as the kills do: all of the run is under way while processes die."""
        trial = self.trial
        done = 1.0 if trial.every_step else min(1.0, (self.tally.total + 3) / max(1, trial.kills))
        if planned < trial.messages * done or (trial.every_step and self.nursery.to_visit):
            self.board.goal = self.board.goal + 20

    def _every(self, seconds: float, chore: Callable[[], None]) -> None:
        self._chores.append((time.monotonic() + seconds, seconds, chore))

    def _do_chores(self) -> None:
        now = time.monotonic()
        for place, (due, seconds, chore) in enumerate(self._chores):
            if due <= now:
                chore()
                # Around the pace, never in step with anything.
                self._chores[place] = (now + self.dice.expovariate(1 / seconds), seconds, chore)

    def _weather(self) -> None:
        """Another kind of day: calm, ordinary, or a storm in which everything fails more often."""
        if not self.trial.faults:
            self.double.weather(receipts={"normal": 1.0}, events_url=self._events)
            return
        pace, storm = self.trial.pace, self.trial.storm
        force = storm or self.dice.choice((0.3, 1.0, 1.0, 2.5))
        self.double.weather(
            seed=self.dice.randrange(1 << 30),
            faults={kind: share * force for kind, share in FAULTS.items()},
            search={kind: share * force for kind, share in SEARCH.items()},
            receipts={"normal": 0.4, "early": 0.1} if storm else RECEIPTS,
            undelivered=0.05,
            retry_after=self.dice.choice(("", "1")),
            seconds=pace * self.dice.uniform(0.2, 4.0),
            late_seconds=pace * self.dice.uniform(2.0, 14.0),
            lag_seconds=pace * self.dice.choice((0.0, 2.0, 5.0)),
            retry_seconds=0.3,
            events_url=self._events,
        )
        self.double.latency(ms=self.dice.choice((0, 5, 40)) * pace, sigma=0.6)

    @property
    def _events(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/sendgrid/events"

    def _kill_any(self) -> None:
        role = self.dice.choices(("worker", "planner", "web"), (8, 1, 1))[0]
        alive = self.nursery.of(role)
        if alive:
            self.nursery.kill(self.dice.choice(alive))

    def _kill_in_cluster(self) -> None:
        assert self.cluster is not None
        members = self.cluster.members()
        if not self.cluster.alive or not members:
            self.cluster.restart()
            self.tally.cluster_restarts += 1
            return
        # The first second or two it only loads; a kill then shows little.
        self.cluster.kill_one(self.dice.choice(members))
        self.tally.cluster_kills += 1

    def _fill_disk(self) -> None:
        for child in self.nursery.children:
            child.slot.full = False
        if self.dice.random() < 0.5:
            self.dice.choice(self.nursery.children).slot.full = True
            self.tally.full += 1

    def _jump(self) -> None:
        """One process has a clock of its own."""
        self.dice.choice(self.nursery.children).slot.shift = self._off()
        self.tally.jumps += 1

    def _step_clock(self) -> None:
        """The clock that all go by is set; not so often that nothing can be said of time any more."""
        if time.monotonic() - self._stepped >= _BETWEEN_STEPS * self.trial.pace:
            self._stepped = time.monotonic()
            self.board.clock = self._off()
            self.tally.steps += 1

    def _off(self) -> float:
        far = self.trial.clock
        return self.dice.choice((0.0, self.dice.uniform(-far, far), far, -far))

    def _flush(self) -> None:
        assert self.redis is not None
        self.redis.flush()
        self.tally.flushes += 1

    def _restart_database(self) -> None:
        trial = self.trial
        if self.tally.restarts < trial.restarts:
            due = trial.kills * (self.tally.restarts + 1) / (trial.restarts + 1)
            if self.tally.total >= due:
                self.database.crash()
                self.tally.restarts += 1

    def _recover(self) -> None:
        """Fair weather, no kills, and time that passes; until nothing is open."""
        self.nursery.orders = False
        self.nursery.end("planner", "worker")
        for child in self.nursery.children:
            child.slot.full = False
            child.slot.shift = 0.0
        # What clocks that were ahead have put off becomes due when that time comes.
        self.board.clock = 2.2 * self.trial.clock
        self.double.weather(receipts={"normal": 1.0}, events_url=self._events)
        self.double.latency()
        self.nursery.children = [child for child in self.nursery.children if child.pid]
        work = partial(roles.worker, sweep_every=1.0 * self.trial.pace)
        for _ in range(self.trial.workers):
            self.nursery.add("worker", work)
        moved = spoken = time.monotonic()
        before: tuple[int, int] | None = None
        # Everything that waits for a time is over in a fraction of this.
        while time.monotonic() - moved < 60 * self.trial.pace:
            now = time.monotonic()
            waiting = _open(), self.double.letters_to_come()
            if not any(waiting):
                break
            moved, before = (moved if waiting == before else now), waiting
            self.nursery.reap()
            self._check_patience()
            if now - spoken > 15:
                spoken = now
                self.say(f"{spoken - self._began:5.0f} s  recovering, {waiting[0]} open")
            time.sleep(0.2)
        self.nursery.end("worker", "web")

    def _check_patience(self) -> None:
        if time.monotonic() - self._began > self.trial.patience:
            left = f", steps not reached: {self.nursery.to_visit}" if self.nursery.to_visit else ""
            raise OutOfPatience(f"after {self.trial.patience} seconds {_open()} rows are open{left}")


def _disconnect() -> None:
    """A connection that is open here would be shared with every child."""
    from django.db import connections

    connections.close_all()


def _count_messages(known: int) -> int:
    """How many there are, or what was known when the database does not answer."""
    from django.db import DatabaseError

    from notifications.models import Message

    try:
        return Message.objects.count()
    except DatabaseError:
        return known
    finally:
        _disconnect()


def _open() -> int:
    """Rows that are not at their end: messages under way, news not told, receipts not applied."""
    from django.db.models import Q

    from notifications.domain.lifecycle import Status
    from notifications.models import Message, Receipt

    under_way = [Status.QUEUED.value, Status.SENDING.value, Status.UNKNOWN.value]
    try:
        messages = Message.objects.filter(Q(status__in=under_way) | Q(untold=True)).count()
        return messages + Receipt.objects.filter(applied_at__isnull=True).count()
    finally:
        _disconnect()
