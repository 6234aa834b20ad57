"""The task that shows that a worker node works."""

import logging

from notifications import jobs
from project import schedules

logger = logging.getLogger(__name__)


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
