"""What outbox tests share: one kind of message, a world that can change, a provider that obeys."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from notifications.domain.lifecycle import Channel, Status
from notifications.domain.retry import Verdict
from notifications.gateways.base import Attachment, Finding, Outcome, Outgoing, Search
from notifications.models import Attempt, Message
from notifications.outbox import context, deliver
from notifications.outbox.enqueue import Recipient, enqueue
from notifications.wording.kinds import Kind, Placeholder, Wording

# A Wednesday in the afternoon, Amsterdam time.
NOW = datetime(2026, 12, 2, 13, 0, tzinfo=UTC)
MOBILE = "+31612345678"
MAIL = "a.jansen@example.nl"
SMS = Recipient(channel=Channel.SMS, address=MOBILE)
EMAIL = Recipient(channel=Channel.EMAIL, address=MAIL)

KIND = Kind(
    name="proef",
    label="proefbericht",
    placeholders=(
        Placeholder(name="naam", label="naam", sample="A. Jansen", longest="M. van den Berg"),
        Placeholder(name="link", label="link", sample="http://testserver/v/abc"),
    ),
    channels=(Channel.SMS, Channel.EMAIL),
    required={Channel.SMS: frozenset({"link"})},
    defaults={
        (Channel.SMS, "nl"): Wording(subject="", body="Dag ((naam)), zie ((link))"),
        (Channel.EMAIL, "nl"): Wording(subject="Voor ((naam))", body="Dag ((naam)),\n\n((link))"),
        (Channel.EMAIL, "en"): Wording(subject="For ((naam))", body="Hi ((naam)),\n\n((link))"),
    },
    answerable=True,
)


class World:
    """What the storey above would answer; a test changes it to change the world."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {"naam": "Ali", "link": "http://testserver/v/abc"}
        self.attachments: tuple[Attachment, ...] = ()
        self.superseded: set[str] = set()
        self.error: Exception | None = None
        # Runs when the context is asked: between the claim and the Attempt.
        self.meanwhile: Callable[[str], None] = lambda subject: None
        self.asked: list[str] = []

    def __call__(self, subject: str, kind: str, generation: int) -> context.Rendering | None:
        self.asked.append(subject)
        self.meanwhile(subject)
        if self.error is not None:
            raise self.error
        if subject in self.superseded:
            return None
        return context.Rendering(values=self.values, attachments=self.attachments)


class FakeGateway:
    """A provider in this process: answers as told, remembers what it was given."""

    name = "fake"
    call_seconds = 1.0

    def __init__(self, channel: Channel, *, can_search: bool = True, on_network: bool = True) -> None:
        self.channel = channel
        self.can_search = can_search
        self.on_network = on_network
        self.sent: list[Outgoing] = []
        self.outcomes: list[Outcome] = []
        self.finding = Finding(found=False)
        self.searches: list[Search] = []
        self.during: Callable[[Outgoing], None] = lambda outgoing: None

    def send(self, outgoing: Outgoing) -> Outcome:
        self.sent.append(outgoing)
        self.during(outgoing)
        if self.outcomes:
            return self.outcomes.pop(0)
        return Outcome(verdict=Verdict.ACCEPTED, vendor_id=f"{self.name}-{len(self.sent)}")

    def search(self, search: Search) -> Finding:
        self.searches.append(search)
        return self.finding


def plan(subject: str = "a/1", **changes: Any) -> list[UUID]:
    """Put a message in the outbox; SMS, due now, useful for a day, unless a test says otherwise."""
    made: dict[str, Any] = {
        "subject": subject,
        "kind": "proef",
        "generation": 1,
        "recipients": [SMS],
        "mode": "first",
        "language": "nl",
        "scope": "",
        "due_at": NOW,
        "useful_until": NOW + timedelta(days=1),
        "now": NOW,
    }
    return enqueue(**(made | changes))


def plan_many(count: int) -> None:
    """As many people, each with a number of their own."""
    for number in range(count):
        phone = Recipient(channel=Channel.SMS, address=f"+316{number:08d}")
        plan(f"a/{number}", recipients=[phone])


def drain(now: datetime = NOW) -> int:
    return deliver.drain(clock=lambda: now)


def message(subject: str = "a/1", channel: Channel = Channel.SMS) -> Message:
    return Message.objects.get(subject=subject, channel=channel.value)


def status(subject: str = "a/1", channel: Channel = Channel.SMS) -> Status:
    return Status(message(subject, channel).status)


def attempts(subject: str = "a/1") -> list[str]:
    rows = Attempt.objects.filter(message__subject=subject).order_by("number")
    return list(rows.values_list("outcome", flat=True))
