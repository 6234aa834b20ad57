"""A provider that keeps a journal, clocks that can be set, and what is true about the subjects of messages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from notifications.domain.lifecycle import Channel
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways.base import Finding, Outcome, Outgoing, Search
from notifications.outbox import context
from tests.outbox.helpers import NOW


class Clocks:
    """Time as it passes, and our clock, which may be set; also stands in for the ``time`` module."""

    def __init__(self) -> None:
        self.passed = timedelta(0)
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """What our clock says."""
        return NOW + self.passed + self.offset

    def passes(self, seconds: float) -> None:
        """So much time goes by."""
        self.passed += timedelta(seconds=seconds)

    def monotonic(self) -> float:
        """Seconds since the beginning, whatever our clock says."""
        return self.passed.total_seconds()

    sleep = passes


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A message that the provider accepted, and so delivers. ``listed_at``: when it shows in the provider's list."""

    uuid: UUID
    address: str
    text: str
    vendor_id: str
    at: timedelta
    listed_at: timedelta


class Killed(BaseException):
    """The process ended here. What it had not committed is gone; nothing is tidied up."""


# How a call can end, and whether the provider has the message then.
FATES = (
    "accepted",
    "busy",
    "busy for a while",
    "refused",
    "refuses the account",
    "says: opted out",
    "lost, taken",
    "lost, not taken",
    "breaks our code, taken",
    "kills us, taken",
    "kills us, not taken",
)
_ENDS = {
    "busy": Outcome(verdict=Verdict.TEMPORARY, reason=Reason.RATE_LIMITED),
    "busy for a while": Outcome(verdict=Verdict.TEMPORARY, reason=Reason.RATE_LIMITED, retry_after=90.0),
    "refused": Outcome(verdict=Verdict.PERMANENT, reason=Reason.INVALID_ADDRESS),
    "refuses the account": Outcome(verdict=Verdict.TEMPORARY, reason=Reason.ACCOUNT, halt=True),
    "says: opted out": Outcome(verdict=Verdict.PERMANENT, reason=Reason.OPTED_OUT),
    "lost, taken": Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER),
    "lost, not taken": Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER),
}
_TAKEN = frozenset({"accepted", "lost, taken", "breaks our code, taken", "kills us, taken"})


class JournalGateway:
    """A provider in this process. ``fates`` says how the next calls end; after them everything is accepted."""

    name = "journal"
    on_network = True
    call_seconds = 10.0

    def __init__(self, channel: Channel, clocks: Clocks) -> None:
        self.channel = channel
        # As with Twilio and SendGrid: texts are listed, mails are not.
        self.can_search = channel is Channel.SMS
        self.journal: list[Taken] = []
        self.fates: list[tuple[str, float]] = []
        self.list_is_down = False
        self.before_call: Callable[[Outgoing], None] = lambda outgoing: None
        self.refused: set[UUID] = set()
        self._clocks = clocks

    def send(self, outgoing: Outgoing) -> Outcome:
        self.before_call(outgoing)
        fate, lag = self.fates.pop(0) if self.fates else ("accepted", 0.0)
        if fate in _TAKEN:
            self._take(outgoing, timedelta(seconds=lag))
        if fate.startswith("kills us"):
            raise Killed(fate)
        if fate.startswith("breaks our code"):
            raise ValueError(fate)
        if fate == "accepted":
            return Outcome(verdict=Verdict.ACCEPTED, vendor_id=self.journal[-1].vendor_id)
        outcome = _ENDS[fate]
        if outcome.verdict is Verdict.PERMANENT:
            self.refused.add(outgoing.uuid)
        return outcome

    def search(self, search: Search) -> Finding:
        if self.list_is_down:
            return Finding(found=None)
        for taken in reversed(self.journal):
            if taken.listed_at > self._clocks.passed or taken.address != search.address:
                continue
            if search.recognise(taken.text) and not search.taken(taken.vendor_id):
                return Finding(found=True, vendor_id=taken.vendor_id)
        return Finding(found=False)

    def _take(self, outgoing: Outgoing, lag: timedelta) -> None:
        at = self._clocks.passed
        self.journal.append(
            Taken(
                uuid=outgoing.uuid,
                address=outgoing.address,
                text=outgoing.text,
                vendor_id=f"{self.channel.value}-{len(self.journal) + 1}",
                at=at,
                listed_at=at + lag,
            )
        )


@dataclass
class Truth:
    """What holds for each subject: its newest generation, or nothing any more. A context provider."""

    newest: dict[str, int] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    # Two subjects whose messages have the same text, to the same phone.
    alike: frozenset[str] = frozenset()
    # Runs while the context is asked: between the claim and the Attempt.
    meanwhile: Callable[[], None] = lambda: None

    def holds(self, subject: str, generation: int) -> bool:
        """Whether a message of this generation is still true."""
        return subject not in self.gone and self.newest.get(subject) == generation

    def __call__(self, subject: str, kind: str, generation: int) -> context.Rendering | None:
        self.meanwhile()
        if not self.holds(subject, generation):
            return None
        name = "u beiden" if subject in self.alike else f"{subject} versie {generation}"
        return context.Rendering(values={"naam": name, "link": "http://testserver/v/abc"})
