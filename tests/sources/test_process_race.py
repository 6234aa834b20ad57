"""Two clicks, two windows, two colleagues at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connections

from afspraken.models import Afspraak, Gebruiker, Importconcept, LogRegel, Rol
from afspraken.sources import concept as concepts
from afspraken.sources import preview, process
from tests.builders import NU, maak_gebruiker
from tests.sources.files import TEAMS, big_csv, csv_of, maak_teams, read, row

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _world(time_machine: Any) -> None:
    time_machine.move_to(NU, tick=False)
    maak_teams()
    for name in ("coordinator1", "coordinator2"):
        maak_gebruiker(name, rol=Rol.COORDINATOR, teams=tuple(TEAMS))


def wait(data: bytes, name: str = "coordinator1") -> Importconcept:
    result, outcomes = preview.predict(read(data), now=NU)
    return concepts.keep(
        concepts.Inhoud(resultaat=result, uitkomsten=tuple(outcomes)),
        gebruiker=Gebruiker.objects.get(username=name),
        bron="csv",
        bestand_hash=concepts.fingerprint(data),
        now=NU,
    )


def at_once(jobs: Sequence[Callable[[], object]]) -> list[object]:
    """Run the jobs in threads that start together; what each gave back."""
    gate = threading.Barrier(len(jobs))
    results: list[object] = [None] * len(jobs)

    def run(index: int) -> None:
        gate.wait()
        try:
            results[index] = jobs[index]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def times(actie: str) -> int:
    return LogRegel.objects.filter(actie=actie).count()


def test_a_double_click_processes_once() -> None:
    waiting = wait(big_csv(20))
    results = at_once([lambda: process.start(waiting, now=NU)] * 4)
    assert sorted(map(str, results)) == ["False", "False", "False", "True"]
    assert (times("import.verwerkt"), times("afspraak.gepland")) == (1, 20)


def test_two_tasks_for_one_long_file_do_each_step_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "STEP", 5)
    monkeypatch.setattr(process, "async_task", lambda _task, _pk: None)
    waiting = wait(big_csv(40))
    process.start(waiting, now=NU)
    at_once([lambda: process.carry_on(str(waiting.pk))] * 3)
    assert (times("import.verwerkt"), times("afspraak.gepland")) == (1, 40)
    assert Importconcept.objects.get().uitslag["aantallen"] == {"Nieuw": 40}


def test_two_colleagues_with_the_same_rows() -> None:
    data = csv_of(*(row(Afspraaknummer=f"A{n}") for n in range(10)))
    mine, theirs = wait(data), wait(data, "coordinator2")
    at_once([lambda: process.start(mine, now=NU), lambda: process.start(theirs, now=NU)])
    assert Afspraak.objects.count() == 10
    assert times("afspraak.gepland") == 10
    assert times("import.verwerkt") == 2
