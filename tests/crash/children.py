"""The processes of a run: forked from one that has everything loaded, killed, and forked again at once.

A fresh Python takes two seconds to load the service; a fork takes ten milliseconds. Nothing that may not be
shared is open in the parent: no connection to the database, no thread.
"""

import contextlib
import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.crash.board import Board, Slot
from tests.crash.plan import Tally, Trial

# Which steps a process of each role passes.
STEPS_OF = {
    "worker": (
        "bell-taken",
        "drain-begun",
        "claim-locked",
        "claimed",
        "attempts-marked",
        "attempts-opened",
        "call-begins",
        "call-ended",
        "recording",
        "recorded",
        "telling-at-once",
        "telling",
        "told",
        "lease-expiring",
        "reconcile-asked",
        "reconcile-adopted",
        "reconcile-requeued",
        "receipt-applied",
        "next-channel-planned",
        "enqueue-saved",
    ),
    "planner": ("enqueue-saved", "bell-taken"),
    "web": ("receipt-stored", "receipt-applied", "telling", "told", "next-channel-planned"),
}
# Passed so often that the first time would always be at the very start.
_OFTEN = {"worker": 12, "planner": 40, "web": 25}
_RARE = frozenset({"lease-expiring", "reconcile-adopted", "reconcile-requeued", "next-channel-planned", "bell-taken"})


@dataclass(kw_only=True)
class Child:
    """One process and its successors."""

    role: str
    slot: Slot
    work: Callable[[], None]
    pid: int = 0
    killed: bool = False
    born: int = 0


@dataclass(kw_only=True)
class Nursery:
    """All of them. ``orders``: newborns may be told at which step to die."""

    trial: Trial
    board: Board
    log: int
    dice: random.Random
    tally: Tally
    orders: bool = True
    children: list[Child] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    # For a run that visits every step once: those that are still to come.
    to_visit: list[str] = field(default_factory=list)

    def add(self, role: str, work: Callable[[], None]) -> Child:
        child = Child(role=role, slot=self.board.slot(len(self.children)), work=work)
        self.children.append(child)
        self._start(child)
        return child

    def of(self, role: str) -> list[Child]:
        return [child for child in self.children if child.role == role and child.pid]

    def kill(self, child: Child) -> None:
        """At any instant; what it was doing is known by the last step that it passed."""
        child.killed = True
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)

    def reap(self) -> int:
        """Bury the dead and start successors; how many had died."""
        dead = 0
        for child in self.children:
            if not child.pid:
                continue
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                dead += 1
                self._bury(child, status)
                self._start(child)
        return dead

    def end(self, *roles: str) -> None:
        """End them for good."""
        for child in self.children:
            if child.pid and child.role in roles:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child.pid, signal.SIGKILL)
                os.waitpid(child.pid, 0)
                child.pid = 0

    def _bury(self, child: Child, status: int) -> None:
        slot = child.slot
        if slot.fired:
            self.tally.kills[slot.order] += 1
            self.tally.ordered += 1
            if slot.order in self.to_visit:
                self.to_visit.remove(slot.order)
        elif child.killed:
            self.tally.kills[f"any instant after {slot.last_step}" if slot.last_step else "at the start"] += 1
        else:
            self.unexpected.append(f"a {child.role} ended by itself with status {status}")
            return
        self.tally.by_role[child.role] += 1

    def _start(self, child: Child) -> None:
        order, countdown = self._order(child)
        child.slot.begin(order=order, countdown=countdown)
        child.slot.full = False
        child.killed = False
        child.born += 1
        pid = os.fork()
        if pid:
            child.pid = pid
            return
        self._be(child)

    def _order(self, child: Child) -> tuple[str, int]:
        """The step at which it is to die, and at which pass of it."""
        steps = STEPS_OF[child.role]
        if not self.orders:
            return "", 1
        if self.trial.every_step:
            given = {each.slot.order for each in self.children if each.pid and each is not child}
            left = [step for step in self.to_visit if step in steps]
            # Those that nobody is on the way to, first.
            chosen = [step for step in left if step not in given] or left
            return (self.dice.choice(chosen), 1) if chosen else ("", 1)
        if self.dice.random() > min(0.9, self.trial.at_step * 1.5):
            return "", 1
        # Those that had the fewest so far, more often.
        weights = [1 / (1 + self.tally.kills[step]) for step in steps]
        step = self.dice.choices(steps, weights)[0]
        return step, 1 if step in _RARE else self.dice.randint(1, _OFTEN[child.role])

    def _be(self, child: Child) -> None:
        """In the child: become what its role says, and never come back."""
        code = 70
        try:
            os.setsid()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            os.dup2(self.log, 1)
            os.dup2(self.log, 2)
            random.seed()
            from tests.crash.app import take_slot

            take_slot(child.slot)
            child.work()
            code = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)
