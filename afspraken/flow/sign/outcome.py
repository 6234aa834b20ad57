"""Ends without two signatures: both are normal, neither keeps anyone from recording."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from afspraken.domain import formulier as regels
from afspraken.domain.formulier import Stand
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Kanaal
from afspraken.flow import answer, log
from afspraken.flow.sign.base import (
    TekenenNietMogelijk,
    lock_formulier,
    refuse,
    refuse_if_over,
    stand_of,
    write_log,
)
from afspraken.models import Afspraak, Formulier, FormulierStatus


def client_tekent_niet(*, formulier_id: int, gebruiker_id: int, actor: log.Actor, now: datetime) -> None:
    """The client would rather not sign. They may still record; the form says so and is closed."""
    with transaction.atomic():
        afspraak, formulier = lock_formulier(formulier_id)
        if stand_of(formulier) is Stand.CLIENT_TEKENT_NIET:
            return
        refuse_if_over(afspraak)
        if stand_of(formulier) is Stand.CLIENT_GETEKEND:
            raise TekenenNietMogelijk(
                "al_getekend",
                "De cliënt heeft dit formulier al getekend. Moet er iets anders op? Maak een nieuwe versie.",
            )
        refuse(regels.closed(stand_of(formulier)))
        _end(afspraak, formulier, FormulierStatus.CLIENT_TEKENT_NIET, gebruiker_id, actor, now)


def geen_opname(*, formulier_id: int, gebruiker_id: int, actor: log.Actor, now: datetime) -> None:
    """The client does not record after all: closes the form and records the spoken answer nee."""
    with transaction.atomic():
        afspraak, formulier = lock_formulier(formulier_id)
        if stand_of(formulier) is Stand.GEEN_OPNAME:
            return
        refuse_if_over(afspraak)
        refuse(regels.closed(stand_of(formulier)))
        # The appointment may be over by the clock: then the form alone says it.
        with suppress(answer.AntwoordNietMogelijk):
            answer.record_antwoord(
                afspraak_id=afspraak.pk,
                gegevens=Antwoordgegevens(antwoord=Antwoord.NEE),
                kanaal=Kanaal.MONDELING,
                taal="nl",
                actor=actor,
                now=now,
                bevestig=False,
                gebruiker_id=gebruiker_id,
            )
        _end(afspraak, formulier, FormulierStatus.GEEN_OPNAME, gebruiker_id, actor, now)


def _end(
    afspraak: Afspraak,
    formulier: Formulier,
    status: FormulierStatus,
    gebruiker_id: int,
    actor: log.Actor,
    now: datetime,
) -> None:
    formulier.status = status.value
    formulier.afgesloten_op = now
    formulier.afgesloten_door_id = gebruiker_id
    formulier.save(update_fields=("status", "afgesloten_op", "afgesloten_door"))
    write_log(f"formulier.{status.value}", formulier, afspraak, actor, now)
