"""The cluster as the watchdog's child: django-q2's own, told when to stop and made to say how it is."""

import gc
import logging
import re
import signal
from types import FrameType
from typing import Any

from django import db
from django.db import connections
from django_q import signals
from django_q.brokers import get_broker
from django_q.cluster import Cluster

from notifications import api as post
from project import pulse, schedules
from project.watchdog import Orders, Sign

logger = logging.getLogger(__name__)

# Added to the watchdog's own bound: this one is for when the watchdog is gone.
_STOP_MARGIN = 3
_ENDED_BY_ITSELF = 70
# In a traceback that has become text: where it went on, and what kind of exception it was.
_FRAME = re.compile(r'^  File "(.+)", line (\d+), in .*$', re.MULTILINE)
_KIND = re.compile(r"^(?:\w+\.)*(\w+)", re.MULTILINE)


def run(orders: Orders) -> int:
    """Work until asked to stop; the exit code: 0 only when it was asked and everything ended."""
    here = pulse.start(orders)
    if not pulse.stand_under(orders.watchdog):
        return 0
    post.ask_about_stopping(here.stop_asked)
    logging.getLogger("django-q").addFilter(shorten)
    signals.pre_execute.connect(_on_begin)
    signals.post_execute_in_worker.connect(_on_end)
    signals.post_execute.connect(_on_round)
    _install_schedules()
    # Forks share what lies still: without this the collector writes in every page of it.
    gc.collect()
    gc.freeze()
    cluster = _Cluster(orders.stop + _STOP_MARGIN)
    cluster.start()
    while cluster.sentinel.is_alive():
        cluster.sentinel.join()
    if not cluster.asked:
        return _ENDED_BY_ITSELF
    _sign_off(orders.node)
    return int(cluster.sentinel.exitcode or 0)


class _Cluster(Cluster):  # type: ignore[misc]
    """Its stop waits for the sentinel for ever, and a sentinel that was killed is taken for one that stopped."""

    def __init__(self, bound: float) -> None:
        super().__init__()
        self.asked = False
        self._bound = bound

    def sig_handler(self, signum: int, frame: FrameType | None) -> None:
        """Stop, once; nobody is held up by it for longer than the bound."""
        if self.asked:
            return
        self.asked = True
        # Its default is to end this process, and all others end with it.
        signal.setitimer(signal.ITIMER_REAL, self._bound)
        super().sig_handler(signum, frame)


def shorten(record: logging.LogRecord) -> bool:
    """Of what django-q2 says at length while the database or the queue is away, one line that names no host.

    That its scheduler could do nothing, twice a minute, is not worth a line: the broker and the heartbeat say it.
    """
    problem = record.exc_info[1] if record.exc_info else None
    if isinstance(problem, get_broker().away):
        record.msg, record.args = "%s: %s", (record.getMessage(), type(problem).__name__)
        record.exc_info = None
        return record.funcName != "scheduler"
    return True


def kind_and_place(result: object) -> str:
    """Of what django-q2 makes of an exception, its text and the whole traceback, all that may be logged and kept.

    What the exception says may be about a client, and names hosts. See also ``project.logs``.
    """
    text = str(result)
    frames = list(_FRAME.finditer(text))
    if not frames:
        return "no traceback"
    last = frames[-1]
    # Lines of the source are indented; the first that is not begins the exception.
    kind = _KIND.search(text, last.end() + 1)
    return f"{kind.group(1) if kind else 'exception'} at {last.group(1)}:{last.group(2)}"


def _install_schedules() -> None:
    try:
        schedules.install()
    except db.Error as problem:
        # The heartbeat mends them as soon as the database is there.
        logger.warning("the schedules could not be installed: %s", type(problem).__name__)
    finally:
        # A connection must not be shared with the processes that are forked from here.
        connections.close_all()


def _sign_off(node: str) -> None:
    try:
        post.worker_left(node=node)
    except db.Error as problem:
        logger.warning("the node could not be signed off: %s", type(problem).__name__)


def _on_begin(**_kwargs: Any) -> None:
    _tell(Sign.BEGIN)


def _on_end(*, task: dict[str, Any], **_kwargs: Any) -> None:
    if not task["success"]:
        # From here it goes to the table of results and to the log.
        task["result"] = kind_and_place(task["result"])
    _tell(Sign.END)


def _on_round(**_kwargs: Any) -> None:
    _tell(Sign.ROUND)


def _tell(sign: Sign) -> None:
    if here := pulse.current():
        here.tell(sign)
