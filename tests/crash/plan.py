"""What a run is made of, and what came of it."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Shares of the requests that create a message; at least one of each kind of fault.
FAULTS = {
    "429": 0.03,
    "error": 0.01,
    "ok-with-error": 0.005,
    "5xx-before": 0.02,
    "reset-before": 0.02,
    "hang-before": 0.005,
    "html-before": 0.005,
    "5xx-after": 0.02,
    "reset-after": 0.025,
    "hang": 0.01,
    "html": 0.005,
    "garbled": 0.01,
    "truncated": 0.01,
    "encoding": 0.005,
    "dribble": 0.002,
    "dribble-head": 0.002,
    "slow": 0.01,
}
SEARCH = {"429": 0.02, "5xx-before": 0.04, "reset-before": 0.03, "html-before": 0.01, "hang-before": 0.01, "slow": 0.02}
RECEIPTS = {"normal": 0.5, "early": 0.1, "late": 0.1, "doubled": 0.1, "reversed": 0.1, "never": 0.1}


@dataclass(kw_only=True)
class Trial:
    """One run. ``pace`` stretches or shortens all waiting times of the engine and the double alike."""

    kills: int
    messages: int
    seed: int = 1
    db: str = "postgres"
    # A database that is there already; the run leaves nothing in it but its messages.
    url: str = ""
    workers: int = 2
    planners: int = 2
    pace: float = 1.0
    # By chance; kills at named steps come on top.
    kills_per_second: float = 1.5
    # Of the kills, those that happen at a named step; the others come at any instant.
    at_step: float = 0.5
    # Instead of chance: every named step once.
    every_step: bool = False
    restarts: int = 0
    redis: bool = False
    clusters: int = 0
    # How far a worker's clock may jump, in seconds; 0: all clocks are right.
    clock: float = 0.0
    full_disk: bool = True
    faults: bool = True
    # The weather does not change: this many times the usual shares, and half of the receipts never come.
    storm: float = 0.0
    changes: float = 0.3
    # Names of defects to put in (mutants.py): the run must find them.
    mutants: tuple[str, ...] = ()
    keep: Path | None = None
    # After this many seconds without an end the run has failed.
    patience: float = 1800.0


@dataclass(kw_only=True)
class Tally:
    """What was done to the engine."""

    kills: Counter[str] = field(default_factory=Counter)
    by_role: Counter[str] = field(default_factory=Counter)
    ordered: int = 0
    restarts: int = 0
    flushes: int = 0
    # Of one process's clock, and of the one that all go by.
    jumps: int = 0
    steps: int = 0
    full: int = 0
    cluster_kills: int = 0
    cluster_restarts: int = 0
    seconds: float = 0.0
    recovery: float = 0.0

    @property
    def total(self) -> int:
        return sum(self.kills.values())


@dataclass(kw_only=True)
class Verdict:
    """What went wrong; every list must be empty. Each entry names a message and says how."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def faultless(self) -> bool:
        return not (self.lost or self.twice or self.stale or self.stuck or self.wrong)
