"""What the log says while a database or a queue is away: one line, no traceback, no host."""

import logging
import re
import sys
from multiprocessing import Queue, Value

import pytest
import redis
from django.db import OperationalError
from django_q import signals
from django_q.worker import worker

from project.cluster import _on_end, kind_and_place, shorten

_TEXT = "could not connect to host geheim.gemeente.test"


def record(problem: Exception, *, by: str = "monitor") -> logging.LogRecord:
    try:
        raise problem
    except Exception:
        exc_info = sys.exc_info()
    return logging.LogRecord("django-q", logging.ERROR, "f.py", 1, "Could not save task result", None, exc_info, by)


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


def fails_at_a_name() -> None:
    int("Jansen")


def fails_far_away() -> None:
    try:
        fails_at_a_name()
    except ValueError as problem:
        raise OperationalError(_TEXT + "\nDETAIL: Jansen") from problem


@pytest.mark.parametrize(
    ("task", "kind"), [(fails_at_a_name, "ValueError"), (fails_far_away, "OperationalError"), ("no.such", "ValueError")]
)
def test_of_a_task_that_failed_its_kind_and_place_are_kept(
    task: object, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By django-q2's own worker: what comes out of it goes to the log and to the table of results."""
    monkeypatch.setattr(signals.post_execute_in_worker, "receivers", [])
    monkeypatch.setattr(signals.post_execute_in_worker, "sender_receivers_cache", {})
    signals.post_execute_in_worker.connect(_on_end)
    tasks: Queue[object] = Queue()
    results: Queue[dict[str, object]] = Queue()
    tasks.put({"id": "1", "name": "een", "func": task, "args": (), "kwargs": {}, "started": None})
    tasks.put("STOP")
    worker(tasks, results, Value("f", -1))
    done = results.get(timeout=30)
    assert done["success"] is False
    place = str(done["result"])
    assert re.fullmatch(rf"{kind} at \S+\.py:\d+", place), place


def test_a_result_that_is_no_traceback_is_not_told() -> None:
    assert kind_and_place("Jansen") == "no traceback"
    assert kind_and_place('x : Traceback\n  File "a.py", line 3, in f\n') == "exception at a.py:3"


def test_redis_has_its_own_ways_of_being_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django_q.conf.Conf.BROKER_CLASS", "project.broker_redis.RedisBroker")
    monkeypatch.setattr("django_q.conf.Conf.REDIS", "redis://127.0.0.1:6379/0")
    assert not shorten(record(redis.TimeoutError(_TEXT), by="scheduler"))
