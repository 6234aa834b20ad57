"""The task queue, in the database (or in Redis: broker_redis.py), with three things that django-q2's own lack.

A heartbeat of this node comes out of it as a task among the others, without having been put in: the queue is
shared, and a heartbeat that another node did proves nothing. A database or Redis that is away is waited for, where
django-q2 would end the process and fork a new one over and over; what rings were lost meanwhile is made up for by
tasks of this node's own. And a task that kills the process it runs in is given up: it never has a result, so that
``max_attempts`` does not count it.
"""

import logging
import time
from datetime import timedelta
from typing import Any, ClassVar

from django import db
from django.db.models import QuerySet
from django.utils import timezone
from django_q.brokers import Broker
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from project import pulse

logger = logging.getLogger(__name__)

# The place in the queue of what was never in it; numbers belong to rows.
_OWN = "own"
_BEAT = "project.heartbeat.beat"
_CATCH_UP = "project.heartbeat.catch_up"
# How long to wait for a database or Redis that is away, and how often to say so, in seconds.
_PAUSE = 1.0
_SAY_EVERY = 60.0
# How often to work without the queue meanwhile, where that can be done.
_CATCH_UP_EVERY = 10.0
# How long connections stay open between two looks at whether they still work.
_FRESH_SECONDS = 60.0

Taken = list[tuple[Any, str]]


class WithHeartbeat(Broker):  # type: ignore[misc]
    """To be mixed in before a broker that brings the queue itself."""

    away: ClassVar[tuple[type[Exception], ...]] = (db.Error, OSError)
    """How it shows that the queue can't be reached."""

    works_without: ClassVar[bool] = False
    """Whether there may be work to do while the queue is away."""

    def __init__(self, list_key: str | None = None) -> None:
        super().__init__(list_key)
        self._caught_up = False
        self._away_since: float | None = None
        self._say_at = 0.0
        self._catch_up_at = 0.0

    def dequeue(self) -> Taken | None:
        """This node's heartbeat when it is due, else what the queue has; nothing more once a stop was asked."""
        here = pulse.current()
        if here is None:
            return self._take()
        if here.stop_asked():
            time.sleep(0.1)
            return None
        if here.beat_due():
            orders = here.orders
            return [_own(_BEAT, orders.node, orders.restarts, here.row_due())]
        try:
            taken = self._take()
        except self.away as problem:
            return self._wait_for_it(problem)
        if self._away_since is not None:
            logger.warning("the task queue answers again after %.0f seconds", time.monotonic() - self._away_since)
        elif self._caught_up:
            return taken
        # Also at the start: who was there before may have been killed with tasks in hand.
        self._away_since, self._caught_up = None, True
        return [*(taken or []), *_catch_up()]

    def acknowledge(self, task_id: Any) -> None:
        """A task is done. When that cannot be written down it runs once more, which every task may."""
        if task_id == _OWN:
            return
        try:
            super().acknowledge(task_id)
        except self.away as problem:
            logger.warning("a task that is done could not be taken from the queue: %s", type(problem).__name__)

    def fail(self, task_id: Any) -> None:
        """A task that cannot be read."""
        if task_id != _OWN:
            super().fail(task_id)

    def ping(self) -> bool:
        """Whether the queue answers; a cluster starts without it too, and waits."""
        try:
            return bool(super().ping())
        except self.away:
            return False

    def set_stat(self, key: str, value: str, timeout: int) -> None:
        """The sentinel's own figures: nobody reads them, but that it gives them shows that it is there."""
        if here := pulse.current():
            here.tell_guard()

    def _take(self) -> Taken | None:
        taken: Taken | None = super().dequeue()
        return taken

    def _wait_for_it(self, problem: Exception) -> Taken | None:
        db.close_old_connections()
        now = time.monotonic()
        if self._away_since is None:
            self._away_since, self._say_at, self._catch_up_at = now, now, now + _CATCH_UP_EVERY
        if now >= self._say_at:
            # The text of a database error names hosts.
            logger.error("the task queue does not answer: %s", type(problem).__name__)
            self._say_at = now + _SAY_EVERY
        time.sleep(_PAUSE)
        if not self.works_without or now < self._catch_up_at:
            return None
        self._catch_up_at = now + _CATCH_UP_EVERY
        return _catch_up()


def _catch_up() -> Taken:
    """Two tasks, because a task may last a minute and a drain takes most of it."""
    return [_own(_CATCH_UP, "sweep"), _own(_CATCH_UP, "drain")]


def _own(function: str, *args: Any) -> tuple[str, str]:
    """A task that does not come from the queue: no other node can take it, and nobody misses it."""
    package: str = SignedPackage.dumps(
        {"id": _OWN, "name": _OWN, "func": function, "args": args, "kwargs": {}, "started": timezone.now()}
    )
    return _OWN, package


class OrmBroker(WithHeartbeat, ORM):  # type: ignore[misc]
    """The queue in the database."""

    def __init__(self, list_key: str | None = None) -> None:
        super().__init__(list_key)
        self._fresh_until = 0.0
        self._given: dict[int, tuple[int, float]] = {}

    @staticmethod
    def get_connection(list_key: str | None = None) -> QuerySet[OrmQ]:
        """The rows of the queue; unlike django-q2's own way it can be had while the database is away."""
        if not db.connections[Conf.ORM].in_atomic_block:
            db.close_old_connections()
        rows: QuerySet[OrmQ] = OrmQ.objects.using(Conf.ORM)
        return rows

    def _take(self) -> Taken | None:
        """As django-q2 does it, in one statement for each look.

        Its own asks at every look whether the connection still works. Here that is asked once a minute; one that
        broke meanwhile shows by an error, and is opened anew.
        """
        if time.monotonic() >= self._fresh_until:
            db.close_old_connections()
            self._fresh_until = time.monotonic() + _FRESH_SECONDS
        queue = OrmQ.objects.using(Conf.ORM)
        now = timezone.now()
        waiting = list(queue.filter(key=self.list_key, lock__lt=now)[: Conf.BULK])
        if not waiting:
            time.sleep(Conf.POLL)
            return None
        taken: Taken = []
        for task in waiting:
            # Who moves the lock has the task; another node may be faster.
            mine = queue.filter(id=task.id, lock=task.lock).update(lock=now + timedelta(seconds=Conf.RETRY))
            if mine and not self._give_up(task.pk):
                taken.append((task.pk, task.payload))
        return taken

    def _give_up(self, pk: int) -> bool:
        now = time.monotonic()
        self._given = {key: given for key, given in self._given.items() if given[1] > now}
        times = self._given.get(pk, (0, 0.0))[0] + 1
        if times > Conf.MAX_ATTEMPTS > 0:
            logger.error("task %s came back %s times without a result and is given up", pk, times - 1)
            self.delete(pk)
            return True
        self._given[pk] = (times, now + 3 * Conf.RETRY)
        return False
