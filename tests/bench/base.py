"""What every benchmark shares: a database of its own, a row of the report, and medians."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.environment import prepare


@dataclass(frozen=True, kw_only=True)
class Cijfer:
    """One figure of the report. ``grens`` is the bound in words; ``ok`` None means: no bound."""

    naam: str
    waarde: str
    grens: str = ""
    ok: bool | None = None


Bench = Callable[[], list[Cijfer]]


@contextmanager
def own_database() -> Iterator[Path]:
    """A fresh SQLite file, migrated; static files are named and compressed as in production."""
    with tempfile.TemporaryDirectory(prefix="vooraf-bench-") as folder:
        prepare()
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        import django
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        # Argon2 is slow on purpose, and logging in is not what is measured here.
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        settings.CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
        call_command("migrate", interactive=False, verbosity=0)
        try:
            yield Path(folder)
        finally:
            connections.close_all()


def median_ms(act: Callable[[], object], *, times: int = 7) -> float:
    """The median of some runs, in milliseconds, after one run to warm up."""
    act()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def judged(naam: str, value: float, bound: float, *, unit: str, digits: int = 0) -> Cijfer:
    """A figure that may be at most ``bound``."""
    return Cijfer(naam=naam, waarde=f"{value:.{digits}f}{unit}", grens=f"<= {bound:g}{unit}", ok=value <= bound)
