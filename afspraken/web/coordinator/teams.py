"""Teams: their names and codes. Timing and help are the coordinator's."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from afspraken.flow import beheer
from afspraken.models import Team
from afspraken.web.access import actor_of, beheerder_required
from afspraken.web.coordinator.basis import gepost
from afspraken.web.coordinator.forms_teams import TeamForm, TeamWijzigForm


@beheerder_required
@require_safe
def overzicht(request: HttpRequest) -> HttpResponse:
    """Every team with how many accounts it has."""
    rows = Team.objects.annotate(
        aantal=Count("gebruikers", filter=Q(gebruikers__is_active=True), distinct=True)
    ).order_by("-actief", "naam")
    return render(request, "coordinator/teams.html", {"teams": rows})


@beheerder_required
@require_http_methods(["GET", "POST"])
def nieuw(request: HttpRequest) -> HttpResponse:
    """Make a team."""
    form = TeamForm(gepost(request))
    if request.method == "POST" and form.is_valid():
        try:
            team = beheer.maak_team(**form.cleaned_data, actor=actor_of(request), now=timezone.now())
        except beheer.BeheerGeweigerd as geweigerd:
            form.neem_over(geweigerd)
        else:
            messages.success(
                request,
                f"{team.naam} is gemaakt. Geef nu accounts dit team. De coördinator vult de timing en de hulp in.",
            )
            return redirect("beheer:teams")
    return render(request, "coordinator/team.html", {"form": form, "team": None})


@beheerder_required
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a team or take it out of use."""
    row = get_object_or_404(Team, pk=pk)
    form = TeamWijzigForm(gepost(request), initial={"naam": row.naam, "actief": row.actief})
    if request.method == "POST" and form.is_valid():
        try:
            beheer.wijzig_team(team_id=row.pk, **form.cleaned_data, actor=actor_of(request), now=timezone.now())
        except beheer.BeheerGeweigerd as geweigerd:
            form.neem_over(geweigerd)
        else:
            messages.success(request, "Het team is bewaard.")
            return redirect("beheer:teams")
    return render(request, "coordinator/team.html", {"form": form, "team": row})
