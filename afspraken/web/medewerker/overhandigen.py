"""Handing the screen to the client: only the form is left, and the way back asks for the medewerker's password."""

from __future__ import annotations

from contextlib import suppress

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from afspraken.flow import sign
from afspraken.models import Formulier
from afspraken.web.access import actor_of, current_user, medewerker_required
from afspraken.web.medewerker import weergave
from afspraken.web.medewerker.fields import WerkForm
from afspraken.web.medewerker.forms import ClientTekentForm
from afspraken.web.medewerker.formulier import retelling_of
from afspraken.web.medewerker.middleware import OVERHANDIGD
from afspraken.web.medewerker.ondertekenen import sign_as_client


class SlotForm(WerkForm):
    """The medewerker's own password."""

    wachtwoord = forms.CharField(
        label="Uw wachtwoord",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Vul uw wachtwoord in."},
    )


@medewerker_required
@require_POST
def overhandigen(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock the screen on one form and show it."""
    formulier = weergave.formulier_or_404(current_user(request), pk)
    request.session[OVERHANDIGD] = formulier.pk
    return redirect("werk:voor_client", pk=pk)


@medewerker_required
@require_http_methods(["GET", "POST"])
def voor_client(request: HttpRequest, pk: int) -> HttpResponse:
    """The form as the client reads and signs it. Nothing else can be reached from here."""
    user = current_user(request)
    formulier = weergave.formulier_or_404(user, pk)
    if request.session.get(OVERHANDIGD) != pk:
        return redirect("werk:formulier", pk=pk)
    naam = weergave.beeld_van(formulier).inhoud.gesprek.client_naam
    form = ClientTekentForm(initial={"naam": naam}, prefix="client")
    if request.method == "POST":
        form = ClientTekentForm(request.POST, prefix="client")
        problem = _act(request, formulier, form)
        if problem is None and not form.errors:
            return redirect("werk:voor_client", pk=pk)
        if problem is not None and not form.errors:
            return _again(request, formulier, problem)
    context = {"beeld": weergave.beeld_van(formulier), "form": form, "kort": retelling_of(formulier)}
    return render(request, "medewerker/voor_client.html", context, status=400 if form.errors else 200)


def _act(request: HttpRequest, formulier: Formulier, form: ClientTekentForm) -> sign.TekenenNietMogelijk | None:
    """The client signs, or says that they would rather not."""
    if request.POST.get("uitkomst") != "client_tekent_niet":
        return sign_as_client(request, formulier, form) if form.is_valid() else None
    form.errors.clear()
    try:
        sign.client_tekent_niet(
            formulier_id=formulier.pk,
            gebruiker_id=current_user(request).pk,
            actor=actor_of(request),
            now=timezone.now(),
        )
    except sign.TekenenNietMogelijk as problem:
        return problem
    return None


def _again(request: HttpRequest, formulier: Formulier, problem: sign.TekenenNietMogelijk) -> HttpResponse:
    """The form changed on another screen: show what it is now."""
    pk = formulier.pk
    with suppress(sign.TekenenNietMogelijk):
        pk = sign.open_formulier(afspraak_id=formulier.afspraak_id, actor=actor_of(request), now=timezone.now())
    request.session[OVERHANDIGD] = pk
    messages.warning(request, problem.melding)
    return redirect("werk:voor_client", pk=pk)


@medewerker_required
@require_http_methods(["GET", "POST"])
def slot(request: HttpRequest) -> HttpResponse:
    """Back to work: the medewerker says who they are."""
    pk = request.session.get(OVERHANDIGD)
    if pk is None:
        return redirect("werk:vandaag")
    user = current_user(request)
    form = SlotForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="reauthenticate", user=user):
            form.add_error("wachtwoord", "U hebt het te vaak geprobeerd. Wacht een minuut en probeer het opnieuw.")
            status = 429
        elif user.check_password(form.cleaned_data["wachtwoord"]):
            del request.session[OVERHANDIGD]
            return redirect("werk:formulier", pk=pk)
        else:
            form.add_error("wachtwoord", "Dit is niet uw wachtwoord. Probeer het opnieuw.")
    return render(request, "medewerker/slot.html", {"form": form, "pk": pk}, status=status)
