"""How the databases find what is asked: by which index, and without going through a list again for every row."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from notifications import api as post
from notifications.models import Attempt, Message
from notifications.outbox import prepare, purge, reconcile
from notifications.outbox.claim import claim
from notifications.outbox.enqueue import cancel_pending
from notifications.wording.rendering import Book
from tests.outbox.helpers import NOW, FakeGateway, drain, message, plan, plan_many

pytestmark = pytest.mark.django_db


def _statements(act: Callable[[], object]) -> list[tuple[str, Any]]:
    """What ``act`` says to the database, with the values."""
    said: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        said.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    return said


def _explained(sql: str, params: Any) -> str:
    how = {"postgresql": "EXPLAIN", "sqlite": "EXPLAIN QUERY PLAN"}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of a small table it would sooner read everything.
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"{how[connection.vendor]} {sql}", params)
        return "\n".join(" ".join(map(str, row)) for row in cursor.fetchall())


def _plans(act: Callable[[], object], table: str) -> list[str]:
    """The plans of the questions about a table, in order."""
    asked = [(sql, params) for sql, params in _statements(act) if sql.startswith("SELECT") and f'FROM "{table}"' in sql]
    return [_explained(sql, params) for sql, params in asked]


@pytest.mark.usefixtures("sms")
def test_what_is_wiped_is_found_by_an_index_of_few_rows() -> None:
    plan()
    plans = _plans(lambda: purge.wipe(now=NOW + timedelta(days=90)), "notifications_message")
    used = [re.findall("message_(to_wipe|taken)", each)[:1] for each in plans]
    assert used == [["to_wipe"], ["taken"]]


@pytest.mark.usefixtures("sms")
@pytest.mark.parametrize(
    "act",
    [
        lambda: cancel_pending(subject="a/1", now=NOW),
        lambda: purge.erase(["a/1"], now=NOW),
        lambda: post.statuses_for(["a/1", "a/2"]),
    ],
    ids=["cancel", "erase", "statuses"],
)
def test_what_is_about_a_subject_is_found_by_its_constraint(act: Callable[[], object]) -> None:
    plan("a/1")
    assert "message_once_per_channel" in _plans(act, "notifications_message")[0]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL: how it goes about a list")
@pytest.mark.usefixtures("sms")
def test_a_list_is_not_gone_through_again_for_every_row() -> None:
    """The list is no table of its own, so that there is nothing to join.

    In the morning statistics still say that nothing was tried today, until thousands were: PostgreSQL 15 then went
    through the list for each of them.
    """
    plan_many(10)
    rows = list(Message.objects.all())
    ((sql, params),) = _statements(lambda: prepare._attempts_today(rows, NOW))
    told = _explained(sql, params)
    assert "message_per_address" in told
    assert not re.search("Join|Loop|Function Scan", told), told


def _hot(table: str = "notifications_message") -> int:
    """How many rows of it this transaction changed in their place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_xact_tuples_hot_updated(%s::regclass)", [table])
        (count,) = cursor.fetchone()
    return int(count)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL: how it changes a row")
@pytest.mark.usefixtures("sms")
def test_about_to_send_is_a_change_in_place() -> None:
    plan_many(3)
    claimed = claim(owner="me", channels=[post.Channel.SMS], limit=3, now=NOW)
    before = _hot()
    assert len(prepare.prepare(claimed, owner="me", book=Book(), now=NOW)) == 3
    # A page may be full, of what other tests left; with a column of an index among the changes it would be none.
    assert _hot() > before


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL: how it changes a row")
@pytest.mark.usefixtures("sms")
def test_how_a_call_ended_is_a_change_in_place() -> None:
    plan_many(5)
    before = _hot("notifications_attempt")
    assert drain() == 5
    assert _hot("notifications_attempt") > before


@pytest.mark.usefixtures("sms")
def test_whose_an_id_is_is_asked_about_one_number() -> None:
    """Of ten million messages: those to this number, not all of them."""
    plan_many(2)
    assert drain() == 2
    one = Message.objects.order_by("pk")[0]
    attempt = Attempt.objects.get(message=one)
    asked = _statements(lambda: reconcile._not_taken(one, attempt, ["SM1"]))
    assert len(asked) == 2
    for sql, params in asked:
        assert "message_per_address" in _explained(sql, params)


@pytest.mark.usefixtures("sms")
def test_a_list_of_thousands_is_one_parameter() -> None:
    rows: QuerySet[Attempt] = Attempt.objects.filter(message_id__one_of=range(5000))
    ((_, params),) = _statements(lambda: list(rows))
    assert len(params) == 1


def test_ready_made_mail_is_about_nothing(email: FakeGateway) -> None:
    address = post.Recipient(channel=post.Channel.EMAIL, address="a@example.nl")
    post.enqueue_text(subject="a/1", recipient=address, title="t", text="x", useful_until=NOW + timedelta(1), now=NOW)
    assert post.statuses_for(["a/1"]) == {"a/1": []}
    assert cancel_pending(subject="a/1", now=NOW) == 0
    assert purge.erase(["a/1"], now=NOW) == 0
    assert message("a/1", post.Channel.EMAIL).text == "x"
