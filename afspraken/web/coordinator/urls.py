"""Addresses of /beheer/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from afspraken.web.coordinator import (
    accounts,
    bezorging,
    budgetten,
    importeren,
    medewerkers,
    nummers,
    pauze,
    sjablonen,
    sjabloon_versies,
    sleutels,
    spelregels,
    start,
    teams,
    timing,
    werkvoorraad,
)

app_name = "beheer"

_SJABLOON = "sjablonen/<slug:soort>/<slug:kanaal>/<slug:taal>/<slug:plek>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.start, name="start"),
    path("pauze", pauze.pauze, name="pauze"),
    path("werkvoorraad/", werkvoorraad.overzicht, name="werkvoorraad"),
    path("werkvoorraad/<int:pk>", werkvoorraad.punt, name="werkpunt"),
    path("bezorging/", bezorging.overzicht, name="bezorging"),
    path("sjablonen/", sjablonen.overzicht, name="sjablonen"),
    path(_SJABLOON, sjablonen.sjabloon, name="sjabloon"),
    path(f"{_SJABLOON}bewerken", sjablonen.bewerken, name="sjabloon_bewerken"),
    path(f"{_SJABLOON}tellen", sjablonen.tellen, name="sjabloon_tellen"),
    path(f"{_SJABLOON}publiceren", sjabloon_versies.publiceren, name="sjabloon_publiceren"),
    path(f"{_SJABLOON}weggooien", sjabloon_versies.weggooien, name="sjabloon_weggooien"),
    path(f"{_SJABLOON}versies", sjabloon_versies.versies, name="sjabloon_versies"),
    path(f"{_SJABLOON}versies/<int:versie_id>/terugzetten", sjabloon_versies.terugzetten, name="sjabloon_terugzetten"),
    path("spelregels/", spelregels.overzicht, name="spelregels"),
    path("spelregels/versie/<int:versie_id>", spelregels.versie, name="spelregels_versie"),
    path("spelregels/versie/<int:versie_id>/publiceren", spelregels.publiceren, name="spelregels_publiceren"),
    path("spelregels/versie/<int:versie_id>/weggooien", spelregels.weggooien, name="spelregels_weggooien"),
    path("spelregels/<slug:plek>/bewerken", spelregels.bewerken, name="spelregels_bewerken"),
    path("timing/", timing.overzicht, name="timing"),
    path("timing/<slug:code>", timing.team, name="timing_team"),
    path("timing/<slug:code>/hulp", timing.hulp, name="hulp"),
    path("accounts/", accounts.overzicht, name="accounts"),
    path("accounts/nieuw", accounts.nieuw, name="account_nieuw"),
    path("accounts/<int:pk>", accounts.account, name="account"),
    path("accounts/<int:pk>/link", accounts.link, name="account_link"),
    path("accounts/<int:pk>/sluiten", accounts.sluiten, name="account_sluiten"),
    path("accounts/<int:pk>/openen", accounts.openen, name="account_openen"),
    path("teams/", teams.overzicht, name="teams"),
    path("teams/nieuw", teams.nieuw, name="team_nieuw"),
    path("teams/<int:pk>", teams.team, name="team"),
    path("medewerkers/", medewerkers.overzicht, name="medewerkers"),
    path("medewerkers/nieuw", medewerkers.nieuw, name="medewerker_nieuw"),
    path("medewerkers/<int:pk>", medewerkers.medewerker, name="medewerker"),
    path("medewerkers/<int:pk>/naam", medewerkers.alias, name="medewerker_alias"),
    path("medewerkers/<int:pk>/naam/<int:alias_id>/weg", medewerkers.alias_weg, name="medewerker_alias_weg"),
    path("medewerkers/<int:pk>/samenvoegen", medewerkers.samenvoegen, name="medewerker_samenvoegen"),
    path("sleutels/", sleutels.overzicht, name="sleutels"),
    path("sleutels/nieuw", sleutels.nieuw, name="sleutel_nieuw"),
    path("sleutels/<int:pk>/intrekken", sleutels.intrekken, name="sleutel_intrekken"),
    path("nummers/", nummers.overzicht, name="nummers"),
    path("nummers/nieuw", nummers.nieuw, name="nummers_nieuw"),
    path("nummers/<int:pk>/weg", nummers.weg, name="nummers_weg"),
    path("budgetten/", budgetten.overzicht, name="budgetten"),
    path("budgetten/<slug:plek>/<slug:kanaal>", budgetten.budget, name="budget"),
    *importeren.urlpatterns,
]
