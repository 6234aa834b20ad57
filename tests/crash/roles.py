"""What the processes of a run do until they are killed."""

import logging
import os
import random
import time
from collections.abc import Callable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.db import DatabaseError, InterfaceError, connections

from notifications import jobs
from tests.crash.board import Board
from tests.crash.scene import Planner

logger = logging.getLogger("crash")
# A restarted server, a full disk, a lock that was not to be had: the next round tries again.
TROUBLE = (DatabaseError, InterfaceError)


def worker(*, sweep_every: float) -> None:
    """Drain and sweep, as the task queue would have it done; without a queue, so that kills come thick and fast."""
    swept = 0.0
    while True:
        _try(jobs.drain)
        if time.monotonic() - swept > sweep_every:
            _try(jobs.sweep)
            swept = time.monotonic()
        time.sleep(0.03)


def planner(*, board: Board, number: int, of: int, changes: float) -> None:
    """Plan what the goal allows; ``changes`` is the chance that something changes, and again that more does."""
    dice = random.Random(os.getpid() + time.monotonic_ns())
    plans: list[Planner] = []

    def one() -> None:
        if not plans:
            plans.append(Planner(first=number, step=of, dice=dice))
        if not plans[0].plan(board.goal):
            time.sleep(0.05)
            return
        while dice.random() < changes:
            plans[0].change()

    while True:
        if not _try(one):
            # Whether the last transaction was committed nobody knows: read again what there is.
            plans.clear()
        time.sleep(0.005)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A provider that goes away."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its name there
        """The journal tells more."""


def web(*, port: int) -> None:
    """The real service behind the addresses that providers call."""
    from django.conf import settings

    from project.wsgi import application

    # A thread per request ends with its connection.
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
    server = _Server(("127.0.0.1", port), _Quiet)
    server.set_app(application)
    server.serve_forever(poll_interval=0.5)


def _try(work: Callable[[], object]) -> bool:
    """Whether it went well. The task queue would log the problem and go on, and so does this."""
    try:
        work()
    except TROUBLE as problem:
        logger.warning("%s: %s", type(problem).__name__, str(problem).splitlines()[0] if str(problem) else "")
        connections.close_all()
        time.sleep(0.05)
        return False
    except Exception:
        logger.exception("a defect")
        connections.close_all()
        time.sleep(0.05)
        return False
    for connection in connections.all(initialized_only=True):
        connection.close_if_unusable_or_obsolete()
    return True
