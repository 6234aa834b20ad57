"""Signing at the meeting: the client, the medewerker, or both on paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from afspraken.flow import sign
from afspraken.models import Formulier, Wijze
from afspraken.web.access import actor_of, current_user, medewerker_required
from afspraken.web.medewerker import weergave
from afspraken.web.medewerker.forms import ClientTekentForm
from afspraken.web.medewerker.formulier import refused, show

_NAAR_LIJNEN = {"lijnen_leeg", "lijnen_te_groot", "lijnen_onleesbaar"}


def sign_as_client(
    request: HttpRequest, formulier: Formulier, form: ClientTekentForm
) -> sign.TekenenNietMogelijk | None:
    """Put the client's signature; a refusal that belongs in the form is put there and given back."""
    data = form.cleaned_data
    try:
        sign.sign_client(
            formulier_id=formulier.pk,
            wijze=form.wijze,
            naam=data["naam"],
            lijnen=data["lijnen"],
            inhoud_hash=request.POST.get("inhoud_hash", ""),
            thuis=False,
            actor=actor_of(request),
            now=timezone.now(),
        )
    except sign.TekenenNietMogelijk as problem:
        if problem.reden in _NAAR_LIJNEN:
            form.begin_opnieuw = True
            form.add_error("bevestigd", problem.melding)
        return problem
    return None


@medewerker_required
@require_POST
def client_tekent(request: HttpRequest, pk: int) -> HttpResponse:
    """The client signs on the medewerker's screen."""
    formulier = weergave.formulier_or_404(current_user(request), pk)
    form = ClientTekentForm(request.POST, prefix="client")
    if form.is_valid():
        problem = sign_as_client(request, formulier, form)
        if problem is None:
            return redirect(f"{reverse('werk:formulier', args=[pk])}#medewerker")
        if not form.errors:
            return refused(request, formulier, problem)
    return show(request, formulier, status=400, client_form=form)


@medewerker_required
@require_POST
def medewerker_tekent(request: HttpRequest, pk: int) -> HttpResponse:
    """The medewerker countersigns: the button itself says it, or a drawing."""
    user = current_user(request)
    formulier = weergave.formulier_or_404(user, pk)
    lijnen = request.POST.get("medewerker-lijnen", "")
    try:
        sign.sign_medewerker(
            formulier_id=pk,
            wijze=(Wijze.TEKENEN if lijnen else Wijze.TYPEN).value,
            naam=weergave.naam_van(user),
            lijnen=lijnen,
            inhoud_hash=request.POST.get("inhoud_hash", ""),
            gebruiker_id=user.pk,
            actor=actor_of(request),
            now=timezone.now(),
        )
    except sign.TekenenNietMogelijk as problem:
        return refused(request, formulier, problem)
    return redirect("werk:formulier", pk=pk)


@medewerker_required
@require_POST
def op_papier(request: HttpRequest, pk: int) -> HttpResponse:
    """Both signed the printed sheet."""
    user = current_user(request)
    formulier = weergave.formulier_or_404(user, pk)
    if request.POST.get("bevestigd") != "on":
        messages.error(request, "Zet een vinkje als het blad door beiden is getekend en in het dossier ligt.")
        return redirect("werk:formulier", pk=pk)
    inhoud = weergave.beeld_van(formulier).inhoud
    try:
        sign.sign_op_papier(
            formulier_id=pk,
            client_naam=inhoud.gesprek.client_naam,
            medewerker_naam=weergave.naam_van(user),
            inhoud_hash=request.POST.get("inhoud_hash", ""),
            gebruiker_id=user.pk,
            actor=actor_of(request),
            now=timezone.now(),
        )
    except sign.TekenenNietMogelijk as problem:
        return refused(request, formulier, problem)
    return redirect("werk:formulier", pk=pk)
