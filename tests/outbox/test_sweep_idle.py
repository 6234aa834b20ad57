"""A sweep with nothing to mend is one question to the database, and that question misses nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from notifications.domain.lifecycle import FINAL, Event, Status
from notifications.models import InboundEmail, InboundSms, Message, Receipt
from notifications.outbox import sweep
from tests.outbox.helpers import NOW, FakeGateway, plan, plan_many, status

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


def at_rest(**changes: Any) -> None:
    """The one message has ended well, but for ``changes``; its moments are as its state has them."""
    made = {"status": Status.DELIVERED.value, "due_at": NOW - DAY} | changes
    status = Status(str(made["status"]))
    made["accepted_at"] = NOW if status in {Status.ACCEPTED, Status.DELIVERED} else None
    made["ended_at"] = NOW if status in FINAL else None
    Message.objects.update(**made)


def receipt(**changes: Any) -> None:
    made = {"vendor": "fake", "event_id": "1", "message_uuid": Message.objects.get().uuid, "received_at": NOW}
    Receipt.objects.create(**(made | {"event": Event.DELIVER.value} | changes))


def text(**changes: Any) -> None:
    InboundSms.objects.create(**({"vendor": "fake", "vendor_id": "1", "body": "JA", "received_at": NOW} | changes))


def mail(**changes: Any) -> None:
    InboundEmail.objects.create(**({"vendor": "fake", "vendor_id": "1", "text": "Ja", "received_at": NOW} | changes))


WORK: dict[str, Callable[[], None]] = {
    "due": lambda: at_rest(status=Status.QUEUED.value, due_at=NOW),
    "useless before it is due": lambda: at_rest(status=Status.QUEUED.value, due_at=NOW + DAY, useful_until=NOW),
    "a lease that ran out": lambda: at_rest(status=Status.SENDING.value, lease_until=NOW - SECOND),
    "a call to look up": lambda: at_rest(status=Status.UNKNOWN.value, check_at=NOW),
    "silence": lambda: at_rest(status=Status.ACCEPTED.value, check_at=NOW),
    "news": lambda: at_rest(untold=True),
    "a receipt": receipt,
    "a text": text,
    "a mail": mail,
}
LATER: dict[str, Callable[[], None]] = {
    "due": lambda: at_rest(status=Status.QUEUED.value, due_at=NOW + SECOND),
    "a lease": lambda: at_rest(status=Status.SENDING.value, lease_until=NOW),
    "a call to look up": lambda: at_rest(status=Status.UNKNOWN.value, check_at=NOW + SECOND),
    "silence": lambda: at_rest(status=Status.ACCEPTED.value, check_at=NOW + SECOND),
    "an old receipt": lambda: receipt(applied_at=NOW),
    "an old text": lambda: text(handed_on_at=NOW),
    "an old mail": lambda: mail(handed_on_at=NOW),
}


@pytest.mark.parametrize("change", WORK.values(), ids=list(WORK))
def test_whatever_waits_is_seen(change: Callable[[], None], sms: FakeGateway, rings: list[str]) -> None:
    plan()
    at_rest()
    assert not sweep.something_waits(now=NOW)
    change()
    assert sweep.something_waits(now=NOW)
    with CaptureQueriesContext(connection) as queries:
        sweep.sweep(now=NOW)
    assert len(queries) > 9, "every step has looked"


@pytest.mark.parametrize("change", LATER.values(), ids=list(LATER))
def test_what_is_for_later_costs_one_statement(change: Callable[[], None], sms: FakeGateway, rings: list[str]) -> None:
    plan()
    at_rest()
    change()
    before = status()
    with CaptureQueriesContext(connection) as queries:
        sweep.sweep(now=NOW)
    assert len(queries) == 1
    assert (status(), rings) == (before, [])


def test_every_kind_of_work_is_found_by_an_index(sms: FakeGateway) -> None:
    """With years of history behind it the question must not read the history."""
    plan_many(3)
    tables = [rows.model for rows in sweep._waiting(NOW)]
    assert len(tables) == len(WORK)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    plans = [rows.values("pk")[:1].explain() for rows in sweep._waiting(NOW)]
    assert [made for made in plans if "Index" not in made and "INDEX" not in made] == []


def test_a_question_that_fails_does_not_keep_the_steps_from_working(
    sms: FakeGateway, rings: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_now: object) -> Any:
        raise OperationalError("no such table")

    monkeypatch.setattr(sweep, "_waiting", broken)
    plan()
    sweep.sweep(now=NOW)
    assert rings == ["notifications.jobs.drain"]
    assert "could not ask what waits" in caplog.text
