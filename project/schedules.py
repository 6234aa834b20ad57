"""Everything that runs by the clock, in one table in code.

The rows in the database are made from this table at every start of a worker and put back every minute:
one broken Schedule row stops all schedules of the cluster, so nobody types them by hand. Each function
asks "who is due now?", takes no arguments, and may run twice.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

if TYPE_CHECKING:
    from django_q.models import Schedule

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Scheduled:
    """One function and its interval in minutes."""

    name: str
    func: str
    minutes: int


SCHEDULES: tuple[Scheduled, ...] = (
    Scheduled(name="post: sweep", func="notifications.jobs.sweep", minutes=1),
    Scheduled(name="post: wipe", func="notifications.jobs.wipe", minutes=60),
    Scheduled(name="afspraken: invite", func="afspraken.jobs.invite", minutes=5),
    Scheduled(name="afspraken: remind", func="afspraken.jobs.remind", minutes=5),
    Scheduled(name="afspraken: finish", func="afspraken.jobs.finish", minutes=15),
    Scheduled(name="afspraken: tidy", func="afspraken.jobs.tidy", minutes=10),
)
_BY_NAME = {row.name: row for row in SCHEDULES}


# A row that is due this much later than its interval allows was not set so by the scheduler.
_SLACK = timedelta(minutes=2)


def install() -> None:
    """Make the Schedule rows exactly this table: missing ones added, changed ones mended, others removed."""
    from django_q.models import Schedule  # noqa: PLC0415  # models can't be imported before the apps are ready

    now = timezone.now()
    with transaction.atomic():
        kept: dict[str, int] = {}
        for row in Schedule.objects.select_for_update().order_by("pk"):
            if row.name in _BY_NAME and row.name not in kept:
                kept[row.name] = row.pk
                if not _is_whole(row, now):
                    Schedule.objects.filter(pk=row.pk).update(**_fields(_BY_NAME[row.name]), next_run=now)
        Schedule.objects.exclude(pk__in=kept.values()).delete()
        Schedule.objects.bulk_create(
            [
                Schedule(name=name, next_run=now, **_fields(wanted))
                for name, wanted in _BY_NAME.items()
                if name not in kept
            ]
        )


def mend() -> bool:
    """Install them again when somebody or something changed them; True when that was so. One query when not.

    A single broken row stops all schedules, the sweep among them, and a row that names another function is a
    sweep that does not happen.
    """
    from django_q.models import Schedule  # noqa: PLC0415  # as above

    now = timezone.now()
    rows = list(Schedule.objects.all())
    names = sorted(str(row.name) for row in rows)
    if names == sorted(_BY_NAME) and all(_is_whole(row, now) for row in rows):
        return False
    logger.error("the schedules were changed from outside, and are put back")
    install()
    return True


def _is_whole(row: Schedule, now: datetime) -> bool:
    wanted = _BY_NAME[row.name]
    return (
        all(getattr(row, name) == value for name, value in _fields(wanted).items())
        and row.next_run is not None
        and row.next_run <= now + timedelta(minutes=wanted.minutes) + _SLACK
    )


def _fields(wanted: Scheduled) -> dict[str, Any]:
    """Every column that decides what runs and when, but for the next moment itself."""
    return {
        "func": wanted.func,
        "hook": None,
        "args": None,
        "kwargs": None,
        "schedule_type": "I",  # every so many minutes
        "minutes": wanted.minutes,
        "repeats": -1,
        "cron": None,
        "cluster": None,
        "intended_date_kwarg": None,
    }
