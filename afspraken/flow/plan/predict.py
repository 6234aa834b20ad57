"""The preview: what a set of deliveries would do, without writing anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from afspraken.domain import timing
from afspraken.domain.gegevens import Afspraakgegevens
from afspraken.flow import berichten
from afspraken.flow.plan.change import Teams, told_subjects
from afspraken.flow.plan.compare import Besluit, decide, via
from afspraken.flow.plan.outcome import Planresultaat, Uitkomst
from afspraken.flow.plan.people import Medewerkers
from afspraken.models import Afspraak, VroegeAnnulering
from notifications import api as post

_CHUNK = 400


def voorspel(
    *,
    gegevens: Sequence[Afspraakgegevens],
    now: datetime,
    voortgang: Callable[[int], None] | None = None,
) -> list[Planresultaat]:
    """The outcome each delivery would have now. Writes nothing; a few queries per 400 rows.

    A row that planning would refuse has uitkomst GEWEIGERD and its ``fouten``. The moments are
    those before quiet hours, which the outbox adds.
    """
    teams = Teams.load()
    medewerkers = Medewerkers(gegevens)
    results: list[Planresultaat] = []
    for start in range(0, len(gegevens), _CHUNK):
        chunk = gegevens[start : start + _CHUNK]
        bestaande = _existing(chunk)
        stones = _stones(chunk)
        decided = []
        for delivered in chunk:
            key = (delivered.bron, delivered.extern_id)
            bestaand = bestaande.get(key)
            besluit = decide(
                gegevens=delivered,
                bestaand=bestaand,
                grafsteen=stones.get(key),
                medewerker_id=medewerkers.find(delivered),
                now=now,
                teams=teams.by_code,
            )
            decided.append((delivered, bestaand, besluit))
        told = told_subjects(
            [a.onderwerp_sleutel for _, a, b in decided if a is not None and b.uitkomst is not Uitkomst.GELIJK]
        )
        results.extend(_result(d, a, b, told=told, now=now, teams=teams) for d, a, b in decided)
        if voortgang is not None:
            voortgang(len(results))
    return results


def _existing(chunk: Sequence[Afspraakgegevens]) -> dict[tuple[str, str], Afspraak]:
    rows = Afspraak.objects.select_related("team", "client").filter(
        bron__in={g.bron for g in chunk}, extern_id__in=[g.extern_id for g in chunk]
    )
    return {(row.bron, row.extern_id): row for row in rows}


def _stones(chunk: Sequence[Afspraakgegevens]) -> dict[tuple[str, str], VroegeAnnulering]:
    rows = VroegeAnnulering.objects.filter(bron__in={g.bron for g in chunk}, extern_id__in=[g.extern_id for g in chunk])
    return {(row.bron, row.extern_id): row for row in rows}


def _result(
    delivered: Afspraakgegevens,
    bestaand: Afspraak | None,
    besluit: Besluit,
    *,
    told: set[str],
    now: datetime,
    teams: Teams,
) -> Planresultaat:
    return Planresultaat(
        uitkomst=besluit.uitkomst,
        afspraak_id=bestaand.pk if bestaand else None,
        wijzigingen=besluit.wijzigingen,
        berichten=_messages(delivered, bestaand, besluit, told=told, now=now, teams=teams),
        fouten=besluit.fouten,
    )


def _messages(
    delivered: Afspraakgegevens,
    bestaand: Afspraak | None,
    besluit: Besluit,
    *,
    told: set[str],
    now: datetime,
    teams: Teams,
) -> tuple[berichten.Bericht, ...]:
    if besluit.uitkomst not in (
        Uitkomst.NIEUW,
        Uitkomst.GEWIJZIGD,
        Uitkomst.GEANNULEERD,
        Uitkomst.HERPLAND,
    ):
        return ()
    if bestaand is not None and not besluit.new_generation:
        return ()
    reachable = _channels(delivered)
    was_told = bestaand is not None and bestaand.onderwerp_sleutel in told
    kind = besluit.melding
    if kind == "geannuleerd":
        return tuple(_one(kind, reachable[:1], now)) if was_told and delivered.start_op > now else ()
    if timing.useful_until(start_op=delivered.start_op) <= now or delivered.inloop:
        return ()
    if was_told and kind is not None and kind != "uitnodiging":
        return tuple(_one(kind, reachable[:1], now))
    if was_told and besluit.address_changed:
        reachable = [channel for channel in reachable if channel in besluit.changed_channels]
    regels = teams.rules(teams.by_code[delivered.team].pk)
    due = timing.invite_at(start_op=delivered.start_op, now=now, regels=regels, is_vrij=berichten.is_vrij)
    return tuple(_one("uitnodiging", reachable, due))


def _channels(delivered: Afspraakgegevens) -> list[post.Channel]:
    by_sms, by_email = via(delivered)
    found = [post.Channel.SMS] if delivered.client.mobiel and by_sms else []
    return [*found, post.Channel.EMAIL] if delivered.client.email and by_email else found


def _one(kind: str, channels: list[post.Channel], due: datetime) -> list[berichten.Bericht]:
    return [berichten.Bericht(kind=kind, channel=channel, due_at=due) for channel in channels]
