"""Changes by hand: move, another medewerker, cancel, invite again, and how it ended."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from afspraken.domain import datums
from afspraken.flow import berichten, invite, plan
from afspraken.flow.plan.change import was_told
from afspraken.models import Afspraak
from afspraken.web.access import actor_of, afspraak_or_404, current_user, medewerker_required
from afspraken.web.medewerker import weergave
from afspraken.web.medewerker.fields import DUBBELE_TIJD
from afspraken.web.medewerker.forms import VELDEN, MedewerkerForm, TijdstipForm, start_van
from notifications import api as post


def who_hears(afspraak: Afspraak, kind: str) -> str:
    """Which message will go out, in a sentence, so that nobody is surprised."""
    channels = [r.channel for r in berichten.channels_of(afspraak.client) if r.channel in post.kind(kind).channels]
    told = was_told(afspraak.onderwerp_sleutel)
    if not told and (kind == "geannuleerd" or not channels):
        return "De cliënt kreeg nog geen bericht over dit gesprek. Er gaat nu ook geen bericht uit."
    if not told:
        return "De cliënt kreeg nog geen bericht over dit gesprek. De uitnodiging gaat uit met de nieuwe gegevens."
    if not channels:
        return "De cliënt heeft geen nummer of e-mailadres. Er gaat geen bericht: bel of schrijf de cliënt zelf."
    via = "een sms" if channels[0] is post.Channel.SMS else "een e-mail"
    label = post.kind(kind).label
    return f"De cliënt krijgt {via}: {label}. Berichten die nog klaarstonden, gaan niet meer uit."


@medewerker_required
@require_http_methods(["GET", "POST"])
def verplaatsen(request: HttpRequest, pk: int) -> HttpResponse:
    """Move to another day or time. The client's answer stays."""
    afspraak = afspraak_or_404(current_user(request), pk)
    form = TijdstipForm(request.POST or None, initial=start_van(afspraak))
    if request.method == "POST" and form.is_valid():
        assert form.start_op is not None
        assert form.eind_op is not None
        try:
            plan.verplaats_afspraak(
                afspraak_id=pk,
                start_op=form.start_op,
                eind_op=form.eind_op,
                actor=actor_of(request),
                now=timezone.now(),
            )
        except plan.PlanGeweigerd as problem:
            form.add_fouten(problem.fouten, VELDEN)
        else:
            messages.success(request, f"Het gesprek is nu op {datums.dag_tijd(form.start_op)}.")
            if form.dubbele_tijd:
                messages.warning(request, DUBBELE_TIJD)
            return redirect("werk:afspraak", pk=pk)
    context = {"form": form, "afspraak": afspraak, "bericht": who_hears(afspraak, "verplaatst")}
    return render(request, "medewerker/verplaatsen.html", context)


@medewerker_required
@require_http_methods(["GET", "POST"])
def medewerker(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the conversation to a colleague."""
    afspraak = afspraak_or_404(current_user(request), pk)
    form = MedewerkerForm(request.POST or None, team=afspraak.team, initial={"medewerker": afspraak.medewerker_id})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["medewerker"]
        plan.wijs_toe(
            afspraak_id=pk,
            medewerker_id=chosen.pk if chosen else None,
            actor=actor_of(request),
            now=timezone.now(),
        )
        messages.success(request, f"Het gesprek is nu van {chosen.naam}." if chosen else "Er is nog geen medewerker.")
        return redirect("werk:afspraak", pk=pk)
    context = {
        "form": form,
        "afspraak": afspraak,
        "bericht": who_hears(afspraak, "andere_medewerker") if afspraak.medewerker_id else "",
    }
    return render(request, "medewerker/andere_medewerker.html", context)


@medewerker_required
@require_http_methods(["GET", "POST"])
def annuleren(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel, after a page that says which message goes out."""
    afspraak = afspraak_or_404(current_user(request), pk)
    form = forms.Form(request.POST or None)
    if request.method == "POST":
        try:
            plan.annuleer_met_hand(afspraak_id=pk, actor=actor_of(request), now=timezone.now())
        except plan.PlanGeweigerd as problem:
            form.is_valid()
            for fout in problem.fouten:
                form.add_error(None, fout.melding)
        else:
            messages.success(request, "De afspraak is geannuleerd.")
            return redirect("werk:afspraak", pk=pk)
    context = {"form": form, "afspraak": afspraak, "bericht": who_hears(afspraak, "geannuleerd")}
    return render(request, "medewerker/annuleren.html", context)


@medewerker_required
@require_POST
def uitnodigen(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite once more someone who has not answered."""
    afspraak = afspraak_or_404(current_user(request), pk)
    try:
        ids = invite.again(afspraak_id=pk, actor=actor_of(request), now=timezone.now())
    except plan.PlanGeweigerd as problem:
        messages.error(request, " ".join(fout.melding for fout in problem.fouten))
    else:
        if ids:
            messages.success(request, "De uitnodiging gaat opnieuw uit.")
        else:
            messages.warning(request, "Er kan geen bericht meer naar deze cliënt. Bel of schrijf de cliënt zelf.")
    return redirect(weergave.adres_afspraak(afspraak))


@medewerker_required
@require_POST
def uitkomst(request: HttpRequest, pk: int) -> HttpResponse:
    """Not shown, or finished. Without a signature both are normal ends."""
    afspraak = afspraak_or_404(current_user(request), pk)
    choices = {
        "niet_verschenen": (plan.meld_niet_verschenen, "Genoteerd: de cliënt is niet gekomen."),
        "afgerond": (plan.rond_af, "Het gesprek is afgerond."),
    }
    chosen = choices.get(request.POST.get("uitkomst", ""))
    if chosen is None:
        messages.error(request, "Kies hoe het gesprek is geëindigd.")
        return redirect(weergave.adres_afspraak(afspraak))
    note, melding = chosen
    try:
        note(afspraak_id=pk, actor=actor_of(request), now=timezone.now())
    except plan.PlanGeweigerd as problem:
        messages.error(request, " ".join(fout.melding for fout in problem.fouten))
    else:
        messages.success(request, melding)
    return redirect(weergave.terug_naar(request, afspraak))
