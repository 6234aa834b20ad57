"""A small year in every test run; the whole one is `python -m tests.year`."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.year import town, verdicts
from tests.year.mutants import MUTANTS

pytestmark = pytest.mark.django_db(transaction=True)
# One of each sort; the others take too long for every run (harness_check.py).
FEW = ("night_owl", "unasked", "resend")


def test_a_year_without_findings() -> None:
    year = town.live(40, seed=5)
    assert [str(finding) for finding in verdicts.judge(year)] == []
    # That something happened at all.
    kinds = {year.rows[call.uuid].kind for call in year.calls}
    assert kinds >= {"uitnodiging", "herinnering", "verplaatst", "geannuleerd", "ontvangstbevestiging"}


@pytest.mark.parametrize("name", FEW)
def test_a_year_finds_the_defect(name: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only on SQLite: what is tried is the verdict, and one database will do")
    assert_found(name)


def assert_found(name: str) -> None:
    """A defect that is put in on purpose is found by the rule that is for it."""
    mutant = MUTANTS[name]
    with mutant.defect():
        year = town.live(mutant.appointments, mutant.seed)
    assert mutant.rule in {finding.rule for finding in verdicts.judge(year)}
