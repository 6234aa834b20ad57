"""``manage.py worker``: one worker node; any number, on any machine."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django_q.tasks import async_task

from project import schedules


class Command(BaseCommand):
    help = "Verstuurt berichten en doet het werk op de klok. Stopt netjes bij Ctrl-C of SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        schedules.install()
        # The first proof of life comes at once, not after the scheduler's first round.
        async_task("notifications.jobs.heartbeat")
        call_command("qcluster")
