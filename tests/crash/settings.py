"""The service's own settings with every waiting time made short: the crash harness has minutes, not days.

The proportions stay as they are in production: a call is shorter than a lease, a lease shorter than the horizon
after which a provider that lists nothing is believed, and whatever the double does late is over before that.
"""

import os

from project.settings import *  # noqa: F403
from project.settings import DATABASES, INSTALLED_APPS, Q_CLUSTER

INSTALLED_APPS = [*INSTALLED_APPS, "tests.crash.app.CrashConfig"]

# A short run has little time, a long one a busy machine; in seconds.
_PACE = float(os.environ.get("CRASH_PACE", "1"))

NOTIFICATIONS_DRAIN_SECONDS = 2.5 * _PACE
NOTIFICATIONS_LINGER_SECONDS = 0.5 * _PACE
NOTIFICATIONS_LEASE_SECONDS = 8 * _PACE
NOTIFICATIONS_GRACE_SECONDS = 1 * _PACE
NOTIFICATIONS_HORIZON_SECONDS = 14 * _PACE
NOTIFICATIONS_SILENCE_SECONDS = 12 * _PACE
NOTIFICATIONS_HALT_SECONDS = 1 * _PACE
NOTIFICATIONS_REST_SECONDS = 1 * _PACE
NOTIFICATIONS_THREADS = 16
# Everybody here lives at an address of their own.
NOTIFICATIONS_DAILY_CAP_SMS = NOTIFICATIONS_DAILY_CAP_EMAIL = 1000
# What is not a setting of the engine is patched by the app (app.py).
CRASH_TIMES = {
    "connect": 0.5 * _PACE,
    "read": 2 * _PACE,
    "margin": 1 * _PACE,
    "turn": 4 * _PACE,
    "look-again": 6 * _PACE,
    "first-pause": 0.5 * _PACE,
    "longest-pause": 4 * _PACE,
    "bell": 2 * _PACE,
}

# Workers are children of one process and count as one node: a turn for each of them.
Q_CLUSTER = Q_CLUSTER | {"workers": 5 if "CRASH_SLOT" not in os.environ else 3, "poll": 0.2, "timeout": 30, "retry": 40}
# How soon the watchdog of the real worker command sees that its cluster is stuck, in seconds.
WORKER_BOUNDS = {"beat": 1, "start": 20, "idle": 6, "busy": 45, "stop": 5, "failed_starts": 1000}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
ALLOWED_HOSTS = ["*"]
CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} for name in ("default", "q")}
