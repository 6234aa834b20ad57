"""Simulated time: what happens when, and a clock that jumps from one thing to the next."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta


class Agenda:
    """A clock and what is going to happen; also stands in for the ``time`` module, so that sleeping costs nothing."""

    def __init__(self, begins: datetime) -> None:
        self._begins = begins
        self._now = begins
        self._order = itertools.count()
        self._waiting: list[tuple[datetime, int, Callable[[], object]]] = []

    def now(self) -> datetime:
        """What the clock says."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since the beginning."""
        return (self._now - self._begins).total_seconds()

    def sleep(self, seconds: float) -> None:
        """Let so many seconds go by."""
        self._now += timedelta(seconds=seconds)

    def add(self, at: datetime, act: Callable[[], object]) -> None:
        """Let something happen at a moment, or as soon as possible after it."""
        heapq.heappush(self._waiting, (at, next(self._order), act))

    @property
    def next_at(self) -> datetime | None:
        """When the first of them is."""
        return self._waiting[0][0] if self._waiting else None

    def go_to(self, moment: datetime) -> None:
        """Time goes on; never back."""
        self._now = max(self._now, moment)

    def pop(self) -> Callable[[], object]:
        """The first thing to happen, at its moment."""
        at, _, act = heapq.heappop(self._waiting)
        self.go_to(at)
        return act
