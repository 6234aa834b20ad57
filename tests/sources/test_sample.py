"""The real export of a planning system, whole: as CSV and as a workbook."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime

import pytest

from afspraken.sources import preview
from afspraken.sources.base import Leesresultaat
from tests.builders import NU
from tests.sources.files import maak_teams, read, sample, sample_rows, sample_xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["csv", "xlsx"])
def result(request: pytest.FixtureRequest) -> Leesresultaat:
    return read(sample() if request.param == "csv" else sample_xlsx())


def test_the_sample_is_byte_for_byte_as_delivered() -> None:
    """Line ends and Windows-1252 included: an editor that mends it would hide what we must cope with."""
    assert hashlib.sha256(sample()).hexdigest() == SAMPLE_SHA256
    assert sample().count(b"\r\n") == 181
    assert b"Naam cli\xebnt" in sample()


def test_every_row_is_read_without_an_error(result: Leesresultaat) -> None:
    assert result.bestandsfout is None
    assert result.rijfouten == ()
    assert len(result.rijen) == 180
    assert [rij.rij for rij in result.rijen] == list(range(2, 182))


def test_the_values_are_those_of_the_file(result: Leesresultaat) -> None:
    rows = [rij.gegevens for rij in result.rijen]
    assert Counter(g.geannuleerd for g in rows) == {False: 177, True: 3}
    assert Counter(g.vorm for g in rows)["huisbezoek"] == sum(cells[6] == "Huisbezoek" for cells in sample_rows())
    assert Counter(g.client.taal for g in rows) == Counter(
        {"": "nl", "NL": "nl", "nld": "nl", "Nederlands": "nl"}.get(cells[11], cells[11]) for cells in sample_rows()[1:]
    )
    assert sum(not g.client.mobiel for g in rows) == sum(not cells[9] for cells in sample_rows())
    assert sum(not g.client.email for g in rows) == sum(not cells[10] for cells in sample_rows())
    assert sum(g.medewerker is None for g in rows) == sum(not cells[12] for cells in sample_rows())
    assert all(g.client.mobiel.startswith("+316") and len(g.client.mobiel) == 12 for g in rows if g.client.mobiel)
    by_number = {g.extern_id: g for g in rows}
    first = by_number["A2026-0001"]
    assert first.start_op == datetime(2026, 12, 4, 12, 15, tzinfo=UTC)
    assert first.eind_op == datetime(2026, 12, 4, 13, 15, tzinfo=UTC)
    assert (first.client.mobiel, first.client.email) == ("+31683388827", "ylmaz0@example.nl")
    assert (first.vorm, first.locatie_naam, first.locatie_adres) == ("huisbezoek", "", "")
    assert by_number["A2026-0012"].client.email == "d'haene11@example.nl"
    assert by_number["A2026-0017"].client.naam == "Germaine d'Haene"
    assert by_number["A2026-0016"].client.naam == "Daniëlle Abdullahi"


def test_names_that_lost_a_letter_are_warned_about(result: Leesresultaat) -> None:
    lost = [cells[8] for cells in sample_rows() if "?" in cells[8]]
    warned = [w.waarde for w in result.waarschuwingen if w.code == "letter_verloren"]
    assert len(lost) == 16
    assert warned == lost


def test_csv_and_workbook_say_the_same() -> None:
    assert read(sample()).rijen == read(sample_xlsx()).rijen


def test_the_preview_of_the_first_time() -> None:
    maak_teams()
    result, outcomes = preview.predict(read(sample()), now=NU)
    assert result.foutrijen == ()
    figures = preview.summarise(result.rijen, outcomes)
    assert figures.aantallen == {"Nieuw": 177, "Geannuleerd": 3}
    planned = [rij.gegevens.client for rij in result.rijen if not rij.gegevens.geannuleerd]
    assert figures.onbereikbaar == sum(not (c.mobiel or c.email) for c in planned)
    assert {(g.soort, g.kanaal): g.aantal for g in figures.berichten} == {
        ("uitnodiging", "sms"): sum(bool(c.mobiel) for c in planned),
        ("uitnodiging", "e-mail"): sum(bool(c.email) for c in planned),
    }
    assert {g.eerste_op for g in figures.berichten} == {NU}


SAMPLE_SHA256 = "6168a5a069123d339d48bc92c96c613a1c99767e636ede715f48eceb75aad2be"
