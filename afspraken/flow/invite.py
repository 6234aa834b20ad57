"""Invitations whose day has come: for appointments that were planned long before."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afspraken.domain import timing
from afspraken.domain.lifecycle import Status
from afspraken.flow import berichten
from afspraken.models import Afspraak, Werkpunt


def run(*, now: datetime) -> int:
    """Invite everyone who is due now; how many were invited.

    Asks "who is due?", so a missed run heals itself. Each appointment is its own transaction: one that
    fails keeps the others from nothing.
    """
    rules: dict[int, timing.Regels] = {}
    invited = 0
    for pk, team_id in _candidates(now):
        regels = rules.setdefault(team_id, berichten.regels_van(team_id))
        invited += _invite_one(pk, regels, now)
    return invited


def _candidates(now: datetime) -> list[tuple[int, int]]:
    # The widest window a team may choose; the exact day is decided per team.
    waiting = Afspraak.objects.filter(
        status=Status.GEPLAND.value,
        inloop=False,
        start_op__gt=now,
        start_op__lt=now + timing.INVITE_HORIZON,
    )
    listed = Werkpunt.objects.filter(sleutel__startswith="onbereikbaar/", afgehandeld_op__isnull=True)
    waiting = waiting.exclude(pk__in=listed.values("afspraak_id"))
    return list(waiting.order_by("start_op").values_list("pk", "team_id"))


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
