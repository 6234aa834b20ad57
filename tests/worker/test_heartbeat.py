"""What the heartbeat writes, and the schedules that it puts back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ, Schedule
from django_q.scheduler import scheduler
from django_q.signing import SignedPackage

from notifications import api as post
from notifications import jobs
from notifications.outbox import flags
from project import heartbeat, schedules

pytestmark = pytest.mark.django_db


def test_two_statements_a_minute(django_assert_num_queries: Any) -> None:
    schedules.install()
    heartbeat.beat("n", 0, True)
    with django_assert_num_queries(2):
        heartbeat.beat("n", 3, True)
    (node,) = post.worker_nodes(timezone.now())
    assert (node.name, node.restarts, node.age < 60) == ("n", 3, True)
    with django_assert_num_queries(0):
        heartbeat.beat("n", 3, False)


def test_a_database_that_is_away_is_no_fault_of_the_node(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_args: object) -> None:
        raise OperationalError("host=geheim")

    caplog.set_level("WARNING")
    monkeypatch.setattr(jobs, "heartbeat", away)
    heartbeat.beat("n", 0, True)
    assert "could not be written down: OperationalError" in caplog.text
    assert "geheim" not in caplog.text


def test_nodes_come_go_and_are_forgotten() -> None:
    now = timezone.now()
    flags.beat(now=now - timedelta(hours=2), node="gone")
    flags.beat(now=now, node="a" * 300)
    flags.beat(now=now - timedelta(seconds=30), node="b", restarts=1)
    assert [(node.name[:1], node.age, node.restarts) for node in flags.nodes(now)] == [("a", 0, 0), ("b", 30, 1)]
    flags.leave(node="b")
    assert flags.heartbeat_age(now) == 0
    flags.tidy(now=now + timedelta(hours=2))
    assert flags.heartbeat_age(now) is None


BROKEN: dict[str, dict[str, Any]] = {
    "arguments that cannot be read": {"args": "(1,"},
    "arguments where none belong": {"args": "(1,)"},
    "another function": {"func": "no.such.function"},
    "never": {"repeats": 0},
    "no moment": {"next_run": None},
    "next year": {"next_run": timezone.now() + timedelta(days=365)},
    "another cluster": {"cluster": "elsewhere"},
    "a kind that needs a package we lack": {"schedule_type": Schedule.CRON, "cron": "* * * * *"},
    "an interval of nothing": {"minutes": None},
    "a hook": {"hook": "no.such.function"},
    "keywords": {"kwargs": "x=1"},
    "another name": {"name": "post: swept"},
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_row_stops_the_sweep_for_a_minute_at_most(change: dict[str, Any]) -> None:
    """One row that the scheduler cannot read undoes the whole round of all the others, each time anew."""
    schedules.install()
    past = timezone.now() - timedelta(minutes=1)
    Schedule.objects.update(next_run=past)
    Schedule.objects.filter(name="post: sweep").update(**change)
    scheduler()
    OrmQ.objects.all().delete()
    heartbeat.beat("n", 0, True)
    Schedule.objects.update(next_run=past)
    scheduler()
    assert sorted(_queued()) == sorted(row.func for row in schedules.SCHEDULES)


def test_a_stranger_among_the_rows_is_removed() -> None:
    schedules.install()
    past = timezone.now() - timedelta(minutes=1)
    Schedule.objects.update(next_run=past)
    Schedule.objects.create(name="stranger", func="os.getcwd", args="(1,", schedule_type="I", minutes=1, next_run=past)
    Schedule.objects.create(name="post: sweep", func="os.getcwd", schedule_type="I", minutes=1, next_run=past)
    scheduler()
    assert _queued() == []
    assert schedules.mend() is True
    assert schedules.mend() is False
    Schedule.objects.update(next_run=past)
    scheduler()
    assert sorted(_queued()) == sorted(row.func for row in schedules.SCHEDULES)


def test_rows_that_are_right_keep_their_moment() -> None:
    schedules.install()
    moment = timezone.now() + timedelta(seconds=20)
    Schedule.objects.update(next_run=moment)
    schedules.install()
    with CaptureQueriesContext(connection) as queries:
        assert schedules.mend() is False
    assert len(queries) == 1
    assert set(Schedule.objects.values_list("next_run", flat=True)) == {moment}


def _queued() -> list[str]:
    return [SignedPackage.loads(row.payload)["func"] for row in OrmQ.objects.all()]
