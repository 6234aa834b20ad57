"""What really happened in the year, as whoever lived it would tell: the verdicts are over this and nothing else.

Every fact has its place in one order (``seq``), because many share a moment.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from tests.year.scenario import Script


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call to a provider. ``taken``: the provider has the message, whatever it answered."""

    seq: int
    at: datetime
    uuid: UUID
    channel: str
    address: str
    title: str
    text: str
    taken: bool


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change of one appointment that was committed; ``start`` is when the meeting is from then on."""

    seq: int
    at: datetime
    what: str
    start: datetime


def is_off(changes: Sequence[Change]) -> bool:
    """Whether it was cancelled, and not planned again since."""
    last = next((change.what for change in reversed(changes) if change.what in ("cancel", "replan")), "")
    return last == "cancel"


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something that a client did: a text or an answer on the page."""

    at: datetime
    door: str
    word: str
    address: str


@dataclass(kw_only=True)
class Case:
    """One appointment: what was to happen, and what did."""

    script: Script
    mobile: str
    afspraak_id: int = 0
    version: int = 1
    changes: list[Change] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)

    def before(self, seq: int) -> list[Change]:
        """The changes that were committed before this fact."""
        return [change for change in self.changes if change.seq < seq]

    def acts_until(self, moment: datetime) -> list[datetime]:
        """When the client did something, up to a moment."""
        return [act.at for act in self.acts if act.at <= moment]

    @property
    def start(self) -> datetime:
        """When the meeting is, at the end of the story."""
        return self.changes[-1].start if self.changes else self.script.start

    @property
    def is_off(self) -> bool:
        """Whether it was cancelled, at the end of the story."""
        return is_off(self.changes)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A message as the outbox has it in the end."""

    uuid: UUID
    subject: str
    kind: str
    generation: int
    channel: str
    status: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Told:
    """An answer of a client as it was kept."""

    at: datetime
    answer: str


@dataclass(kw_only=True)
class Year:
    """Everything that the verdicts may know."""

    cases: list[Case]
    calls: list[Call] = field(default_factory=list)
    # Bad news that the provider gave about a message, and when.
    returns: dict[UUID, datetime] = field(default_factory=dict)
    rows: dict[UUID, Row] = field(default_factory=dict)
    worklist: dict[int, list[datetime]] = field(default_factory=dict)
    answers: dict[int, list[Told]] = field(default_factory=dict)
    # What was left lying when nothing more was going to happen.
    left: list[str] = field(default_factory=list)
    refused: int = 0
    order: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def acts_from(self, address: str, until: datetime) -> list[datetime]:
        """When texts came from a phone, up to a moment; one phone may have several appointments."""
        return [act.at for act in self._texts.get(address, ()) if act.at <= until]

    @cached_property
    def _texts(self) -> dict[str, list[Act]]:
        found: dict[str, list[Act]] = {}
        for case in self.cases:
            for act in case.acts:
                found.setdefault(act.address, []).append(act)
        return found

    @property
    def by_subject(self) -> dict[str, Case]:
        """The appointments under the names that messages have for them."""
        return {f"afspraak/{case.afspraak_id}": case for case in self.cases if case.afspraak_id}
