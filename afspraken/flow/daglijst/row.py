"""One line of the day list and the words in it: values only, decided from values only."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from afspraken.domain import datums
from afspraken.domain.formulier import Stand
from afspraken.domain.voornemen import Antwoord
from notifications import api as post


class Keuze(StrEnum):
    """What a medewerker wants to know at a glance: will this client record?"""

    WIL_OPNEMEN = "wil_opnemen"
    NEEMT_NIET_OP = "neemt_niet_op"
    WEET_NIET = "weet_niet"
    INGETROKKEN = "ingetrokken"
    GEEN_ANTWOORD = "geen_antwoord"
    NIET_BEREIKT = "niet_bereikt"

    @property
    def woord(self) -> str:
        """The words on screen."""
        return _KEUZE_WOORD[self]

    @property
    def badge(self) -> str:
        """The class of the badge: an icon and a colour, and never those alone."""
        return _KEUZE_BADGE.get(self, self.value.replace("_", "-"))


_KEUZE_WOORD = {
    Keuze.WIL_OPNEMEN: "Wil opnemen",
    Keuze.NEEMT_NIET_OP: "Neemt niet op",
    Keuze.WEET_NIET: "Weet het nog niet",
    Keuze.INGETROKKEN: "Antwoord ingetrokken",
    Keuze.GEEN_ANTWOORD: "Geen antwoord",
    Keuze.NIET_BEREIKT: "Niet bereikt",
}
_KEUZE_BADGE = {Keuze.NIET_BEREIKT: "bellen"}
_ANTWOORD_KEUZE = {
    Antwoord.JA: Keuze.WIL_OPNEMEN,
    Antwoord.NEE: Keuze.NEEMT_NIET_OP,
    Antwoord.WEET_NIET: Keuze.WEET_NIET,
    Antwoord.INGETROKKEN: Keuze.INGETROKKEN,
}


def keuze_of(antwoord: str | None, *, onbereikt: bool) -> Keuze:
    """The answer that counts; without one, whether the client could be told at all."""
    if antwoord is not None:
        return _ANTWOORD_KEUZE[Antwoord(antwoord)]
    return Keuze.NIET_BEREIKT if onbereikt else Keuze.GEEN_ANTWOORD


class Moment(StrEnum):
    """Where a line stands in the day."""

    VOORBIJ = "voorbij"
    NU = "nu"
    VOLGENDE = "volgende"
    STRAKS = "straks"


@dataclass(frozen=True, kw_only=True)
class Bezorging:
    """How far the messages about one appointment got: a class, plain Dutch words, and what to do."""

    badge: str
    woord: str
    raad: str = ""
    onbereikt: bool = False


@dataclass(frozen=True, kw_only=True)
class Formulierstaat:
    """The form of one appointment, as far as the list needs it."""

    formulier_id: int
    woord: str
    badge: str
    gesloten: bool


@dataclass(frozen=True, kw_only=True)
class Rij:
    """One appointment on the day list."""

    afspraak_id: int
    start_op: datetime
    eind_op: datetime
    moment: Moment
    geannuleerd: bool
    niet_verschenen: bool
    inloop: bool
    verplaatst: bool
    client_naam: str
    initialen: str
    medewerker_naam: str
    team_naam: str
    vorm: str
    plaats: str
    keuze: Keuze
    voornemen_id: int | None
    soorten: str
    doel: str
    toelichting: str
    delen: bool
    oude_tijd: bool
    eerder: str
    gezien: bool
    gezien_door: str
    bezorging: Bezorging
    formulier: Formulierstaat | None

    @property
    def telt_mee(self) -> bool:
        """Cancelled conversations stand in the list but in no figure."""
        return not self.geannuleerd

    @property
    def ongezien(self) -> bool:
        """Whether there is an answer that nobody has marked as seen."""
        return self.voornemen_id is not None and not self.gezien and self.telt_mee

    @property
    def kan_opnemen(self) -> bool:
        """Whether "the client records after all" is of use on this line."""
        return (
            self.keuze is not Keuze.WIL_OPNEMEN
            and not self.geannuleerd
            and not self.niet_verschenen
            and (self.formulier is None or not self.formulier.gesloten)
        )


@dataclass(frozen=True, kw_only=True)
class Teller:
    """A figure above the list that filters it."""

    code: str
    label: str
    aantal: int


@dataclass(frozen=True, kw_only=True)
class Daglijst:
    """One day as one account sees it."""

    datum: date
    bereik: str
    team: str
    teams: tuple[tuple[str, str], ...]
    heeft_medewerker: bool
    rijen: tuple[Rij, ...]
    gelezen_op: datetime

    @property
    def tellers(self) -> tuple[Teller, ...]:
        """The figures, always all of them: a counter that comes and goes can't be found."""
        rijen = [rij for rij in self.rijen if rij.telt_mee]
        per_keuze = [
            Teller(code=keuze.value, label=keuze.woord, aantal=sum(rij.keuze is keuze for rij in rijen))
            for keuze in Keuze
        ]
        ongezien = Teller(code="ongezien", label="Nog niet gezien", aantal=sum(rij.ongezien for rij in rijen))
        return (*(t for t in per_keuze if t.code != Keuze.INGETROKKEN.value or t.aantal), ongezien)

    def only(self, keuze: str) -> Daglijst:
        """The same day with only the lines behind one figure; an unknown code leaves all."""
        if keuze == "ongezien":
            return replace(self, rijen=tuple(rij for rij in self.rijen if rij.ongezien))
        if keuze in {k.value for k in Keuze}:
            return replace(self, rijen=tuple(rij for rij in self.rijen if rij.telt_mee and rij.keuze.value == keuze))
        return self


def initialen_of(naam: str) -> str:
    """ "Mohammed van den Berg" becomes "M.B.": for a sheet that lies on a counter."""
    letters = [woord[0] for woord in re.split(r"[\s.\-]+", naam) if woord[:1].isupper() or woord[:1].isdigit()]
    return "".join(f"{letter}." for letter in letters) or "?"


# What tells a client that there is a meeting; a receipt or a copy says nothing about being reached.
TELLING_KINDS = frozenset({"uitnodiging", "herinnering", "verplaatst", "andere_medewerker", "geannuleerd"})
_CHANNEL = {post.Channel.SMS: "sms", post.Channel.EMAIL: "e-mail"}
# The best that happened to any of them counts: one channel that arrived is enough.
_ORDER = (
    post.Status.DELIVERED,
    post.Status.ACCEPTED,
    post.Status.SENDING,
    post.Status.QUEUED,
    post.Status.UNKNOWN,
    post.Status.UNDELIVERED,
    post.Status.FAILED,
    post.Status.EXPIRED,
)


def bezorging_of(
    messages: Sequence[post.MessageStatus], *, bereikbaar: bool, inloop: bool, te_bellen: bool, now: datetime
) -> Bezorging:
    """The messages about one appointment in one line. After a move only the newest messages count."""
    telling = [m for m in messages if m.kind in TELLING_KINDS and m.status is not post.Status.SUPERSEDED]
    if telling:
        newest = max(m.generation for m in telling)
        telling = [m for m in telling if m.generation == newest]
        best = min(telling, key=lambda m: _ORDER.index(m.status))
        return _in_words(best, now=now)
    if inloop:
        return Bezorging(badge="overgeslagen", woord="Geen bericht: inloop")
    if not bereikbaar:
        return Bezorging(
            badge="mislukt",
            woord="Geen nummer en geen e-mailadres",
            raad="Vertel aan het begin van het gesprek over de spelregels.",
            onbereikt=True,
        )
    return Bezorging(badge="overgeslagen", woord="Nog niets verstuurd", onbereikt=te_bellen)


def _in_words(message: post.MessageStatus, *, now: datetime) -> Bezorging:
    via = _CHANNEL[message.channel]
    match message.status:
        case post.Status.DELIVERED:
            return Bezorging(badge="afgeleverd", woord=f"Bezorgd per {via}")
        case post.Status.ACCEPTED:
            badge, zeker = ("onbekend", ", geen bevestiging") if message.is_silent else ("bezig", "")
            return Bezorging(badge=badge, woord=f"Verstuurd per {via}{zeker}", raad=message.advice_text)
        case post.Status.QUEUED if message.due_at > now:
            return Bezorging(
                badge="bezig", woord=f"Gaat uit op {datums.dag(message.due_at)}, {datums.tijd(message.due_at)}"
            )
        case post.Status.QUEUED | post.Status.SENDING:
            return Bezorging(badge="bezig", woord="Wordt verstuurd")
        case _ if message.status is post.Status.UNKNOWN or message.is_lost:
            woord = f"Onzeker of de {via} is aangekomen"
            return Bezorging(badge="onbekend", woord=woord, raad=message.advice_text, onbereikt=message.is_lost)
        case _:
            reden = message.reason_text.rstrip(".")
            woord = f"Niet bezorgd: {reden[:1].lower()}{reden[1:]}" if reden else "Niet bezorgd"
            return Bezorging(badge="mislukt", woord=woord, raad=message.advice_text, onbereikt=True)


_STAND_WOORD = {
    Stand.OPEN: ("Klaar om te tekenen", "concept"),
    Stand.CLIENT_GETEKEND: ("Cliënt heeft getekend", "nieuw"),
    Stand.ONDERTEKEND: ("Getekend door beiden", "ondertekend"),
    Stand.CLIENT_TEKENT_NIET: ("Cliënt tekent niet", "afgerond"),
    Stand.GEEN_OPNAME: ("Toch geen opname", "afgerond"),
}


def formulier_of(formulier_id: int, stand: Stand, *, achterhaald: bool) -> Formulierstaat:
    """The form in words. ``achterhaald``: the client signed, and then answered otherwise or the meeting moved."""
    if stand is Stand.CLIENT_GETEKEND and achterhaald:
        woord, badge = "Getekend, daarna veranderd", "vervallen"
    else:
        woord, badge = _STAND_WOORD[stand]
    gesloten = stand not in (Stand.OPEN, Stand.CLIENT_GETEKEND)
    return Formulierstaat(formulier_id=formulier_id, woord=woord, badge=badge, gesloten=gesloten)


def moment_of(start_op: datetime, eind_op: datetime, *, now: datetime) -> Moment:
    """Past, going on or to come; which one comes next is for the whole list to say."""
    if eind_op <= now:
        return Moment.VOORBIJ
    return Moment.NU if start_op <= now else Moment.STRAKS


def mark_next(rijen: Collection[Rij]) -> tuple[Rij, ...]:
    """Mark the first conversation that is still to come and goes on."""
    done = False
    marked = []
    for rij in rijen:
        if not done and rij.moment is Moment.STRAKS and not rij.geannuleerd:
            marked.append(replace(rij, moment=Moment.VOLGENDE))
            done = True
        else:
            marked.append(rij)
    return tuple(marked)
