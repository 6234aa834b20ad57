"""The way in: bytes of a file become deliveries, or every reason why not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from afspraken.sources import columns, registry
from afspraken.sources.base import (
    MAX_BYTES,
    MAX_RIJEN,
    BestandGeweigerd,
    Foutrij,
    Gelezenrij,
    Leesresultaat,
    Rijfout,
    Ruwerij,
    Tabel,
    Voortgang,
)
from afspraken.sources.rows import Rijlezer, Teams, safe_cells
from afspraken.sources.values import clean

PROGRESS_EVERY = 500


def load(
    data: bytes,
    *,
    now: datetime,
    teams: Mapping[str, str],
    bron: str = "csv",
    andere_teams: Collection[str] = (),
    voortgang: Voortgang | None = None,
) -> Leesresultaat:
    """Read a CSV or XLSX file of appointments. Writes nothing and asks nothing of the database.

    ``teams`` maps the codes that may be used to their names; ``andere_teams`` exist but are not this person's.
    ``voortgang`` hears the number of rows read. The BSN column is dropped cell by cell and reaches no result.
    """
    try:
        if len(data) > MAX_BYTES:
            raise too_big()
        soort = registry.recognise(data)
        tabel = soort.read(data)
        return _read_rows(
            tabel,
            soort.naam,
            Rijlezer(bron=bron, now=now, teams=Teams(eigen=teams, andere=frozenset(andere_teams))),
            voortgang,
        )
    except BestandGeweigerd as refused:
        return Leesresultaat(bestandsfout=refused.fout)


def too_big() -> BestandGeweigerd:
    """The refusal of a file of more bytes than we take."""
    most = MAX_BYTES // (1024 * 1024)
    return BestandGeweigerd(
        "te_groot",
        f"Het bestand is groter dan {most} MB.",
        "Laat alleen de kolommen over die nodig zijn, of splits het bestand.",
    )


def _too_many() -> BestandGeweigerd:
    most = f"{MAX_RIJEN:,}".replace(",", ".")
    return BestandGeweigerd(
        "te_veel_rijen",
        f"Het bestand heeft meer dan {most} rijen.",
        f"Splits het bestand: per keer kunnen het er {most} zijn.",
    )


def _read_rows(tabel: Tabel, soort: str, lezer: Rijlezer, voortgang: Voortgang | None) -> Leesresultaat:
    indeling = columns.arrange(tabel.kop)
    gelezen: list[tuple[str, Gelezenrij | Foutrij]] = []
    kept: dict[int, tuple[int, dict[str, str]]] = {}
    for ruw in tabel.rijen:
        if not any(cell.strip() for cell in ruw.cellen):
            continue
        if len(gelezen) >= MAX_RIJEN:
            raise _too_many()
        cells = indeling.pick(ruw.cellen)
        if _is_shifted(ruw, len(tabel.kop.cellen)):
            gelezen.append(("", _shifted(ruw, len(tabel.kop.cellen))))
        else:
            gelezen.append(lezer.read(ruw, cells))
            kept[ruw.rij] = (ruw.regel, cells)
        if voortgang is not None and len(gelezen) % PROGRESS_EVERY == 0:
            voortgang(len(gelezen))
    if not gelezen:
        raise BestandGeweigerd(
            "geen_rijen",
            "Onder de kolomnamen staat geen enkele rij.",
            "Maak de export opnieuw en controleer of er afspraken in staan.",
        )
    if voortgang is not None:
        voortgang(len(gelezen))
    rijen = _mark_doubles(gelezen, kept)
    return Leesresultaat(
        soort=soort,
        rijen=tuple(rij for rij in rijen if isinstance(rij, Gelezenrij)),
        foutrijen=tuple(rij for rij in rijen if isinstance(rij, Foutrij)),
        waarschuwingen=(*tabel.waarschuwingen, *indeling.waarschuwingen, *lezer.waarschuwingen),
    )


def _is_shifted(ruw: Ruwerij, width: int) -> bool:
    return any(cell.strip() for cell in ruw.cellen[width:])


def _shifted(ruw: Ruwerij, width: int) -> Foutrij:
    # Which cell belongs to which column is unknown, so none of them is kept: one may be the BSN.
    fout = Rijfout(
        rij=ruw.rij,
        kolom=columns.NUMMER,
        waarde="",
        code="te_veel_cellen",
        melding=f"Deze rij heeft {len(ruw.cellen)} cellen en er zijn {width} kolommen. "
        "Staat er een scheidingsteken in een tekst? Zet die tekst tussen aanhalingstekens.",
    )
    return Foutrij(rij=ruw.rij, regel=ruw.regel, cellen={}, fouten=(fout,))


def _mark_doubles(
    gelezen: list[tuple[str, Gelezenrij | Foutrij]], kept: Mapping[int, tuple[int, dict[str, str]]]
) -> list[Gelezenrij | Foutrij]:
    """Give every row whose number stands in the file more than once an error that names the other rows."""
    rows_of: dict[str, list[int]] = defaultdict(list)
    for number, rij in gelezen:
        if number:
            rows_of[number].append(rij.rij)
    result: list[Gelezenrij | Foutrij] = []
    for number, rij in gelezen:
        others = [other for other in rows_of.get(number, []) if other != rij.rij]
        result.append(_with_double(rij, number, others, kept) if others else rij)
    return result


def _with_double(
    rij: Gelezenrij | Foutrij,
    number: str,
    others: list[int],
    kept: Mapping[int, tuple[int, dict[str, str]]],
) -> Foutrij:
    named = ", ".join(str(other) for other in others[:5]) + (" en meer" if len(others) > 5 else "")
    fout = Rijfout(
        rij=rij.rij,
        kolom=columns.NUMMER,
        waarde=number[:80],
        code="dubbel_nummer",
        melding=f"Dit afspraaknummer staat ook op rij {named}. Elk nummer mag één keer in het bestand staan.",
    )
    if isinstance(rij, Foutrij):
        return Foutrij(rij=rij.rij, regel=rij.regel, cellen=rij.cellen, fouten=(fout, *rij.fouten))
    regel, cells = kept[rij.rij]
    cleaned = {column: clean(text) for column, text in cells.items()}
    return Foutrij(rij=rij.rij, regel=regel, cellen=safe_cells(cleaned, {}), fouten=(fout,))
