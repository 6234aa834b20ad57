"""Two who wait for each other's rows: PostgreSQL gives one of them up. Ours is done again.

A change of an appointment and a group of a drain may want the same messages in different orders. Nothing is
half done then, but what providers answered would have to be looked up, and a mail can't be.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection

logger = logging.getLogger(__name__)

_Result = TypeVar("_Result")
_TIMES = 5
# deadlock_detected, PostgreSQL's appendix A.
_CODE = "40P01"


def again_after_deadlock(act: Callable[[], _Result]) -> _Result:
    """What ``act`` returns; it is one transaction, and is begun again when it was given up for another.

    Raises OperationalError when that happens five times, and at once when ``act`` is part of a larger
    transaction: then that one is over too.
    """
    for _ in range(_TIMES - 1):
        try:
            return act()
        except OperationalError as problem:
            if connection.in_atomic_block or getattr(problem.__cause__, "sqlstate", "") != _CODE:
                raise
            logger.warning("given up for somebody else's change of the same messages; again")
    return act()
