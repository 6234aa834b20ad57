"""At most one reminder, to clients who have not answered."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afspraken.domain import timing
from afspraken.domain.lifecycle import Status
from afspraken.flow import berichten
from afspraken.models import Afspraak
from notifications import api as post


def run(*, now: datetime) -> int:
    """Put the reminders of the coming day in the outbox; how many.

    An answer, a move or a cancellation supersedes a reminder that still waits.
    """
    reminded = 0
    rows = Afspraak.objects.filter(
        status=Status.UITGENODIGD.value,
        herinnerd_op__isnull=True,
        inloop=False,
        start_op__gt=now,
        start_op__lt=now + timing.INVITE_HORIZON,
    ).order_by("start_op")
    waiting = list(rows.values_list("pk", "team_id", "start_op", "uitgenodigd_op"))
    rules = berichten.regels_per_team({team_id for _, team_id, *_ in waiting}) if waiting else {}
    for pk, team_id, start_op, uitgenodigd_op in waiting:
        # Decided before any lock is taken: of thousands of invited clients a handful is due.
        if _due(start_op, uitgenodigd_op, rules[team_id], now) is not None:
            reminded += _remind_one(pk, rules[team_id], now)
    return reminded


def _due(start_op: datetime, uitgenodigd_op: datetime | None, regels: timing.Regels, now: datetime) -> datetime | None:
    """When the reminder goes out; None when there is none, or not within the coming day."""
    due = timing.remind_at(start_op=start_op, regels=regels, is_vrij=berichten.is_vrij)
    if due is None or uitgenodigd_op is None or due > now + timing.REMIND_AHEAD:
        return None
    moment = max(due, now)
    # Planned at night, the invitation itself only left in the morning.
    invited = post.first_allowed(uitgenodigd_op, deadline=timing.useful_until(start_op=start_op))
    return moment if timing.reminder_makes_sense(invited_op=invited, remind_op=moment) else None


def _remind_one(pk: int, regels: timing.Regels, now: datetime) -> int:
    with transaction.atomic():
        afspraak = (
            Afspraak.objects.select_for_update(of=("self",))
            .select_related("team", "client")
            .filter(pk=pk, status=Status.UITGENODIGD.value, herinnerd_op__isnull=True)
            .first()
        )
        if afspraak is None:
            return 0
        due = _due(afspraak.start_op, afspraak.uitgenodigd_op, regels, now)
        if due is None or not berichten.stuur(afspraak=afspraak, kind="herinnering", now=now, due_at=due):
            return 0
        afspraak.herinnerd_op = now
        afspraak.save(update_fields=("herinnerd_op",))
        return 1
