"""What the client's pages show of an appointment and an answer: chosen fields, in words, and nothing else.

Templates get these and never the rows behind them, so that a subject, a surname or a number can't end up
on a page by accident.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from afspraken.domain.voornemen import (
    Antwoord,
    Antwoordgegevens,
    Doel,
    Soort,
    given_for_old_time,
    needs_toestemming,
)
from afspraken.flow.berichten.agenda import plaats
from afspraken.models import Afspraak, Team, Voornemen
from afspraken.web.client.tekst import tekst

_AANSPREEK = frozenset({"mevrouw", "mevr.", "mw.", "mw", "meneer", "dhr.", "dhr", "heer", "dr.", "drs.", "mr."})
_TUSSENVOEGSELS = frozenset("de den der het 't ’t te ten ter van von du la le el al ben bin da di dos".split())


@dataclass(frozen=True, kw_only=True)
class Hulp:
    """Where help is to be had; the same on every page."""

    telefoon: str
    loket: str = ""
    ondersteuning: str = ""

    @property
    def telefoon_link(self) -> str:
        """The number as a ``tel:`` address."""
        return "tel:" + "".join(char for char in self.telefoon if char.isdigit() or char == "+")


@dataclass(frozen=True, kw_only=True)
class Afspraakweergave:
    """An appointment as its client sees it."""

    start_op: datetime
    plaats: str
    voor: str
    verplaatst_van: datetime | None


@dataclass(frozen=True, kw_only=True)
class Antwoordweergave:
    """An answer in words. Empty texts were not told; ``None`` moments do not exist yet."""

    antwoord: str
    keuze: str
    soorten: str
    doel: str
    toelichting: str
    anders: bool
    deelt: bool
    kanaal: str = ""
    ontvangen_op: datetime | None = None
    oude_tijd: datetime | None = None

    @property
    def neemt_op(self) -> bool:
        """Whether kinds and purpose belong to it."""
        return self.antwoord == Antwoord.JA.value

    @property
    def ingetrokken(self) -> bool:
        """Whether the client took the answer back."""
        return self.antwoord == Antwoord.INGETROKKEN.value


def hulp_van(team: Team | None) -> Hulp:
    """The team's own phone and desk, else those of the municipality."""
    if team is None:
        return Hulp(telefoon=settings.GEMEENTE_TELEFOON)
    return Hulp(
        telefoon=team.telefoon or settings.GEMEENTE_TELEFOON,
        loket=team.loket,
        ondersteuning=team.clientondersteuning,
    )


def voornaam(naam: str) -> str:
    """A first name or initial, or nothing: enough to know for whom a message on a shared phone is.

    "A. Jansen" gives "A.", "mevrouw Fatima El Amrani" "Fatima", "Jansen, A." "A."; a surname alone nothing.
    """
    achter, komma, voor = naam.partition(",")
    woorden = (voor if komma else achter).split()
    if [woord.casefold() for woord in woorden[:2]] == ["de", "heer"]:
        woorden.pop(0)
    while woorden and woorden[0].casefold() in _AANSPREEK:
        woorden.pop(0)
    if not woorden or (len(woorden) == 1 and not komma):
        return ""
    eerste, laatste = woorden[0], woorden[-1]
    if eerste.casefold() in _TUSSENVOEGSELS:
        return ""
    if _is_voorletter(laatste) and not _is_voorletter(eerste):
        return laatste
    return eerste


def _is_voorletter(woord: str) -> bool:
    return "." in woord or len(woord) == 1


def toon_afspraak(afspraak: Afspraak, taal: str) -> Afspraakweergave:
    """The appointment: when, where, for whom, and whether it was moved."""
    where = plaats(afspraak, taal)
    moved = afspraak.vorige_start_op if afspraak.verplaatst_op else None
    return Afspraakweergave(
        start_op=afspraak.start_op,
        plaats=where[:1].upper() + where[1:],
        voor=voornaam(afspraak.client.naam),
        verplaatst_van=moved if moved != afspraak.start_op else None,
    )


def toon_gegevens(gegevens: Antwoordgegevens, taal: str) -> Antwoordweergave:
    """An answer that is still being given."""
    return Antwoordweergave(
        antwoord=gegevens.antwoord.value,
        keuze=tekst(f"keuze.{gegevens.antwoord.value}", taal),
        soorten=_kinds(gegevens.soorten, taal),
        doel=tekst(f"doel.{gegevens.doel.value}", taal) if gegevens.doel else "",
        toelichting=gegevens.toelichting,
        anders=gegevens.doel is Doel.ANDERS,
        deelt=needs_toestemming(gegevens.antwoord, gegevens.doel),
    )


def toon_voornemen(voornemen: Voornemen, afspraak: Afspraak, taal: str) -> Antwoordweergave:
    """An answer that was recorded, on whatever channel."""
    antwoord = Antwoord(voornemen.antwoord)
    doel = Doel(voornemen.doel) if voornemen.doel else None
    old = given_for_old_time(gegeven_voor=voornemen.gegeven_voor_op, start_op=afspraak.start_op)
    return Antwoordweergave(
        antwoord=antwoord.value,
        keuze=tekst(f"keuze.{antwoord.value}", taal),
        soorten=_kinds(voornemen.soorten_set, taal),
        doel=tekst(f"doel.{doel.value}", taal) if doel else "",
        toelichting=voornemen.toelichting,
        anders=doel is Doel.ANDERS,
        deelt=needs_toestemming(antwoord, doel),
        kanaal=tekst(f"antwoord.via.{voornemen.kanaal}", taal),
        ontvangen_op=voornemen.ontvangen_op,
        oude_tijd=voornemen.gegeven_voor_op if old and antwoord is not Antwoord.INGETROKKEN else None,
    )


def _kinds(soorten: frozenset[Soort], taal: str) -> str:
    words = ", ".join(tekst(f"soort.{soort.value}", taal).lower() for soort in Soort if soort in soorten)
    return words[:1].upper() + words[1:]
