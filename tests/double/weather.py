"""The weather: which share of the requests meets which fault, and how receipts come, drawn by a seed.

What happens to a message depends on the seed, the message and how often it was offered, not on the order in
which threads arrive: two runs with one seed treat the same messages alike.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist

from tests.double.faults import BEFORE, KINDS, Fault

RECEIPTS = ("normal", "early", "late", "doubled", "reversed", "never")

Shares = Mapping[str, float]


def chance(seed: int, *about: object) -> float:
    """A number in [0, 1) that follows from the seed and what it is about."""
    text = "\x1f".join(map(str, (seed, *about)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big") / (1 << 48)


@dataclass(kw_only=True)
class Latency:
    """How long a provider thinks: ``ms`` milliseconds, the median of a lognormal spread when ``sigma`` is not 0."""

    ms: float = 0.0
    sigma: float = 0.0
    drawn: int = 0

    def seconds(self) -> float:
        """The next one."""
        if not self.ms or not self.sigma:
            return self.ms / 1000
        self.drawn += 1
        place = NormalDist().inv_cdf(min(max(chance(1, self.drawn), 1e-6), 1 - 1e-6))
        return self.ms / 1000 * math.exp(self.sigma * place)


@dataclass(kw_only=True)
class Weather:
    """Shares are parts of 1. All seconds may be fractions; see tests/double/control.py for each field."""

    seed: int = 1
    faults: dict[str, float] = field(default_factory=dict)
    sendgrid: dict[str, float] = field(default_factory=dict)
    search: dict[str, float] = field(default_factory=dict)
    receipts: dict[str, float] = field(default_factory=dict)
    undelivered: float = 0.0
    retry_after: str = "1"
    seconds: float = 1.0
    late_seconds: float = 2.0
    lag_seconds: float = 0.0
    retry_seconds: float = 0.2
    events_url: str = ""
    offered: Counter[str] = field(default_factory=Counter, repr=False)

    def __post_init__(self) -> None:
        """A misspelt kind would be weather that never comes."""
        for shares in (self.faults, self.sendgrid, self.search):
            _check(shares, KINDS)
        _check(self.receipts, frozenset(RECEIPTS))
        if set(self.search) - BEFORE - {"slow"}:
            raise ValueError("a search accepts nothing: only faults that strike before have a meaning there")

    def fault(self, api: str, method: str, about: str) -> Fault | None:
        """What this request meets, if anything."""
        shares = (
            self.search if method == "GET" else (self.sendgrid or self.faults if api == "sendgrid" else self.faults)
        )
        if not shares:
            return None
        self.offered[f"{method} {about}"] += 1
        drawn = chance(self.seed, method, about, self.offered[f"{method} {about}"])
        kind = _drawn(shares, drawn)
        if not kind:
            return None
        return Fault(api=api, kind=kind, method=method, retry_after=self.retry_after, seconds=self.seconds)

    def receipt(self, about: str) -> str:
        """How the receipts of this message come; "" as without weather."""
        return _drawn(self.receipts, chance(self.seed, "receipt", about)) if self.receipts else ""

    def ends_badly(self, about: str) -> bool:
        return chance(self.seed, "end", about) < self.undelivered

    def lag(self, about: str) -> float:
        """How long this message stays out of the list, in seconds."""
        return self.lag_seconds * chance(self.seed, "lag", about) if self.lag_seconds else 0.0


def _drawn(shares: Shares, drawn: float) -> str:
    for kind, share in shares.items():
        if drawn < share:
            return kind
        drawn -= share
    return ""


def _check(shares: Shares, known: frozenset[str]) -> None:
    strange = set(shares) - known
    if strange or sum(shares.values()) > 1.000001:
        raise ValueError(f"no such weather: {strange or 'more than everything'}; known are {sorted(known)}")
