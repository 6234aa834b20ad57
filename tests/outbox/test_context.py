"""Asking the storey above for a group: one bad message keeps nobody else."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from django.db import InterfaceError

from notifications.domain.lifecycle import Status
from notifications.models import Message
from notifications.outbox import context
from notifications.outbox.context import Asked, Rendering
from notifications.signals import DeliveryChange, delivery_changed
from tests.outbox.helpers import FakeGateway, World, drain, message, plan_many, status

pytestmark = pytest.mark.django_db


def test_a_group_is_asked_at_once(sms: FakeGateway, world: World) -> None:
    groups: list[int] = []

    def many(asked: Sequence[Asked]) -> list[Rendering | None]:
        groups.append(len(asked))
        assert not any(each.files for each in asked), "an SMS carries no files"
        return [None if each.subject == "a/2" else Rendering(values=world.values) for each in asked]

    context.register_context_provider(world, many=many)
    plan_many(5)
    drain()
    assert groups == [5]
    assert world.asked == []
    assert status("a/2") is Status.SUPERSEDED
    assert len(sms.sent) == 4


def test_a_group_that_fails_is_asked_one_by_one(sms: FakeGateway, world: World) -> None:
    def many(asked: Sequence[Asked]) -> list[Rendering | None]:
        raise ValueError

    def one(subject: str, kind: str, generation: int) -> Rendering | None:
        if subject == "a/3":
            raise ValueError
        return world(subject, kind, generation)

    context.register_context_provider(one, many=many)
    plan_many(5)
    drain()
    assert len(sms.sent) == 4
    assert (status("a/3"), message("a/3").failures) == (Status.QUEUED, 1)
    context.register_context_provider(world)


def test_a_group_with_too_few_answers_is_asked_one_by_one(
    sms: FakeGateway, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody gets what was meant for somebody else."""

    def many(asked: Sequence[Asked]) -> list[Rendering | None]:
        return [Rendering(values={"naam": "Iemand anders", "link": "http://testserver/v/x"}) for _ in asked[1:]]

    context.register_context_provider(world, many=many)
    plan_many(5)
    drain()
    assert len(sms.sent) == 5
    assert not [each for each in sms.sent if "Iemand anders" in each.text]
    assert "4 answers for a group of 5" in caplog.text


class _Unsaid(Mapping[str, str]):
    """Values of which one can't be said just now."""

    def __init__(self, values: Mapping[str, str], problem: Exception | None) -> None:
        self._values, self._problem = values, problem

    def __getitem__(self, name: str) -> str:
        if name == "naam" and self._problem is not None:
            raise self._problem
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values


@pytest.mark.parametrize("problem", [InterfaceError("gone"), ValueError("Jansen"), KeyError("naam"), OSError()])
def test_a_value_that_can_not_be_said_now_is_asked_again(
    sms: FakeGateway, world: World, problem: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault above us must not lose a message; the others go, and nobody reads in the log what the value was."""

    def many(asked: Sequence[Asked]) -> list[Rendering | None]:
        ill = {"a/3": problem}
        return [Rendering(values=_Unsaid(world.values, ill.get(each.subject))) for each in asked]

    context.register_context_provider(world, many=many)
    plan_many(5)
    drain()
    assert len(sms.sent) == 4
    assert (status("a/3"), message("a/3").failures) == (Status.QUEUED, 1)
    assert type(problem).__name__ in caplog.text
    assert "Jansen" not in caplog.text


def test_a_text_that_can_not_be_made_fails_closed_and_the_others_go(
    sms: FakeGateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from notifications.wording import rendering

    real = rendering.fill_in

    def fill_in(*args: object, values: dict[str, str], **more: object) -> object:
        if values.get("naam") == "Kapot":
            raise ZeroDivisionError("Kapot staat hier")
        return real(*args, values=values, **more)  # type: ignore[arg-type]

    def one(subject: str, _kind: str, _generation: int) -> Rendering:
        name = "Kapot" if subject == "a/1" else "Ali"
        return Rendering(values={"naam": name, "link": "http://testserver/v/abc"})

    monkeypatch.setattr(rendering, "fill_in", fill_in)
    context.register_context_provider(one)
    plan_many(3)
    drain()
    assert (status("a/1"), message("a/1").reason) == (Status.FAILED, "incomplete")
    assert len(sms.sent) == 2
    # What an exception says may hold what stands in the message.
    assert "Kapot staat hier" not in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_news_of_a_group_comes_once_even_when_a_receiver_fails(sms: FakeGateway) -> None:
    heard: list[str] = []

    def receiver(sender: object, change: DeliveryChange, **_more: object) -> None:
        # What a receiver reads of the message is already true.
        assert status(change.subject) is Status.ACCEPTED
        heard.append(change.subject)
        if len(heard) == 3:
            raise RuntimeError

    delivery_changed.connect(receiver)
    try:
        plan_many(5)
        drain()
    finally:
        delivery_changed.disconnect(receiver)
    assert set(heard) == {f"a/{number}" for number in range(5)}
    assert heard.count(heard[2]) == 2, "what failed is told again"
    assert not Message.objects.filter(untold=True).exists()
