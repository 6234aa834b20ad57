"""Addresses of the medewerker: the day list, one appointment, the form and the signatures."""

from __future__ import annotations

from datetime import date

from django.urls import path, register_converter

from afspraken.web.medewerker import afspraak, dag, formulier, maken, ondertekenen, overhandigen, wijzigen


class DagConverter:
    """A day of this century as yyyy-mm-dd; a day that does not exist is no address."""

    regex = r"20\d{2}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


register_converter(DagConverter, "dag")

app_name = "werk"

urlpatterns = [
    path("", dag.vandaag, name="vandaag"),
    path("daglijst", dag.kies_dag, name="kies_dag"),
    path("daglijst/<dag:datum>", dag.daglijst, name="daglijst"),
    path("daglijst/<dag:datum>/afdruk", dag.afdruk, name="afdruk"),
    path("nieuw", maken.nieuw, name="nieuw"),
    path("inloop", maken.inloop, name="inloop"),
    path("afspraak/<int:pk>", afspraak.pagina, name="afspraak"),
    path("afspraak/<int:pk>/gezien", afspraak.gezien, name="gezien"),
    path("afspraak/<int:pk>/antwoord", afspraak.antwoord, name="antwoord"),
    path("afspraak/<int:pk>/neemt-op", afspraak.neemt_op, name="neemt_op"),
    path("afspraak/<int:pk>/formulier", afspraak.open_formulier, name="formulier_openen"),
    path("afspraak/<int:pk>/verplaatsen", wijzigen.verplaatsen, name="verplaatsen"),
    path("afspraak/<int:pk>/medewerker", wijzigen.medewerker, name="medewerker"),
    path("afspraak/<int:pk>/annuleren", wijzigen.annuleren, name="annuleren"),
    path("afspraak/<int:pk>/uitnodigen", wijzigen.uitnodigen, name="uitnodigen"),
    path("afspraak/<int:pk>/uitkomst", wijzigen.uitkomst, name="uitkomst"),
    path("formulier/<int:pk>", formulier.pagina, name="formulier"),
    path("formulier/<int:pk>/aanpassen", formulier.aanpassen, name="formulier_aanpassen"),
    path("formulier/<int:pk>/toestemming", formulier.toestemming, name="formulier_toestemming"),
    path("formulier/<int:pk>/uitkomst", formulier.uitkomst, name="formulier_uitkomst"),
    path("formulier/<int:pk>/nieuwe-versie", formulier.nieuwe_versie, name="formulier_nieuwe_versie"),
    path("formulier/<int:pk>/pdf", formulier.pdf, name="formulier_pdf"),
    path("formulier/<int:pk>/blad", formulier.blad, name="formulier_blad"),
    path("formulier/<int:pk>/client-tekent", ondertekenen.client_tekent, name="client_tekent"),
    path("formulier/<int:pk>/tekenen", ondertekenen.medewerker_tekent, name="medewerker_tekent"),
    path("formulier/<int:pk>/papier", ondertekenen.op_papier, name="op_papier"),
    path("formulier/<int:pk>/overhandigen", overhandigen.overhandigen, name="overhandigen"),
    path("formulier/<int:pk>/client", overhandigen.voor_client, name="voor_client"),
    path("slot", overhandigen.slot, name="slot"),
]
