"""``/afspraken/{bron}/{externId}``: give us an appointment, read it back, cancel it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Path, Router
from ninja.responses import Status as Answer

from afspraken.api import intake
from afspraken.api.afspraak_in import AfspraakIn, AnnuleringIn, all_fouten
from afspraken.api.afspraak_uit import AfspraakUit, ResultaatUit, describe, describe_result
from afspraken.api.auth import LEZEN, SCHRIJVEN, ApiKey, Beller, caller
from afspraken.api.problems import Fout, Problem, from_veldfout
from afspraken.api.velden import BRON_PATTERN, EXTERN_ID_PATTERN
from afspraken.domain.gegevens import Afspraakgegevens
from afspraken.domain.voornemen import Veldfout
from afspraken.flow import plan
from afspraken.flow.plan import PlanGeweigerd, Planresultaat, Uitkomst
from afspraken.models import Afspraak

router = Router(tags=["afspraken"])

Bron = Annotated[
    str,
    Path(
        pattern=BRON_PATTERN,
        description="Naam van uw systeem: letters, cijfers, punt, streepje of laag streepje.",
        examples=["jcc"],
    ),
]
ExternId = Annotated[
    str,
    Path(
        alias="externId",
        pattern=EXTERN_ID_PATTERN,
        description="Het nummer van de afspraak in uw systeem; nooit een BSN.",
        examples=["A2026-0001"],
    ),
]
_PATH = "/{bron}/{externId}"
_ONZE_BRON = f"De bron '{plan.BRON_HAND}' is van onze eigen schermen. Gebruik de naam van uw systeem."


@router.put(
    _PATH,
    auth=ApiKey(SCHRIJVEN),
    response={200: ResultaatUit, 201: ResultaatUit},
    by_alias=True,
    operation_id="zetAfspraak",
    summary="Geef een afspraak door, nieuw of gewijzigd",
)
def zet_afspraak(
    request: HttpRequest, response: HttpResponse, bron: Bron, extern_id: ExternId, afspraak: AfspraakIn
) -> Answer[ResultaatUit]:
    """Hetzelfde bericht mag u zo vaak sturen als u wilt: bij gelijke gegevens verandert er niets.

    Stuur bij elke wijziging een hogere `externeVersie` mee. Berichten mogen dan in een andere volgorde
    aankomen: een oudere versie dan wij hebben geeft 409 en verandert niets. Na een annulering plant een
    hogere versie de afspraak opnieuw. De cliënt krijgt vanzelf bericht van een nieuwe, verplaatste of
    vervallen afspraak.
    """
    beller = caller(request)
    gegevens = afspraak.to_gegevens(bron=bron, extern_id=extern_id)
    _refuse_team(request, beller, afspraak, bron=bron, extern_id=extern_id)
    try:
        known, result = _plan(beller, gegevens)
    except _NetNieuw:
        known, result = _plan(beller, gegevens)
    _refuse_old(result, afspraak.externe_versie, known)
    weggelaten = intake.received(request).weggelaten
    body = describe_result(result, bron=bron, extern_id=extern_id, weggelaten=weggelaten)
    if known is not None:
        return Answer(200, body)
    # The path is what the address means; in a header it is written as an address again.
    response["Location"] = quote(request.path)
    return Answer(201, body)


@router.get(
    _PATH,
    auth=ApiKey(LEZEN),
    response=AfspraakUit,
    by_alias=True,
    operation_id="leesAfspraak",
    summary="Lees een afspraak, met wat de cliënt liet weten",
)
def lees_afspraak(request: HttpRequest, bron: Bron, extern_id: ExternId) -> AfspraakUit:
    """De afspraak zelf, wat de cliënt liet weten, hoe het met de berichten staat, en het formulier.

    Geen antwoord betekent niet dat de cliënt niet opneemt.
    """
    found = (
        Afspraak.objects.select_related("team", "client", "medewerker").filter(bron=bron, extern_id=extern_id).first()
    )
    if found is None or not caller(request).may_see(found.team.code):
        raise _not_found()
    return describe(found)


@router.post(
    f"{_PATH}/annulering",
    auth=ApiKey(SCHRIJVEN),
    response=ResultaatUit,
    by_alias=True,
    operation_id="annuleerAfspraak",
    summary="De afspraak gaat niet door",
)
def annuleer_afspraak(
    request: HttpRequest, bron: Bron, extern_id: ExternId, annulering: AnnuleringIn | None = None
) -> ResultaatUit:
    """Twee keer annuleren geeft twee keer 200. Komt de annulering eerder aan dan de afspraak zelf, dan onthouden
    wij haar (uitkomst `grafsteen`): een afspraak met een lagere versie die daarna nog komt, gaat niet door.
    """
    beller = caller(request)
    versie = annulering.externe_versie if annulering else None
    with transaction.atomic():
        known = _refuse_other_team(beller, bron, extern_id)
        try:
            result = plan.annuleer_afspraak(
                bron=bron, extern_id=extern_id, externe_versie=versie, actor=beller.actor, now=beller.now
            )
        except PlanGeweigerd as refused:
            raise _refusal(refused.fouten) from None
    _refuse_old(result, versie, known)
    return describe_result(result, bron=bron, extern_id=extern_id, weggelaten=intake.received(request).weggelaten)


class _NetNieuw(Exception):
    """Another message made this appointment while we were looking: look again, at its team too."""


def _plan(beller: Beller, gegevens: Afspraakgegevens) -> tuple[Afspraak | None, Planresultaat]:
    """Plan in one transaction with the check of the team; gives the appointment as it was before, too."""
    with transaction.atomic():
        known = _refuse_other_team(beller, gegevens.bron, gegevens.extern_id)
        try:
            result = plan.plan_afspraak(gegevens=gegevens, actor=beller.actor, now=beller.now)
        except PlanGeweigerd as refused:
            raise _refusal(refused.fouten) from None
        # A cancellation that came first makes a new one cancelled at once; anything else new is NIEUW.
        if known is None and result.uitkomst not in (Uitkomst.NIEUW, Uitkomst.GEANNULEERD):
            raise _NetNieuw
    return known, result


def _not_found() -> Problem:
    return Problem(404, "Deze afspraak kennen wij niet, of hij is van een team waar deze sleutel niet voor geldt.")


def _refuse_team(request: HttpRequest, beller: Beller, afspraak: AfspraakIn, *, bron: str, extern_id: str) -> None:
    """A team this key does not work for is 403, named, with whatever else is wrong."""
    if beller.may_see(afspraak.team):
        return
    codes = beller.team_codes()
    team = Fout(
        plek="body",
        veld="team",
        pointer="/team",
        code="team_niet_toegestaan",
        melding=f"Deze sleutel geldt niet voor dit team. Teams die u kunt gebruiken: {', '.join(codes) or 'geen'}.",
    )
    data = intake.received(request).data
    fouten = all_fouten(data, [team], bron=bron, extern_id=extern_id, teams=codes, now=beller.now)
    raise Problem(403, "Deze sleutel mag geen afspraken van dit team doorgeven.", fouten=fouten)


def _refuse_other_team(beller: Beller, bron: str, extern_id: str) -> Afspraak | None:
    """The appointment as we have it; one of another team looks as if it did not exist.

    What people made by hand in the pages is theirs: no system speaks for them.
    """
    if bron == plan.BRON_HAND:
        raise Problem(400, _ONZE_BRON, fouten=[Fout(plek="path", veld="bron", code="eigen_bron", melding=_ONZE_BRON)])
    known = Afspraak.objects.select_related("team").filter(bron=bron, extern_id=extern_id).first()
    if known is not None and not beller.may_see(known.team.code):
        raise _not_found()
    return known


def _refusal(fouten: tuple[Veldfout, ...]) -> Problem:
    if all(fout.veld == "status" for fout in fouten):
        return Problem(409, " ".join(fout.melding for fout in fouten))
    return Problem(
        400,
        "Een of meer velden kloppen niet; er is niets bewaard. Kijk bij 'fouten' wat u moet verbeteren.",
        fouten=[from_veldfout(fout) for fout in fouten],
    )


def _refuse_old(result: Planresultaat, sent: int | None, known: Afspraak | None) -> None:
    if result.uitkomst is not Uitkomst.VEROUDERD:
        return
    bekend = known.externe_versie if known is not None else None
    if "status" in result.wijzigingen:
        detail = "Deze afspraak is geannuleerd. Stuur een hogere externeVersie om hem opnieuw te plannen."
    else:
        detail = f"U stuurde versie {sent}, maar wij hebben al versie {bekend}. Er is niets veranderd."
    raise Problem(409, detail, extra={"bekendeVersie": bekend})
