"""Files for the tests of the import: the real sample, and small ones made on the spot."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from afspraken.sources.base import Leesresultaat
from afspraken.sources.load import load
from tests.builders import NU, maak_team

SAMPLE = Path(__file__).parents[1] / "samples" / "afspraken-week-49.csv"
TEAMS = {
    "wmo": "Wmo",
    "werk-en-inkomen": "Werk en inkomen",
    "jeugd": "Jeugd",
    "burgerzaken": "Burgerzaken",
}
KOP = (
    "Afspraaknummer", "Datum", "Begintijd", "Duur (min)", "Team", "Onderwerp", "Locatie", "Adres", "Naam cliënt",
    "Mobiel", "E-mail", "Taal", "Medewerker", "BSN", "Status",
)  # fmt: skip
GOED: Mapping[str, str] = {
    "Afspraaknummer": "A1",
    "Datum": "04-12-2026",
    "Begintijd": "13.15 uur",
    "Duur (min)": "45",
    "Team": "wmo",
    "Onderwerp": "gesprek met de gemeente",
    "Locatie": "Stadhuis",
    "Adres": "Markt 1",
    "Naam cliënt": "A. Jansen",
    "Mobiel": "06 12345678",
    "E-mail": "a.jansen@example.nl",
    "Taal": "nl",
    "Medewerker": "B. de Boer",
    "BSN": "",
    "Status": "gepland",
}
# Passes the eleven test, and is given to nobody.
BSN = "999922084"


def maak_teams() -> None:
    """The four teams of the sample, in the database."""
    for code, naam in TEAMS.items():
        maak_team(code, naam=naam)


def sample() -> bytes:
    """The real export, byte for byte."""
    return SAMPLE.read_bytes()


def sample_rows() -> list[list[str]]:
    """The cells of the real export, header first."""
    return list(csv.reader(io.StringIO(sample().decode("cp1252"), newline=""), delimiter=";"))


def row(**values: str) -> dict[str, str]:
    """A good row with some cells changed; names with spaces as in ``**{"Naam cliënt": ...}``."""
    return {**GOED, **values}


def csv_of(*rows: Mapping[str, str], kop: Sequence[str] = KOP, delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    """A CSV of rows by column name."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(kop)
    for values in rows:
        writer.writerow([values.get(name, "") for name in kop])
    return out.getvalue().encode(encoding)


def xlsx_of(rows: Iterable[Sequence[Any]], *, title: str = "Afspraken") -> bytes:
    """A workbook with one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for cells in rows:
        sheet.append(list(cells))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sample_xlsx() -> bytes:
    """The real export as Excel would keep it: days, times, durations and phone numbers are numbers."""
    kop, *body = sample_rows()
    return xlsx_of([kop, *(_as_excel(kop, cells) for cells in body)])


def _as_excel(kop: Sequence[str], cells: Sequence[str]) -> list[Any]:
    found: dict[str, Any] = dict(zip(kop, cells, strict=True))
    day, month, year = found["Datum"].replace("/", "-").split("-")
    found["Datum"] = date(int(year), int(month), int(day))
    hour, minute = found["Begintijd"].removesuffix(" uur").replace(".", ":").split(":")
    found["Begintijd"] = time(int(hour), int(minute))
    found["Duur (min)"] = float(found["Duur (min)"])
    if found["Mobiel"].isdigit():
        # The leading zeros are gone, as Excel does with a column of numbers.
        found["Mobiel"] = int(found["Mobiel"])
    found["BSN"] = int(found["BSN"]) if found["BSN"] else None
    return list(found.values())


def big_csv(count: int) -> bytes:
    """``count`` rows made from the sample, each with its own number."""
    kop, *body = sample().split(b"\r\n")
    cells = [line.split(b";") for line in body if line]
    lines = [b";".join([b"B%06d" % n, *cells[n % len(cells)][1:]]) for n in range(count)]
    return b"\r\n".join([kop, *lines, b""])


def read(data: bytes, **values: Any) -> Leesresultaat:
    """Load with the four teams at the fixed moment."""
    return load(data, **{"now": NU, "teams": TEAMS, **values})


def one(**values: str) -> Leesresultaat:
    """Load a file of one row with some cells changed."""
    return read(csv_of(row(**values)))


def faults(result: Leesresultaat) -> list[tuple[int, str, str]]:
    """Row, column and code of every error."""
    assert result.bestandsfout is None, result.bestandsfout
    return [(fout.rij, fout.kolom, fout.code) for fout in result.rijfouten]
