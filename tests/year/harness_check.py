"""Whether the year sees every defect: `python -m pytest tests/year/harness_check.py`; too long for every test run."""

from __future__ import annotations

import pytest

from tests.year.mutants import MUTANTS
from tests.year.test_year import FEW, assert_found

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("name", sorted(MUTANTS.keys() - set(FEW)))
def test_a_year_finds_the_defect(name: str) -> None:
    assert_found(name)
