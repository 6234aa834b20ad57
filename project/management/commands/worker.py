"""``manage.py worker``: one worker node; any number, on any machine."""

from __future__ import annotations

import json
import os
import sys
from argparse import SUPPRESS
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections

from project import heartbeat, watchdog
from project.env import BASE_DIR


class Command(BaseCommand):
    help = "Verstuurt berichten en doet het werk op de klok. Stopt netjes bij Ctrl-C of SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        # What the watchdog calls; not for people.
        parser.add_argument("--cluster", default="", help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["cluster"]:
            # Not needed by the watchdog, and half of what it would weigh.
            from project import cluster  # noqa: PLC0415

            sys.exit(cluster.run(watchdog.Orders(**json.loads(options["cluster"]))))
        heartbeat.announce(settings.WORKER_BOUNDS.get("start", watchdog.Bounds.start))
        connections.close_all()
        # This process becomes the watchdog, so that it keeps its number and sheds the service's memory. Checks
        # have been done: settings that are wrong have stopped it by now.
        sys.stdout.flush()
        sys.stderr.flush()
        # -P: the watchdog stands beside modules that must not be taken for others.
        os.execv(sys.executable, [sys.executable, "-P", watchdog.__file__, json.dumps(_orders())])  # noqa: S606


def _orders() -> dict[str, Any]:
    manage = [sys.executable, str(BASE_DIR / "manage.py"), "worker", "--skip-checks", "--cluster"]
    return {
        "command": manage,
        "name": settings.WORKER_NAME,
        "plain_log": settings.PLAIN_LOG,
        "log_level": settings.LOG_LEVEL,
        "bounds": asdict(watchdog.Bounds()) | settings.WORKER_BOUNDS,
    }
