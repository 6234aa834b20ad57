"""The bell may fail; what was planned is planned all the same."""

import logging
from datetime import timedelta

import pytest
from django.db import OperationalError, transaction

from notifications.models import Message
from notifications.outbox import flags
from tests.outbox.helpers import NOW, plan


@pytest.mark.django_db(transaction=True)
def test_a_ring_that_fails_does_not_break_the_callers_request(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """For want of room, or because the database went away right after the commit."""

    def full(*, now: object, hold: timedelta) -> bool:
        raise OperationalError("could not extend file: No space left on device")

    monkeypatch.setattr(flags, "take_bell", full)
    with caplog.at_level(logging.ERROR, logger="django"), transaction.atomic():
        plan(due_at=NOW)
    assert Message.objects.count() == 1
    assert "_Ring" in caplog.text
