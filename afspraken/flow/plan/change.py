"""Changing an appointment and telling the client: shared by deliveries and by hand.

Every change that makes earlier messages untrue raises the generation, supersedes what still waits, and
sends the message that fits: to a client who was told before the change itself, to one who was not yet
told simply the invitation, with the new facts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from afspraken.domain import timing
from afspraken.domain.lifecycle import Event, Status, next_status
from afspraken.flow import berichten, log
from afspraken.flow.plan.compare import Besluit
from afspraken.models import Afspraak, Team
from notifications import api as post


@dataclass
class Teams:
    """The teams and their timing rules, read once per batch."""

    by_code: dict[str, Team] = field(default_factory=dict)
    regels: dict[int, timing.Regels] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Teams:
        """All active teams."""
        return cls(by_code={team.code: team for team in Team.objects.filter(actief=True)})

    def rules(self, team_id: int) -> timing.Regels:
        """The timing rules of a team; read on first use."""
        if team_id not in self.regels:
            self.regels[team_id] = berichten.regels_van(team_id)
        return self.regels[team_id]


def was_told(subject: str) -> bool:
    """Whether the client may have received anything about this appointment: sent, or on its way."""
    return bool(told_subjects([subject]))


def told_subjects(subjects: list[str]) -> set[str]:
    """The subjects about which something was sent or is on its way; one query per 500."""
    silent = {post.Status.QUEUED, post.Status.SUPERSEDED, post.Status.EXPIRED, post.Status.FAILED}
    told: set[str] = set()
    for start in range(0, len(subjects), 500):
        for subject, messages in post.statuses_for(subjects[start : start + 500]).items():
            if any(m.kind in ("uitnodiging", "herinnering", "verplaatst") and m.status not in silent for m in messages):
                told.add(subject)
    return told


def apply_change(*, afspraak: Afspraak, besluit: Besluit, old_start: datetime, now: datetime, teams: Teams) -> None:
    """Save a changed appointment and tell the client. ``afspraak`` holds the new values, unsaved."""
    if besluit.new_generation:
        afspraak.generatie += 1
        reminder_waits = berichten.vervang(afspraak=afspraak, now=now, kinds=frozenset({"herinnering"}))
        berichten.vervang(afspraak=afspraak, now=now)
        if reminder_waits:
            # The one reminder was never sent, so it may still come, for the new time.
            afspraak.herinnerd_op = None
    # Asked after superseding: what a worker had claimed but not yet sent is then no longer on its way.
    told = was_told(afspraak.onderwerp_sleutel)
    if besluit.new_generation and not told and afspraak.staat is Status.UITGENODIGD:
        # The invitation never left, and at the new time it may not be due yet: then the clock invites.
        afspraak.status = next_status(afspraak.staat, Event.PLANNED_AGAIN).value
        afspraak.uitgenodigd_op = None
    if afspraak.start_op != old_start:
        afspraak.vorige_start_op = old_start
        afspraak.verplaatst_op = now
    afspraak.gewijzigd_op = now
    afspraak.save()
    if besluit.new_generation:
        _tell(
            afspraak=afspraak,
            besluit=besluit,
            told=told,
            now=now,
            regels=teams.rules(afspraak.team_id),
        )


def _tell(*, afspraak: Afspraak, besluit: Besluit, told: bool, now: datetime, regels: timing.Regels) -> None:
    melding = besluit.melding
    if told and melding is not None and melding != "uitnodiging":
        if not berichten.stuur(afspraak=afspraak, kind=melding, now=now):
            berichten.meld_onbereikbaar(
                afspraak=afspraak,
                now=now,
                reden="Het gesprek is veranderd, maar er kan geen bericht naar deze cliënt.",
            )
        return
    # Not told before, or reached at an old address: the invitation holds everything. Who was told by SMS and
    # now has an e-mail address too gets no second SMS.
    only = besluit.changed_channels if told and besluit.address_changed else None
    berichten.invite(afspraak=afspraak, now=now, regels=regels, only=only)


def cancel(*, afspraak: Afspraak, actor: log.Actor, now: datetime) -> None:
    """Cancel, supersede what waits, and tell a client who was told before. Raises WrongMove when it can't be."""
    afspraak.status = next_status(afspraak.staat, Event.CANCELLED).value
    afspraak.generatie += 1
    afspraak.geannuleerd_op = now
    afspraak.gewijzigd_op = now
    afspraak.save()
    berichten.vervang(afspraak=afspraak, now=now)
    told = was_told(afspraak.onderwerp_sleutel)
    if told and not berichten.stuur(afspraak=afspraak, kind="geannuleerd", now=now) and afspraak.start_op > now:
        berichten.meld_onbereikbaar(
            afspraak=afspraak,
            now=now,
            reden="Het gesprek gaat niet door, maar er kan geen bericht naar deze cliënt.",
        )
    log.write(
        actie="afspraak.geannuleerd",
        object_soort="afspraak",
        object_id=afspraak.pk,
        actor=actor,
        now=now,
        team_id=afspraak.team_id,
    )
