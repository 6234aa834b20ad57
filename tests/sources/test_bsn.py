"""A BSN is dropped at the door: not kept, not shown, not logged, wherever in the file it stands."""

from __future__ import annotations

import logging
import re
import sqlite3
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser

from afspraken.models import Importconcept, Rol
from afspraken.sources import concept, error_file
from afspraken.sources.columns import is_bsn
from tests.builders import NU, maak_gebruiker
from tests.sources.files import (
    BSN,
    SAMPLE,
    TEAMS,
    csv_of,
    faults,
    maak_teams,
    one,
    read,
    row,
    sample,
    sample_rows,
    xlsx_of,
)

BSNS = [cells[13] for cells in sample_rows()[1:] if cells[13]]


def test_the_sample_has_them() -> None:
    assert len(BSNS) > 50
    assert BSN in BSNS


@pytest.mark.parametrize("name", ["BSN", "bsn", "B.S.N.", "Burgerservicenummer", "BSN cliënt", "Client-BSN", "Sofinr"])
def test_columns_with_bsns(name: str) -> None:
    assert is_bsn(name)


def test_the_column_is_read_nowhere() -> None:
    result = read(sample())
    written = repr(result)
    assert [bsn for bsn in BSNS if bsn in written] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("Afspraaknummer", BSN), ("Naam cliënt", BSN), ("Naam cliënt", f"A. Jansen {BSN}"), ("Datum", BSN),
        ("Begintijd", BSN), ("Duur (min)", BSN), ("Team", BSN), ("Onderwerp", f"gesprek over {BSN}"),
        ("Locatie", BSN), ("Adres", f"Markt 12 {BSN}"), ("Mobiel", BSN), ("E-mail", BSN),
        ("E-mail", f"{BSN}@example.nl"), ("Taal", BSN), ("Medewerker", f"B. de Boer ({BSN})"), ("Status", BSN),
        ("Naam cliënt", "9999.22.084"), ("Adres", "999 922 084"), ("Mobiel", f"bsn {BSN}"), ("Team", f"wmo {BSN}"),
    ],
)  # fmt: skip
def test_a_bsn_in_a_wrong_column_is_refused_and_not_repeated(column: str, text: str) -> None:
    result = one(**{column: text})
    assert faults(result) == [(2, column, "lijkt_op_bsn")]
    written = repr(result) + error_file.make(result.foutrijen).decode()
    assert text not in written
    assert BSN not in re.sub(r"[ .]", "", written)


def test_the_other_cells_of_such_a_row_stay() -> None:
    (rij,) = one(Medewerker=BSN).foutrijen
    assert rij.cellen["Naam cliënt"] == "A. Jansen"
    assert rij.cellen["Medewerker"] == ""


def test_a_bsn_in_a_double_row_is_not_kept() -> None:
    result = read(csv_of(row(BSN=BSN), row(BSN=BSN), row(**{"Naam cliënt": BSN})))
    assert len(result.foutrijen) == 3
    assert BSN not in repr(result)


def test_a_workbook_with_bsns_as_numbers() -> None:
    kop, *body = sample_rows()
    rows = [[*cells[:13], int(cells[13]) if cells[13] else None, *cells[14:]] for cells in body]
    result = read(xlsx_of([kop, *rows]))
    assert len(result.rijen) == 180
    assert [bsn for bsn in BSNS if bsn in repr(result)] == []


def test_ordinary_numbers_are_no_bsn() -> None:
    result = one(Adres="Noorderlaan 12, 1234 AB", Onderwerp="gesprek op 04-12-2026", Mobiel="0031612345678")
    assert faults(result) == []


@pytest.mark.django_db(transaction=True)
def test_no_bsn_in_database_pages_output_or_logs(time_machine: object, caplog: pytest.LogCaptureFixture) -> None:
    """The whole road, page and command, with good and wrong rows; then every byte of the database is searched."""
    time_machine.move_to(NU, tick=False)  # type: ignore[attr-defined]
    caplog.set_level(logging.DEBUG)
    maak_teams()
    maak_gebruiker("coordinator1", rol=Rol.COORDINATOR, teams=tuple(TEAMS))
    browser = Browser()
    browser.login(username="coordinator1", password="een lang wachtwoord")
    seen = ""
    for data in (sample(), csv_of(row(BSN=BSN), row(Afspraaknummer="A2", **{"Naam cliënt": f"Jansen {BSN}"}))):
        answer = browser.post("/beheer/import", {"bestand": _file(data)}, follow=True)
        seen += answer.content.decode()
        waiting = Importconcept.objects.get(begonnen_op=None)
        seen += waiting.rijen + str(waiting.uitslag)
        seen += browser.get(f"/beheer/import/{waiting.pk}/fouten.csv").content.decode()
        confirm = {"aantal": waiting.aantal, "alleen_goede": "on"}
        seen += browser.post(f"/beheer/import/{waiting.pk}/verwerken", confirm, follow=True).content.decode()
    out, err = StringIO(), StringIO()
    call_command("import_afspraken", str(SAMPLE), "--bron", "opdracht", stdout=out, stderr=err)
    seen += out.getvalue() + err.getvalue() + caplog.text
    assert "180 afspraken zijn verwerkt" in seen
    assert "180 rijen verwerkt" in seen
    seen += _database_bytes()
    assert "a2026-0001" in seen.lower()
    assert [bsn for bsn in BSNS if bsn in seen] == []


def _file(data: bytes) -> object:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("week-49.csv", data, content_type="text/csv")


def _database_bytes() -> str:
    """Everything in the database: the file and its log on SQLite, every text column elsewhere."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        connection.ensure_connection()
        assert isinstance(connection.connection, sqlite3.Connection)
        found = [Path(name + ending) for ending in ("", "-wal")]
        return "".join(path.read_bytes().decode("latin-1") for path in found if path.exists())
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            texts.append(repr(cursor.fetchall()))
    return "".join(texts)


def test_the_fingerprint_of_a_file_is_no_plain_hash() -> None:
    import hashlib

    assert concept.fingerprint(sample()) == concept.fingerprint(sample())
    assert concept.fingerprint(sample()) != hashlib.sha256(sample()).hexdigest()
