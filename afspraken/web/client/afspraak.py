"""The page of one appointment, in each of its states, and what can be taken from it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from afspraken.flow import berichten
from afspraken.flow.berichten.agenda import make_ics
from afspraken.models import Voornemen
from afspraken.web import links
from afspraken.web.client import concept, formulierstand, regels
from afspraken.web.client.deur import Bezoek, met_link, onbekend, toon
from afspraken.web.client.forms import OpnemenForm
from afspraken.web.client.formulierstand import Formulierstand
from afspraken.web.client.tekst import taalnaam
from afspraken.web.client.weergave import Antwoordweergave, toon_voornemen


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Where an appointment stands for its client: the answer that counts now, and the form."""

    antwoord: Antwoordweergave | None
    formulier: Formulierstand

    def context(self) -> dict[str, object]:
        """As the templates know it."""
        return {"antwoord": self.antwoord, "formulier": self.formulier}


def stand_van(bezoek: Bezoek) -> Stand:
    """Read where it stands, in the language of the visit."""
    voornemen = berichten.huidig_voornemen(bezoek.afspraak.pk)
    return Stand(
        antwoord=toon_voornemen(voornemen, bezoek.afspraak, bezoek.taal) if voornemen else None,
        formulier=formulierstand.stand_van(bezoek.afspraak, voornemen),
    )


@met_link("GET")
def pagina(request: HttpRequest, bezoek: Bezoek) -> HttpResponse:
    """The appointment, the rules, the answer so far; or why there is nothing more to answer."""
    context = stand_van(bezoek).context()
    if bezoek.reden:
        return toon(request, bezoek, "gesloten", {**context, "gesloten": _gesloten(bezoek)})
    bezig = concept.lees(request, bezoek.afspraak)
    return toon(
        request,
        bezoek,
        "afspraak",
        {
            **context,
            "regels": regels.geldend(bezoek.afspraak.team_id, bezoek.taal),
            "form": OpnemenForm(taal=bezoek.taal, initial={"antwoord": bezig.antwoord}),
        },
    )


def _gesloten(bezoek: Bezoek) -> str:
    """Which closed page: one that has begun is told apart from one that is over."""
    if bezoek.reden == "voorbij" and bezoek.afspraak.start_op <= bezoek.now < bezoek.afspraak.eind_op:
        return "begonnen"
    return bezoek.reden


@met_link("GET")
def kopie(request: HttpRequest, bezoek: Bezoek) -> HttpResponse:
    """The recorded answer with the rules it was given under, to print or keep."""
    if bezoek.reden == "geannuleerd":
        return redirect("client:afspraak", token=bezoek.token)
    voornemen = berichten.huidig_voornemen(bezoek.afspraak.pk)
    return toon(
        request,
        bezoek,
        "kopie",
        {
            "antwoord": toon_voornemen(voornemen, bezoek.afspraak, bezoek.taal) if voornemen else None,
            "regels": _regels_bij(voornemen, bezoek),
        },
    )


def _regels_bij(voornemen: Voornemen | None, bezoek: Bezoek) -> regels.Regelsweergave | None:
    if voornemen is not None and voornemen.spelregels is not None:
        return regels.toon_versie(voornemen.spelregels, bezoek.taal)
    return regels.geldend(bezoek.afspraak.team_id, bezoek.taal)


@met_link("GET")
def spelregels(request: HttpRequest, bezoek: Bezoek) -> HttpResponse:
    """The rules that hold for this appointment: its team may have its own."""
    sheet = regels.geldend(bezoek.afspraak.team_id, bezoek.taal)
    return toon(request, bezoek, "regels", {"regels": sheet, "taalnaam": taalnaam(bezoek.taal)})


@met_link("GET")
def agenda(request: HttpRequest, bezoek: Bezoek) -> HttpResponse:
    """The appointment for a calendar."""
    content = make_ics(afspraak=bezoek.afspraak, taal=bezoek.taal, link=links.url_for(bezoek.afspraak), now=bezoek.now)
    name = "appointment.ics" if bezoek.taal == "en" else "afspraak.ics"
    return _download(content, "text/calendar; charset=utf-8", name)


@met_link("GET")
def formulier_pdf(request: HttpRequest, bezoek: Bezoek) -> HttpResponse:
    """The signed form, once there is one."""
    pdf = formulierstand.pdf_van(bezoek.afspraak.pk)
    if pdf is None:
        return onbekend(request)
    return _download(pdf, "application/pdf", "form-recording.pdf" if bezoek.taal == "en" else "formulier-opname.pdf")


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
