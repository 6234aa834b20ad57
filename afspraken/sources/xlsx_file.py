"""Excel workbooks: unpacked only after they were measured, and read without anything that can act.

A small zip can unpack to gigabytes, and a few megabytes of XML can hold millions of cells. So first the
directory of the zip is read, then each part is measured, and only then openpyxl (read-only, with defusedxml)
may have it.
"""

from __future__ import annotations

import io
import math
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from afspraken.sources.base import MAX_KOLOMMEN, BestandGeweigerd, Ruwerij, Tabel, Waarschuwing

MAX_ONDERDELEN = 500
MAX_UITGEPAKT = 40 * 1024 * 1024
_MAX_BIJZAAK = 2 * 1024 * 1024  # a style sheet or theme; the rows are elsewhere
_MAX_LIJST = 256 * 1024  # the directory of the zip itself
_MAX_TAGS = 3_000_000  # in one sheet: 20,000 rows of 20 columns, six tags a cell
_MAX_RIJ = 2_000  # tags in one row: six for each of a hundred columns, and room
_MAX_TEKSTEN = 250_000
_MAX_TAGS_BIJZAAK = 50_000
_EXCEL_RIJEN = 1_048_576
_OPSLAAN = "Sla het bestand in Excel opnieuw op als .xlsx, of als CSV, en upload dat."
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_TEXT = re.compile(rb"<(?:\w+:)?si\b")


class XlsxBestand:
    """A workbook of which the first visible sheet is read."""

    naam = "xlsx"

    def recognise(self, data: bytes) -> bool:
        """Any zip: one that is no workbook is refused by name when it is read."""
        return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))

    def read(self, data: bytes) -> Tabel:
        """Measure, then open, and give the rows of the first visible sheet."""
        measure(data)
        # Here, because it and the pictures it can draw take 12 MB of every web server that never reads a workbook.
        import openpyxl  # noqa: PLC0415

        try:
            with warnings.catch_warnings():
                # Styles and checks that openpyxl does not know are of no interest here.
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        except Exception:  # openpyxl raises whatever a strange part makes it stumble over
            raise _unreadable() from None
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        if not sheets:
            raise _unreadable()
        rows = _rows(sheets[0])
        kop = next(rows, None)
        if kop is None:
            raise BestandGeweigerd(
                "leeg",
                "Het eerste werkblad is leeg.",
                "Zet het werkblad met de afspraken vooraan en sla het bestand op.",
            )
        return Tabel(kop=kop, rijen=rows, waarschuwingen=_note_sheets([sheet.title for sheet in sheets]))


def _note_sheets(titles: list[str]) -> list[Waarschuwing]:
    if len(titles) < 2:
        return []
    text = f"Het bestand heeft {len(titles)} werkbladen. Alleen het eerste is gelezen."
    return [Waarschuwing(rij=0, kolom="", waarde="", code="werkbladen", melding=text)]


def measure(data: bytes) -> None:
    """Refuse a zip that is no plain workbook, or that would unpack to more than a workbook needs."""
    _measure_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            _check_kind(archive, names)
            if len(members) > MAX_ONDERDELEN or sum(member.file_size for member in members) > MAX_UITGEPAKT:
                raise _bomb()
            for member in members:
                _measure_member(archive, member)
    except BestandGeweigerd:
        raise
    except Exception:  # a broken zip breaks in many ways; all of them mean the same to the person
        raise _unreadable() from None


def _measure_directory(data: bytes) -> None:
    # Python reads the whole directory into objects before it says how many there are.
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if at < 0 or len(data) - at < 22:
        raise _unreadable()
    count, size = struct.unpack("<HL", data[at + 10 : at + 16])
    if count > MAX_ONDERDELEN or size > _MAX_LIJST or b"PK\x06\x07" in data[max(0, at - 20) : at]:
        raise _bomb()


def _check_kind(archive: zipfile.ZipFile, names: set[str]) -> None:
    if "mimetype" in names:
        raise BestandGeweigerd(
            "geen_excel", "Dit is een bestand van LibreOffice (.ods).", "Sla het op als .xlsx of als CSV."
        )
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        if "xl/workbook.bin" in names:
            raise BestandGeweigerd("geen_excel", "Dit is een binair Excel-bestand (.xlsb).", _OPSLAAN)
        raise BestandGeweigerd(
            "geen_excel",
            "Dit is een zip-bestand en geen Excel-bestand.",
            "Pak het uit en upload de CSV of .xlsx die erin zit.",
        )
    macro = any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names)
    types = archive.getinfo("[Content_Types].xml")
    if macro or (types.file_size <= _MAX_BIJZAAK and b"macroenabled" in archive.read(types).lower()):
        raise BestandGeweigerd(
            "macro",
            "In dit Excel-bestand zitten macro's (.xlsm). Dat lezen we niet.",
            "Sla het in Excel op als .xlsx (zonder macro's), of als CSV.",
        )


def _measure_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    name = member.filename.lower()
    if not name.endswith((".xml", ".rels")):
        return
    rows = name.startswith("xl/worksheets/") and name.endswith(".xml")
    texts = name.endswith("sharedstrings.xml")
    if not (rows or texts) and member.file_size > _MAX_BIJZAAK:
        raise _bomb()
    # Reads no further than file_size says, and fails when there is more.
    content = archive.read(member)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise _unreadable()
    if rows:
        too_much = content.count(b"<") > _MAX_TAGS or _has_giant_row(content)
    elif texts:
        too_much = len(_TEXT.findall(content)) > _MAX_TEKSTEN
    else:
        too_much = content.count(b"<") > _MAX_TAGS_BIJZAAK
    if too_much:
        raise _bomb()


def _has_giant_row(content: bytes) -> bool:
    before, *parts = _ROW.split(content)
    if not parts:
        return before.count(b"<") > _MAX_TAGS_BIJZAAK
    parts[-1], _, after = parts[-1].partition(b"sheetData>")
    outside = before.count(b"<") + after.count(b"<")
    return outside > _MAX_TAGS_BIJZAAK or max(part.count(b"<") for part in parts) > _MAX_RIJ


def _rows(sheet: Any) -> Iterator[Ruwerij]:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=_EXCEL_RIJEN, max_col=MAX_KOLOMMEN + 1, values_only=True)
    number = 0
    while True:
        number += 1
        try:
            values = next(rows, None)
        except Exception:  # see load_workbook above
            raise _unreadable() from None
        if values is None:
            return
        if values.count(None) == len(values):
            # Formatting may run on for a million empty rows.
            continue
        cells = [cell_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield Ruwerij(number, number, cells)


def cell_text(value: object) -> str:
    """A cell as a person would have typed it: days and times that Excel keeps as numbers become text again."""
    if value is None:
        return ""
    for kind, as_text in _AS_TEXT:
        if isinstance(value, kind):
            return as_text(value)
    return str(value)


def _moment_text(value: datetime) -> str:
    if value.year < 1901:
        return _clock(value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6)
    if value.time() == time(0, 0):
        return f"{value:%Y-%m-%d}"
    return f"{value:%Y-%m-%d %H:%M}"


def _clock(seconds: float) -> str:
    # 13.15 is no round fraction of a day: it may come back as 13:14:59.999.
    minutes = round(seconds / 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _number_text(value: float) -> str:
    if math.isfinite(value) and value == int(value):
        return str(int(value))
    # Many decimals say that this is a part of a day, and not the time 0.30.
    return f"{value:.10f}" if 0 < value < 1 else str(value)


_AS_TEXT: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: "waar" if value else "onwaar"),
    (datetime, _moment_text),
    (date, lambda value: f"{value:%Y-%m-%d}"),
    (time, lambda value: _clock(value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6)),
    (timedelta, lambda value: _clock(value.total_seconds())),
    (float, _number_text),
)


def _unreadable() -> BestandGeweigerd:
    return BestandGeweigerd(
        "onleesbaar", "Dit Excel-bestand is beschadigd of heeft een vorm die we niet lezen.", _OPSLAAN
    )


def _bomb() -> BestandGeweigerd:
    return BestandGeweigerd(
        "te_groot_uitgepakt",
        "Dit Excel-bestand is na het uitpakken te groot.",
        "Laat alleen het werkblad met de afspraken over, zonder plaatjes en opmaak, of sla het op als CSV.",
    )
