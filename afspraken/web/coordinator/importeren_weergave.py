"""What the pages of the import show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils import timezone

from afspraken.domain import datums
from afspraken.flow.plan import Planresultaat, Uitkomst
from afspraken.models import Importconcept
from afspraken.sources import preview
from afspraken.sources.base import Foutrij, Gelezenrij, Waarschuwing
from afspraken.sources.columns import KOLOMMEN, NAAM, NUMMER
from afspraken.sources.concept import Inhoud

PER_PAGINA = 100
_MOST_ERRORS = 100
_MOST_WARNINGS = 100
# A worker takes a task within a second; after this it is probably not running.
_WORKER_PATIENCE = timedelta(seconds=60)
VOORBEELD_VOORUIT = timedelta(days=14)

_VELD_WOORD = {
    "start_op": "begin",
    "eind_op": "einde",
    "onderwerp": "onderwerp",
    "vorm": "vorm",
    "locatie_naam": "locatie",
    "locatie_adres": "adres",
    "locatie_ruimte": "ruimte",
    "team": "team",
    "client.naam": "naam cliënt",
    "client.mobiel": "mobiel",
    "client.email": "e-mail",
    "client.taal": "taal",
    "client.bereikbaar_via": "bereikbaar via",
    "medewerker": "medewerker",
    "status": "status",
}
_UITLEG = {
    Uitkomst.VEROUDERD: "We weten al iets nieuwers. Deze rij verandert niets.",
    Uitkomst.GRAFSTEEN: "Deze afspraak kennen we nog niet. Komt hij later, dan is hij meteen geannuleerd.",
}
_BADGE = {
    "Nieuw": "nieuw",
    "Gewijzigd": "verplaatst",
    "Opnieuw gepland": "gepland",
    "Geannuleerd": "geannuleerd",
    "Verouderd": "vervallen",
    "Ongewijzigd": "overgeslagen",
}


@dataclass(frozen=True, kw_only=True)
class Cel:
    """One cell of a row with errors; ``melding`` empty: nothing wrong."""

    kolom: str
    waarde: str
    melding: str


@dataclass(frozen=True, kw_only=True)
class Foutregel:
    """A row with errors as a line of the table."""

    rij: int
    regel: int
    cellen: tuple[Cel, ...]


@dataclass(frozen=True, kw_only=True)
class Voorbeeldregel:
    """A good row as a line of the table."""

    rij: int
    nummer: str
    naam: str
    start_op: Any
    team: str
    woord: str
    badge: str
    wijzigingen: str
    uitleg: str
    berichten: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Stand:
    """How far the processing is."""

    tekst: str
    gedaan: int
    aantal: int
    wacht_lang: bool


def getal(number: int) -> str:
    """ "10.000"."""
    return f"{number:,}".replace(",", ".")


def voorbeeld(inhoud: Inhoud, *, pagina: str, soort: str) -> dict[str, Any]:
    """The context of the preview. Only one page of rows is made into lines."""
    resultaat = inhoud.resultaat
    figures = preview.summarise(resultaat.rijen, inhoud.uitkomsten)
    pairs = sorted(
        zip(resultaat.rijen, inhoud.uitkomsten, strict=True),
        key=lambda pair: (preview.VOLGORDE.index(preview.WOORDEN[pair[1].uitkomst]), pair[0].rij),
    )
    if soort in figures.aantallen:
        pairs = [pair for pair in pairs if preview.WOORDEN[pair[1].uitkomst] == soort]
    page: Page[tuple[Gelezenrij, Planresultaat]] = Paginator(pairs, PER_PAGINA).get_page(pagina)
    used = _used_columns(resultaat.foutrijen)
    return {
        "resultaat": resultaat,
        "goed": len(resultaat.rijen),
        "fout": len(resultaat.foutrijen),
        "totaal": resultaat.aantal,
        "groepen": preview.group_faults(resultaat.foutrijen),
        "fout_kolommen": used,
        "foutregels": [_error_line(rij, used) for rij in resultaat.foutrijen[:_MOST_ERRORS]],
        "meer_fouten": max(0, len(resultaat.foutrijen) - _MOST_ERRORS),
        "over_bestand": [note for note in resultaat.waarschuwingen if not note.rij],
        "waarschuwingen": _row_warnings(resultaat.waarschuwingen)[:_MOST_WARNINGS],
        "aantal_waarschuwingen": len(_row_warnings(resultaat.waarschuwingen)),
        "figuren": figures,
        "soort": soort if soort in figures.aantallen else "",
        "pagina": page,
        "regels": [_line(rij, uitkomst) for rij, uitkomst in page.object_list],
    }


def _row_warnings(notes: Sequence[Waarschuwing]) -> list[Waarschuwing]:
    return [note for note in notes if note.rij]


def _used_columns(foutrijen: Sequence[Foutrij]) -> list[str]:
    """The columns by which a row is found back, and those in which something is wrong: the rest is in the download."""
    used = {fout.kolom for rij in foutrijen for fout in rij.fouten} | {NUMMER, NAAM}
    found = [kolom.naam for kolom in KOLOMMEN if kolom.naam in used]
    return sorted(found, key=lambda name: name not in (NUMMER, NAAM))


def _error_line(rij: Foutrij, used: Sequence[str]) -> Foutregel:
    wrong = {fout.kolom: " ".join(f.melding for f in rij.fouten if f.kolom == fout.kolom) for fout in rij.fouten}
    return Foutregel(
        rij=rij.rij,
        regel=rij.regel,
        cellen=tuple(Cel(kolom=name, waarde=rij.cellen.get(name, ""), melding=wrong.get(name, "")) for name in used),
    )


def _line(rij: Gelezenrij, uitkomst: Planresultaat) -> Voorbeeldregel:
    gegevens = rij.gegevens
    word = preview.WOORDEN[uitkomst.uitkomst]
    return Voorbeeldregel(
        rij=rij.rij,
        nummer=gegevens.extern_id,
        naam=gegevens.client.naam,
        start_op=gegevens.start_op,
        team=gegevens.team,
        woord=word,
        badge=_BADGE[word],
        wijzigingen=", ".join(_VELD_WOORD.get(veld, veld) for veld in uitkomst.wijzigingen),
        uitleg=_UITLEG.get(uitkomst.uitkomst, ""),
        berichten=tuple(
            f"{preview.label(bericht.kind).capitalize()} per {preview.KANAAL_WOORD[bericht.channel]}: "
            f"{datums.kort(preview.leaves_at(bericht.due_at, gegevens.start_op))}"
            for bericht in uitkomst.berichten
        ),
    )


def stand(row: Importconcept) -> Stand:
    """How far the processing of a confirmed file is."""
    waited = row.voortgang == 0 and row.begonnen_op is not None and timezone.now() - row.begonnen_op > _WORKER_PATIENCE
    return Stand(
        tekst=f"{getal(row.voortgang)} van {getal(row.aantal)} rijen verwerkt",
        gedaan=row.voortgang,
        aantal=row.aantal,
        wacht_lang=waited,
    )


def klaar(row: Importconcept) -> dict[str, Any]:
    """What a processed file did, in figures."""
    counted = row.uitslag.get("aantallen", {})
    return {
        "pk": row.pk,
        "verwerkt_op": row.verwerkt_op,
        "aantal": sum(counted.values()),
        "aantallen": [(word, counted[word]) for word in preview.VOLGORDE if counted.get(word)],
        "overgeslagen": row.uitslag.get("overgeslagen", 0),
        "niet_verwerkt": row.uitslag.get("niet_verwerkt", 0),
    }
