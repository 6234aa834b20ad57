"""Makes any Django process part of a run: the world it asks, the listener it tells, its clock and its end.

As an app, because the real worker command starts processes of its own that load nothing but the settings.
"""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created
from django.utils import timezone

from tests.crash.board import Board, Slot
from tests.crash.mutants import MUTANTS

_WRITES = ("INSERT", "UPDATE", "DELETE")
_real_now = timezone.now
# The line of this process on the board; set again after a fork.
_mine: list[Slot] = []


class CrashConfig(AppConfig):
    name = "tests.crash"
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        _shorten()
        _wire()
        timezone.now = _now
        _unsettle_the_clock()
        connection_created.connect(_watch_writes, dispatch_uid="crash")
        for mutant in os.environ.get("CRASH_MUTANTS", "").split():
            MUTANTS[mutant]()
        if "CRASH_SLOT" in os.environ:
            take_slot(Board(Path(os.environ["CRASH_DIR"]) / "board").slot(int(os.environ["CRASH_SLOT"])))


def take_slot(slot: Slot) -> None:
    """From now on this process does what stands on this line."""
    from notifications.outbox import points

    _mine[:] = [slot]
    points.hook_on(slot.reached)


def _now() -> datetime:
    shift = _mine[0].shift if _mine else 0.0
    return _real_now() + timedelta(seconds=shift)


def _unsettle_the_clock() -> None:
    """The database's clock can be set right, too."""
    from notifications.outbox import clock

    real = clock.database_time

    def shifted() -> datetime:
        return real() + timedelta(seconds=_mine[0].clock if _mine else 0.0)

    clock.database_time = shifted


def _shorten() -> None:
    """Waiting times that are no settings."""
    from django.conf import settings

    from notifications.domain import retry
    from notifications.gateways import http

    times = settings.CRASH_TIMES  # type: ignore[misc]
    # Before the gateways are imported: they copy it.
    http.CONNECT_SECONDS, http.READ_SECONDS = times["connect"], times["read"]
    http.CALL_SECONDS = times["connect"] + times["read"]
    retry.FIRST_PAUSE = timedelta(seconds=times["first-pause"])
    retry.LONGEST_PAUSE = timedelta(seconds=times["longest-pause"])

    from notifications.outbox import bell, deliver, reconcile, turn

    deliver._MARGIN = times["margin"]
    reconcile._AGAIN = timedelta(seconds=times["look-again"])
    turn._HOLD = timedelta(seconds=times["turn"])
    bell.HOLD = timedelta(seconds=times["bell"])


def _wire() -> None:
    from notifications.outbox import context
    from notifications.signals import delivery_changed
    from notifications.wording import kinds
    from tests.crash import scene
    from tests.outbox.helpers import KIND

    kinds.register_kinds([KIND])
    context.register_context_provider(scene.answer, many=scene.answer_many)
    # The storey above knows nothing of these subjects.
    delivery_changed.receivers = []
    delivery_changed.sender_receivers_cache.clear()
    delivery_changed.connect(scene.listen, weak=False)


def _watch_writes(connection: Any, **_more: Any) -> None:
    # The same object connects again and again.
    if _full_disk not in connection.execute_wrappers:
        connection.execute_wrappers.append(_full_disk)


def _full_disk(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """A disk that has no room left: for PostgreSQL pretended at the cursor, for SQLite by its own bound."""
    slot = _mine[0] if _mine else None
    if slot is None or not sql.lstrip()[:6].upper().startswith(_WRITES):
        return execute(sql, params, many, context)
    if connection.vendor != "sqlite":
        if slot.full:
            slot.refuse()
            raise OperationalError("could not extend file: No space left on device")
        return execute(sql, params, many, context)
    _bound_pages(context["connection"], slot)
    try:
        return execute(sql, params, many, context)
    except OperationalError as problem:
        if "full" in str(problem):
            slot.refuse()
        raise


def _bound_pages(database: Any, slot: Slot) -> None:
    bounded = getattr(database, "crash_bounded", False)
    if slot.full == bounded:
        return
    raw = database.connection
    # A bound below what is in use is raised to that: from here on no page can be added.
    raw.execute(f"PRAGMA max_page_count = {1 if slot.full else 1_073_741_823}")
    database.crash_bounded = slot.full
