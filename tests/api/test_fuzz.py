"""Schemathesis: messages made from our own description, right and wrong ones; no crash, and answers as described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from project.wsgi import application
from tests.api.conftest import maak_planning
from tests.builders import maak_team

schema: Any = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
NOT_CHECKED = [
    # It calls once more with keys it makes up itself and takes ours for one of them; test_keys has that.
    ignored_auth,
    # A description can't say which teams exist, or that a day has passed.
    positive_data_acceptance,
]
GEZIEN: dict[str, set[int]] = {}


@pytest.fixture
def sleutel(db: None) -> Iterator[str]:
    maak_team("wmo")
    # The test's own connection must outlive each request, as with Django's test client.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield maak_planning().sleutel
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture(scope="module", autouse=True)
def _got_past_the_first_door() -> Iterator[None]:
    """A fuzzer whose every message is refused proves nothing; looked at when all have been sent."""
    yield
    assert GEZIEN["PUT"] >= {201, 400}
    assert 200 in GEZIEN["POST"]
    assert 200 in GEZIEN["GET"]


# One function per operation: cases of one function share their name, and of those a parallel run keeps only one.
FUZZ = settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def _operation(method: str, path: str) -> Any:
    chosen = schema.include(method=method, path=path)
    return lambda test: chosen.parametrize()(FUZZ(test))


def _send(case: Any, sleutel: str) -> None:
    if isinstance(case.body, dict) and isinstance(case.body.get("team"), str):
        # A name that exists, and a day that comes: else no message would get past the rules.
        case.body |= {"team": "wmo", "start": "2026-12-03T09:00:00Z", "eind": "2026-12-03T09:30:00Z"}
    answer = case.call(headers={"Authorization": f"Bearer {sleutel}"})
    GEZIEN.setdefault(case.operation.method.upper(), set()).add(answer.status_code)
    case.validate_response(answer, excluded_checks=NOT_CHECKED)


@_operation("PUT", "/afspraken/{bron}/{externId}")  # type: ignore[untyped-decorator]
def test_no_put_breaks_it(case: Any, sleutel: str) -> None:
    _send(case, sleutel)


@_operation("GET", "/afspraken/{bron}/{externId}")  # type: ignore[untyped-decorator]
def test_no_get_breaks_it(case: Any, sleutel: str) -> None:
    _send(case, sleutel)


@_operation("POST", "/afspraken/{bron}/{externId}/annulering")  # type: ignore[untyped-decorator]
def test_no_cancellation_breaks_it(case: Any, sleutel: str) -> None:
    _send(case, sleutel)


@_operation("GET", "/spelregels/actueel")  # type: ignore[untyped-decorator]
def test_no_question_about_the_rules_breaks_it(case: Any, sleutel: str) -> None:
    _send(case, sleutel)
