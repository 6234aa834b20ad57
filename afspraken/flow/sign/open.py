"""Opening a form, keeping it up to date, and starting a new version."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from afspraken.domain import formulier as regels
from afspraken.domain import voornemen as antwoorden
from afspraken.domain.formulier import Gevolg, Inhoud, Opname, Stand, Toestemming
from afspraken.domain.tekst import one_line
from afspraken.domain.voornemen import Antwoordgegevens, Kanaal
from afspraken.flow import answer, berichten, log
from afspraken.flow.sign.base import (
    CONTENT_FIELDS,
    TekenenNietMogelijk,
    content_now,
    lock_afspraak,
    lock_formulier,
    newest,
    put_content,
    refuse,
    refuse_if_over,
    refuse_if_stale,
    stand_of,
    write_log,
)
from afspraken.models import Afspraak, Formulier, FormulierStatus, Voornemen

REDEN_MAX = 300


def open_formulier(*, afspraak_id: int, actor: log.Actor, now: datetime) -> int:
    """The id of the form that counts: made and filled in when there is none, brought up to date while it is open.

    A form the client signed before giving another answer or before a move lapses, and a new version opens.
    Raises :class:`TekenenNietMogelijk` when there is nothing to sign: cancelled, not shown, no rules published.
    """
    with transaction.atomic():
        afspraak = lock_afspraak(afspraak_id)
        current = newest(afspraak_id)
        if current is not None and stand_of(current) in regels.GESLOTEN:
            return current.pk
        refuse_if_over(afspraak)
        if current is None:
            versie = _next_version(afspraak_id)
            return _create(afspraak, content_now(afspraak, versie=versie), reden="", actor=actor, now=now).pk
        kept = Inhoud.from_dict(current.inhoud)
        fresh = content_now(afspraak, versie=current.versie)
        if stand_of(current) is Stand.OPEN:
            _refresh(afspraak, current, regels.refreshed(kept, fresh))
            return current.pk
        reden = regels.lapsed_by(kept, fresh)
        if not reden:
            return current.pk
        return _replace(afspraak, current, regels.refreshed(kept, fresh), reden=reden, actor=actor, now=now).pk


def update_formulier(
    *,
    formulier_id: int,
    antwoord: Antwoordgegevens | None = None,
    toestemming: str | None = None,
    voorwaarden: str = "",
    inhoud_hash: str,
    actor: log.Actor,
    now: datetime,
) -> int:
    """Change what stands on a form and return the id of the form that now counts.

    ``antwoord`` is what the client says at the table: it is recorded as a spoken answer as well; None leaves it.
    ``toestemming`` (nvt, ja, nee, voorwaarden) is what the medewerker says about rule 3. After the client signed,
    a change makes a new version, to be signed again. Raises :class:`TekenenNietMogelijk` and
    :class:`afspraken.flow.answer.AntwoordGeweigerd`.
    """
    with transaction.atomic():
        afspraak, current = lock_formulier(formulier_id)
        refuse_if_over(afspraak)
        refuse(regels.closed(stand_of(current)))
        refuse_if_stale(current, inhoud_hash)
        old = Inhoud.from_dict(current.inhoud)
        new = old
        if antwoord is not None:
            new = _with_answer(new, _spoken(afspraak, antwoord, new.opname, actor=actor, now=now))
        if toestemming is not None:
            new = _with_toestemming(new, toestemming, voorwaarden)
        gevolg = regels.effect_of_change(stand_of(current), old.as_dict(), new.as_dict())
        if gevolg is Gevolg.NIETS:
            return current.pk
        if gevolg is Gevolg.NIEUWE_VERSIE:
            reden = "Veranderd nadat de cliënt had getekend."
            return _replace(afspraak, current, new, reden=reden, actor=actor, now=now).pk
        put_content(current, new)
        current.save(update_fields=CONTENT_FIELDS)
        write_log("formulier.gewijzigd", current, afspraak, actor, now)
        return current.pk


def nieuwe_versie(*, formulier_id: int, reden: str, actor: log.Actor, now: datetime) -> int:
    """Start over after a signature or another end, with the reason; the old version lapses and stays readable."""
    reden = one_line(reden)
    if not reden:
        raise TekenenNietMogelijk("reden_leeg", "Vul in waarom u een nieuwe versie maakt.")
    if len(reden) > REDEN_MAX:
        raise TekenenNietMogelijk("reden_te_lang", f"Maak de reden korter: maximaal {REDEN_MAX} tekens.")
    with transaction.atomic():
        afspraak, current = lock_formulier(formulier_id)
        refuse_if_over(afspraak)
        stand = stand_of(current)
        if stand is Stand.VERVALLEN:
            refuse(regels.closed(stand))
        if stand is Stand.OPEN:
            raise TekenenNietMogelijk("nog_open", "Dit formulier is nog niet getekend. U kunt het gewoon aanpassen.")
        content = regels.refreshed(Inhoud.from_dict(current.inhoud), content_now(afspraak, versie=current.versie))
        return _replace(afspraak, current, content, reden=reden, actor=actor, now=now).pk


def _next_version(afspraak_id: int) -> int:
    last = (
        Formulier.objects.filter(afspraak_id=afspraak_id).order_by("-versie").values_list("versie", flat=True).first()
    )
    return (last or 0) + 1


def _create(afspraak: Afspraak, inhoud: Inhoud, *, reden: str, actor: log.Actor, now: datetime) -> Formulier:
    sheet = berichten.geldende_spelregels(afspraak.team_id)
    assert sheet is not None  # content_now has refused that
    formulier = Formulier(afspraak=afspraak, versie=inhoud.versie, spelregels=sheet, reden=reden, aangemaakt_op=now)
    put_content(formulier, inhoud)
    formulier.save()
    write_log("formulier.geopend", formulier, afspraak, actor, now)
    return formulier


def _refresh(afspraak: Afspraak, formulier: Formulier, inhoud: Inhoud) -> None:
    if inhoud.as_dict() == formulier.inhoud:
        return
    sheet = berichten.geldende_spelregels(afspraak.team_id)
    assert sheet is not None  # content_now has refused that
    formulier.spelregels = sheet
    put_content(formulier, inhoud)
    formulier.save(update_fields=CONTENT_FIELDS)


def _replace(
    afspraak: Afspraak, current: Formulier, inhoud: Inhoud, *, reden: str, actor: log.Actor, now: datetime
) -> Formulier:
    current.status = FormulierStatus.VERVALLEN.value
    current.save(update_fields=("status",))
    write_log("formulier.vervallen", current, afspraak, actor, now)
    fresh = content_now(afspraak, versie=_next_version(afspraak.pk))
    # The sheet is the one in force now: a new version is signed afresh.
    new = replace(inhoud, versie=fresh.versie, spelregels=fresh.spelregels, gesprek=fresh.gesprek)
    return _create(afspraak, new, reden=reden[:REDEN_MAX], actor=actor, now=now)


def _spoken(
    afspraak: Afspraak, gegevens: Antwoordgegevens, opname: Opname, *, actor: log.Actor, now: datetime
) -> Opname:
    """Record what the client says at the table, and give it as it stands on the form."""
    clean = antwoorden.normalised(gegevens)
    volgnummer, kanaal = opname.volgnummer, Kanaal.MONDELING
    # The meeting may be over by the clock, or an earlier version signed: then the form alone says it.
    with suppress(answer.AntwoordNietMogelijk):
        pk = answer.record_antwoord(
            afspraak_id=afspraak.pk,
            gegevens=gegevens,
            kanaal=Kanaal.MONDELING,
            taal="nl",
            actor=actor,
            now=now,
            bevestig=False,
            gebruiker_id=actor.gebruiker_id,
        )
        row = Voornemen.objects.get(pk=pk)
        volgnummer, kanaal = row.volgnummer, Kanaal(row.kanaal)
    return Opname(
        antwoord=clean.antwoord,
        soorten=clean.soorten,
        doel=clean.doel,
        toelichting=clean.toelichting,
        kanaal=kanaal,
        volgnummer=volgnummer,
    )


def _with_answer(inhoud: Inhoud, opname: Opname) -> Inhoud:
    if opname == inhoud.opname:
        return inhoud
    # What was said about rule 3 was said about another answer.
    return replace(inhoud, opname=opname, toestemming=Toestemming.NVT, voorwaarden="")


def _with_toestemming(inhoud: Inhoud, toestemming: str, voorwaarden: str) -> Inhoud:
    if not inhoud.opname.vraagt_toestemming:
        return replace(inhoud, toestemming=Toestemming.NVT, voorwaarden="")
    try:
        keuze = Toestemming(toestemming)
    except ValueError:
        raise TekenenNietMogelijk("onbekende_keuze", "Kies ja, nee, of ja onder voorwaarden.") from None
    tekst = one_line(voorwaarden) if keuze is Toestemming.VOORWAARDEN else ""
    if fouten := regels.check_toestemming(keuze, tekst):
        raise TekenenNietMogelijk(f"voorwaarden_{fouten[0].code}", fouten[0].melding)
    return replace(inhoud, toestemming=keuze, voorwaarden=tekst)
