"""What a client lets us know beforehand: whether they will record, what, and what for (rule 2).

Telling is a courtesy. No answer does not mean no recording, the purpose may stay blank, and the one
thing that needs the medewerker's toestemming is sharing beyond the private circle (rule 3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from afspraken.domain.tekst import one_line

TOELICHTING_MAX = 500
"""Characters of free text kept with a purpose."""


class Antwoord(StrEnum):
    """The answer itself. INGETROKKEN means: the client took an earlier answer back."""

    JA = "ja"
    NEE = "nee"
    WEET_NIET = "weet_niet"
    INGETROKKEN = "ingetrokken"


class Soort(StrEnum):
    """Kinds of recording (rule 1)."""

    GELUID = "geluid"
    VIDEO = "video"
    FOTO = "foto"


class Doel(StrEnum):
    """Purposes, from the sheet. The empty text in a Voornemen means: not told."""

    NALUISTEREN = "naluisteren"
    DESKUNDIGE = "deskundige"
    PRIVEKRING = "privekring"
    DELEN = "delen"
    ANDERS = "anders"
    LIEVER_NIET = "liever_niet"


class Kanaal(StrEnum):
    """How the answer reached us."""

    SMS = "sms"
    WEB = "web"
    MONDELING = "mondeling"


ANTWOORD_WOORD: dict[Antwoord, str] = {
    Antwoord.JA: "Wil opnemen",
    Antwoord.NEE: "Neemt niet op",
    Antwoord.WEET_NIET: "Weet het nog niet",
    Antwoord.INGETROKKEN: "Antwoord ingetrokken",
}
SOORT_WOORD: dict[Soort, str] = {Soort.GELUID: "geluid", Soort.VIDEO: "video", Soort.FOTO: "foto"}
DOEL_WOORD: dict[Doel, str] = {
    Doel.NALUISTEREN: "thuis naluisteren",
    Doel.DESKUNDIGE: "laten horen aan een deskundige",
    Doel.PRIVEKRING: "laten horen in privékring",
    Doel.DELEN: "delen met anderen of openbaar maken",
    Doel.ANDERS: "iets anders",
    Doel.LIEVER_NIET: "zeg ik liever niet",
}


@dataclass(frozen=True, kw_only=True)
class Veldfout:
    """One wrong field, in the words of the person who filled it in: what is wrong and the fix."""

    veld: str
    code: str
    melding: str


@dataclass(frozen=True, kw_only=True)
class Antwoordgegevens:
    """One answer as given, before it is checked."""

    antwoord: Antwoord
    soorten: frozenset[Soort] = field(default_factory=frozenset)
    doel: Doel | None = None
    toelichting: str = ""


def check(gegevens: Antwoordgegevens) -> tuple[Veldfout, ...]:
    """What is wrong with an answer; empty when it can be recorded. Kinds and purpose may be blank."""
    fouten = []
    if len(gegevens.toelichting) > TOELICHTING_MAX:
        fouten.append(
            Veldfout(
                veld="toelichting",
                code="te_lang",
                melding=f"Uw tekst is {len(gegevens.toelichting)} tekens. "
                f"Maak de tekst korter: maximaal {TOELICHTING_MAX} tekens.",
            )
        )
    return tuple(fouten)


def normalised(gegevens: Antwoordgegevens) -> Antwoordgegevens:
    """The answer without what does not belong to it: someone who won't record has no kind or purpose.

    A free text without a purpose is the purpose ANDERS.
    """
    if gegevens.antwoord in (Antwoord.NEE, Antwoord.INGETROKKEN):
        return Antwoordgegevens(antwoord=gegevens.antwoord)
    toelichting = one_line(gegevens.toelichting)
    doel = gegevens.doel
    if doel is None and toelichting:
        doel = Doel.ANDERS
    return Antwoordgegevens(antwoord=gegevens.antwoord, soorten=gegevens.soorten, doel=doel, toelichting=toelichting)


def needs_toestemming(antwoord: Antwoord, doel: Doel | None) -> bool:
    """Whether rule 3 is in play: the stated purpose goes beyond the private circle and an expert."""
    return antwoord in (Antwoord.JA, Antwoord.WEET_NIET) and doel is Doel.DELEN


def given_for_old_time(*, gegeven_voor: datetime, start_op: datetime) -> bool:
    """Whether the appointment moved after the answer was given ("gegeven voor de oude tijd")."""
    return gegeven_voor != start_op


def describe_soorten(soorten: frozenset[Soort]) -> str:
    """The kinds as Dutch words in the order of rule 1: "geluid en foto"; empty when none is named."""
    woorden = [SOORT_WOORD[soort] for soort in Soort if soort in soorten]
    if len(woorden) > 1:
        return f"{', '.join(woorden[:-1])} en {woorden[-1]}"
    return "".join(woorden)
