"""``/spelregels/actueel``: the rules in force, as data. Public, as the page with the rules is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.params.functions import Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from afspraken.api import intake
from afspraken.api.afspraak_uit import Moment
from afspraken.api.auth import refuse_key_in_address
from afspraken.api.problems import Fout, Problem
from afspraken.api.velden import Taal
from afspraken.domain import spelregels
from afspraken.flow import berichten
from afspraken.models import Team

router = Router(tags=["spelregels"])
_TAAL: Any = Query("nl", description="Gewenste taal (BCP 47).", example="nl")
_TEAM: Any = Query(None, max_length=40, description="Code van een team met eigen spelregels.", example="wmo")


class RegelUit(BaseModel):
    """Een regel van het blad."""

    nummer: int = Field(description="Nummer van de regel op het blad.")
    tekst: str = Field(description="De regel zelf.")


class SpelregelsUit(BaseModel):
    """De spelregels die nu gelden."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    versie: int = Field(description="Volgnummer van het blad.")
    team: str | None = Field(description="Code van het team; `null` bij spelregels voor alle teams.")
    taal: str = Field(description="De taal van dit antwoord: de gevraagde, of nl als er geen vertaling is.")
    vertaling: bool = Field(description="Of dit een vertaling is. Alleen de Nederlandse tekst is officieel.")
    titel: str = Field(description="Titel van het blad.")
    regels: list[RegelUit] = Field(description="De regels, in volgorde.")
    tekst: str = Field(description="De hele tekst; in het Nederlands letterlijk de officiële.")
    in_het_kort: str = Field(description="Hetzelfde in gewone taal.")
    vingerafdruk: str = Field(description="SHA-256 van de officiële Nederlandse tekst.")
    gepubliceerd_op: Moment | None = Field(description="Wanneer deze versie is gepubliceerd.")


@router.get(
    "/actueel",
    auth=None,
    response=SpelregelsUit,
    by_alias=True,
    operation_id="leesSpelregels",
    summary="Lees de spelregels die nu gelden",
)
def lees_spelregels(
    request: HttpRequest,
    taal: Taal = _TAAL,
    team: str | None = _TEAM,
) -> SpelregelsUit:
    """Zonder sleutel te lezen: de spelregels zijn openbaar. Is er geen vertaling, dan krijgt u de Nederlandse tekst."""
    refuse_key_in_address(request)
    intake.check_headers(request)
    team_id = _team_id(team)
    sheet = berichten.geldende_spelregels(team_id)
    if sheet is None:
        raise Problem(404, "Er zijn nog geen spelregels gepubliceerd.")
    vertaling = sheet.vertalingen.filter(taal=taal).exclude(tekst="").first() if taal != "nl" else None
    tekst = sheet.tekst if vertaling is None else vertaling.tekst
    parsed = spelregels.parse(tekst)
    return SpelregelsUit(
        versie=sheet.nummer,
        team=sheet.team.code if sheet.team else None,
        taal="nl" if vertaling is None else taal,
        vertaling=vertaling is not None,
        titel=parsed.titel,
        regels=[RegelUit(nummer=regel.nummer, tekst=regel.tekst) for regel in parsed.regels],
        tekst=tekst,
        in_het_kort=berichten.sheet_short(sheet, "nl" if vertaling is None else taal),
        vingerafdruk=sheet.vingerafdruk,
        gepubliceerd_op=sheet.gepubliceerd_op,
    )


def _team_id(code: str | None) -> int | None:
    if code is None:
        return None
    team = Team.objects.filter(code=code, actief=True).values_list("pk", flat=True).first() if _plain(code) else None
    if team is None:
        raise Problem(
            400,
            "Dit team kennen we niet.",
            fouten=[
                Fout(
                    plek="query",
                    veld="team",
                    code="onbekend_team",
                    melding="Dit team bestaat niet. Laat 'team' weg voor de spelregels die voor alle teams gelden.",
                )
            ],
        )
    return team


def _plain(code: str) -> bool:
    # PostgreSQL refuses a look-up with a NUL in it.
    return code.isprintable()
