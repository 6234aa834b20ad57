"""Reading the outbox: what a page and an operator see."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from notifications import api as post
from notifications import jobs
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways.base import Outcome
from tests.outbox.helpers import EMAIL, NOW, SMS, FakeGateway, drain, plan

pytestmark = pytest.mark.django_db


def test_statuses_of_many_subjects_take_one_query(
    sms: FakeGateway, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        plan(f"a/{number}")
    with django_assert_num_queries(1):
        found = post.statuses_for([f"a/{number}" for number in range(6)])
    assert [len(found[f"a/{number}"]) for number in range(6)] == [1, 1, 1, 1, 1, 0]


def test_a_failure_reads_as_a_next_step(sms: FakeGateway) -> None:
    sms.outcomes = [Outcome(verdict=Verdict.PERMANENT, reason=Reason.INVALID_ADDRESS)]
    (uuid,) = plan()
    drain()
    seen = post.status_of(uuid)
    assert seen is not None
    assert seen.reason_text == "Dit nummer of adres bestaat niet."
    assert seen.advice_text == "Bel de cliënt of stuur een brief."
    assert seen.masked_address == "06••••••78"


def test_the_board_counts_and_lists_by_scope(sms: FakeGateway, email: FakeGateway) -> None:
    plan("a/1", scope="wmo", recipients=[SMS, EMAIL], mode="all")
    plan("a/2", scope="wmo", now=NOW + timedelta(seconds=1))
    plan("a/3", scope="wi")
    drain(NOW + timedelta(seconds=1))
    key = (post.Channel.SMS, post.Status.ACCEPTED)
    assert post.counts(scopes=["wmo"], since=NOW)[key] == 2
    assert post.counts(scopes=None, since=NOW)[key] == 3
    assert post.counts(scopes=[], since=NOW) == {}
    listed = post.recent(scopes=["wmo"], since=NOW, limit=2)
    assert [each.subject for each in listed] == ["a/2", "a/1"]
    more = post.recent(scopes=["wmo"], since=NOW, limit=2, offset=2)
    assert [each.channel for each in more] == [post.Channel.SMS]
    assert post.recent(scopes=None, since=NOW, status=post.Status.FAILED, limit=9) == []
    assert post.recent(scopes=None, since=NOW + timedelta(seconds=2), limit=9) == []


def test_health_tells_how_long_the_oldest_waits(sms: FakeGateway) -> None:
    assert post.queue_health(NOW).oldest_due_seconds == 0
    plan()
    plan("later", due_at=NOW + timedelta(hours=1))
    health = post.queue_health(NOW + timedelta(seconds=90))
    assert (health.oldest_due_seconds, health.queued, health.sending) == (90.0, 2, 0)


def test_the_heartbeat_is_readable() -> None:
    assert post.worker_heartbeat_age(NOW) is None
    jobs.heartbeat()
    age = post.worker_heartbeat_age(NOW)
    assert age is not None
