"""Both channels point at the double, a real HTTP server in a process of its own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from notifications.gateways.twilio import gateway
from tests.double.running import Double, running_double


@pytest.fixture(scope="session")
def double_process() -> Iterator[Double]:
    with running_double() as running:
        yield running


@pytest.fixture
def double(double_process: Double, settings: Any) -> Double:
    double_process.clear()
    for name, value in double_process.settings().items():
        setattr(settings, name, value)
    return double_process


@pytest.fixture
def twilio_at(settings: Any) -> Callable[[str], gateway.TwilioGateway]:
    def make(url: str) -> gateway.TwilioGateway:
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC1", "token"
        settings.TWILIO_FROM, settings.TWILIO_API_URL = "+3197010200000", url
        return gateway.from_settings()

    return make
