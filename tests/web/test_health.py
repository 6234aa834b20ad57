"""For operators: alive, ready, and figures without personal data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from notifications import jobs
from project import heartbeat
from tests.builders import maak_afspraak

pytestmark = pytest.mark.django_db


def test_alive_asks_nothing_of_the_database(client: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        answer = client.get("/livez")
    assert answer.status_code == 200


def test_ready_only_when_a_worker_has_worked(client: Client) -> None:
    assert client.get("/readyz").status_code == 503
    jobs.heartbeat()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "cache": "ok", "worker": "ok"})


def test_a_worker_that_was_just_started_is_said_to_start_and_not_to_work(client: Client, time_machine: Any) -> None:
    heartbeat.announce(60)
    answer = client.get("/readyz")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json() == {"database": "ok", "cache": "ok", "worker": "start op"}
    time_machine.move_to(timezone.now() + timedelta(seconds=61))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["worker"]) == (503, "niet beschikbaar")
    heartbeat.announce(60)
    jobs.heartbeat()
    assert client.get("/readyz").json()["worker"] == "ok"


def test_a_node_can_be_started_while_the_cache_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("project.heartbeat.cache.set", away)
    heartbeat.announce(60)
    assert not heartbeat.is_announced()


def test_a_worker_that_is_silent_is_missed(client: Client, time_machine: object) -> None:
    now = timezone.now()
    jobs.heartbeat()
    time_machine.move_to(now + timedelta(minutes=10))  # type: ignore[attr-defined]
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["worker"] == "niet beschikbaar"


def test_a_database_that_is_away_is_told_without_its_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise DatabaseError("password=geheim host=10.1.2.3")

    monkeypatch.setattr("project.health.connection.cursor", broken)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert b"geheim" not in answer.content


def test_figures_show_the_queue_and_nobody(client: Client) -> None:
    maak_afspraak(now=timezone.now(), client_naam="Herkenbaar")
    text = client.get("/metrics").content.decode()
    assert "vooraf_outbox_queued 2.0" in text
    assert "vooraf_worker_heartbeat_age_seconds -1.0" in text
    assert "Herkenbaar" not in text


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_nothing_can_be_posted(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
