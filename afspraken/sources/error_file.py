"""The rows with errors as a CSV that can be mended and uploaded again; safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

from afspraken.sources.base import Foutrij
from afspraken.sources.columns import KOLOMMEN

_RUNS = ("=", "+", "-", "@", "\t", "\r")


def defuse(text: str) -> str:
    """A cell that a spreadsheet takes for a formula gets an apostrophe; reading takes it off again."""
    return f"'{text}" if text.startswith(_RUNS) else text


def make(foutrijen: Sequence[Foutrij]) -> bytes:
    """UTF-8 with a mark, semicolons: opens well in a Dutch Excel. Our own columns, and what is wrong."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    names = [kolom.naam for kolom in KOLOMMEN]
    writer.writerow(["Rij", "Wat is er mis", *names])
    for rij in foutrijen:
        wrong = " | ".join(f"{fout.kolom}: {fout.melding}" for fout in rij.fouten)
        writer.writerow([str(rij.rij), defuse(wrong), *(defuse(rij.cellen.get(name, "")) for name in names)])
    return out.getvalue().encode("utf-8-sig")


def example(day: date) -> bytes:
    """A file to begin with: every column, two made-up rows on ``day``."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([kolom.naam for kolom in KOLOMMEN])
    for row in _EXAMPLE:
        writer.writerow([row[0], f"{day:%d-%m-%Y}", *row[1:]])
    return out.getvalue().encode("utf-8-sig")


_EXAMPLE = (
    (
        "A2026-0001", "10.00 uur", "45", "wmo", "gesprek met de gemeente", "A. Voorbeeld",
        "06 12345678", "a.voorbeeld@example.nl", "Stadhuis", "Markt 1", "2.14", "Nederlands", "B. de Boer",
        "gepland", "balie", "1",
    ),
    (
        "A2026-0002", "11.15 uur", "30", "wmo", "gesprek met de gemeente", "C. Voorbeeld",
        "", "", "Huisbezoek", "", "", "Engels", "", "geannuleerd", "", "2",
    ),
)  # fmt: skip
