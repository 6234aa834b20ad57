"""Calls to providers one after the other, in the caller's own thread: the same order in every run."""

from collections import deque

from notifications.gateways.base import Outcome
from notifications.outbox.callers import Callers, call
from notifications.outbox.ready import Ready


class InTurn(Callers):
    """Stands in for the pool of a drain. Whatever a call's thread would die of, the drain dies of at once."""

    def hand_out(self, ready: Ready, latest_start: float) -> None:
        self._over.append((ready, call(ready, latest_start, self.breaker)))
        self.going += 1

    def ended(self, *, enough: int, most: int, timeout: float, moment: float) -> list[tuple[Ready, Outcome]]:
        taken = [self._over.popleft() for _ in range(min(most, len(self._over)))]
        self.going -= len(taken)
        return taken

    @property
    def _over(self) -> deque[tuple[Ready, Outcome]]:
        return self.__dict__.setdefault("_over_calls", deque())  # type: ignore[no-any-return]
