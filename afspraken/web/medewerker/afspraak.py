"""One appointment: its answer and history, its messages, and what a medewerker can note down."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from afspraken.domain.datums import local_date
from afspraken.domain.gegevens import TALEN
from afspraken.domain.lifecycle import OPEN_STATES, Event, Status, allows
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Kanaal
from afspraken.flow import answer, berichten, sign
from afspraken.flow.sign.base import newest
from afspraken.models import Afspraak, Voornemen
from afspraken.web.access import actor_of, afspraak_or_404, current_user, medewerker_required
from afspraken.web.medewerker import weergave
from afspraken.web.medewerker.forms import AntwoordForm

_NIET_MOGELIJK = {
    "geannuleerd": "Deze afspraak is geannuleerd. Een antwoord vastleggen kan niet meer.",
    "voorbij": "Deze afspraak is afgesloten. Een antwoord vastleggen kan niet meer.",
    "ondertekend": "Het formulier is al ondertekend. Verandert er iets? Maak dan een nieuwe versie van het formulier.",
}


@medewerker_required
@require_GET
def pagina(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one appointment."""
    afspraak = afspraak_or_404(current_user(request), pk)
    now = timezone.now()
    antwoorden = weergave.antwoorden_van(afspraak)
    open_now = afspraak.staat in OPEN_STATES
    context = {
        "afspraak": afspraak,
        "antwoord": antwoorden[0] if antwoorden else None,
        "eerdere": antwoorden[1:],
        "berichten": weergave.berichten_van(afspraak),
        "werkpunten": afspraak.werkpunten.filter(afgehandeld_op__isnull=True),
        "formulier": newest(afspraak.pk),
        "kan_vastleggen": answer.mag_antwoorden(afspraak, now) in {"", "voorbij"} and open_now,
        "kan_wijzigen": open_now and afspraak.eind_op > now,
        "kan_afronden": allows(afspraak.staat, Event.FINISHED) and afspraak.start_op <= now,
        "kan_niet_verschenen": allows(afspraak.staat, Event.NOT_SHOWN) and afspraak.start_op <= now,
        "kan_uitnodigen": can_invite(afspraak, bool(antwoorden)) and afspraak.start_op > now,
        "geannuleerd": afspraak.staat is Status.GEANNULEERD,
        "bereikbaar": bool(berichten.channels_of(afspraak.client)),
        "dag": weergave.dag_van(afspraak),
        "taal": TALEN.get(afspraak.client.taal, afspraak.client.taal),
        "status_woord": afspraak.status.replace("_", " "),
        "status_badge": afspraak.status.replace("_", "-"),
    }
    return render(request, "medewerker/afspraak.html", context)


def can_invite(afspraak: Afspraak, has_answer: bool) -> bool:
    """Inviting again makes sense for someone who has not answered and can be reached at all."""
    return (
        afspraak.staat in {Status.GEPLAND, Status.UITGENODIGD}
        and not has_answer
        and not afspraak.inloop
        and bool(berichten.channels_of(afspraak.client))
    )


@medewerker_required
@require_POST
def gezien(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark an answer as seen. There is nothing to decide, and a second time changes nothing."""
    user = current_user(request)
    afspraak = afspraak_or_404(user, pk)
    voornemen = _named_answer(request, afspraak)
    if voornemen is None:
        messages.info(request, "Er is intussen een ander antwoord. Kijk nog een keer.")
    else:
        answer.mark_gezien(voornemen_id=voornemen.pk, gebruiker_id=user.pk, actor=actor_of(request), now=timezone.now())
    return redirect(weergave.terug_naar(request, afspraak))


def _named_answer(request: HttpRequest, afspraak: Afspraak) -> Voornemen | None:
    """The answer the button stood beside, as long as it is the one that counts."""
    current = berichten.huidig_voornemen(afspraak.pk)
    if current is None or request.POST.get("voornemen") != str(current.pk):
        return None
    return current


@medewerker_required
@require_http_methods(["GET", "POST"])
def antwoord(request: HttpRequest, pk: int) -> HttpResponse:
    """Note down what a client says on the phone or at the desk."""
    user = current_user(request)
    afspraak = afspraak_or_404(user, pk)
    form = AntwoordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _record(request, afspraak, form):
        messages.success(request, "Het antwoord is vastgelegd.")
        return redirect("werk:afspraak", pk=pk)
    return render(request, "medewerker/antwoord.html", {"form": form, "afspraak": afspraak})


def _record(request: HttpRequest, afspraak: Afspraak, form: AntwoordForm) -> bool:
    try:
        answer.record_antwoord(
            afspraak_id=afspraak.pk,
            gegevens=form.gegevens(),
            kanaal=Kanaal.MONDELING,
            taal=afspraak.client.taal,
            actor=actor_of(request),
            now=timezone.now(),
            gebruiker_id=current_user(request).pk,
        )
    except answer.AntwoordNietMogelijk as problem:
        form.add_error(None, _NIET_MOGELIJK[problem.reden])
        return False
    except answer.AntwoordGeweigerd as problem:
        form.add_fouten(problem.fouten, {})
        return False
    return True


@medewerker_required
@require_POST
def neemt_op(request: HttpRequest, pk: int) -> HttpResponse:
    """The client records after all: one tap records it and opens the form."""
    user = current_user(request)
    afspraak = afspraak_or_404(user, pk)
    now = timezone.now()
    try:
        answer.record_antwoord(
            afspraak_id=afspraak.pk,
            gegevens=Antwoordgegevens(antwoord=Antwoord.JA),
            kanaal=Kanaal.MONDELING,
            taal=afspraak.client.taal,
            actor=actor_of(request),
            now=now,
            # The client sits at the table: a receipt by SMS would only buzz in their pocket.
            bevestig=local_date(afspraak.start_op) != local_date(now),
            gebruiker_id=user.pk,
        )
    except answer.AntwoordNietMogelijk as problem:
        messages.error(request, _NIET_MOGELIJK[problem.reden])
        return redirect("werk:afspraak", pk=pk)
    return _to_form(request, afspraak)


@medewerker_required
@require_POST
def open_formulier(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the form of an appointment, made and filled in when it is not there yet."""
    return _to_form(request, afspraak_or_404(current_user(request), pk))


def _to_form(request: HttpRequest, afspraak: Afspraak) -> HttpResponse:
    try:
        formulier_id = sign.open_formulier(afspraak_id=afspraak.pk, actor=actor_of(request), now=timezone.now())
    except sign.TekenenNietMogelijk as problem:
        messages.error(request, problem.melding)
        return redirect("werk:afspraak", pk=afspraak.pk)
    return redirect("werk:formulier", pk=formulier_id)
