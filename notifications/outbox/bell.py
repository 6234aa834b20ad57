"""Ringing for a worker: a task without contents, at most one waiting.

The rows are the truth. A ring that gets lost costs at most a minute, until the sweep rings again.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django_q.tasks import async_task

from notifications.outbox import flags, points

logger = logging.getLogger(__name__)

# A ring that nobody answered within this time is taken for lost.
HOLD = timedelta(seconds=30)


class _Ring:
    """What runs after the commit; equal rings in one transaction are recognised by type."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        # Django names a hook that failed in its log line; without a name that line raises, after the commit.
        self.__qualname__ = type(self).__qualname__

    def __call__(self) -> None:
        ring(now=self.now)


def ring_on_commit(*, now: datetime) -> None:
    """Ring once the caller's transaction is committed; many calls in one transaction ring once."""
    # What an undone savepoint registered is taken off the list by Django: a ring that stands there
    # comes out whenever this one would.
    registered = transaction.get_connection().run_on_commit
    if any(isinstance(function, _Ring) for _, function, *_ in registered):
        return
    transaction.on_commit(_Ring(now), robust=True)


def ring(*, now: datetime) -> None:
    """Ask for a drain, unless one has been asked for and has not begun."""
    if flags.take_bell(now=now, hold=HOLD):
        points.reach("bell-taken")
        call("notifications.jobs.drain")


def call(task: str) -> None:
    """Hand a task to the queue; a queue that is down must not break the caller's request."""
    try:
        async_task(task)
    except Exception as problem:  # each broker raises its own kind; the sweep rings again
        logger.warning("the task queue did not take %s: %s", task, type(problem).__name__)
