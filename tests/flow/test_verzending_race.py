"""Two clicks, or two beheerders, at the same moment: one change and one line in the log."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connections

from afspraken.flow import beheer
from afspraken.models import LogRegel
from notifications import api as post
from tests.builders import NU, TESTER, maak_team

pytestmark = pytest.mark.django_db(transaction=True)
SMS = post.Channel.SMS


def at_once(job: Callable[[], object], many: int = 4) -> Counter[object]:
    """Run the job in threads that start together; how often each answer was given."""
    gate = threading.Barrier(many)
    answers: list[object] = []

    def run() -> None:
        gate.wait()
        try:
            answers.append(job())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answers)


def times(actie: str) -> int:
    return LogRegel.objects.filter(actie=actie).count()


def test_the_same_numbers_are_added_and_taken_away_once() -> None:
    def add() -> bool:
        return beheer.sta_nummers_toe(begin="+32 4", reden="Over de grens", actor=TESTER, now=NU)[1]

    assert at_once(add) == {True: 1, False: 3}
    (row,) = post.added_prefixes()

    def remove() -> bool:
        return beheer.haal_nummers_weg(nummers_id=row.id, actor=TESTER, now=NU)

    assert at_once(remove) == {True: 1, False: 3}
    assert (times("nummers.toegestaan"), times("nummers.weggehaald")) == (1, 1)


def test_the_same_budget_is_filled_in_and_emptied_once() -> None:
    team = maak_team()

    def fill(uur: int | None) -> tuple[str, ...]:
        budget = beheer.Budget(uur=uur, dag=None, maand=None)
        return beheer.wijzig_budget(team=team, kanaal=SMS, budget=budget, actor=TESTER, now=NU)

    assert at_once(lambda: fill(5)) == {("uur",): 1, (): 3}
    assert post.budgets([team.code], now=NU)[team.code, SMS].limits.hour == 5
    assert at_once(lambda: fill(None)) == {("uur",): 1, (): 3}
    assert times("budget.gewijzigd") == 2
