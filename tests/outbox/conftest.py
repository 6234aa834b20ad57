"""A post room of its own for each test: one kind of message, a context, and a queue that never rings."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from notifications.domain.lifecycle import Channel
from notifications.outbox import bell, context
from notifications.wording import kinds as kinds_room
from notifications.wording.kinds import Kind, Placeholder, Wording

# A Wednesday in the afternoon, Amsterdam time.
NOW = datetime(2026, 12, 2, 13, 0, tzinfo=UTC)
MOBILE = "+31612345678"
MAIL = "a.jansen@example.nl"

INVITATION = Kind(
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


class Context:
    """What the storey above would answer; a test changes it to change the world."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {"naam": "Ali", "link": "http://testserver/v/abc"}
        self.superseded: set[tuple[str, int]] = set()
        self.asked: list[tuple[str, str, int]] = []
        self.error: Exception | None = None

    def __call__(self, subject: str, kind: str, generation: int) -> context.Rendering | None:
        self.asked.append((subject, kind, generation))
        if self.error is not None:
            raise self.error
        if (subject, generation) in self.superseded:
            return None
        return context.Rendering(values=self.values)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    """One kind of message and a context provider, taken away again afterwards."""
    made = Context()
    monkeypatch.setattr(kinds_room, "_kinds", {"proef": INVITATION})
    monkeypatch.setattr(context, "_providers", [made])
    yield made


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that were handed to the queue, instead of a queue."""
    calls: list[str] = []
    monkeypatch.setattr(bell, "async_task", calls.append)
    return calls


def in_an_hour() -> datetime:
    return NOW + timedelta(hours=1)
