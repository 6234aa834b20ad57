"""The start of /beheer/: a tile per task of the role, with what waits there."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from afspraken.models import Medewerker, Rol, SpelregelsStatus, SpelregelsVersie, Werkpunt
from afspraken.web.access import beheer_required, current_user, teams_of
from afspraken.web.coordinator.basis import plekken_van
from afspraken.web.coordinator.budgetten import bijna_op
from notifications import api as post


@dataclass(frozen=True, kw_only=True)
class Tegel:
    """One task; ``wacht`` says in words what waits there, empty for nothing."""

    naam: str
    url: str
    uitleg: str
    wacht: str = ""


@beheer_required
def start(request: HttpRequest) -> HttpResponse:
    """Every task of this role."""
    user = current_user(request)
    tegels = _coordinator(request) if user.rol == Rol.COORDINATOR.value else _beheerder()
    context = {"tegels": [tegel for tegel in tegels if tegel.url], "teams": teams_of(user)}
    return render(request, "coordinator/start.html", context)


def _coordinator(request: HttpRequest) -> list[Tegel]:
    user = current_user(request)
    plekken = plekken_van(user)
    mine = {plek.scope for plek in plekken if plek.mag_schrijven}
    teams = [plek.team for plek in plekken if plek.team]
    concepten = [row for row in post.templates.overview(mine) if row.draft and row.scope in mine]
    van_anderen = [row for row in concepten if row.draft and row.draft.author != user.username]
    bladen = SpelregelsVersie.objects.filter(status=SpelregelsStatus.CONCEPT.value).select_related("team")
    waiting_sheets = [b for b in bladen if (b.team.code if b.team else "") in mine and b.opsteller_id != user.pk]
    punten = Werkpunt.objects.filter(team__in=teams, afgehandeld_op=None).count()
    return [
        Tegel(
            naam="Werkvoorraad",
            url=_url("werkvoorraad"),
            uitleg="Cliënten die u moet bellen of schrijven, en berichten die wij niet begrepen.",
            wacht=_many(punten, "punt wacht", "punten wachten"),
        ),
        Tegel(naam="Bezorging", url=_url("bezorging"), uitleg="Wat is verstuurd, wat is bezorgd en wat niet."),
        Tegel(
            naam="Sjablonen",
            url=_url("sjablonen"),
            uitleg="De teksten van sms en e-mail bekijken en veranderen.",
            wacht=_many(len(van_anderen), "concept van een collega wacht", "concepten van collega's wachten"),
        ),
        Tegel(
            naam="Spelregels",
            url=_url("spelregels"),
            uitleg="De officiële tekst over opnemen, in versies.",
            wacht=_many(len(waiting_sheets), "concept van een collega wacht", "concepten van collega's wachten"),
        ),
        Tegel(
            naam="Timing en hulp",
            url=_url("timing"),
            uitleg="Wanneer berichten weggaan, en waar cliënten hulp krijgen.",
        ),
        Tegel(naam="Import", url=_url("import"), uitleg="Afspraken inlezen uit een bestand."),
    ]


def _beheerder() -> list[Tegel]:
    loose = Medewerker.objects.filter(gebruiker=None).count()
    return [
        Tegel(naam="Accounts", url=_url("accounts"), uitleg="Wie kan inloggen, met welke rol en welke teams."),
        Tegel(naam="Teams", url=_url("teams"), uitleg="De teams van de gemeente en hun codes."),
        Tegel(
            naam="Medewerkers",
            url=_url("medewerkers"),
            uitleg="Namen uit planningssystemen koppelen aan accounts.",
            wacht=_many(loose, "naam zonder account", "namen zonder account"),
        ),
        Tegel(naam="API-sleutels", url=_url("sleutels"), uitleg="Toegang voor planningssystemen."),
        Tegel(naam="Nummers voor sms", url=_url("nummers"), uitleg="Naar welke mobiele nummers een sms mag."),
        Tegel(
            naam="Budgetten",
            url=_url("budgetten"),
            uitleg="Hoeveel berichten elk team mag versturen, en hoeveel het al deed.",
            wacht=_many(bijna_op(timezone.now()), "budget is bijna op", "budgetten zijn bijna op"),
        ),
    ]


def _url(naam: str) -> str:
    try:
        return reverse(f"beheer:{naam}")
    except NoReverseMatch:
        return ""


def _many(aantal: int, een: str, meer: str) -> str:
    if not aantal:
        return ""
    return f"{aantal} {een if aantal == 1 else meer}"
