"""A big file is read and compared within the patience of a person and of a web server."""

from __future__ import annotations

import time

import pytest

from afspraken.sources import concept, preview
from tests.builders import NU
from tests.sources.files import big_csv, maak_teams, read


@pytest.mark.slow
@pytest.mark.django_db
def test_the_preview_of_10_000_rows_takes_less_than_15_seconds() -> None:
    maak_teams()
    data = big_csv(10_000)
    heard: list[int] = []
    began = time.process_time()
    result, outcomes = preview.predict(read(data, voortgang=heard.append), now=NU, voortgang=heard.append)
    figures = preview.summarise(result.rijen, outcomes)
    packed = concept.pack(concept.Inhoud(resultaat=result, uitkomsten=tuple(outcomes)))
    # Processor time: what runs beside the tests must not decide.
    assert time.process_time() - began < 15
    assert sum(figures.aantallen.values()) == 10_000
    assert len(heard) > 20
    assert len(packed) < 12_000_000
