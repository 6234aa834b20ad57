"""At most one reminder, to clients who have not answered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afspraken.domain import timing
from afspraken.domain.lifecycle import Status
from afspraken.flow import berichten
from afspraken.models import Afspraak


def run(*, now: datetime) -> int:
    """Put the reminders of the coming day in the outbox; how many.

    An answer, a move or a cancellation supersedes a reminder that still waits.
    """
    rules: dict[int, timing.Regels] = {}
    reminded = 0
    rows = Afspraak.objects.filter(
        status=Status.UITGENODIGD.value,
        herinnerd_op__isnull=True,
        inloop=False,
        start_op__gt=now,
        start_op__lt=now + timing.INVITE_HORIZON,
    ).order_by("start_op")
    for pk, team_id in rows.values_list("pk", "team_id"):
        regels = rules.setdefault(team_id, berichten.regels_van(team_id))
        reminded += _remind_one(pk, regels, now)
    return reminded


def _remind_one(pk: int, regels: timing.Regels, now: datetime) -> int:
    with transaction.atomic():
        afspraak = (
            Afspraak.objects.select_for_update(of=("self",))
            .select_related("team", "client")
            .filter(pk=pk, status=Status.UITGENODIGD.value, herinnerd_op__isnull=True)
            .first()
        )
        if afspraak is None or afspraak.uitgenodigd_op is None:
            return 0
        due = timing.remind_at(start_op=afspraak.start_op, regels=regels, is_vrij=berichten.is_vrij)
        if due is None or due > now + timing.REMIND_AHEAD:
            return 0
        if not timing.reminder_makes_sense(invited_op=afspraak.uitgenodigd_op, remind_op=max(due, now)):
            return 0
        if not berichten.stuur(afspraak=afspraak, kind="herinnering", now=now, due_at=max(due, now)):
            return 0
        afspraak.herinnerd_op = now
        afspraak.save(update_fields=("herinnerd_op",))
        return 1
