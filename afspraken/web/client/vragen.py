"""The questions one by one, the check page, and what comes after: done, or taken back."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from afspraken.domain.voornemen import Antwoord, Doel, Kanaal
from afspraken.flow import answer, berichten, log
from afspraken.web.client import concept
from afspraken.web.client.afspraak import stand_van
from afspraken.web.client.concept import Concept
from afspraken.web.client.deur import Bezoek, met_link, te_laat, toon, zet_melding
from afspraken.web.client.forms import DoelForm, OpnemenForm, SoortenForm, ToelichtingForm, Vraag
from afspraken.web.client.weergave import toon_gegevens

_WIJZIG = "wijzig"


@met_link("GET", "POST", open_nodig=True)
def opnemen(request: HttpRequest, bezoek: Bezoek) -> HttpResponse:
    """Question 1: will the client record?"""

    def set_answer(bezig: Concept, value: object) -> None:
        bezig.antwoord = str(value)

    return _question(request, bezoek, "opnemen", OpnemenForm, "antwoord", set_answer)


@met_link("GET", "POST", open_nodig=True)
def soorten(request: HttpRequest, bezoek: Bezoek) -> HttpResponse:
    """Question 2: what will be recorded? May stay blank."""

    def set_kinds(bezig: Concept, value: object) -> None:
        bezig.soorten = list(value) if isinstance(value, list) else []

    return _question(request, bezoek, "soorten", SoortenForm, "soorten", set_kinds)


@met_link("GET", "POST", open_nodig=True)
def doel(request: HttpRequest, bezoek: Bezoek) -> HttpResponse:
    """Question 3: what for? May stay blank."""

    def set_purpose(bezig: Concept, value: object) -> None:
        bezig.doel = str(value)

    return _question(request, bezoek, "doel", DoelForm, "doel", set_purpose)


@met_link("GET", "POST", open_nodig=True)
def toelichting(request: HttpRequest, bezoek: Bezoek) -> HttpResponse:
    """Question 3b, on its own page so that it works without JavaScript: something else, namely."""

    def set_words(bezig: Concept, value: object) -> None:
        bezig.toelichting = str(value)

    return _question(request, bezoek, "toelichting", ToelichtingForm, "toelichting", set_words)


def _question(
    request: HttpRequest,
    bezoek: Bezoek,
    pagina: str,
    form_class: type[Vraag],
    veld: str,
    set_value: Callable[[Concept, object], None],
) -> HttpResponse:
    """One question page: shown with what is known already, kept on POST, then on to the first open question."""
    bezig = concept.lees(request, bezoek.afspraak)
    if not _belongs(bezig, pagina):
        return redirect(f"client:{bezig.volgende()}", token=bezoek.token)
    if request.method == "POST":
        form = form_class(request.POST, taal=bezoek.taal)
        if form.is_valid():
            set_value(bezig, form.cleaned_data[veld])
            concept.bewaar(request, bezoek.afspraak, bezig)
            return redirect(f"client:{bezig.volgende()}", token=bezoek.token)
    else:
        form = form_class(taal=bezoek.taal, initial={veld: _known(bezig, bezoek, veld)})
    context: dict[str, object] = {"form": form, "veld": form[veld], "terug": _back(request, bezoek, bezig, pagina)}
    if pagina == "opnemen":
        context["formulier"] = stand_van(bezoek).formulier
    return toon(request, bezoek, f"vraag_{pagina}", context)


def _belongs(bezig: Concept, pagina: str) -> bool:
    """Whether this question follows from the answers so far; an old bookmark or another tab may not."""
    if pagina == "opnemen":
        return True
    if bezig.antwoord != Antwoord.JA.value:
        return False
    if pagina == "soorten":
        return True
    return bezig.soorten is not None and (pagina == "doel" or bezig.doel == Doel.ANDERS.value)


def _known(bezig: Concept, bezoek: Bezoek, veld: str) -> object:
    """What this client said before: now in this browser, else in the answer that we have."""
    said = getattr(bezig, veld)
    if said is not None:
        return said
    voornemen = berichten.huidig_voornemen(bezoek.afspraak.pk)
    if voornemen is None or voornemen.antwoord == Antwoord.INGETROKKEN.value:
        return None
    return getattr(voornemen, veld)


def _back(request: HttpRequest, bezoek: Bezoek, bezig: Concept, pagina: str) -> str:
    """Where "Terug" leads: to the check page for who came from there, else one question back."""
    vorige = "nakijken" if _WIJZIG in request.GET else bezig.vorige(pagina)
    return reverse(f"client:{vorige or 'afspraak'}", args=[bezoek.token])


@met_link("GET", "POST", open_nodig=True)
def nakijken(request: HttpRequest, bezoek: Bezoek) -> HttpResponse:
    """The check page; its button is the only thing that records an answer."""
    bezig = concept.lees(request, bezoek.afspraak)
    if bezig.volgende() != "nakijken":
        return _not_ready(request, bezoek, bezig)
    if request.method == "POST":
        if request.POST.get("stand") == bezig.stand(bezoek.afspraak):
            return _record(request, bezoek, bezig)
        moved = bezoek.afspraak.verplaatst_op is not None and request.POST.get("begin") != _begin(bezoek)
        zet_melding(request, "nakijken.verplaatst" if moved else "nakijken.veranderd")
        return redirect("client:nakijken", token=bezoek.token)
    return toon(
        request,
        bezoek,
        "nakijken",
        {
            "antwoord": toon_gegevens(bezig.gegevens(), bezoek.taal),
            "stand": bezig.stand(bezoek.afspraak),
            "begin": _begin(bezoek),
            "formulier": stand_van(bezoek).formulier,
            "terug": _back(request, bezoek, bezig, "nakijken"),
        },
    )


def _not_ready(request: HttpRequest, bezoek: Bezoek, bezig: Concept) -> HttpResponse:
    """The check page without answers: just sent (a double click), never begun, or lost with the session."""
    if request.method == "POST":
        if concept.is_verstuurd(request, bezoek.afspraak, request.POST.get("stand", "")):
            return redirect("client:klaar", token=bezoek.token)
        zet_melding(request, "nakijken.kwijt")
    return redirect(f"client:{bezig.volgende()}", token=bezoek.token)


def _begin(bezoek: Bezoek) -> str:
    return f"{bezoek.afspraak.start_op.timestamp():.0f}"


def _record(request: HttpRequest, bezoek: Bezoek, bezig: Concept) -> HttpResponse:
    try:
        answer.record_antwoord(
            afspraak_id=bezoek.afspraak.pk,
            gegevens=bezig.gegevens(),
            kanaal=Kanaal.WEB,
            taal=bezoek.taal,
            actor=log.CLIENT,
            now=bezoek.now,
        )
    except answer.AntwoordNietMogelijk:
        # Cancelled, signed or begun since the page was asked for.
        return te_laat(request, bezoek)
    concept.sluit_af(request, bezoek.afspraak, bezig.stand(bezoek.afspraak))
    return redirect("client:klaar", token=bezoek.token)


@met_link("GET", open_nodig=True)
def klaar(request: HttpRequest, bezoek: Bezoek) -> HttpResponse:
    """What was recorded and what happens next. Opened again later, it shows the answer of that moment."""
    stand = stand_van(bezoek)
    if stand.antwoord is None or stand.antwoord.ingetrokken:
        return redirect("client:afspraak", token=bezoek.token)
    return toon(request, bezoek, "klaar", stand.context())


@met_link("GET", "POST", open_nodig=True)
def intrekken(request: HttpRequest, bezoek: Bezoek) -> HttpResponse:
    """Take the answer back: one question, one button."""
    if request.method == "POST":
        try:
            answer.withdraw(
                afspraak_id=bezoek.afspraak.pk, kanaal=Kanaal.WEB, taal=bezoek.taal, actor=log.CLIENT, now=bezoek.now
            )
        except answer.AntwoordNietMogelijk:
            return te_laat(request, bezoek)
        concept.sluit_af(request, bezoek.afspraak)
        return redirect("client:afspraak", token=bezoek.token)
    stand = stand_van(bezoek)
    if stand.antwoord is None or stand.antwoord.ingetrokken:
        return redirect("client:afspraak", token=bezoek.token)
    terug = reverse("client:afspraak", args=[bezoek.token])
    return toon(request, bezoek, "intrekken", {**stand.context(), "terug": terug})
