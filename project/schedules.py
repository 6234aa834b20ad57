"""Everything that runs by the clock, in one table in code.

The rows in the database are made from this table after every migrate and at every start of a worker:
one broken Schedule row stops all schedules of the cluster, so nobody types them by hand. Each function
asks "who is due now?", takes no arguments, and may run twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone


@dataclass(frozen=True, kw_only=True)
class Scheduled:
    """One function and its interval in minutes."""

    name: str
    func: str
    minutes: int


SCHEDULES: tuple[Scheduled, ...] = (
    Scheduled(name="post: sweep", func="notifications.jobs.sweep", minutes=1),
    Scheduled(name="post: heartbeat", func="notifications.jobs.heartbeat", minutes=1),
    Scheduled(name="post: wipe", func="notifications.jobs.wipe", minutes=60),
    Scheduled(name="afspraken: invite", func="afspraken.jobs.invite", minutes=5),
    Scheduled(name="afspraken: remind", func="afspraken.jobs.remind", minutes=5),
    Scheduled(name="afspraken: finish", func="afspraken.jobs.finish", minutes=15),
    Scheduled(name="afspraken: tidy", func="afspraken.jobs.tidy", minutes=10),
)


def install() -> None:
    """Make the Schedule rows exactly this table: missing ones added, changed ones mended, others removed."""
    from django_q.models import Schedule  # noqa: PLC0415  # models can't be imported before the apps are ready

    with transaction.atomic():
        Schedule.objects.exclude(name__in=[row.name for row in SCHEDULES]).delete()
        known = {row.name: row for row in Schedule.objects.all()}
        for wanted in SCHEDULES:
            row = known.get(wanted.name)
            if row is None:
                Schedule.objects.create(
                    name=wanted.name,
                    func=wanted.func,
                    schedule_type=Schedule.MINUTES,
                    minutes=wanted.minutes,
                    repeats=-1,
                    next_run=timezone.now(),
                )
            elif (row.func, row.minutes, row.args, row.kwargs) != (
                wanted.func,
                wanted.minutes,
                None,
                None,
            ):
                Schedule.objects.filter(pk=row.pk).update(
                    func=wanted.func,
                    schedule_type=Schedule.MINUTES,
                    minutes=wanted.minutes,
                    repeats=-1,
                    args=None,
                    kwargs=None,
                )
