"""The end of a transaction is wrapped, and does what it always does."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection

from notifications.models import OptOut
from notifications.outbox import commits
from notifications.outbox.callers import Callers
from tests.outbox.helpers import FakeGateway, drain, plan_many

pytestmark = pytest.mark.django_db(transaction=True)


def _opt_out(index: str) -> None:
    with commits.atomic():
        OptOut.objects.create(channel="sms", address_index=index, created_at="2026-11-25T09:00:00Z", source="x")
        if index == "broken":
            raise ZeroDivisionError


def test_the_commit_is_wrapped_and_done() -> None:
    open_before: list[bool] = []

    def wrap(end: Callable[..., Any], *problem: Any) -> Any:
        open_before.append(connection.in_atomic_block)
        end(*problem)
        open_before.append(connection.in_atomic_block)

    with commits.around(wrap):
        _opt_out("a")
    _opt_out("b")
    assert open_before == [True, False]
    assert OptOut.objects.count() == 2


def test_what_breaks_off_is_undone_and_told() -> None:
    with commits.around(lambda end, *problem: end(*problem)), pytest.raises(ZeroDivisionError):
        _opt_out("broken")
    with suppress(ZeroDivisionError):
        _opt_out("broken")
    assert not OptOut.objects.exists()


def test_calls_may_begin_while_a_drain_commits(sms: FakeGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    honest = Callers.meanwhile

    def noted(callers: Callers, execute: Callable[..., Any], *given: Any) -> Any:
        if getattr(execute, "__name__", "") == "__exit__":
            real = execute

            def execute(*problem: Any) -> Any:
                seen.append(callers._free.is_set())
                return real(*problem)

        return honest(callers, execute, *given)

    monkeypatch.setattr(Callers, "meanwhile", noted)
    plan_many(3)
    assert drain() == 3
    assert len(sms.sent) == 3
    # The claim that found them, "about to send", and how the calls ended; perhaps a claim that found nothing.
    assert len(seen) >= 3
    assert all(seen)
