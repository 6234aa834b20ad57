"""Deliveries of planning systems and files, written."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from afspraken.domain import links
from afspraken.domain.gegevens import Afspraakgegevens
from afspraken.domain.lifecycle import Event, Status, next_status
from afspraken.flow import berichten, log
from afspraken.flow.plan.change import Teams, apply_change, cancel
from afspraken.flow.plan.compare import Besluit, decide, not_cancellable
from afspraken.flow.plan.outcome import PlanGeweigerd, Planresultaat, Uitkomst
from afspraken.flow.plan.people import Medewerkers, save_client
from afspraken.flow.plan.predict import voorspel
from afspraken.models import Afspraak, VroegeAnnulering
from notifications import api as post


def plan_afspraak(*, gegevens: Afspraakgegevens, actor: log.Actor, now: datetime) -> Planresultaat:
    """Plan, change or cancel one delivered appointment.

    Raises :class:`PlanGeweigerd` with every wrong field; nothing is written then.
    """
    try:
        return plan_afspraken(gegevens=[gegevens], actor=actor, now=now)[0]
    except IntegrityError:
        # Two deliveries of the same new appointment at once: the other one won, so now it exists.
        return plan_afspraken(gegevens=[gegevens], actor=actor, now=now)[0]


BATCH = 250
"""Rows per transaction of a large import: SQLite has one writer, and others must get their turn."""


def plan_afspraken(
    *,
    gegevens: Sequence[Afspraakgegevens],
    actor: log.Actor,
    now: datetime,
    voortgang: Callable[[int], None] | None = None,
) -> list[Planresultaat]:
    """Plan many deliveries: all of them, or, when one is refused, none.

    More than :data:`BATCH` rows are first checked as a whole and then written batch by batch. A process that
    dies in between leaves whole batches; the same rows again finish the rest and change nothing twice.
    ``voortgang`` is called with the number of rows done. Raises :class:`PlanGeweigerd` with ``rij`` the
    index of the refused one.
    """
    if len(gegevens) > BATCH:
        for index, seen in enumerate(voorspel(gegevens=gegevens, now=now)):
            if seen.fouten:
                raise PlanGeweigerd(seen.fouten, rij=index)
    results: list[Planresultaat] = []
    for start in range(0, len(gegevens), BATCH):
        batch = gegevens[start : start + BATCH]
        results.extend(_plan_batch(batch, start, actor=actor, now=now))
        if voortgang is not None:
            voortgang(len(results))
    return results


def _plan_batch(
    batch: Sequence[Afspraakgegevens], start: int, *, actor: log.Actor, now: datetime
) -> list[Planresultaat]:
    results = []
    with transaction.atomic():
        teams = Teams.load()
        medewerkers = Medewerkers(batch)
        for index, delivered in enumerate(batch):
            try:
                results.append(_plan_one(delivered, teams=teams, medewerkers=medewerkers, actor=actor, now=now))
            except PlanGeweigerd as refused:
                raise PlanGeweigerd(refused.fouten, rij=start + index) from None
    return results


def _plan_one(
    delivered: Afspraakgegevens,
    *,
    teams: Teams,
    medewerkers: Medewerkers,
    actor: log.Actor,
    now: datetime,
) -> Planresultaat:
    key = {"bron": delivered.bron, "extern_id": delivered.extern_id}
    bestaand = Afspraak.objects.select_for_update(of=("self",)).select_related("team", "client").filter(**key).first()
    grafsteen = VroegeAnnulering.objects.filter(**key).first() if bestaand is None else None
    besluit = decide(
        gegevens=delivered,
        bestaand=bestaand,
        grafsteen=grafsteen,
        medewerker_id=medewerkers.find(delivered),
        now=now,
        teams=teams.by_code,
    )
    if besluit.uitkomst is Uitkomst.GEWEIGERD:
        raise PlanGeweigerd(besluit.fouten)
    if besluit.uitkomst in (Uitkomst.GELIJK, Uitkomst.VEROUDERD):
        _note_version(bestaand, delivered, besluit)
        return Planresultaat(
            uitkomst=besluit.uitkomst,
            afspraak_id=bestaand.pk if bestaand else None,
            wijzigingen=besluit.wijzigingen,
        )
    if besluit.uitkomst is Uitkomst.GRAFSTEEN:
        _bury(
            bron=delivered.bron,
            extern_id=delivered.extern_id,
            versie=delivered.externe_versie,
            now=now,
        )
        return Planresultaat(uitkomst=Uitkomst.GRAFSTEEN)
    if bestaand is None:
        return _create(
            delivered,
            besluit,
            grafsteen,
            teams=teams,
            medewerkers=medewerkers,
            actor=actor,
            now=now,
        )
    if besluit.uitkomst is Uitkomst.GEANNULEERD:
        bestaand.externe_versie = _highest(bestaand.externe_versie, delivered.externe_versie)
        cancel(afspraak=bestaand, actor=actor, now=now)
    else:
        _change(bestaand, delivered, besluit, teams=teams, medewerkers=medewerkers, actor=actor, now=now)
    return Planresultaat(
        uitkomst=besluit.uitkomst,
        afspraak_id=bestaand.pk,
        wijzigingen=besluit.wijzigingen,
        berichten=_sent(bestaand),
    )


def _note_version(bestaand: Afspraak | None, delivered: Afspraakgegevens, besluit: Besluit) -> None:
    # The same facts under a higher version: remember the version, so that a later older one is refused.
    if bestaand is None or besluit.uitkomst is not Uitkomst.GELIJK:
        return
    highest = _highest(bestaand.externe_versie, delivered.externe_versie)
    if highest != bestaand.externe_versie:
        Afspraak.objects.filter(pk=bestaand.pk).update(externe_versie=highest)


def _create(
    delivered: Afspraakgegevens,
    besluit: Besluit,
    grafsteen: VroegeAnnulering | None,
    *,
    teams: Teams,
    medewerkers: Medewerkers,
    actor: log.Actor,
    now: datetime,
) -> Planresultaat:
    team = teams.by_code[delivered.team]
    sleutel = uuid.uuid4()
    afspraak = Afspraak(
        bron=delivered.bron,
        extern_id=delivered.extern_id,
        team=team,
        sleutel=sleutel,
        link_hash=links.hash_token(links.derive_token(sleutel, settings.LINK_KEY)),
        korte_code=links.derive_code(sleutel, settings.LINK_KEY),
        inloop=delivered.inloop,
        aangemaakt_op=now,
        gewijzigd_op=now,
    )
    _fill(afspraak, delivered, teams=teams, medewerkers=medewerkers)
    buried = besluit.uitkomst is Uitkomst.GEANNULEERD
    if buried:
        afspraak.status = Status.GEANNULEERD.value
        afspraak.geannuleerd_op = now
        afspraak.externe_versie = _highest(delivered.externe_versie, grafsteen.externe_versie if grafsteen else None)
    afspraak.save()
    if grafsteen is not None:
        grafsteen.delete()
    log.write(
        actie="afspraak.gepland",
        object_soort="afspraak",
        object_id=afspraak.pk,
        actor=actor,
        now=now,
        team_id=team.pk,
        details={"bron": delivered.bron, "status": afspraak.status},
    )
    if not buried:
        berichten.invite(afspraak=afspraak, now=now, regels=teams.rules(team.pk))
    return Planresultaat(
        uitkomst=besluit.uitkomst,
        afspraak_id=afspraak.pk,
        berichten=() if buried else _sent(afspraak),
    )


def _change(
    bestaand: Afspraak,
    delivered: Afspraakgegevens,
    besluit: Besluit,
    *,
    teams: Teams,
    medewerkers: Medewerkers,
    actor: log.Actor,
    now: datetime,
) -> None:
    old_start = bestaand.start_op
    if besluit.uitkomst is Uitkomst.HERPLAND:
        bestaand.status = next_status(bestaand.staat, Event.PLANNED_AGAIN).value
        bestaand.geannuleerd_op = None
        bestaand.uitgenodigd_op = None
        bestaand.herinnerd_op = None
    _fill(bestaand, delivered, teams=teams, medewerkers=medewerkers)
    log.write(
        actie="afspraak.herpland" if besluit.uitkomst is Uitkomst.HERPLAND else "afspraak.gewijzigd",
        object_soort="afspraak",
        object_id=bestaand.pk,
        actor=actor,
        now=now,
        team_id=bestaand.team_id,
        details={"velden": list(besluit.wijzigingen)},
    )
    apply_change(afspraak=bestaand, besluit=besluit, old_start=old_start, now=now, teams=teams)


def _fill(afspraak: Afspraak, delivered: Afspraakgegevens, *, teams: Teams, medewerkers: Medewerkers) -> None:
    team = teams.by_code[delivered.team]
    afspraak.client = save_client(delivered, afspraak.client if afspraak.pk else None)
    afspraak.team = team
    found = medewerkers.find_or_make(delivered, team)
    if found is not None:
        afspraak.medewerker_id = found
    afspraak.externe_versie = _highest(afspraak.externe_versie, delivered.externe_versie)
    for name in (
        "start_op",
        "eind_op",
        "onderwerp",
        "vorm",
        "locatie_naam",
        "locatie_adres",
        "locatie_ruimte",
    ):
        setattr(afspraak, name, getattr(delivered, name))


def _highest(first: int | None, second: int | None) -> int | None:
    known = [version for version in (first, second) if version is not None]
    return max(known) if known else None


def _sent(afspraak: Afspraak) -> tuple[berichten.Bericht, ...]:
    """What now waits in the outbox about this appointment."""
    return tuple(
        berichten.Bericht(kind=message.kind, channel=message.channel, due_at=message.due_at)
        for message in post.statuses_for([afspraak.onderwerp_sleutel]).get(afspraak.onderwerp_sleutel, [])
        if message.status is post.Status.QUEUED
    )


def _bury(*, bron: str, extern_id: str, versie: int | None, now: datetime) -> None:
    stone, made = VroegeAnnulering.objects.get_or_create(
        bron=bron, extern_id=extern_id, defaults={"externe_versie": versie, "ontvangen_op": now}
    )
    highest = _highest(stone.externe_versie, versie)
    if not made and highest != stone.externe_versie:
        stone.externe_versie = highest
        stone.save(update_fields=("externe_versie",))


def annuleer_afspraak(
    *, bron: str, extern_id: str, externe_versie: int | None, actor: log.Actor, now: datetime
) -> Planresultaat:
    """Cancel by external number. Idempotent; an older version is VEROUDERD; too early leaves a tombstone.

    Raises :class:`PlanGeweigerd` when the appointment is already finished or signed.
    """
    with transaction.atomic():
        bestaand = (
            Afspraak.objects.select_for_update(of=("self",))
            .select_related("team", "client")
            .filter(bron=bron, extern_id=extern_id)
            .first()
        )
        if bestaand is None:
            _bury(bron=bron, extern_id=extern_id, versie=externe_versie, now=now)
            return Planresultaat(uitkomst=Uitkomst.GRAFSTEEN)
        known = bestaand.externe_versie
        if externe_versie is not None and known is not None and externe_versie < known:
            return Planresultaat(uitkomst=Uitkomst.VEROUDERD, afspraak_id=bestaand.pk)
        if bestaand.staat is Status.GEANNULEERD:
            highest = _highest(known, externe_versie)
            Afspraak.objects.filter(pk=bestaand.pk).update(externe_versie=highest)
            return Planresultaat(uitkomst=Uitkomst.GELIJK, afspraak_id=bestaand.pk)
        if bestaand.staat not in _CANCELLABLE:
            raise PlanGeweigerd((not_cancellable(bestaand.staat),))
        bestaand.externe_versie = _highest(known, externe_versie)
        cancel(afspraak=bestaand, actor=actor, now=now)
        return Planresultaat(
            uitkomst=Uitkomst.GEANNULEERD,
            afspraak_id=bestaand.pk,
            wijzigingen=("status",),
            berichten=_sent(bestaand),
        )


_CANCELLABLE = frozenset({Status.GEPLAND, Status.UITGENODIGD, Status.BEANTWOORD})
