"""Changes that a medewerker makes by hand in the pages."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from afspraken.domain.gegevens import MAX_DUUR, MAX_VOORUIT
from afspraken.domain.lifecycle import Event, Status, WrongMove, next_status
from afspraken.domain.voornemen import Veldfout
from afspraken.flow import log
from afspraken.flow.plan.change import Teams, apply_change, cancel
from afspraken.flow.plan.compare import Besluit, not_cancellable
from afspraken.flow.plan.outcome import PlanGeweigerd, Planresultaat, Uitkomst
from afspraken.models import Afspraak

BRON_HAND = "hand"
"""The source of appointments that people make in the pages; no system or file may deliver under it."""


def volgend_extern_id() -> str:
    """A number for an appointment made by hand: random, so that two people never clash."""
    return f"H-{secrets.token_hex(6)}"


def extern_id_van(verzonden: str) -> str:
    """The number that belongs to one page as it was sent: sent twice, it is the same appointment."""
    return f"H-{hashlib.sha256(verzonden.encode()).hexdigest()[:12]}"


def al_gemaakt(extern_id: str) -> int | None:
    """The appointment that was made by hand under this number before, whatever became of it since."""
    return Afspraak.objects.filter(bron=BRON_HAND, extern_id=extern_id).values_list("pk", flat=True).first()


def _locked(afspraak_id: int) -> Afspraak:
    return Afspraak.objects.select_for_update(of=("self",)).select_related("team", "client").get(pk=afspraak_id)


def verplaats_afspraak(
    *, afspraak_id: int, start_op: datetime, eind_op: datetime, actor: log.Actor, now: datetime
) -> Planresultaat:
    """Move an appointment. The answer stays and is marked "gegeven voor de oude tijd"; the client is told.

    Raises :class:`PlanGeweigerd` with the wrong fields.
    """
    with transaction.atomic():
        afspraak = _locked(afspraak_id)
        fouten = _check_move(afspraak, start_op, eind_op, now)
        if fouten:
            raise PlanGeweigerd(tuple(fouten))
        old_start, old_end = afspraak.start_op, afspraak.eind_op
        changes = tuple(
            name for name, old, new in (("start_op", old_start, start_op), ("eind_op", old_end, eind_op)) if old != new
        )
        if not changes:
            return Planresultaat(uitkomst=Uitkomst.GELIJK, afspraak_id=afspraak.pk)
        afspraak.start_op, afspraak.eind_op = start_op, eind_op
        melding = "verplaatst" if "start_op" in changes else None
        besluit = Besluit(uitkomst=Uitkomst.GEWIJZIGD, wijzigingen=changes, melding=melding)
        _log_change(afspraak, changes, actor, now)
        apply_change(afspraak=afspraak, besluit=besluit, old_start=old_start, now=now, teams=Teams.load())
        return Planresultaat(uitkomst=Uitkomst.GEWIJZIGD, afspraak_id=afspraak.pk, wijzigingen=changes)


def _check_move(afspraak: Afspraak, start_op: datetime, eind_op: datetime, now: datetime) -> list[Veldfout]:
    fouten = []
    try:
        next_status(afspraak.staat, Event.CANCELLED)
    except WrongMove:
        fouten.append(
            Veldfout(
                veld="status",
                code="niet_te_wijzigen",
                melding="Deze afspraak kan niet meer worden verplaatst.",
            )
        )
    if start_op <= now:
        fouten.append(
            Veldfout(
                veld="start_op",
                code="voorbij",
                melding="Deze tijd is voorbij. Kies een tijd die nog komt.",
            )
        )
    if start_op > now + MAX_VOORUIT:
        fouten.append(
            Veldfout(
                veld="start_op",
                code="te_ver",
                melding="Dit is meer dan 2 jaar vooruit. Controleer het jaartal.",
            )
        )
    if not timedelta(0) < eind_op - start_op <= MAX_DUUR:
        fouten.append(
            Veldfout(
                veld="eind_op",
                code="einde_voor_begin",
                melding="Het einde moet na het begin liggen, en hooguit 12 uur later.",
            )
        )
    return fouten


def wijs_toe(*, afspraak_id: int, medewerker_id: int | None, actor: log.Actor, now: datetime) -> Planresultaat:
    """Give the appointment to another medewerker; a client who was told of the meeting is told of it."""
    with transaction.atomic():
        afspraak = _locked(afspraak_id)
        if afspraak.medewerker_id == medewerker_id:
            return Planresultaat(uitkomst=Uitkomst.GELIJK, afspraak_id=afspraak.pk)
        # Of what is off there is nothing to tell, and the message that says so must not be withdrawn.
        goes_on = afspraak.staat is not Status.GEANNULEERD and afspraak.start_op > now
        replaced = afspraak.medewerker_id is not None and medewerker_id is not None
        afspraak.medewerker_id = medewerker_id
        melding = "andere_medewerker" if replaced and goes_on else None
        besluit = Besluit(uitkomst=Uitkomst.GEWIJZIGD, wijzigingen=("medewerker",), melding=melding)
        _log_change(afspraak, ("medewerker",), actor, now)
        apply_change(
            afspraak=afspraak,
            besluit=besluit,
            old_start=afspraak.start_op,
            now=now,
            teams=Teams.load(),
        )
        return Planresultaat(uitkomst=Uitkomst.GEWIJZIGD, afspraak_id=afspraak.pk, wijzigingen=("medewerker",))


def annuleer_met_hand(*, afspraak_id: int, actor: log.Actor, now: datetime) -> Planresultaat:
    """Cancel by hand; a second time changes nothing. Raises :class:`PlanGeweigerd` when it is too late."""
    with transaction.atomic():
        afspraak = _locked(afspraak_id)
        if afspraak.geannuleerd_op is not None:
            return Planresultaat(uitkomst=Uitkomst.GELIJK, afspraak_id=afspraak.pk)
        try:
            cancel(afspraak=afspraak, actor=actor, now=now)
        except WrongMove:
            raise PlanGeweigerd((not_cancellable(afspraak.staat),)) from None
        return Planresultaat(uitkomst=Uitkomst.GEANNULEERD, afspraak_id=afspraak.pk, wijzigingen=("status",))


def meld_niet_verschenen(*, afspraak_id: int, actor: log.Actor, now: datetime) -> None:
    """The client did not come. Before the start that can't be known: PlanGeweigerd."""

    def check(afspraak: Afspraak) -> None:
        if afspraak.start_op > now:
            raise PlanGeweigerd(
                (Veldfout(veld="status", code="te_vroeg", melding="Het gesprek is nog niet begonnen."),)
            )

    _finish(afspraak_id, Event.NOT_SHOWN, "afspraak.niet_verschenen", actor, now, check)


def rond_af(*, afspraak_id: int, actor: log.Actor, now: datetime) -> None:
    """The conversation is over. Without a signature this is a normal end."""
    _finish(afspraak_id, Event.FINISHED, "afspraak.afgerond", actor, now, None)


def _finish(
    afspraak_id: int,
    event: Event,
    actie: str,
    actor: log.Actor,
    now: datetime,
    check: Callable[[Afspraak], None] | None,
) -> None:
    with transaction.atomic():
        afspraak = _locked(afspraak_id)
        if check is not None:
            check(afspraak)
        try:
            afspraak.status = next_status(afspraak.staat, event).value
        except WrongMove:
            raise PlanGeweigerd(
                (
                    Veldfout(
                        veld="status",
                        code="past_niet",
                        melding=f"Dit kan niet: de afspraak is al {afspraak.staat.value.replace('_', ' ')}.",
                    ),
                )
            ) from None
        afspraak.gewijzigd_op = now
        afspraak.save(update_fields=("status", "gewijzigd_op"))
        log.write(
            actie=actie,
            object_soort="afspraak",
            object_id=afspraak.pk,
            actor=actor,
            now=now,
            team_id=afspraak.team_id,
        )


def _log_change(afspraak: Afspraak, changes: tuple[str, ...], actor: log.Actor, now: datetime) -> None:
    log.write(
        actie="afspraak.gewijzigd",
        object_soort="afspraak",
        object_id=afspraak.pk,
        actor=actor,
        now=now,
        team_id=afspraak.team_id,
        details={"velden": list(changes)},
    )
