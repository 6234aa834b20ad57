"""Invitations whose day has come: for appointments that were planned long before."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from afspraken.domain import timing
from afspraken.domain.lifecycle import Event, Status, next_status
from afspraken.domain.voornemen import Veldfout
from afspraken.flow import berichten, log
from afspraken.flow.plan.outcome import PlanGeweigerd
from afspraken.models import Afspraak, Werkpunt


def run(*, now: datetime) -> int:
    """Invite everyone who is due now; how many were invited.

    Asks "who is due?", so a missed run heals itself. Each appointment is its own transaction: one that
    fails keeps the others from nothing.
    """
    candidates = _candidates(now)
    rules = berichten.regels_per_team({team_id for _, team_id, _ in candidates}) if candidates else {}
    invited = 0
    for pk, team_id, start_op in candidates:
        due = timing.invite_at(start_op=start_op, now=now, regels=rules[team_id], is_vrij=berichten.is_vrij)
        # Decided before any lock is taken: most appointments are still too far away.
        if due <= now:
            invited += _invite_one(pk, rules[team_id], now)
    return invited


def _candidates(now: datetime) -> list[tuple[int, int, datetime]]:
    # The widest window a team may choose; the exact day is decided per team.
    waiting = Afspraak.objects.filter(
        status=Status.GEPLAND.value,
        inloop=False,
        start_op__gt=now,
        start_op__lt=now + timing.INVITE_HORIZON,
    )
    listed = Werkpunt.objects.filter(sleutel__startswith="onbereikbaar/", afgehandeld_op__isnull=True)
    waiting = waiting.exclude(pk__in=listed.values("afspraak_id"))
    return list(waiting.order_by("start_op").values_list("pk", "team_id", "start_op"))


def _invite_one(pk: int, regels: timing.Regels, now: datetime) -> int:
    with transaction.atomic():
        afspraak = (
            Afspraak.objects.select_for_update(of=("self",))
            .select_related("team", "client")
            .filter(pk=pk, status=Status.GEPLAND.value)
            .first()
        )
        if afspraak is None:
            return 0
        return 1 if berichten.invite(afspraak=afspraak, now=now, regels=regels) else 0


def again(*, afspraak_id: int, actor: log.Actor, now: datetime) -> list[UUID]:
    """Invite once more, by hand, someone who has not answered; the ids of the messages.

    Earlier messages no longer hold: what still waits is superseded. Raises :class:`PlanGeweigerd` when there is
    nothing to invite to. An empty list means that nobody can be reached, or that it is too late to be of use.
    """
    with transaction.atomic():
        afspraak = Afspraak.objects.select_for_update(of=("self",)).select_related("team", "client").get(pk=afspraak_id)
        if afspraak.staat not in {Status.GEPLAND, Status.UITGENODIGD} or afspraak.start_op <= now:
            melding = "Opnieuw uitnodigen kan niet: de cliënt heeft al geantwoord, of het gesprek is voorbij."
            raise PlanGeweigerd((Veldfout(veld="status", code="past_niet", melding=melding),))
        afspraak.generatie += 1
        afspraak.gewijzigd_op = now
        afspraak.save(update_fields=("generatie", "gewijzigd_op"))
        berichten.vervang(afspraak=afspraak, now=now)
        ids = berichten.stuur(afspraak=afspraak, kind="uitnodiging", now=now)
        if ids:
            afspraak.status = next_status(afspraak.staat, Event.INVITED).value
            afspraak.uitgenodigd_op = now
            afspraak.save(update_fields=("status", "uitgenodigd_op"))
        log.write(
            actie="afspraak.opnieuw_uitgenodigd",
            object_soort="afspraak",
            object_id=afspraak.pk,
            actor=actor,
            now=now,
            team_id=afspraak.team_id,
            details={"berichten": len(ids)},
        )
        return ids
