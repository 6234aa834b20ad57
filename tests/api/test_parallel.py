"""Fifty times the same message at once: one appointment, one set of messages."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection

from afspraken.models import Afspraak, Client, Medewerker
from notifications import api as post
from tests.api.conftest import PAD, Planning, bericht, lees, maak_planning
from tests.builders import NU, maak_team

AANTAL = 50


def at_once(sleutel: str, messages: list[dict[str, object]]) -> list[tuple[int, str]]:
    """Send all messages at the same moment, each on a connection of its own."""
    start = threading.Barrier(len(messages))

    def send(message: dict[str, object]) -> tuple[int, str]:
        try:
            planning = Planning(sleutel=sleutel)
            start.wait(timeout=30)
            answer = planning.put(message)
            return answer.status_code, str(lees(answer).get("uitkomst", ""))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(messages)) as pool:
        return list(pool.map(send, messages))


@pytest.fixture
def sleutel(transactional_db: None) -> str:
    maak_team("wmo")
    with time_machine.travel(NU, tick=False):
        return maak_planning().sleutel


def test_the_same_put_fifty_times_at_once(sleutel: str) -> None:
    answers = at_once(sleutel, [bericht()] * AANTAL)
    assert sorted(answers) == [(200, "gelijk")] * (AANTAL - 1) + [(201, "nieuw")]
    afspraak = Afspraak.objects.get(bron="jcc", extern_id="A-1")
    assert (Client.objects.count(), Medewerker.objects.count()) == (1, 1)
    kinds = [m.kind for m in post.statuses_for([afspraak.onderwerp_sleutel])[afspraak.onderwerp_sleutel]]
    assert kinds == ["uitnodiging", "uitnodiging"], "one by SMS and one by e-mail"


def test_versions_at_once_end_at_the_highest(sleutel: str) -> None:
    versions = [bericht(externeVersie=number, locatie__ruimte=f"2.{number}") for number in range(1, 13)]
    answers = at_once(sleutel, versions)
    assert {status for status, _ in answers} <= {200, 201, 409}
    assert [status for status, _ in answers].count(201) == 1
    afspraak = Afspraak.objects.get()
    assert (afspraak.externe_versie, afspraak.locatie_ruimte) == (12, "2.12")
    assert Planning(sleutel=sleutel).get(PAD).status_code == 200
