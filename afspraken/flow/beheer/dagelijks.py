"""Work that comes back: the worklist, and the switch that stops all sending."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afspraken.flow import log
from afspraken.flow.beheer.fouten import geweigerd
from afspraken.flow.log import Actor
from afspraken.models import Werkpunt
from notifications import api as post


def handel_werkpunt_af(*, werkpunt_id: int, notitie: str, actor: Actor, now: datetime) -> bool:
    """Note what was done about an entry; False when a colleague did it before. Raises :class:`BeheerGeweigerd`."""
    notitie = " ".join(notitie.split())
    if not notitie:
        raise geweigerd("notitie", "leeg", "Schrijf kort op wat u heeft gedaan, zoals: gebeld, regels verteld.")
    if len(notitie) > 300:
        raise geweigerd("notitie", "te_lang", "Gebruik ten hoogste 300 tekens.")
    with transaction.atomic():
        punt = Werkpunt.objects.select_for_update().get(pk=werkpunt_id)
        if punt.afgehandeld_op is not None:
            return False
        punt.afgehandeld_op = now
        punt.afgehandeld_door_id = actor.gebruiker_id
        punt.notitie = notitie
        punt.save(update_fields=("afgehandeld_op", "afgehandeld_door", "notitie"))
        log.write(
            actie="werkpunt.afgehandeld",
            object_soort="werkpunt",
            object_id=punt.pk,
            actor=actor,
            now=now,
            team_id=punt.team_id,
            details={"afspraak": punt.afspraak_id},
        )
    return True


def pauzeer_berichten(*, actor: Actor, now: datetime) -> bool:
    """Stop all sending, for every team; False when it was stopped already. Nothing is lost: messages wait."""
    with transaction.atomic():
        if post.sending_paused() is not None:
            return False
        post.pause_sending(now=now, by=actor.id)
        log.write(actie="berichten.gepauzeerd", object_soort="berichten", object_id="alle", actor=actor, now=now)
    return True


def hervat_berichten(*, actor: Actor, now: datetime) -> bool:
    """Let sending go on; False when it went on already."""
    with transaction.atomic():
        if post.sending_paused() is None:
            return False
        post.resume_sending(now=now)
        log.write(actie="berichten.hervat", object_soort="berichten", object_id="alle", actor=actor, now=now)
    return True
