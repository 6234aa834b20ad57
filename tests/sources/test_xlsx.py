"""Workbooks: cells as Excel keeps them, and files that were made to do harm."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from datetime import time as clock
from functools import partial
from types import MappingProxyType
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

from afspraken.sources import base
from afspraken.sources.xlsx_file import cell_text
from tests.sources.files import GOED, KOP, faults, read, sample, xlsx_of

# Excel knows no time zones.
naive = partial(datetime, tzinfo=None)
GOOD = [KOP, [GOED[name] for name in KOP]]


def workbook(**changes: Any) -> bytes:
    values = {**GOED, **changes}
    return xlsx_of([KOP, [values[name] for name in KOP]])


def rezip(
    data: bytes,
    change: Callable[[str, bytes], bytes | None] = lambda _name, content: content,
    more: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """The same zip with members changed (None: left out) and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in more.items():
            new.writestr(name, content)
    return out.getvalue()


def sheet(content: bytes) -> bytes:
    """A workbook whose one sheet is this XML."""
    return rezip(xlsx_of(GOOD), lambda name, old: content if name == "xl/worksheets/sheet1.xml" else old)


def code(data: bytes) -> str:
    result = read(data)
    assert result.bestandsfout is not None
    assert (result.rijen, result.foutrijen) == ((), ())
    return result.bestandsfout.code


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "waar"),
        (45.0, "45"),
        (612345678, "612345678"),
        (612345678.0, "612345678"),
        (0.25, "0.2500000000"),
        (9.15, "9.15"),
        (naive(2026, 12, 4), "2026-12-04"),
        (naive(2026, 12, 4, 13, 15), "2026-12-04 13:15"),
        (date(2026, 12, 4), "2026-12-04"),
        (clock(13, 15), "13:15"),
        (clock(13, 14, 59, 999_999), "13:15"),
        (naive(1899, 12, 30, 8, 29, 59, 999_999), "08:30"),
        (timedelta(hours=9, minutes=15), "09:15"),
        (float("inf"), "inf"),
        ("tekst", "tekst"),
    ],
)
def test_a_cell_becomes_what_a_person_would_have_typed(value: object, text: str) -> None:
    assert cell_text(value) == text


@pytest.mark.parametrize(
    "changes",
    [
        {"Datum": naive(2026, 12, 4)},
        {"Datum": 46360},
        {"Begintijd": clock(13, 15)},
        {"Begintijd": 0.5520833333333334},
        {"Begintijd": naive(1899, 12, 30, 13, 15)},
        {"Duur (min)": 45.0},
        {"Duur (min)": 45},
        {"Mobiel": 612345678},
        {"Mobiel": 612345678.0},
        {"Mobiel": 31612345678},
    ],
)
def test_days_times_and_numbers_are_understood(changes: dict[str, Any]) -> None:
    assert read(workbook(**changes)).rijen[0].gegevens == read(workbook()).rijen[0].gegevens


def test_a_number_as_appointment_number() -> None:
    assert read(workbook(Afspraaknummer=4632.0)).rijen[0].gegevens.extern_id == "4632"


def test_row_numbers_count_empty_rows() -> None:
    wrong = [{**GOED, "Datum": "x"}[name] for name in KOP]
    assert faults(read(xlsx_of([[], KOP, [], wrong]))) == [(4, "Datum", "geen_datum")]


def test_the_first_visible_sheet_is_read() -> None:
    book = Workbook()
    hidden = book.active
    assert hidden is not None
    hidden.sheet_state = "hidden"
    shown = book.create_sheet("Week 49")
    for cells in GOOD:
        shown.append(cells)
    book.create_sheet("Toelichting").append(["x"])
    out = io.BytesIO()
    book.save(out)
    result = read(out.getvalue())
    assert len(result.rijen) == 1
    assert [w.melding for w in result.waarschuwingen if w.code == "werkbladen"] == [
        "Het bestand heeft 2 werkbladen. Alleen het eerste is gelezen."
    ]


def test_a_formula_without_a_value_is_an_empty_cell() -> None:
    assert faults(read(workbook(**{"Naam cliënt": '=HYPERLINK("http://x","y")'}))) == [(2, "Naam cliënt", "leeg")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (xlsx_of([]), "leeg"),
        (xlsx_of([KOP]), "geen_rijen"),
        (xlsx_of([["a", "b"], ["c", "d"]]), "geen_kolomnamen"),
        (xlsx_of(GOOD)[:2000], "onleesbaar"),
        (b"PK\x03\x04" + b"x" * 500, "onleesbaar"),
        (rezip(xlsx_of(GOOD), more={"xl/vbaProject.bin": b"macro"}), "macro"),
        (
            rezip(
                xlsx_of(GOOD),
                lambda name, old: old.replace(
                    b"spreadsheetml.sheet.main", b"macroEnabled.main"
                ) if name == "[Content_Types].xml" else old,
            ),
            "macro",
        ),
        (rezip(xlsx_of(GOOD), lambda name, old: None if name == "xl/workbook.xml" else old), "geen_excel"),
        (rezip(xlsx_of(GOOD), more={"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "geen_excel"),
        (sheet(b"<worksheet>geen xml"), "onleesbaar"),
        (sheet(b""), "onleesbaar"),
    ],
)  # fmt: skip
def test_workbooks_that_can_not_be_read(data: bytes, expected: str) -> None:
    assert code(data) == expected


def test_a_csv_in_a_zip_is_said_to_be_that() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("afspraken.csv", sample())
    result = read(out.getvalue())
    assert result.bestandsfout is not None
    assert "Pak het uit" in result.bestandsfout.oplossing


def test_openpyxl_parses_with_defusedxml() -> None:
    assert openpyxl.DEFUSEDXML is True


NS = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet ' + NS + b'><sheetData><row r="1"><c r="A1" '
    b't="inlineStr"><is><t>&c;</t></is></c></row></sheetData></worksheet>'
)
FILE_ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]><worksheet ' + NS + b"><sheetData>"
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>'
)


def wrapped(rows: bytes, after: bytes = b"") -> bytes:
    return b"<worksheet " + NS + b"><sheetData>" + rows + b"</sheetData>" + after + b"</worksheet>"


def zip_with_many_members() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(60_000):
            archive.writestr(str(number), b"")
    return out.getvalue()


def zip_that_lies_about_its_count() -> bytes:
    """60,000 members, and an end that says there are three."""
    data = bytearray(zip_with_many_members())
    at = data.rfind(b"PK\x05\x06")
    data[at + 8 : at + 12] = struct.pack("<HH", 3, 3)
    return bytes(data)


def zip_that_lies_about_its_size() -> bytes:
    """50 MB of nothing in a member that says it holds ten bytes."""
    out = io.BytesIO()
    base_file = xlsx_of(GOOD)
    with zipfile.ZipFile(io.BytesIO(base_file)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, b" " * 50_000_000 if name == "xl/worksheets/sheet1.xml" else old.read(name))
    return out.getvalue().replace(struct.pack("<L", 50_000_000), struct.pack("<L", 10))


BOMBS: dict[str, Callable[[], bytes]] = {
    "unpacks to 42 MB": lambda: rezip(xlsx_of(GOOD), more={"xl/media/x.bin": b"\0" * 42_000_000}),
    "a sheet of 60 MB": lambda: sheet(wrapped(b"<row><c/></row>" * 4_000_000)),
    "a row of a million cells": lambda: sheet(wrapped(b'<row r="1">' + b"<c/>" * 1_000_000 + b"</row>")),
    "the last row of a million cells": lambda: sheet(wrapped(b"<row><c/></row>" * 9 + b"<row>" + b"<c/>" * 900_000)),
    "a million tags after the rows": lambda: sheet(wrapped(b"<row/>", b"<mergeCells>" + b"<x/>" * 900_000)),
    "four million empty rows": lambda: sheet(wrapped(b"<row/>" * 4_000_000)),
    "a million shared texts": lambda: rezip(
        xlsx_of(GOOD), more={"xl/sharedStrings.xml": b"<sst " + NS + b">" + b"<si/>" * 1_000_000 + b"</sst>"}
    ),
    "a style sheet of a million styles": lambda: rezip(
        xlsx_of(GOOD), lambda name, old: b"<styleSheet>" + b"<xf/>" * 400_000 if name == "xl/styles.xml" else old
    ),
    "60,000 members": zip_with_many_members,
    "60,000 members that say to be three": zip_that_lies_about_its_count,
    "a member that says to be small": zip_that_lies_about_its_size,
    "a billion laughs": lambda: sheet(LAUGHS),
    "an entity that reads a file": lambda: sheet(FILE_ENTITY),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_in_time_and_in_memory(name: str) -> None:
    data = BOMBS[name]()
    assert len(data) < base.MAX_BYTES
    tracemalloc.start()
    began = time.process_time()
    try:
        found = code(data)
        seconds = time.process_time() - began
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found in {"te_groot_uitgepakt", "onleesbaar", "geen_excel"}
    assert seconds < 15
    assert peak < 200_000_000


def test_a_row_number_of_a_billion_ends() -> None:
    rows = b'<row r="1">' + b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % n.encode() for n in KOP)
    began = time.process_time()
    data = sheet(wrapped(rows + b'</row><row r="999999999999"><c t="inlineStr"><is><t>x</t></is></c></row>'))
    assert code(data) == "geen_rijen"
    assert time.process_time() - began < 15


def test_a_cell_far_to_the_right_costs_nothing() -> None:
    values = b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % n.encode() for n in KOP)
    rows = b'<row r="1">' + values + b"</row>" + b'<row><c r="XFD2" t="inlineStr"><is><t>x</t></is></c></row>' * 2000
    began = time.process_time()
    assert code(sheet(wrapped(rows))) == "geen_rijen"
    assert time.process_time() - began < 15


def test_too_many_rows_stop_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("afspraken.sources.load.MAX_RIJEN", 3)
    assert code(xlsx_of([KOP, *([GOOD[1]] * 5)])) == "te_veel_rijen"
