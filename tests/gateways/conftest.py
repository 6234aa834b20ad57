"""Both channels point at the double, a real HTTP server in a process of its own."""

from collections.abc import Iterator
from typing import Any

import pytest

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
