"""Signed requests as the providers make them; the signatures come from the double, not from us."""

import pytest

from notifications.outbox import bell
from tests.webhooks.signing import Sender


@pytest.fixture
def sender(settings: object, monkeypatch: pytest.MonkeyPatch) -> Sender:
    monkeypatch.setattr(bell, "async_task", lambda task: None)
    made = Sender()
    for name, value in made.settings().items():
        setattr(settings, name, value)
    return made
