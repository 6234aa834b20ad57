"""Everything that was asked and answered, with sums that need not be counted again from it."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any


@dataclass(kw_only=True)
class Journal:
    """Lines in the order in which they happened; ``n`` is that order. Not safe without ``lock``."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    what: Counter[tuple[str, str]] = field(default_factory=Counter)
    # Accepted messages by person and by the id that we gave them.
    people: dict[str, Counter[str]] = field(default_factory=dict)
    uuids: dict[str, Counter[str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, api: str, what: str, **details: Any) -> None:
        """Add a line; ``kind`` (of a fault) and ``status`` (of a receipt) are counted apart."""
        with self.lock:
            line = {"n": len(self.lines), "api": api, "what": what, "at": datetime.now(UTC).isoformat(), **details}
            self.lines.append(line)
            kind = details.get("kind") or details.get("status") or ""
            self.what[api, f"{what}:{kind}" if kind else what] += 1
            if what == "accepted":
                self.people.setdefault(api, Counter())[details["to"]] += 1
                self.uuids.setdefault(api, Counter())[details["uuid"]] += 1

    def page(self, *, api: str, what: str, start: int, limit: int) -> list[dict[str, Any]]:
        """At most ``limit`` lines with ``n`` from ``start`` (0: all), of one provider and kind when those are given."""
        with self.lock:
            return list(islice(self._fitting(api, what, start), limit or None))

    def _fitting(self, api: str, what: str, start: int) -> Iterator[dict[str, Any]]:
        for line in islice(self.lines, start, None):
            if api in {"", line["api"]} and what in {"", line["what"]}:
                yield line

    def counts(self) -> dict[str, dict[str, int]]:
        """{"twilio": {"accepted": 3, "fault:429": 1}, …}."""
        with self.lock:
            found: dict[str, dict[str, int]] = {}
            for (api, what), number in sorted(self.what.items()):
                found.setdefault(api, {})[what] = number
            return found

    def accepted(self, api: str, by: str) -> dict[str, int]:
        """How often each person ("to") or each message of ours ("uuid") was accepted."""
        with self.lock:
            return dict((self.uuids if by == "uuid" else self.people).get(api, {}))

    def clear(self) -> None:
        with self.lock:
            for each in (self.lines, self.what, self.people, self.uuids):
                each.clear()
