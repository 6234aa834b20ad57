"""No order of claims, deaths, receipts, moves and clocks leads to a second text, a stale one, or one that is stuck."""

import os

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.outbox.engine_machine import Engine

pytestmark = pytest.mark.django_db(transaction=True)

# Many more by hand: PROPERTY_EXAMPLES=5000 .venv/bin/python -m pytest tests/outbox/test_properties.py
_USUAL = {"sqlite": 40, "postgresql": 10}


def test_no_order_of_events_sends_twice_or_sticks() -> None:
    examples = int(os.environ.get("PROPERTY_EXAMPLES", _USUAL[connection.vendor]))
    run_state_machine_as_test(
        Engine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
