"""Signing at home: read the form, draw or type, done. It can always be skipped."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from afspraken.domain import formulier as rules
from afspraken.domain.spelregels import parse
from afspraken.flow import log, sign
from afspraken.models import Wijze
from afspraken.web.client import formulierstand
from afspraken.web.client.deur import Bezoek, met_link, te_laat, toon, zet_melding
from afspraken.web.client.forms import TekenForm
from afspraken.web.client.formulierstand import TeTekenen


@met_link("GET", "POST", open_nodig=True)
def pagina(request: HttpRequest, bezoek: Bezoek) -> HttpResponse:
    """The form and the place to sign it; or why signing has to wait for the conversation."""
    try:
        blad = formulierstand.te_tekenen(bezoek.afspraak)
    except sign.TekenenNietMogelijk as problem:
        return _not_here(request, bezoek, problem.reden)
    if blad.bezwaar == "al_getekend":
        return redirect("client:afspraak", token=bezoek.token)
    if blad.bezwaar:
        return _not_here(request, bezoek, blad.bezwaar)
    if request.method != "POST":
        return _show(request, bezoek, blad, TekenForm(taal=bezoek.taal))
    form = TekenForm(request.POST, taal=bezoek.taal)
    if not form.is_valid():
        return _show(request, bezoek, blad, form)
    return _sign(request, bezoek, form)


def _sign(request: HttpRequest, bezoek: Bezoek, form: TekenForm) -> HttpResponse:
    try:
        formulier_id = sign.open_formulier(afspraak_id=bezoek.afspraak.pk, actor=log.CLIENT, now=bezoek.now)
        sign.sign_client(
            formulier_id=formulier_id,
            wijze=(Wijze.TEKENEN if form.streken else Wijze.TYPEN).value,
            naam=form.cleaned_data["naam"],
            lijnen=form.streken,
            inhoud_hash=request.POST.get("inhoud_hash", ""),
            thuis=True,
            actor=log.CLIENT,
            now=bezoek.now,
        )
    except sign.TekenenNietMogelijk as problem:
        return _refused(request, bezoek, problem.reden)
    zet_melding(request, "getekend.dank")
    return redirect("client:afspraak", token=bezoek.token)


def _refused(request: HttpRequest, bezoek: Bezoek, reden: str) -> HttpResponse:
    if reden in {"te_laat", "geannuleerd", "niet_verschenen"}:
        return te_laat(request, bezoek)
    if reden == "veranderd":
        zet_melding(request, "tekenen.veranderd")
    # A double click ("al_getekend") lands on the appointment by way of the signing page, as does the rest.
    return redirect("client:tekenen", token=bezoek.token)


def _show(request: HttpRequest, bezoek: Bezoek, blad: TeTekenen, form: TekenForm) -> HttpResponse:
    context: dict[str, object] = {
        "form": form,
        "kern": rules.kern(blad.inhoud),
        "blad": parse(blad.inhoud.spelregels.tekst),
        "inhoud_hash": blad.inhoud_hash,
        "terug": reverse("client:afspraak", args=[bezoek.token]),
    }
    return toon(request, bezoek, "tekenen", context)


def _not_here(request: HttpRequest, bezoek: Bezoek, reden: str) -> HttpResponse:
    context: dict[str, object] = {"reden": reden, "terug": reverse("client:afspraak", args=[bezoek.token])}
    return toon(request, bezoek, "tekenen_kan_niet", context)
