"""The client lets us know; the medewerker has seen it. Nothing here decides anything about the recording."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from afspraken.domain import voornemen as regels
from afspraken.domain.lifecycle import ANSWERABLE_STATES, Event, Status, next_status
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Kanaal, Veldfout
from afspraken.flow import berichten, log
from afspraken.models import Afspraak, Client, Gezien, Voornemen
from notifications import api as post


class AntwoordNietMogelijk(Exception):
    """Too late to answer. ``reden``: "geannuleerd", "voorbij" or "ondertekend"."""

    def __init__(self, reden: str) -> None:
        super().__init__(reden)
        self.reden = reden


class AntwoordGeweigerd(Exception):
    """The answer itself is wrong; ``fouten`` names the fields. Nothing is written."""

    def __init__(self, fouten: tuple[Veldfout, ...]) -> None:
        super().__init__("; ".join(f"{fout.veld}: {fout.code}" for fout in fouten))
        self.fouten = fouten


@dataclass(frozen=True, kw_only=True)
class Herkomst:
    """How an answer came: channel, language, and for a spoken one the account that wrote it down."""

    kanaal: Kanaal
    taal: str
    gebruiker_id: int | None = None


def mag_antwoorden(afspraak: Afspraak, now: datetime) -> str:
    """Why a client can't answer (any more); empty when they can. A client may answer until the start."""
    if afspraak.staat is Status.GEANNULEERD:
        return "geannuleerd"
    if afspraak.staat is Status.ONDERTEKEND:
        return "ondertekend"
    if afspraak.staat not in ANSWERABLE_STATES or now >= afspraak.start_op:
        return "voorbij"
    return ""


def record_antwoord(
    *,
    afspraak_id: int,
    gegevens: Antwoordgegevens,
    kanaal: Kanaal,
    taal: str,
    actor: log.Actor,
    now: datetime,
    bevestig: bool = True,
    gebruiker_id: int | None = None,
) -> int:
    """Record an answer and return its id. The same answer given twice is one row and one receipt.

    ``bevestig`` sends a receipt on the channel that was used. A spoken answer (kanaal MONDELING) may also
    be recorded after the start. Raises :class:`AntwoordNietMogelijk` or :class:`AntwoordGeweigerd`.
    """
    fouten = regels.check(gegevens)
    if fouten:
        raise AntwoordGeweigerd(fouten)
    herkomst = Herkomst(kanaal=kanaal, taal=taal, gebruiker_id=gebruiker_id)
    with transaction.atomic():
        afspraak = _locked(afspraak_id)
        _refuse_if_late(afspraak, kanaal, now)
        clean = regels.normalised(gegevens)
        current = berichten.huidig_voornemen(afspraak_id)
        if current is not None and _same(current, clean, afspraak):
            return current.pk
        row = _append(afspraak, current, clean, herkomst, now)
        _move(afspraak, Event.ANSWERED, now)
        _after(afspraak, row, actor=actor, actie="voornemen.ontvangen", bevestig=bevestig, now=now)
        return row.pk


def withdraw(*, afspraak_id: int, kanaal: Kanaal, taal: str, actor: log.Actor, now: datetime) -> int:
    """Take an earlier answer back; the history keeps it. Without an answer nothing happens: returns 0."""
    with transaction.atomic():
        afspraak = _locked(afspraak_id)
        _refuse_if_late(afspraak, kanaal, now)
        current = berichten.huidig_voornemen(afspraak_id)
        if current is None:
            return 0
        if current.antwoord == Antwoord.INGETROKKEN.value:
            return current.pk
        gegevens = Antwoordgegevens(antwoord=Antwoord.INGETROKKEN)
        row = _append(afspraak, current, gegevens, Herkomst(kanaal=kanaal, taal=taal), now)
        _move(afspraak, Event.WITHDRAWN, now)
        _after(afspraak, row, actor=actor, actie="voornemen.ingetrokken", bevestig=True, now=now)
        return row.pk


def mark_gezien(*, voornemen_id: int, gebruiker_id: int, actor: log.Actor, now: datetime) -> None:
    """Note that a medewerker has seen an answer. A second time changes nothing."""
    with transaction.atomic():
        _, made = Gezien.objects.get_or_create(
            voornemen_id=voornemen_id, defaults={"gebruiker_id": gebruiker_id, "gezien_op": now}
        )
        if made:
            log.write(
                actie="voornemen.gezien",
                object_soort="voornemen",
                object_id=voornemen_id,
                actor=actor,
                now=now,
            )


def _locked(afspraak_id: int) -> Afspraak:
    return Afspraak.objects.select_for_update(of=("self",)).select_related("team", "client").get(pk=afspraak_id)


def _refuse_if_late(afspraak: Afspraak, kanaal: Kanaal, now: datetime) -> None:
    reden = mag_antwoorden(afspraak, now)
    if kanaal is Kanaal.MONDELING and reden == "voorbij" and afspraak.staat in ANSWERABLE_STATES:
        # At the table: "I am recording after all" is one tap, and the conversation has begun.
        return
    if reden:
        raise AntwoordNietMogelijk(reden)


def _same(current: Voornemen, gegevens: Antwoordgegevens, afspraak: Afspraak) -> bool:
    return (
        current.antwoord == gegevens.antwoord.value
        and current.soorten_set == gegevens.soorten
        and current.doel == (gegevens.doel.value if gegevens.doel else "")
        and current.toelichting == gegevens.toelichting
        and current.gegeven_voor_op == afspraak.start_op
    )


def _append(
    afspraak: Afspraak,
    current: Voornemen | None,
    gegevens: Antwoordgegevens,
    herkomst: Herkomst,
    now: datetime,
) -> Voornemen:
    sheet = berichten.geldende_spelregels(afspraak.team_id)
    return Voornemen.objects.create(
        afspraak=afspraak,
        volgnummer=(current.volgnummer if current else 0) + 1,
        antwoord=gegevens.antwoord.value,
        soorten=sorted(soort.value for soort in gegevens.soorten),
        doel=gegevens.doel.value if gegevens.doel else "",
        toelichting=gegevens.toelichting,
        kanaal=herkomst.kanaal.value,
        taal=herkomst.taal,
        gegeven_voor_op=afspraak.start_op,
        spelregels=sheet,
        spelregels_vingerafdruk=sheet.vingerafdruk if sheet else "",
        ontvangen_op=now,
        vastgelegd_door_id=herkomst.gebruiker_id,
    )


def _move(afspraak: Afspraak, event: Event, now: datetime) -> None:
    if event is Event.WITHDRAWN and afspraak.staat is not Status.BEANTWOORD:
        return
    afspraak.status = next_status(afspraak.staat, event).value
    afspraak.gewijzigd_op = now
    afspraak.save(update_fields=("status", "gewijzigd_op"))


_CHANNEL = {Kanaal.SMS: post.Channel.SMS, Kanaal.WEB: None, Kanaal.MONDELING: None}


def _after(
    afspraak: Afspraak,
    row: Voornemen,
    *,
    actor: log.Actor,
    actie: str,
    bevestig: bool,
    now: datetime,
) -> None:
    """What an answer brings with it: no more invitation or reminder, a receipt, a line in the log."""
    kanaal = Kanaal(row.kanaal)
    if kanaal is Kanaal.SMS and afspraak.client.laatste_kanaal != post.Channel.SMS.value:
        Client.objects.filter(pk=afspraak.client_id).update(laatste_kanaal=post.Channel.SMS.value)
        afspraak.client.laatste_kanaal = post.Channel.SMS.value
    waiting = frozenset({"herinnering", "uitnodiging", "ontvangstbevestiging", "onduidelijk"})
    berichten.vervang(afspraak=afspraak, now=now, kinds=waiting)
    if bevestig:
        berichten.stuur(
            afspraak=afspraak,
            kind="ontvangstbevestiging",
            generation=row.volgnummer,
            kanaal=_CHANNEL[kanaal],
            now=now,
        )
    log.write(
        actie=actie,
        object_soort="afspraak",
        object_id=afspraak.pk,
        actor=actor,
        now=now,
        team_id=afspraak.team_id,
        details={"volgnummer": row.volgnummer, "kanaal": row.kanaal},
    )
