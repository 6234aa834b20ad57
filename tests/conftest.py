"""What every test stands on: the environment, fast doubles of slow things, and an honest skip.

Django is set up while this file is imported: a conftest.py further down may import models, and pytest reads
those before pytest-django would have done it.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import django
import hypothesis
import pytest
from django.conf import settings

from tests.environment import prepare

# Skips that are a fact of the run and not a missing tool: the reason names what decides it.
ALLOWED_SKIPS = ("only on PostgreSQL", "only on SQLite", "the provider's description is not on this machine")


# Machines are shared and noisy: an example that takes long, or is long in the making, is no fault. With CI=true
# hypothesis brings its own profile, which also tries the same examples in every run.
if os.environ.get("CI") != "true":
    hypothesis.settings.register_profile(
        "vooraf", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("vooraf")


def set_up_django() -> None:
    """The settings as they are, but for what is slow on purpose or needs a build step."""
    prepare()
    # Argon2 is slow on purpose; a suite that logs in a thousand times need not wait for it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # The manifest exists only after collectstatic; tests must not depend on a build step.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.WHITENOISE_USE_FINDERS = True
    settings.CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # A file and not memory: only a file has the WAL and the locks that the service meets, and
        # one of our own, because two runs in one tree must not share it.
        folder = tempfile.mkdtemp(prefix="vooraf-test-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        name = str(Path(folder) / "test.sqlite3")
        # SQLite lets writers in at random: of fifty at once on a busy machine the last may wait for long.
        database["OPTIONS"]["timeout"] = 120
    else:
        name = f"test_vooraf_{os.getpid()}"
    # In place: with two processes Django has already filled in the rest of these settings.
    database.setdefault("TEST", {})["NAME"] = name
    django.setup()
    _one_clock()


def _one_clock() -> None:
    """Tests move the clock of their process; the database's, which the workers go by, moves along."""
    from django.utils import timezone

    from notifications.outbox import clock

    clock.database_time = lambda: timezone.now()  # noqa: PLW0108  # looked up each time: tests replace it


set_up_django()


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Rate limits live in the cache; one test's wrong passwords must not block the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CI=true a skipped test is a failed one: a green build has run everything."""
    report = yield
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not any(allowed in reason for allowed in ALLOWED_SKIPS):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was skipped, and with CI=true nothing may be: {reason}"
    return report


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium for Playwright, which would otherwise want a download of its own.

    Without the background flags it opens connections that a closed network refuses by the dozen.
    """
    return {
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "headless": True,
        # On a busy machine the first start, from a cold disk, takes its time.
        "timeout": 120_000,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }
