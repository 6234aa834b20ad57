"""The workers' clock is the database's, and no machine's clock moves it while a task works."""

import importlib.util
import time
from datetime import UTC, timedelta
from types import ModuleType

import pytest
from django.utils import timezone

from notifications import jobs
from notifications.domain.lifecycle import Status
from notifications.outbox import clock
from tests.outbox.helpers import NOW, FakeGateway, plan, status

pytestmark = pytest.mark.django_db


@pytest.fixture
def untouched() -> ModuleType:
    """The module as it ships: in tests the database's clock follows that of the process."""
    spec = importlib.util.find_spec(clock.__name__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_is_the_time_in_utc(untouched: ModuleType) -> None:
    before = timezone.now() - timedelta(seconds=1)
    asked = untouched.database_time()
    assert asked.tzinfo is UTC
    assert before <= asked <= timezone.now() + timedelta(seconds=1)


def test_it_asks_the_database_and_not_the_process(untouched: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW - timedelta(days=400))
    assert untouched.database_time() > NOW - timedelta(days=300)


def test_it_goes_on_by_the_seconds_that_passed(untouched: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([NOW, NOW + timedelta(hours=1)])
    monkeypatch.setattr(untouched, "database_time", lambda: next(answers))
    real, ahead = time.monotonic, [0.0]
    monkeypatch.setattr(untouched.time, "monotonic", lambda: real() + ahead[0])
    now = untouched.shared_clock()
    ahead[0] = 90.0
    assert timedelta(seconds=90) <= now() - NOW < timedelta(seconds=120)


def test_a_worker_whose_own_clock_is_behind_sends_what_is_due(
    sms: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW - timedelta(hours=1))
    monkeypatch.setattr(clock, "database_time", lambda: NOW)
    plan()
    jobs.drain()
    assert status() is Status.ACCEPTED
