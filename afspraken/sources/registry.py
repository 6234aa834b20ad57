"""Which kinds of files we read, in the order in which we look. A new kind is one line here (docs/new-source.md)."""

from __future__ import annotations

from afspraken.sources.base import BestandGeweigerd, Bestandssoort
from afspraken.sources.csv_file import CsvBestand
from afspraken.sources.xlsx_file import XlsxBestand

SOORTEN: tuple[Bestandssoort, ...] = (XlsxBestand(), CsvBestand())

# The first bytes of files that people send by mistake, and what to do instead.
_BEKENDE_VERGISSINGEN: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "Dit is een oud Excel-bestand (.xls) of een Excel-bestand met een wachtwoord.",
        "Open het in Excel, haal het wachtwoord eraf en sla het op als .xlsx of als CSV.",
    ),
    (b"%PDF", "Dit is een pdf.", "Maak in uw planning een export als CSV of als .xlsx."),
    (b"\x1f\x8b", "Dit is een ingepakt bestand.", "Pak het bestand uit en upload de CSV of .xlsx die erin zit."),
    (b"{\\rtf", "Dit is een tekstdocument.", "Maak in uw planning een export als CSV of als .xlsx."),
    (b"BEGIN:VCALENDAR", "Dit is een agenda.", "Maak in uw planning een export als CSV of als .xlsx."),
)


def recognise(data: bytes) -> Bestandssoort:
    """The kind of these bytes; raises :class:`BestandGeweigerd` when it is none of ours."""
    if not data.strip():
        raise BestandGeweigerd("leeg", "Het bestand is leeg.", "Maak de export opnieuw en upload het nieuwe bestand.")
    for start, melding, oplossing in _BEKENDE_VERGISSINGEN:
        if data.startswith(start):
            raise BestandGeweigerd("geen_tabel", melding, oplossing)
    if data.lstrip()[:1] in (b"<", b"{", b"["):
        raise BestandGeweigerd(
            "geen_tabel",
            "Dit is een webpagina of een gegevensbestand, geen tabel.",
            "Maak in uw planning een export als CSV of als .xlsx.",
        )
    for soort in SOORTEN:
        if soort.recognise(data):
            return soort
    raise BestandGeweigerd(
        "geen_tabel",
        "Dit is geen CSV-bestand en geen Excel-bestand (.xlsx).",
        "Maak in uw planning een export als CSV of als .xlsx.",
    )
