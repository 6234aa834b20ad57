"""CSV in the encodings and with the delimiters that spreadsheets and planning systems write."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from afspraken.sources.base import BestandGeweigerd, Ruwerij, Tabel
from afspraken.sources.columns import count_known

_DELIMITERS = (";", ",", "\t")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEP_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f]")
_OPSLAAN = "Sla het bestand opnieuw op als CSV (UTF-8) en upload het nieuwe bestand."


class CsvBestand:
    """Text with one row a line, and a header."""

    naam = "csv"

    def recognise(self, data: bytes) -> bool:
        """Text: hardly a control character in its beginning."""
        if data.startswith(_UTF16):
            return True
        # Nul-bytes alone are text in an encoding that says nothing of itself: refused by name when it is read.
        start = data[:4096].replace(b"\x00", b"").decode("latin-1")
        return len(_CONTROL.findall(start)) <= len(start) // 50

    def read(self, data: bytes) -> Tabel:
        """Decode, find the delimiter in the header, and give the rows one by one."""
        text = decode(data)
        del data
        first, _, rest = text.partition("\n")
        named = _SEP_LINE.fullmatch(first.rstrip("\r"))
        delimiter = named[1] if named else sniff(text)
        skipped = 1 if named else 0
        rows = _records(rest if named else text, delimiter, skipped=skipped)
        kop = next((row for row in rows if any(cell.strip() for cell in row.cellen)), None)
        if kop is None:
            raise BestandGeweigerd("leeg", "Het bestand is leeg.", "Maak de export opnieuw.")
        return Tabel(kop=kop, rijen=rows)


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 by its mark, UTF-8, else Windows-1252."""
    if data.startswith(_UTF16):
        encodings = ["utf-16"]
    elif b"\x00" in data:
        raise BestandGeweigerd("nul", "In het bestand staan tekens die geen tekst zijn (nul-bytes).", _OPSLAAN)
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise BestandGeweigerd("codering", "We kunnen de letters in dit bestand niet lezen.", _OPSLAAN)


def sniff(text: str) -> str:
    """The delimiter with which the first line holds most of the columns we know."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def known(delimiter: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:
            return (0, 0)
        return (count_known(cells), len(cells))

    return max(_DELIMITERS, key=known)


def _records(text: str, delimiter: str, *, skipped: int) -> Iterator[Ruwerij]:
    """Each record with its row and the line it begins on; a cell with line breaks is one row of several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = skipped
    while True:
        number += 1
        line = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise BestandGeweigerd(
                "aanhalingstekens",
                f'Vanaf regel {line} kloppen de aanhalingstekens (") niet.',
                f"Kijk op regel {line} of er een aanhalingsteken te veel of te weinig staat. {_OPSLAAN}",
            ) from None
        yield Ruwerij(number, line, cells)
