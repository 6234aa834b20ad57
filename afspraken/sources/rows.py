"""One row: every cell read, everything that is wrong with it said at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from afspraken.domain.gegevens import (
    Afspraakgegevens,
    Clientgegevens,
    LocalTimeFout,
    Medewerkergegevens,
    check,
    contains_bsn,
    local_to_utc,
    looks_like_bsn,
)
from afspraken.sources import columns, values
from afspraken.sources.base import MAX_CEL, Foutrij, Gelezenrij, Rijfout, Ruwerij, Waarschuwing
from afspraken.sources.values import Celfout

T = TypeVar("T")

_KOLOM_VAN_VELD = {
    "extern_id": columns.NUMMER,
    "start_op": columns.DATUM,
    "eind_op": columns.DUUR,
    "onderwerp": columns.ONDERWERP,
    "team": columns.TEAM,
    "vorm": columns.VORM,
    "locatie_naam": columns.LOCATIE,
    "locatie_adres": columns.ADRES,
    "locatie_ruimte": columns.RUIMTE,
    "client.naam": columns.NAAM,
    "client.mobiel": columns.MOBIEL,
    "client.email": columns.EMAIL,
    "client.taal": columns.TAAL,
    "medewerker": columns.MEDEWERKER,
    "medewerker.naam": columns.MEDEWERKER,
    "status": columns.STATUS,
}
_SHOWN = 80


def column_of(veld: str) -> str:
    """The column in which a field of :class:`Afspraakgegevens` stands."""
    return _KOLOM_VAN_VELD.get(veld, columns.NUMMER)


@dataclass(frozen=True, kw_only=True)
class Teams:
    """The teams for which this person may bring in appointments, code to name, and the codes of the rest."""

    eigen: Mapping[str, str]
    andere: frozenset[str] = frozenset()

    def find(self, text: str) -> str:
        """The code meant; raises :class:`Celfout`."""
        folded = text.casefold()
        for code, naam in self.eigen.items():
            if folded in (code.casefold(), naam.casefold()):
                return code
        known = ", ".join(sorted(self.eigen)) or "geen"
        if not text:
            raise Celfout("leeg", f"Het team is leeg. Vul een van deze teams in: {known}.")
        if folded in {code.casefold() for code in self.andere}:
            raise Celfout("ander_team", f"Team '{text[:40]}' is niet een van uw teams. Uw teams: {known}.")
        raise Celfout("onbekend_team", f"Team '{text[:40]}' bestaat niet. Teams die u kunt gebruiken: {known}.")


@dataclass(kw_only=True)
class Rijlezer:
    """Reads the rows of one file for one source, at one moment."""

    bron: str
    now: datetime
    teams: Teams
    waarschuwingen: list[Waarschuwing] = field(default_factory=list)

    def read(self, ruw: Ruwerij, cells: dict[str, str]) -> tuple[str, Gelezenrij | Foutrij]:
        """The number in the source, and the row: ready to be planned, or with its errors."""
        row = _Rij(ruw=ruw, cells={name: values.clean(text) for name, text in cells.items()})
        gegevens = self._gegevens(row)
        self._check(row, gegevens)
        self.waarschuwingen.extend(row.waarschuwingen)
        if row.fouten:
            return gegevens.extern_id, row.with_errors()
        return gegevens.extern_id, Gelezenrij(rij=ruw.rij, regel=ruw.regel, gegevens=gegevens)

    def _gegevens(self, row: _Rij) -> Afspraakgegevens:
        # A cell that can't be read gets a stand-in, so that the rest of the row is checked as well.
        cell = row.read
        start = self._start(row)
        duur = cell(columns.DUUR, values.read_duration, timedelta(minutes=30))
        locatie = row.text(columns.LOCATIE)
        vorm = cell(columns.VORM, values.read_vorm, "")
        if not vorm and (spoken := values.vorm_in_locatie(locatie)):
            # "Huisbezoek" as a place is no place.
            vorm, locatie = spoken, ""
        naam = row.text(columns.NAAM)
        medewerker = row.text(columns.MEDEWERKER)
        return Afspraakgegevens(
            bron=self.bron,
            extern_id=cell(columns.NUMMER, values.read_number, ""),
            start_op=start,
            eind_op=start + duur,
            onderwerp=row.text(columns.ONDERWERP),
            team=cell(columns.TEAM, self.teams.find, next(iter(self.teams.eigen), "")),
            vorm=vorm or "balie",
            locatie_naam=locatie,
            locatie_adres=row.text(columns.ADRES),
            locatie_ruimte=row.text(columns.RUIMTE),
            client=Clientgegevens(
                naam=naam,
                mobiel=cell(columns.MOBIEL, values.read_mobile, ""),
                email=cell(columns.EMAIL, values.read_email, ""),
                taal=cell(columns.TAAL, values.read_language, "nl"),
            ),
            medewerker=Medewerkergegevens(naam=medewerker) if medewerker else None,
            externe_versie=cell(columns.VERSIE, values.read_version, None),
            geannuleerd=cell(columns.STATUS, values.read_status, False),
        )

    def _start(self, row: _Rij) -> datetime:
        tomorrow = self.now + timedelta(days=1)
        day = row.read(columns.DATUM, values.read_date, None)
        clock = row.read(columns.TIJD, values.read_time, None)
        if day is None or clock is None:
            return tomorrow
        try:
            start, twice = local_to_utc(values.moment(day, clock))
        except LocalTimeFout as fout:
            row.fault(columns.TIJD, fout.code, fout.melding)
            return tomorrow
        if twice:
            row.warn(
                columns.TIJD,
                "tijd_bestaat_twee_keer",
                "In deze nacht gaat de klok terug en bestaat deze tijd twee keer. We nemen de eerste (zomertijd).",
            )
        return start

    def _check(self, row: _Rij, gegevens: Afspraakgegevens) -> None:
        found = check(gegevens, now=self.now, teams=self.teams.eigen)
        wrong = set(row.fouten)
        for fout in found:
            column = column_of(fout.veld)
            if column not in wrong and fout.code != "voorbij":
                row.fault(column, fout.code, fout.melding)
        # A row whose day has passed is no error when nothing in it changed: the comparison decides (flow.plan).
        # A row that is wrong anyway hears it now, so that nobody has to mend it twice.
        if row.fouten and not {columns.DATUM, columns.TIJD} & set(row.fouten):
            for fout in found:
                if fout.code == "voorbij":
                    row.fault(columns.DATUM, fout.code, fout.melding)
        for column in (columns.NAAM, columns.MEDEWERKER):
            if column not in row.fouten and values.lost_letter(row.cells.get(column, "")):
                row.warn(
                    column,
                    "letter_verloren",
                    "Er lijkt een letter verloren gegaan. Controleer de naam in uw planning.",
                )


@dataclass(kw_only=True)
class _Rij:
    ruw: Ruwerij
    cells: dict[str, str]
    fouten: dict[str, Rijfout] = field(default_factory=dict)
    waarschuwingen: list[Waarschuwing] = field(default_factory=list)

    def read(self, column: str, reader: Callable[[str], T], otherwise: T) -> T:
        text = self.cells.get(column, "")
        try:
            if len(text) > MAX_CEL:
                raise Celfout("te_lang", "Deze tekst is te lang. Maak hem korter.")
            if column not in (columns.MOBIEL, columns.DATUM, columns.NUMMER) and looks_like_bsn(text):
                values.refuse_bsn(text)
            return reader(text)
        except Celfout as problem:
            self.fault(column, problem.code, problem.melding)
            return otherwise

    def text(self, column: str) -> str:
        def free(text: str) -> str:
            values.refuse_bsn(text)
            return text

        # The stand-in for a refused text is never stored: the row has an error.
        return self.read(column, free, "-")

    def fault(self, column: str, code: str, melding: str) -> None:
        if code != "lijkt_op_bsn" and _bsn_in(column, self.cells.get(column, "")):
            code, melding = "lijkt_op_bsn", _BSN_MELDING
        self.fouten.setdefault(
            column,
            Rijfout(rij=self.ruw.rij, kolom=column, waarde=self._shown(column, code), code=code, melding=melding),
        )

    def warn(self, column: str, code: str, melding: str) -> None:
        self.waarschuwingen.append(
            Waarschuwing(rij=self.ruw.rij, kolom=column, waarde=self._shown(column, code), code=code, melding=melding)
        )

    def _shown(self, column: str, code: str) -> str:
        return "" if code == "lijkt_op_bsn" else self.cells.get(column, "")[:_SHOWN]

    def with_errors(self) -> Foutrij:
        return Foutrij(
            rij=self.ruw.rij,
            regel=self.ruw.regel,
            cellen=safe_cells(self.cells, self.fouten),
            fouten=tuple(self.fouten.values()),
        )


_BSN_MELDING = "Hier lijkt een burgerservicenummer te staan. Dat lezen en bewaren we niet. Haal het weg."


def _bsn_in(column: str, text: str) -> bool:
    if column == columns.DATUM:
        return bool(re.fullmatch(r"[0-9]{8,9}", text)) and looks_like_bsn(text)
    return looks_like_bsn(text) or contains_bsn(text)


def safe_cells(cells: Mapping[str, str], fouten: Mapping[str, Rijfout]) -> dict[str, str]:
    """The cells of a row as they may be shown and kept: what looks like a BSN is gone."""
    return {
        column: "" if column in fouten and fouten[column].code == "lijkt_op_bsn" else text[: MAX_CEL // 4]
        for column, text in cells.items()
    }
