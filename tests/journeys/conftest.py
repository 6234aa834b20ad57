"""A road starts on a Wednesday morning, with the providers' console and Twilio's signature key."""

from __future__ import annotations

import pytest

from tests.builders import NU
from tests.journeys.road import Road


@pytest.fixture
def road(db: None, time_machine: object, settings: object) -> Road:
    settings.TWILIO_AUTH_TOKEN = ""  # type: ignore[attr-defined]  # so that pytest puts it back afterwards
    time_machine.move_to(NU, tick=False)  # type: ignore[attr-defined]
    return Road(time_machine)
