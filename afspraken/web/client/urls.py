"""Addresses of the public pages and of the pages behind a client's link."""

from __future__ import annotations

from django.urls import path

from afspraken.web.client import afspraak, deur, openbaar, tekenen, vragen

app_name = "client"

urlpatterns = [
    path("", openbaar.start, name="start"),
    path("spelregels", openbaar.spelregels, name="spelregels"),
    path("spelregels/<str:taal>", openbaar.spelregels, name="spelregels_taal"),
    path("robots.txt", openbaar.robots, name="robots"),
    path("v/<str:token>", afspraak.pagina, name="afspraak"),
    # Some phones add the slash that they expect.
    path("v/<str:token>/", afspraak.pagina),
    path("v/<str:token>/opnemen", vragen.opnemen, name="opnemen"),
    path("v/<str:token>/soorten", vragen.soorten, name="soorten"),
    path("v/<str:token>/doel", vragen.doel, name="doel"),
    path("v/<str:token>/toelichting", vragen.toelichting, name="toelichting"),
    path("v/<str:token>/nakijken", vragen.nakijken, name="nakijken"),
    path("v/<str:token>/klaar", vragen.klaar, name="klaar"),
    path("v/<str:token>/intrekken", vragen.intrekken, name="intrekken"),
    path("v/<str:token>/tekenen", tekenen.pagina, name="tekenen"),
    path("v/<str:token>/antwoord", afspraak.kopie, name="kopie"),
    path("v/<str:token>/spelregels", afspraak.spelregels, name="regels"),
    path("v/<str:token>/afspraak.ics", afspraak.agenda, name="agenda"),
    path("v/<str:token>/formulier.pdf", afspraak.formulier_pdf, name="formulier_pdf"),
    # Everything else under /v/ looks like a link that does not exist.
    path("v/", deur.onbekend, name="onbekend"),
    path("v/<path:token>", deur.onbekend, name="onbekend_pad"),
]
