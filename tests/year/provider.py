"""A provider in this process, with the weather of the year and people whose phones are off, gone or silent."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications.domain.lifecycle import Channel, Event
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways.base import Finding, Outcome, Outgoing, Report, Search
from tests.year.facts import Call, Year
from tests.year.weather import weather_of

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)

_BUSY = Outcome(verdict=Verdict.TEMPORARY, reason=Reason.RATE_LIMITED)
_LOST = Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER)
_WEATHER = {
    "busy": _BUSY,
    "busy for a while": Outcome(verdict=Verdict.TEMPORARY, reason=Reason.RATE_LIMITED, retry_after=240.0),
    "account": Outcome(verdict=Verdict.TEMPORARY, reason=Reason.ACCOUNT, halt=True),
    "dead": _LOST,
}
# The share of calls whose answer gets lost on a quiet day.
_BAD_LUCK = {Channel.SMS: 0.03, Channel.EMAIL: 0.012}
_GONE = Outcome(verdict=Verdict.PERMANENT, reason=Reason.INVALID_ADDRESS)
_STOPPED = Outcome(verdict=Verdict.PERMANENT, reason=Reason.OPTED_OUT)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A message that the provider has; ``listed_at`` is when its own list shows it."""

    text: str
    vendor_id: str
    listed_at: datetime


class Provider:
    """Serves one channel. Texts can be looked up, mails can't."""

    name = "year"
    on_network = True
    call_seconds = 10.0

    def __init__(
        self,
        channel: Channel,
        year: Year,
        *,
        seed: int,
        now: Callable[[], datetime],
        later: Callable[[timedelta, Report], None],
        at_once: Callable[[Report], None],
    ) -> None:
        self.channel = channel
        self.can_search = channel is Channel.SMS
        # Address -> what becomes of messages to it.
        self.fates: dict[str, str] = {}
        self.blocked: set[str] = set()
        self.on_taken: Callable[[Outgoing], None] = lambda outgoing: None
        self._year = year
        self._dice = random.Random(f"{channel.value} {seed}")
        self._now, self._later, self._at_once = now, later, at_once
        self._taken: dict[str, list[Taken]] = defaultdict(list)
        self._count = 0

    def send(self, outgoing: Outgoing) -> Outcome:
        fate = self.fates.get(outgoing.address, "fine")
        weather = weather_of(self.channel.value, self._now())
        luck = self._dice.random()
        if weather in _WEATHER:
            return self._note(outgoing, _WEATHER[weather], taken=False)
        if outgoing.address in self.blocked:
            return self._note(outgoing, _STOPPED, taken=False)
        if fate == "dead":
            return self._note(outgoing, _GONE, taken=False)
        if weather == "lost" or luck < _BAD_LUCK[self.channel]:
            taken = self._dice.random() < 0.6
            if taken:
                self._keep(outgoing, fate)
            return self._note(outgoing, _LOST, taken=taken)
        if luck > 0.97:
            return self._note(outgoing, _BUSY, taken=False)
        vendor_id = self._keep(outgoing, fate)
        return self._note(outgoing, Outcome(verdict=Verdict.ACCEPTED, vendor_id=vendor_id), taken=True)

    def search(self, search: Search) -> Finding:
        now = self._now()
        if not self.can_search or weather_of(self.channel.value, now) == "dead":
            return Finding(found=None)
        for taken in reversed(self._taken[search.address]):
            if taken.listed_at <= now and search.recognise(taken.text) and not search.taken(taken.vendor_id):
                return Finding(found=True, vendor_id=taken.vendor_id)
        return Finding(found=False)

    def _note(self, outgoing: Outgoing, outcome: Outcome, *, taken: bool) -> Outcome:
        self._year.calls.append(
            Call(
                seq=next(self._year.order),
                at=self._now(),
                uuid=outgoing.uuid,
                channel=self.channel.value,
                address=outgoing.address,
                title=outgoing.subject,
                text=outgoing.text,
                taken=taken,
            )
        )
        if taken:
            self.on_taken(outgoing)
        return outcome

    def _keep(self, outgoing: Outgoing, fate: str) -> str:
        self._count += 1
        vendor_id = f"{self.channel.value}-{self._count}"
        lag = self._dice.choice((0, 0, 40, 100)) * SECOND
        self._taken[outgoing.address].append(
            Taken(text=outgoing.text, vendor_id=vendor_id, listed_at=self._now() + lag)
        )
        self._report(outgoing, vendor_id, fate)
        if fate == "stopped":
            # They told the provider, and nobody told us.
            self.blocked.add(outgoing.address)
        return vendor_id

    def _report(self, outgoing: Outgoing, vendor_id: str, fate: str) -> None:
        """What is heard of it afterwards: late, twice, in the wrong order, or nothing at all."""
        soon = self._dice.randint(2, 50) * SECOND
        sent, delivered = self._said(outgoing, vendor_id, Event.ACCEPT), self._said(outgoing, vendor_id, Event.DELIVER)
        back = self._said(outgoing, vendor_id, Event.RETURN)
        plans: dict[str, list[tuple[timedelta, Report]]] = {
            "late": [(self._dice.uniform(1, 20) * HOUR, delivered)],
            "doubled": [(SECOND, sent), (soon, delivered), (soon + 3 * SECOND, delivered)],
            "disordered": [(soon, delivered), (soon + 9 * SECOND, sent)],
            "returned": [(self._dice.choice((20 * SECOND, HOUR / 4, 6 * HOUR)), back)],
            "bounced": [(soon, back)],
            "bounced later": [(soon, delivered), (self._dice.uniform(0.2, 5) * HOUR, back)],
            "silent": [],
        }
        if fate == "disordered" and self._dice.random() < 0.5:
            # Before our own record of the call is written.
            self._at_once(delivered)
        for delay, report in plans.get(fate, [(soon, delivered)]):
            self._later(delay, report)

    def _said(self, outgoing: Outgoing, vendor_id: str, event: Event) -> Report:
        return Report(
            vendor=self.name,
            event_id=f"{vendor_id}/{event.value}",
            message_uuid=outgoing.uuid,
            vendor_id=vendor_id,
            event=event,
            reason=Reason.UNREACHABLE if event is Event.RETURN else Reason.NONE,
        )
