"""The day list: who will record, at a glance."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from afspraken.domain.datums import local_date
from afspraken.flow import daglijst as flow_daglijst
from afspraken.flow.daglijst import Daglijst
from afspraken.models import Medewerker
from afspraken.web.access import current_user, medewerker_required

KEUZES = ("bereik", "team", "keuze")
"""What a medewerker chose stands in the address, so that it can be kept, shared and gone back to."""


def url_of(datum: date, choices: dict[str, str], **changed: str) -> str:
    """The address of a day with the choices; an empty choice is left out."""
    params = {name: value for name, value in {**choices, **changed}.items() if value}
    query = f"?{urlencode(params)}" if params else ""
    return f"{reverse('werk:daglijst', args=[datum])}{query}"


@medewerker_required
@require_GET
def vandaag(request: HttpRequest) -> HttpResponse:
    """Today: mine, or the team's for an account that has no conversations of its own."""
    user = current_user(request)
    bereik = "mijn" if Medewerker.objects.filter(gebruiker=user).exists() else "team"
    return redirect(url_of(local_date(timezone.now()), {"bereik": bereik}))


@medewerker_required
@require_GET
def kies_dag(request: HttpRequest) -> HttpResponse:
    """The date field and the choice of a team, sent as a plain form."""
    choices = {name: request.GET.get(name, "") for name in KEUZES}
    try:
        adres = url_of(date.fromisoformat(request.GET.get("datum", "")), choices)
    except (ValueError, NoReverseMatch):
        adres = url_of(local_date(timezone.now()), choices)
    return redirect(adres)


@medewerker_required
@vary_on_headers("HX-Request")
@require_GET
def daglijst(request: HttpRequest, datum: date) -> HttpResponse:
    """One day. With htmx only the list itself, for the refresh every half minute."""
    context = _context(request, datum, timezone.now())
    is_fragment = request.headers.get("HX-Request") == "true"
    return render(request, "medewerker/delen/lijst.html" if is_fragment else "medewerker/daglijst.html", context)


@medewerker_required
@require_GET
def afdruk(request: HttpRequest, datum: date) -> HttpResponse:
    """The day as a sheet of paper; with ``privacy=1`` initials instead of names, and no purposes."""
    context = _context(request, datum, timezone.now())
    return render(request, "medewerker/afdruk.html", {**context, "privacy": request.GET.get("privacy") == "1"})


def _context(request: HttpRequest, datum: date, now: datetime) -> dict[str, object]:
    choices = {name: request.GET.get(name, "") for name in KEUZES}
    if choices["bereik"] not in {"mijn", "team"}:
        choices["bereik"] = "mijn"
    if choices["bereik"] == "mijn":
        choices["team"] = ""
    lijst = flow_daglijst.read(
        datum=datum, gebruiker=current_user(request), bereik=choices["bereik"], team=choices["team"] or None, now=now
    )
    if lijst.team and lijst.team not in {code for code, _ in lijst.teams}:
        # Another team looks like one that does not exist.
        raise Http404("team")
    today = local_date(now)
    return {
        "lijst": lijst.only(choices["keuze"]),
        "aantal": sum(rij.telt_mee for rij in lijst.rijen),
        "tellers": _counters(lijst, choices),
        "keuzes": choices,
        "datum": datum,
        "is_vandaag": datum == today,
        "is_voorbij": datum < today,
        "adres": url_of(datum, choices),
        "adres_alles": url_of(datum, choices, keuze=""),
        "adres_vorige": _step(datum, choices, -1),
        "adres_volgende": _step(datum, choices, 1),
        "adres_vandaag": url_of(today, choices),
        "adres_mijn": url_of(datum, choices, bereik="mijn", team="", keuze=""),
        "adres_team": url_of(datum, choices, bereik="team", keuze=""),
        "adres_afdruk": f"{reverse('werk:afdruk', args=[datum])}?{urlencode(choices)}",
        "toon_medewerker": choices["bereik"] == "team",
        "toon_team": choices["bereik"] == "team" and not choices["team"] and len(lijst.teams) > 1,
    }


def _step(datum: date, choices: dict[str, str], days: int) -> str:
    try:
        return url_of(datum + timedelta(days=days), choices)
    except NoReverseMatch:
        # The end of the century.
        return ""


def _counters(lijst: Daglijst, choices: dict[str, str]) -> list[dict[str, object]]:
    return [
        {
            "teller": teller,
            "actief": choices["keuze"] == teller.code,
            # The link of the active one takes the filter off again.
            "adres": url_of(lijst.datum, choices, keuze="" if choices["keuze"] == teller.code else teller.code),
        }
        for teller in lijst.tellers
    ]
