"""The task that shows that a worker node works, and what else a node has itself do."""

import logging
from contextlib import suppress

from django import db
from django.core.cache import cache
from django_q.brokers import get_broker

from notifications import jobs
from project import schedules

logger = logging.getLogger(__name__)

_STARTING = "worker-starting"


def beat(node: str, restarts: int, write: bool) -> None:
    """That this runs is the point; once a minute it also says so in the database, and mends the schedules.

    Never fails: a database that is away is no fault of the node, which must not be started again for it.
    """
    if not write:
        return
    for step in (lambda: jobs.heartbeat(node, restarts), schedules.mend):
        try:
            step()
        except Exception as problem:  # whatever it is, this process works; the next one tries again
            logger.warning("a heartbeat could not be written down: %s", type(problem).__name__)
            if isinstance(problem, db.OperationalError):
                # A database that is away may take long to say so: it is not asked twice.
                return


def catch_up(job: str) -> None:
    """Do a job of the post room for which the queue could not, or cannot, be asked."""
    try:
        {"sweep": jobs.sweep, "drain": jobs.drain}[job]()
    except (db.Error, OSError) as problem:
        logger.warning("%s could not be caught up with: %s", job, type(problem).__name__)


def announce(seconds: float) -> None:
    """A node is being started and should work within ``seconds``; where that cannot be said it is not said."""
    with suppress(*get_broker().away):
        cache.set(_STARTING, True, seconds)


def is_announced() -> bool:
    """Whether a node was started less long ago than it may take."""
    return bool(cache.get(_STARTING))
