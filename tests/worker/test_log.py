"""What the log says while a database or a queue is away: one line, no traceback, no host."""

import logging
import sys

import pytest
import redis
from django.db import OperationalError

from project.cluster import shorten

_TEXT = "could not connect to host geheim.gemeente.test"


def record(problem: Exception | None = None, *, by: str = "monitor", **args: str) -> logging.LogRecord:
    exc_info = None
    if problem is not None:
        try:
            raise problem
        except Exception:
            exc_info = sys.exc_info()
    text = "Failed %(what)s - %(task_result)s" if args else "Could not save task result"
    return logging.LogRecord("django-q", logging.ERROR, "f.py", 1, text, (args,) if args else None, exc_info, by)


def test_a_traceback_becomes_its_type() -> None:
    made = record(OperationalError(_TEXT))
    assert shorten(made)
    assert (made.getMessage(), made.exc_info) == ("Could not save task result: OperationalError", None)


def test_the_scheduler_that_cannot_look_is_not_heard() -> None:
    """Twice a minute; who takes from the queue, and the heartbeat, say it already."""
    assert not shorten(record(OperationalError(_TEXT), by="scheduler"))
    assert not shorten(record(ConnectionRefusedError(), by="scheduler"))


def test_a_defect_keeps_its_traceback() -> None:
    made = record(ValueError("defect"), by="scheduler")
    assert shorten(made)
    assert made.exc_info is not None


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (f"django.db.utils.OperationalError: {_TEXT}\n\tIs the server running?\n", "OperationalError"),
        (f"redis.exceptions.ConnectionError: {_TEXT}\n", "ConnectionError"),
    ],
)
def test_a_task_that_was_cut_off_is_told_without_its_traceback(last: str, said: str) -> None:
    result = f"{_TEXT} : Traceback (most recent call last):\n  File x\npsycopg.OperationalError: {_TEXT}\n{last}"
    made = record(what="drain", task_result=result)
    assert shorten(made)
    assert made.getMessage() == f"Failed drain - {said}"


def test_a_task_with_a_defect_is_told_in_full() -> None:
    result = "defect : Traceback (most recent call last):\n  File x\nValueError: defect\n"
    made = record(what="drain", task_result=result)
    assert shorten(made)
    assert made.getMessage() == f"Failed drain - {result}"


def test_redis_has_its_own_ways_of_being_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django_q.conf.Conf.BROKER_CLASS", "project.broker_redis.RedisBroker")
    monkeypatch.setattr("django_q.conf.Conf.REDIS", "redis://127.0.0.1:6379/0")
    assert not shorten(record(redis.TimeoutError(_TEXT), by="scheduler"))
