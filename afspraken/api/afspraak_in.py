"""An appointment as a planning system sends it, and what is wrong with it: every field at once."""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from afspraken.api.problems import Fout, from_veldfout
from afspraken.api.velden import Email, Gevuld, Mobiel, Moment, Taal, Tekst, Versie, read_moment
from afspraken.domain.gegevens import (
    VORMEN,
    Afspraakgegevens,
    Clientgegevens,
    Medewerkergegevens,
    check,
)


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, frozen=True)


class LocatieIn(_In):
    """Waar het gesprek is."""

    naam: Tekst | None = Field(None, max_length=150, description="Naam van de plek.", examples=["Stadhuis"])
    adres: Tekst | None = Field(None, max_length=200, description="Straat en huisnummer.", examples=["Markt 1"])
    ruimte: Tekst | None = Field(None, max_length=50, description="Kamer of balie.", examples=["2.14"])


class ClientIn(_In):
    """De cliënt. Een BSN is niet nodig: staat er een in, dan laten wij het weg."""

    naam: Gevuld = Field(
        max_length=150, description="Naam van de cliënt, zoals die in een bericht komt.", examples=["A. Jansen"]
    )
    mobiel: Mobiel | None = Field(
        None,
        description="Nederlands mobiel nummer, in elke gangbare schrijfwijze. Een nummer uit een ander land mag alleen "
        "als de beheerder dat heeft toegevoegd.",
        examples=["0612345678"],
    )
    email: Email | None = Field(None, description="E-mailadres van de cliënt.", examples=["a.jansen@example.nl"])
    taal: Taal | None = Field(
        None, description="Taal van de berichten (BCP 47). Leeg of afwezig: Nederlands.", examples=["nl"]
    )
    extern_id: Tekst | None = Field(
        None, max_length=100, description="Uw eigen nummer van deze cliënt; nooit een BSN.", examples=["c-77"]
    )
    bereikbaar_via: Annotated[list[Literal["sms", "email"]], Field(max_length=10)] | None = Field(
        None,
        description="Kanalen waarvan de cliënt heeft laten weten zo bereikbaar te zijn. "
        "Afwezig: elk adres dat er staat telt.",
        examples=[["sms", "email"]],
    )


class MedewerkerIn(_In):
    """Met wie het gesprek is; mag ontbreken tot op de dag zelf."""

    naam: Gevuld = Field(max_length=100, description="Naam van de medewerker.", examples=["B. de Vries"])
    extern_id: Tekst | None = Field(
        None, max_length=100, description="Uw eigen nummer van deze medewerker.", examples=["m-12"]
    )
    email: Email | None = Field(
        None, description="E-mailadres van de medewerker op het werk.", examples=["b.devries@example.nl"]
    )


class AfspraakIn(_In):
    """Een afspraak zoals een planningssysteem die doorgeeft."""

    start: Moment = Field(description="Begin, met tijdzone (RFC 3339).")
    eind: Moment = Field(
        description="Einde, met tijdzone (RFC 3339); na het begin, hooguit 12 uur later.",
        examples=["2026-12-03T09:45:00Z"],
    )
    onderwerp: Gevuld = Field(
        max_length=200,
        description="Neutrale omschrijving: zonder wet, uitkering of zaaknummer.",
        examples=["gesprek met de gemeente"],
    )
    team: Gevuld = Field(max_length=40, description="Code van het team.", examples=["wmo"])
    client: ClientIn
    externe_versie: Versie | None = Field(
        None, description="Hoger bij elke wijziging. Een lagere versie dan wij hebben geeft 409.", examples=[3]
    )
    vorm: Literal["balie", "huisbezoek", "telefoon", "beeldbellen"] | None = Field(
        None, description="Afwezig: balie.", examples=["balie"]
    )
    locatie: LocatieIn | None = None
    medewerker: MedewerkerIn | None = None

    def to_gegevens(self, *, bron: str, extern_id: str) -> Afspraakgegevens:
        """As the flow takes it."""
        locatie = self.locatie or LocatieIn.model_construct()
        client = self.client
        via = None if client.bereikbaar_via is None else frozenset[str](client.bereikbaar_via)
        return Afspraakgegevens(
            bron=bron,
            extern_id=extern_id,
            externe_versie=self.externe_versie,
            start_op=self.start,
            eind_op=self.eind,
            onderwerp=self.onderwerp,
            team=self.team,
            vorm=self.vorm or VORMEN[0],
            locatie_naam=locatie.naam or "",
            locatie_adres=locatie.adres or "",
            locatie_ruimte=locatie.ruimte or "",
            client=Clientgegevens(
                naam=client.naam,
                mobiel=client.mobiel or "",
                email=client.email or "",
                taal=client.taal or "nl",
                extern_id=client.extern_id or "",
                bereikbaar_via=via,
            ),
            medewerker=_medewerker(self.medewerker),
        )


def _medewerker(delivered: MedewerkerIn | None) -> Medewerkergegevens | None:
    if delivered is None:
        return None
    return Medewerkergegevens(naam=delivered.naam, extern_id=delivered.extern_id or "", email=delivered.email or "")


class AnnuleringIn(_In):
    """Wanneer de afspraak niet doorgaat."""

    externe_versie: Versie | None = Field(None, description="Versie van de annulering.", examples=[4])


def _fields(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


KNOWN: dict[str, list[str]] = {
    "": _fields(AfspraakIn),
    "/client": _fields(ClientIn),
    "/locatie": _fields(LocatieIn),
    "/medewerker": _fields(MedewerkerIn),
}
"""The fields of each object, for a refusal that says which names there are."""


# --- Everything that is wrong, at once ------------------------------------------------------------

_STAND_IN: dict[str, Any] = {
    "onderwerp": "gesprek",
    "team": "x",
    "client": {"naam": "x"},
    "client/naam": "x",
    "medewerker/naam": "x",
}


def all_fouten(
    data: Any, shape: Sequence[Fout], *, bron: str, extern_id: str, teams: Collection[str], now: datetime
) -> list[Fout]:
    """The faults of shape, plus those the rules find in the fields whose shape is right.

    Wrong fields get a stand-in for the second look, and what the rules say about a stand-in is left out.
    """
    wrong = {fout.pointer.removeprefix("/") for fout in shape if fout.plek == "body"}
    gegevens = _repaired(data, wrong, now=now, bron=bron, extern_id=extern_id)
    if gegevens is None:
        return list(shape)
    found = [from_veldfout(fout) for fout in check(gegevens, now=now, teams=teams)]
    if "start" in wrong:
        wrong.add("eind")
    in_path = {fout.veld for fout in shape if fout.plek == "path"}
    return [
        *shape,
        *(
            fout
            for fout in found
            if not (_covered(fout.pointer.removeprefix("/"), wrong) if fout.plek == "body" else fout.veld in in_path)
        ),
    ]


def _covered(place: str, wrong: set[str]) -> bool:
    return any(place == each or place.startswith(f"{each}/") for each in wrong)


def _repaired(data: Any, wrong: set[str], *, now: datetime, bron: str, extern_id: str) -> Afspraakgegevens | None:
    if not isinstance(data, dict) or "" in wrong:
        return None
    candidate = copy.deepcopy(data)
    for place in sorted(wrong):
        _replace(candidate, place)
    if "start" in wrong or "eind" in wrong:
        _set_moments(candidate, wrong, now)
    try:
        return AfspraakIn.model_validate(candidate).to_gegevens(bron=bron, extern_id=extern_id)
    except ValidationError:
        return None


def _replace(candidate: dict[str, Any], place: str) -> None:
    *parents, name = place.split("/")
    target: Any = candidate
    for parent in parents:
        target = target.get(parent) if isinstance(target, dict) else None
    if isinstance(target, list):
        # A wrong item of a list: the whole list is left out.
        _replace(candidate, "/".join(parents))
    elif isinstance(target, dict):
        target.pop(name, None)
        if place in _STAND_IN:
            target[name] = copy.deepcopy(_STAND_IN[place])


def _set_moments(candidate: dict[str, Any], wrong: set[str], now: datetime) -> None:
    start = now + timedelta(days=1) if "start" in wrong else read_moment(candidate.get("start"))
    candidate["start"] = start.isoformat()
    candidate["eind"] = (start + timedelta(minutes=30)).isoformat()
