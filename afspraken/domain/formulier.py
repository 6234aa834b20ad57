"""The form for the meeting: what stands on it, its canonical text and hash, and when it can be signed.

Both sign the same content, so the content has one canonical text: JSON with sorted keys, no spaces and
ASCII only. Its SHA-256 is what both signatures carry.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from afspraken.domain import datums
from afspraken.domain.voornemen import (
    ANTWOORD_WOORD,
    DOEL_WOORD,
    Antwoord,
    Doel,
    Kanaal,
    Soort,
    Veldfout,
    describe_soorten,
    needs_toestemming,
)

SCHEMA = 1
"""Rises when the keys of the content change; a form keeps the one that it was made with."""

VOORWAARDEN_MAX = 500


class Stand(StrEnum):
    """Where a form stands; the values are those of ``models.FormulierStatus``."""

    OPEN = "open"
    CLIENT_GETEKEND = "client_getekend"
    ONDERTEKEND = "ondertekend"
    CLIENT_TEKENT_NIET = "client_tekent_niet"
    GEEN_OPNAME = "geen_opname"
    VERVALLEN = "vervallen"


GESLOTEN = frozenset({Stand.ONDERTEKEND, Stand.CLIENT_TEKENT_NIET, Stand.GEEN_OPNAME, Stand.VERVALLEN})
"""Ends. A correction is a new version."""


class Toestemming(StrEnum):
    """Rule 3; the values are those of ``models.Toestemming``. NVT while it is needed means: not answered yet."""

    NVT = "nvt"
    JA = "ja"
    NEE = "nee"
    VOORWAARDEN = "voorwaarden"


TOESTEMMING_WOORD: dict[Toestemming, str] = {
    Toestemming.NVT: "niet nodig",
    Toestemming.JA: "ja",
    Toestemming.NEE: "nee",
    Toestemming.VOORWAARDEN: "ja, onder voorwaarden",
}
KANAAL_WOORD: dict[Kanaal, str] = {
    Kanaal.SMS: "door de cliënt gegeven per sms",
    Kanaal.WEB: "door de cliënt gegeven op de webpagina",
    Kanaal.MONDELING: "door de cliënt verteld",
}
VORM_WOORD = {
    "balie": "aan de balie",
    "huisbezoek": "huisbezoek",
    "telefoon": "telefoon",
    "beeldbellen": "beeldbellen",
}


@dataclass(frozen=True, kw_only=True)
class Gesprek:
    """The appointment as far as it stands on the form. The subject does not: it may name a law or a benefit."""

    start_op: datetime
    client_naam: str
    medewerker_naam: str = ""
    vorm: str = "balie"
    plaats: str = ""


@dataclass(frozen=True, kw_only=True)
class Opname:
    """What the client lets us know, as it stands on the form. ``volgnummer`` 0: no answer was given yet."""

    antwoord: Antwoord | None = None
    soorten: frozenset[Soort] = frozenset()
    doel: Doel | None = None
    toelichting: str = ""
    kanaal: Kanaal | None = None
    volgnummer: int = 0

    @property
    def vraagt_toestemming(self) -> bool:
        """Whether rule 3 asks something of the medewerker."""
        return self.antwoord is not None and needs_toestemming(self.antwoord, self.doel)


@dataclass(frozen=True, kw_only=True)
class Blad:
    """The rules sheet, to the letter."""

    versie: int
    vingerafdruk: str
    tekst: str


@dataclass(frozen=True, kw_only=True)
class Inhoud:
    """Everything that both sign."""

    versie: int
    gemeente: str
    gesprek: Gesprek
    opname: Opname
    spelregels: Blad
    toestemming: Toestemming = Toestemming.NVT
    voorwaarden: str = ""

    @property
    def toestemming_open(self) -> bool:
        """Whether the medewerker still has to say something about sharing (rule 3)."""
        return self.opname.vraagt_toestemming and self.toestemming is Toestemming.NVT

    def as_dict(self) -> dict[str, Any]:
        """The content as it is kept: strings, whole numbers and lists only, so that it hashes everywhere alike."""
        return {
            "schema": SCHEMA,
            "versie": self.versie,
            "gemeente": self.gemeente,
            "gesprek": {
                "start_op": self.gesprek.start_op.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "vorm": self.gesprek.vorm,
                "plaats": self.gesprek.plaats,
            },
            "client": {"naam": self.gesprek.client_naam},
            "medewerker": {"naam": self.gesprek.medewerker_naam},
            "opname": {
                "antwoord": _value(self.opname.antwoord),
                "soorten": sorted(soort.value for soort in self.opname.soorten),
                "doel": _value(self.opname.doel),
                "toelichting": self.opname.toelichting,
                "kanaal": _value(self.opname.kanaal),
                "volgnummer": self.opname.volgnummer,
            },
            "regel_3": {"toestemming": self.toestemming.value, "voorwaarden": self.voorwaarden},
            "spelregels": {
                "versie": self.spelregels.versie,
                "vingerafdruk": self.spelregels.vingerafdruk,
                "tekst": self.spelregels.tekst,
            },
        }

    @staticmethod
    def from_dict(inhoud: Mapping[str, Any]) -> Inhoud:
        """The content read back from what is kept. Raises KeyError or ValueError on anything else."""
        opname, blad = inhoud["opname"], inhoud["spelregels"]
        return Inhoud(
            versie=inhoud["versie"],
            gemeente=inhoud["gemeente"],
            gesprek=Gesprek(
                start_op=datetime.fromisoformat(inhoud["gesprek"]["start_op"]),
                client_naam=inhoud["client"]["naam"],
                medewerker_naam=inhoud["medewerker"]["naam"],
                vorm=inhoud["gesprek"]["vorm"],
                plaats=inhoud["gesprek"]["plaats"],
            ),
            opname=Opname(
                antwoord=Antwoord(opname["antwoord"]) if opname["antwoord"] else None,
                soorten=frozenset(Soort(soort) for soort in opname["soorten"]),
                doel=Doel(opname["doel"]) if opname["doel"] else None,
                toelichting=opname["toelichting"],
                kanaal=Kanaal(opname["kanaal"]) if opname["kanaal"] else None,
                volgnummer=opname["volgnummer"],
            ),
            spelregels=Blad(versie=blad["versie"], vingerafdruk=blad["vingerafdruk"], tekst=blad["tekst"]),
            toestemming=Toestemming(inhoud["regel_3"]["toestemming"]),
            voorwaarden=inhoud["regel_3"]["voorwaarden"],
        )


def _value(member: StrEnum | None) -> str:
    return member.value if member is not None else ""


def canonical(inhoud: Mapping[str, Any]) -> str:
    """The one text of a content: JSON, keys sorted, no spaces, ASCII. The order of keys does not matter."""
    return json.dumps(inhoud, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def content_hash(inhoud: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical text: 64 hexadecimal characters."""
    return hashlib.sha256(canonical(inhoud).encode("ascii")).hexdigest()


def prefill(*, versie: int, gemeente: str, gesprek: Gesprek, opname: Opname, spelregels: Blad) -> Inhoud:
    """A fresh form: the appointment, the answer that counts and the sheet in force, to the letter."""
    return Inhoud(versie=versie, gemeente=gemeente, gesprek=gesprek, opname=opname, spelregels=spelregels)


def refreshed(oud: Inhoud, nieuw: Inhoud) -> Inhoud:
    """An open form brought up to date. What was said about rule 3 stays for as long as the answer is the same."""
    if oud.opname.volgnummer >= nieuw.opname.volgnummer:
        # Changed at the table and not yet overtaken by a newer answer.
        nieuw = replace(nieuw, opname=oud.opname)
    if oud.opname == nieuw.opname and nieuw.opname.vraagt_toestemming:
        return replace(nieuw, toestemming=oud.toestemming, voorwaarden=oud.voorwaarden)
    return nieuw


def lapsed_by(getekend: Inhoud, nu: Inhoud) -> str:
    """Why a signed form no longer holds, in words for the medewerker; empty while it does.

    Another medewerker or a newer rules sheet is no reason: who signs stands with the signature, and the sheet
    that was signed stays the sheet that counts.
    """
    if nu.opname.volgnummer > getekend.opname.volgnummer:
        return "De cliënt heeft daarna een ander antwoord gegeven."
    if nu.gesprek.start_op.replace(microsecond=0) != getekend.gesprek.start_op:
        return "De afspraak is daarna verplaatst."
    if nu.gesprek.client_naam != getekend.gesprek.client_naam:
        return "De naam van de cliënt is daarna veranderd."
    return ""


class Gevolg(StrEnum):
    """What a change of the content does to a form."""

    NIETS = "niets"
    AANPASSEN = "aanpassen"
    NIEUWE_VERSIE = "nieuwe_versie"
    NIET_MOGELIJK = "niet_mogelijk"


def effect_of_change(stand: Stand, oud: Mapping[str, Any], nieuw: Mapping[str, Any]) -> Gevolg:
    """An open form is changed in place; a signature lapses with a change; a closed form does not change."""
    if canonical(oud) == canonical(nieuw):
        return Gevolg.NIETS
    if stand is Stand.OPEN:
        return Gevolg.AANPASSEN
    return Gevolg.NIEUWE_VERSIE if stand is Stand.CLIENT_GETEKEND else Gevolg.NIET_MOGELIJK


@dataclass(frozen=True, kw_only=True)
class Bezwaar:
    """Why something can't be done with a form now, and what can: never a reproach."""

    reden: str
    melding: str


_GESLOTEN_MELDING = {
    Stand.ONDERTEKEND: "Dit formulier is al ondertekend door beiden. Een verbetering is een nieuwe versie.",
    Stand.CLIENT_TEKENT_NIET: "Op dit formulier staat dat de cliënt niet wil tekenen. "
    "Wil de cliënt dat nu wel? Maak dan een nieuwe versie.",
    Stand.GEEN_OPNAME: "Op dit formulier staat dat er geen opname is. Is die er toch? Maak dan een nieuwe versie.",
    Stand.VERVALLEN: "Er is een nieuwere versie van dit formulier. Open die.",
}


def closed(stand: Stand) -> Bezwaar | None:
    """The reason why a form in an end state can't be signed or changed."""
    return Bezwaar(reden=stand.value, melding=_GESLOTEN_MELDING[stand]) if stand in GESLOTEN else None


def client_cannot_sign(stand: Stand, inhoud: Inhoud) -> Bezwaar | None:
    """What keeps the client from signing; None when they can."""
    if bezwaar := closed(stand):
        return bezwaar
    if stand is Stand.CLIENT_GETEKEND:
        return Bezwaar(reden="al_getekend", melding="De cliënt heeft dit formulier al getekend.")
    return _not_ready(inhoud)


def medewerker_cannot_sign(stand: Stand, inhoud: Inhoud) -> Bezwaar | None:
    """What keeps the medewerker from signing; None when they can. The client signs first."""
    if bezwaar := closed(stand):
        return bezwaar
    if bezwaar := _not_ready(inhoud):
        return bezwaar
    if stand is Stand.OPEN:
        return Bezwaar(
            reden="client_eerst", melding="De cliënt tekent eerst. Wil de cliënt niet tekenen? Kies dan die uitkomst."
        )
    return None


def _not_ready(inhoud: Inhoud) -> Bezwaar | None:
    if inhoud.opname.antwoord is not Antwoord.JA:
        return Bezwaar(
            reden="geen_opname_gemeld",
            melding="Op het formulier staat nog niet dat de cliënt opneemt. Leg dat eerst vast.",
        )
    if inhoud.toestemming_open:
        return Bezwaar(
            reden="toestemming_open",
            melding="De cliënt wil de opname delen met anderen. "
            "Dan zegt de medewerker eerst of dat mag (spelregel 3). Tekenen kan daarna, bij het gesprek.",
        )
    return None


def check_toestemming(toestemming: Toestemming, voorwaarden: str) -> tuple[Veldfout, ...]:
    """What is wrong with what the medewerker says about rule 3."""
    if toestemming is Toestemming.VOORWAARDEN and not voorwaarden.strip():
        return (Veldfout(veld="voorwaarden", code="leeg", melding="Vul in welke voorwaarden u stelt."),)
    if len(voorwaarden) > VOORWAARDEN_MAX:
        return (
            Veldfout(
                veld="voorwaarden",
                code="te_lang",
                melding=f"De tekst is {len(voorwaarden)} tekens. Maak hem korter: maximaal {VOORWAARDEN_MAX} tekens.",
            ),
        )
    return ()


def kern(inhoud: Inhoud) -> dict[str, str]:
    """The filled-in block as label and text, in reading order: on screen, on paper and in a comparison."""
    opname, gesprek = inhoud.opname, inhoud.gesprek
    regels = {
        "Naam cliënt": gesprek.client_naam,
        "Gesprek": datums.dag_tijd(gesprek.start_op),
        "Plaats": gesprek.plaats or VORM_WOORD.get(gesprek.vorm, gesprek.vorm),
        "Gesprek met": gesprek.medewerker_naam or "nog niet bekend",
        "Opname": ANTWOORD_WOORD[opname.antwoord] if opname.antwoord else "Geen antwoord",
    }
    if opname.antwoord in (Antwoord.JA, Antwoord.WEET_NIET):
        regels["Soort opname"] = describe_soorten(opname.soorten) or "niet genoemd"
        regels["Doel van de opname"] = doel_tekst(opname)
    if opname.vraagt_toestemming:
        regels["Delen met anderen (regel 3)"] = toestemming_tekst(inhoud)
    regels["Spelregels"] = f"versie {inhoud.spelregels.versie}"
    return regels


def doel_tekst(opname: Opname) -> str:
    """The purpose in words, with the client's own text."""
    if opname.doel is None:
        return "niet genoemd"
    woord = DOEL_WOORD[opname.doel]
    return f"{woord}: {opname.toelichting}" if opname.toelichting else woord


def toestemming_tekst(inhoud: Inhoud) -> str:
    """What the medewerker says about sharing, as a full sentence."""
    if inhoud.toestemming_open:
        return "de medewerker heeft hier nog niets over gezegd"
    zinnen = {
        Toestemming.NVT: "niet nodig",
        Toestemming.JA: "De medewerker geeft toestemming.",
        Toestemming.NEE: "De medewerker geeft geen toestemming.",
        Toestemming.VOORWAARDEN: f"De medewerker geeft toestemming onder voorwaarden: {inhoud.voorwaarden}",
    }
    return zinnen[inhoud.toestemming]


@dataclass(frozen=True, kw_only=True)
class Verschil:
    """One line of the form that is not what someone had on their screen."""

    label: str
    was: str
    is_nu: str


def differences(oud: Mapping[str, str], nieuw: Mapping[str, str]) -> tuple[Verschil, ...]:
    """What differs between two filled-in blocks (see :func:`kern`)."""
    labels = [*nieuw, *(label for label in oud if label not in nieuw)]
    return tuple(
        Verschil(label=label, was=oud.get(label, ""), is_nu=nieuw.get(label, ""))
        for label in labels
        if oud.get(label, "") != nieuw.get(label, "")
    )
