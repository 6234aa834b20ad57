"""The signatures. The second one closes the form: PDF, copy and lifecycle in the same transaction, or nothing."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime

from django.db import IntegrityError, transaction

from afspraken.domain import formulier as regels
from afspraken.domain import lijnen as tekening
from afspraken.domain.formulier import Inhoud
from afspraken.domain.lifecycle import Event, Status, WrongMove, next_status
from afspraken.domain.tekst import one_line
from afspraken.flow import answer, berichten, log
from afspraken.flow.sign.base import (
    TekenenNietMogelijk,
    content_now,
    lock_formulier,
    refuse,
    refuse_if_over,
    refuse_if_stale,
    stand_of,
    write_log,
)
from afspraken.models import Afspraak, Formulier, FormulierStatus, Handtekening, Rolnaam, Wijze
from afspraken.pdf import render

logger = logging.getLogger(__name__)

NAAM_MAX = 150


def sign_client(
    *,
    formulier_id: int,
    wijze: str,
    naam: str,
    lijnen: object = (),
    inhoud_hash: str,
    thuis: bool,
    actor: log.Actor,
    now: datetime,
) -> None:
    """The client signs: at the meeting, or at home beforehand (``thuis``).

    ``wijze``: tekenen (then ``lijnen``: strokes as JSON text or lists), typen or papier (not at home).
    ``inhoud_hash`` is that of the content on the screen. Raises :class:`TekenenNietMogelijk`.
    """
    with transaction.atomic():
        afspraak, formulier = lock_formulier(formulier_id)
        refuse_if_over(afspraak)
        refuse(regels.client_cannot_sign(stand_of(formulier), Inhoud.from_dict(formulier.inhoud)))
        refuse_if_stale(formulier, inhoud_hash)
        _refuse_if_overtaken(afspraak, formulier)
        if thuis and answer.mag_antwoorden(afspraak, now):
            raise TekenenNietMogelijk("te_laat", "Tekenen kan nu niet meer op deze pagina. Het kan bij het gesprek.")
        if thuis and wijze == Wijze.PAPIER.value:
            raise TekenenNietMogelijk("wijze", "Teken in het vak, of typ uw naam en zet een vinkje.")
        _add(
            formulier,
            rol=Rolnaam.CLIENT,
            wijze=wijze,
            naam=naam,
            lijnen=lijnen,
            thuis=thuis,
            gebruiker_id=None if thuis else actor.gebruiker_id,
            now=now,
        )
        formulier.status = FormulierStatus.CLIENT_GETEKEND.value
        formulier.bevroren_op = now
        formulier.save(update_fields=("status", "bevroren_op"))
        write_log("formulier.client_getekend", formulier, afspraak, actor, now, wijze=wijze, thuis=thuis)


def sign_medewerker(
    *,
    formulier_id: int,
    wijze: str,
    naam: str,
    lijnen: object = (),
    inhoud_hash: str,
    gebruiker_id: int,
    actor: log.Actor,
    now: datetime,
) -> None:
    """The medewerker countersigns the same content. Closes the form; raises :class:`TekenenNietMogelijk`."""
    render.prepare()
    with transaction.atomic():
        afspraak, formulier = lock_formulier(formulier_id)
        refuse_if_over(afspraak)
        refuse(regels.medewerker_cannot_sign(stand_of(formulier), Inhoud.from_dict(formulier.inhoud)))
        refuse_if_stale(formulier, inhoud_hash)
        _refuse_if_overtaken(afspraak, formulier)
        _add(
            formulier,
            rol=Rolnaam.MEDEWERKER,
            wijze=wijze,
            naam=naam,
            lijnen=lijnen,
            thuis=False,
            gebruiker_id=gebruiker_id,
            now=now,
        )
        _close(afspraak, formulier, gebruiker_id=gebruiker_id, actor=actor, now=now)


def sign_op_papier(
    *,
    formulier_id: int,
    client_naam: str,
    medewerker_naam: str,
    inhoud_hash: str,
    gebruiker_id: int,
    actor: log.Actor,
    now: datetime,
) -> None:
    """Both signed the printed sheet, which lies in the file; the medewerker notes that. Raises as the others do."""
    render.prepare()
    with transaction.atomic():
        sign_client(
            formulier_id=formulier_id,
            wijze=Wijze.PAPIER.value,
            naam=client_naam,
            inhoud_hash=inhoud_hash,
            thuis=False,
            actor=actor,
            now=now,
        )
        sign_medewerker(
            formulier_id=formulier_id,
            wijze=Wijze.PAPIER.value,
            naam=medewerker_naam,
            inhoud_hash=inhoud_hash,
            gebruiker_id=gebruiker_id,
            actor=actor,
            now=now,
        )


def _refuse_if_overtaken(afspraak: Afspraak, formulier: Formulier) -> None:
    """The client may have answered by SMS while the page lay open."""
    kept = Inhoud.from_dict(formulier.inhoud)
    reden = regels.lapsed_by(kept, content_now(afspraak, versie=formulier.versie))
    if reden:
        raise TekenenNietMogelijk("veranderd", f"{reden} Lees het formulier nog een keer. Daarna kunt u tekenen.")


def _add(
    formulier: Formulier,
    *,
    rol: Rolnaam,
    wijze: str,
    naam: str,
    lijnen: object,
    thuis: bool,
    gebruiker_id: int | None,
    now: datetime,
) -> None:
    if wijze not in Wijze.values:
        raise TekenenNietMogelijk("wijze", "Kies hoe er wordt getekend: op het scherm, met een naam of op papier.")
    naam = one_line(naam)
    if not naam:
        raise TekenenNietMogelijk("naam_leeg", "Vul de naam in van wie tekent.")
    if len(naam) > NAAM_MAX:
        raise TekenenNietMogelijk("naam_te_lang", f"Maak de naam korter: maximaal {NAAM_MAX} tekens.")
    streken: tuple[tekening.Streek, ...] = ()
    if wijze == Wijze.TEKENEN.value:
        try:
            streken = tekening.parse(lijnen)
        except tekening.LijnenFout as fout:
            raise TekenenNietMogelijk(f"lijnen_{fout.code}", fout.melding) from None
    try:
        # A savepoint: on PostgreSQL a refused row would otherwise spoil the whole transaction.
        with transaction.atomic():
            Handtekening.objects.create(
                formulier=formulier,
                rol=rol.value,
                wijze=wijze,
                naam=naam,
                lijnen=streken,
                inhoud_hash=formulier.inhoud_hash,
                getekend_op=now,
                thuis=thuis,
                gebruiker_id=gebruiker_id,
            )
    except IntegrityError:
        raise TekenenNietMogelijk(
            "al_getekend", "Er is al getekend, op een ander scherm of door een collega."
        ) from None


def _close(afspraak: Afspraak, formulier: Formulier, *, gebruiker_id: int, actor: log.Actor, now: datetime) -> None:
    if afspraak.staat is not Status.ONDERTEKEND:
        # An earlier version may have been signed before; then the appointment is where it should be.
        try:
            afspraak.status = next_status(afspraak.staat, Event.SIGNED).value
        except WrongMove:
            raise TekenenNietMogelijk("past_niet", "Bij deze afspraak kan niet meer worden getekend.") from None
        afspraak.gewijzigd_op = now
        afspraak.save(update_fields=("status", "gewijzigd_op"))
    formulier.status = FormulierStatus.ONDERTEKEND.value
    formulier.afgesloten_op = now
    formulier.afgesloten_door_id = gebruiker_id
    formulier.pdf = _render(formulier)
    formulier.pdf_hash = hashlib.sha256(formulier.pdf).hexdigest()
    formulier.save(update_fields=("status", "afgesloten_op", "afgesloten_door", "pdf", "pdf_hash"))
    write_log("formulier.ondertekend", formulier, afspraak, actor, now, pdf_hash=formulier.pdf_hash)
    berichten.stuur(afspraak=afspraak, kind="kopie_formulier", generation=formulier.versie, now=now)


def _render(formulier: Formulier) -> bytes:
    signatures = [
        render.Ondertekening(
            rol=row.rol, wijze=row.wijze, naam=row.naam, lijnen=row.lijnen, getekend_op=row.getekend_op, thuis=row.thuis
        )
        for row in formulier.handtekeningen.order_by("getekend_op", "pk")
    ]
    try:
        return render.render_formulier(
            inhoud=formulier.inhoud, inhoud_hash=formulier.inhoud_hash, handtekeningen=signatures
        )
    except render.RenderFout:
        logger.exception("the PDF of form %s could not be made", formulier.pk)
        raise TekenenNietMogelijk(
            "pdf_mislukt",
            "De pdf kon niet worden gemaakt. Er is niets opgeslagen. Probeer het opnieuw, of teken op papier "
            "en waarschuw de beheerder.",
        ) from None
