"""A drain and somebody's change that wait for each other's messages: one is given up, and nothing is lost."""

import logging
import threading
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from notifications.domain.lifecycle import Status
from notifications.domain.retry import Verdict
from notifications.gateways.base import Outcome
from notifications.models import Message
from notifications.outbox.claim import claim
from notifications.outbox.deadlock import again_after_deadlock
from notifications.outbox.prepare import prepare
from notifications.outbox.record import Result, record
from notifications.wording.rendering import Book
from tests.outbox.helpers import NOW, FakeGateway, attempts, plan_many, status

pytestmark = pytest.mark.django_db(transaction=True)


class _GivenUp(Exception):
    sqlstate = "40P01"


def _given_up(cause: Exception) -> OperationalError:
    problem = OperationalError("deadlock detected")
    problem.__cause__ = cause
    return problem


def test_what_was_given_up_is_done_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger="notifications")
    answers: list[Any] = [_given_up(_GivenUp()), _given_up(_GivenUp()), "done"]

    def act() -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return str(answer)

    assert again_after_deadlock(act) == "done"
    assert len(caplog.records) == 2


def _tries(cause: Exception) -> int:
    """How often something is begun that fails each time with this."""
    tried = []

    def act() -> None:
        tried.append(1)
        raise _given_up(cause)

    with pytest.raises(OperationalError):
        again_after_deadlock(act)
    return len(tried)


def test_any_other_fault_is_not_tried_again() -> None:
    assert _tries(ValueError()) == 1


def test_part_of_a_larger_transaction_is_not_begun_again() -> None:
    with transaction.atomic():
        assert _tries(_GivenUp()) == 1


def test_not_for_ever() -> None:
    assert _tries(_GivenUp()) == 5


@pytest.mark.skipif("sqlite" in connection.vendor, reason="only on PostgreSQL: row locks")
def test_a_real_one(sms: FakeGateway, caplog: pytest.LogCaptureFixture) -> None:
    """Another session has the second message and wants the first; we have the first and want the second."""
    caplog.set_level(logging.WARNING, logger="notifications.outbox.deadlock")
    plan_many(2)
    ready = prepare(claim(owner="w", channels=[sms.channel], limit=2, now=NOW), owner="w", book=Book(), now=NOW)
    first, second = sorted(each.message.pk for each in ready)
    has_second, lost = threading.Event(), []

    def other() -> None:
        try:
            with transaction.atomic():
                # Looks for a deadlock later than we do, so that it is us who are given up.
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL deadlock_timeout = '30s'")
                list(Message.objects.select_for_update().filter(pk=second))
                has_second.set()
                list(Message.objects.select_for_update().filter(pk=first))
        except OperationalError as problem:
            lost.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    taken = Outcome(verdict=Verdict.ACCEPTED, vendor_id="SM1")
    has_first = threading.Event()
    steps: list[str] = []

    def slowly(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if sql.startswith('UPDATE "notifications_message"') and not steps:
            steps.append("first")
            thread.start()
            assert has_second.wait(30)
            has_first.set()
        return found

    with connection.execute_wrapper(slowly):
        record([Result(ready=each, outcome=taken) for each in ready], now=NOW)
    thread.join(60)
    assert not lost
    assert has_first.is_set()
    assert "again" in caplog.text
    assert {status(f"a/{number}") for number in range(2)} == {Status.ACCEPTED}
    assert [attempts(f"a/{number}") for number in range(2)] == [["accepted"], ["accepted"]]
