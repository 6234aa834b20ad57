"""The task queue, in the database (or in Redis: broker_redis.py), with three things that django-q2's own lack.

A heartbeat of this node comes out of it as a task among the others, without having been put in: the queue is
shared, and a heartbeat that another node did proves nothing. A database or Redis that is away is waited for, where
django-q2 would end the process and fork a new one over and over. And a task that kills the process it runs in is
given up: it never has a result, so that ``max_attempts`` does not count it.
"""

import logging
import time
from datetime import timedelta
from typing import Any, ClassVar

from django import db
from django.db import DatabaseError
from django.utils import timezone
from django_q.brokers import Broker
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from project import pulse

logger = logging.getLogger(__name__)

# A heartbeat's place in the queue; numbers belong to rows.
_HEARTBEAT = "heartbeat"
_TASK = "project.heartbeat.beat"
# How long to wait for a database or Redis that is away, and how often to say so, in seconds.
_PAUSE = 1.0
_SAY_EVERY = 60.0
# How long connections stay open between two looks at whether they still work.
_FRESH_SECONDS = 60.0

Taken = list[tuple[Any, str]]


class WithHeartbeat(Broker):  # type: ignore[misc]
    """To be mixed in before a broker that brings the queue itself."""

    away: ClassVar[tuple[type[Exception], ...]] = (DatabaseError, OSError)
    """How it shows that the queue can't be reached."""

    def __init__(self, list_key: str | None = None) -> None:
        super().__init__(list_key)
        self._say_at = 0.0

    def dequeue(self) -> Taken | None:
        """This node's heartbeat when it is due, else what the queue has; nothing more once a stop was asked."""
        here = pulse.current()
        if here is None:
            return self._take()
        if here.stop_asked():
            time.sleep(0.1)
            return None
        if here.beat_due():
            return [(_HEARTBEAT, self._heartbeat(here))]
        try:
            return self._take()
        except self.away as problem:
            self._wait_for_it(problem)
            return None

    def acknowledge(self, task_id: Any) -> None:
        """A task is done. When that cannot be written down it runs once more, which every task may."""
        if task_id == _HEARTBEAT:
            return
        try:
            super().acknowledge(task_id)
        except self.away as problem:
            logger.warning("a task that is done could not be taken from the queue: %s", type(problem).__name__)

    def fail(self, task_id: Any) -> None:
        """A task that cannot be read."""
        if task_id != _HEARTBEAT:
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

    def _wait_for_it(self, problem: Exception) -> None:
        db.close_old_connections()
        if time.monotonic() >= self._say_at:
            # The text of a database error names hosts.
            logger.error("the task queue does not answer: %s", type(problem).__name__)
            self._say_at = time.monotonic() + _SAY_EVERY
        time.sleep(_PAUSE)

    def _heartbeat(self, here: pulse.Pulse) -> str:
        orders = here.orders
        package: str = SignedPackage.dumps(
            {
                "id": _HEARTBEAT,
                "name": _HEARTBEAT,
                "func": _TASK,
                "args": (orders.node, orders.restarts, here.row_due()),
                "kwargs": {},
                "started": timezone.now(),
            }
        )
        return package


class OrmBroker(WithHeartbeat, ORM):  # type: ignore[misc]
    """The queue in the database."""

    def __init__(self, list_key: str | None = None) -> None:
        super().__init__(list_key)
        self._fresh_until = 0.0
        self._given: dict[int, tuple[int, float]] = {}

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
