"""A drain lets Python look less often for objects that hold each other, and leaves that as it was."""

import gc

import pytest

from notifications.outbox import deliver
from notifications.outbox.prepare import prepare as really_prepare
from tests.outbox.helpers import FakeGateway, drain, plan_many

pytestmark = pytest.mark.django_db


@pytest.fixture(name="seen")
def _seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, int]]:
    """How seldom it was while a group was made ready."""
    seen: list[tuple[int, int, int]] = []

    def prepare(*args: object, **more: object) -> object:
        seen.append(gc.get_threshold())
        return really_prepare(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(deliver, "prepare", prepare)
    return seen


def test_while_it_sends_and_not_longer(sms: FakeGateway, seen: list[tuple[int, int, int]]) -> None:
    before = gc.get_threshold()
    plan_many(2)
    drain()
    assert len(sms.sent) == 2
    assert seen[0][0] > before[0]
    assert gc.get_threshold() == before


def test_also_when_it_breaks_off(sms: FakeGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    before = gc.get_threshold()

    def prepare(*_args: object, **_more: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(deliver, "prepare", prepare)
    plan_many(1)
    with pytest.raises(ZeroDivisionError):
        drain()
    assert not sms.sent
    assert gc.get_threshold() == before


@pytest.mark.parametrize("seldom", [(0, 10, 10), (200_000, 50, 100)], ids=["never", "seldomer"])
def test_who_looks_seldomer_goes_on_so(
    sms: FakeGateway, seen: list[tuple[int, int, int]], seldom: tuple[int, int, int]
) -> None:
    before = gc.get_threshold()
    plan_many(1)
    gc.set_threshold(*seldom)
    try:
        drain()
    finally:
        gc.set_threshold(*before)
    assert len(sms.sent) == 1
    assert seen == [seldom]
