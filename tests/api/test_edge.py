"""What holds for every answer: problems, headers, sizes, kinds, limits."""

from __future__ import annotations

import json
import logging
import uuid
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from afspraken.api import limiter
from afspraken.api.intake import MAX_BYTES
from afspraken.models import Afspraak
from tests.api.conftest import PAD, Planning, bericht, lees

pytestmark = pytest.mark.django_db


def is_problem(answer: Any, status: int) -> bool:
    body = json.loads(answer.content)
    return bool(
        answer.status_code == status
        and answer["Content-Type"] == "application/problem+json"
        and body["status"] == status
        and bool(body["title"] and body["detail"] and body["type"])
        and body["instance"] == f"urn:uuid:{answer['X-Request-Id']}"
    )


@pytest.mark.parametrize(
    "pad",
    [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/afspraken/jcc/A-1",
        "/api/v1/afspraken",
        "/api/v1/afspraken/jcc/A-1/",
        "/api/v1/afspraken/jcc/A-1/annulering/",
        "/api/v1/openapi.json/",
        "/api/v1/docs/",
        "/api/v1/spelregels/actueel/",
        "/api/v1/spelregels",
    ],
)
def test_an_unknown_address_is_a_404_and_never_a_redirect(planning: Planning, pad: str) -> None:
    assert is_problem(planning.get(pad), 404)
    assert is_problem(Client().get(pad), 404)


@pytest.mark.parametrize("method", ["post", "patch", "delete", "options", "trace"])
def test_another_method_is_405_and_says_which_are_allowed(planning: Planning, method: str) -> None:
    answer = getattr(planning.http, method)(PAD, headers={"Authorization": f"Bearer {planning.sleutel}"})
    assert is_problem(answer, 405)
    assert set(answer["Allow"].split(", ")) == {"GET", "PUT"}


@pytest.mark.parametrize("pad", ["/api/v1/openapi.json", "/api/v1/docs"])
def test_the_description_is_only_read(pad: str) -> None:
    assert is_problem(Client().post(pad), 405)


@pytest.mark.parametrize(
    ("pad", "status"),
    [
        (PAD, 404),
        ("/api/v1/nergens", 404),
        ("/api/v1/spelregels/actueel", 200),
        ("/api/v1/openapi.json", 200),
        ("/api/v1/docs", 200),
    ],
)
def test_headers_of_every_answer(planning: Planning, pad: str, status: int) -> None:
    answer = planning.get(pad)
    assert answer.status_code == status
    assert answer["API-Version"] == "1.0.0"
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert str(uuid.UUID(answer["X-Request-Id"])) == answer["X-Request-Id"]
    assert not answer.cookies


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 404),
        ("*/*", 404),
        ("application/*, text/html;q=0.5", 404),
        ("application/problem+json", 404),
        ("", 404),
        ("text/html", 406),
        ("application/xml", 406),
        ("application/json;q=0", 406),
    ],
)
def test_accept(planning: Planning, accept: str, status: int) -> None:
    assert is_problem(planning.get(Accept=accept), status)


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
     "application/json; charset=utf-16"],
)  # fmt: skip
def test_another_kind_of_body_is_415(planning: Planning, content_type: str) -> None:
    assert is_problem(planning.put(json.dumps(bericht()), content_type=content_type), 415)
    assert Afspraak.objects.count() == 0


def test_json_with_a_charset_is_fine(planning: Planning) -> None:
    assert planning.put(bericht(), content_type="application/json; charset=UTF-8").status_code == 201


def test_a_body_over_the_limit_is_413(planning: Planning) -> None:
    assert is_problem(planning.put(b" " * (MAX_BYTES + 1)), 413)
    padded = json.dumps(bericht()).encode().ljust(MAX_BYTES)
    assert planning.put(padded).status_code == 201


def test_a_body_without_a_length_is_411_and_not_taken_for_an_empty_one(planning: Planning) -> None:
    answer = planning.put(bericht(), **{"Transfer-Encoding": "chunked"})
    assert is_problem(answer, 411)
    assert "Content-Length" in lees(answer)["detail"]


def test_too_often_is_429_with_when_to_come_back(planning: Planning, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "PER_MINUUT", 3)
    assert [planning.get().status_code for _ in range(4)] == [404, 404, 404, 429]
    answer = planning.get()
    assert is_problem(answer, 429)
    assert answer["Retry-After"] == "60"


def test_a_crash_tells_the_caller_nothing_but_its_number(planning: Planning, caplog: pytest.LogCaptureFixture) -> None:
    leak = "secret in /srv/vooraf: SELECT naam FROM afspraken_client"
    with (
        mock.patch("afspraken.flow.plan.plan_afspraak", side_effect=RuntimeError(leak)),
        caplog.at_level(logging.ERROR),
    ):
        answer = planning.put(bericht())
    assert is_problem(answer, 500)
    text = answer.content.decode()
    assert "secret" not in text
    assert "SELECT" not in text
    assert any(answer["X-Request-Id"] in record.getMessage() for record in caplog.records)


def test_over_http_it_is_refused_and_not_redirected(planning: Planning, settings: Any) -> None:
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    answer = planning.put(bericht())
    assert is_problem(answer, 403)
    assert "https" in lees(answer)["detail"]
    assert Afspraak.objects.count() == 0


def test_no_session_and_no_csrf_token_is_asked(planning: Planning) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.put(
        PAD,
        data=json.dumps(bericht()),
        content_type="application/json",
        headers={"Authorization": f"Bearer {planning.sleutel}"},
    )
    assert answer.status_code == 201
