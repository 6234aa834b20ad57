"""Keys of planning systems: made here, shown once, stopped at once."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from afspraken.flow import beheer
from afspraken.models import ApiSleutel
from afspraken.web.access import actor_of, beheerder_required
from afspraken.web.coordinator.basis import gepost
from afspraken.web.coordinator.forms_beheerder import SleutelForm


@beheerder_required
@require_safe
def overzicht(request: HttpRequest) -> HttpResponse:
    """Every key, the working ones first."""
    now = timezone.now()
    rijen = [
        {
            "sleutel": row,
            "rechten": [beheer.SCOPES.get(scope, scope) for scope in row.scopes],
            "staat": _state(row, now),
        }
        for row in ApiSleutel.objects.prefetch_related("teams").order_by("naam", "pk")
    ]
    rijen.sort(key=lambda rij: rij["staat"] != "werkt")
    return render(request, "coordinator/sleutels.html", {"rijen": rijen})


@beheerder_required
@require_http_methods(["GET", "POST"])
def nieuw(request: HttpRequest) -> HttpResponse:
    """Make a key. The answer to the POST is the only page that ever shows it."""
    form = SleutelForm(gepost(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row, sleutel = beheer.maak_api_sleutel(
                naam=data["naam"],
                teams=data["teams"],
                scopes=data["scopes"],
                verloopt_op=form.verloopt_op(),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except beheer.BeheerGeweigerd as geweigerd:
            form.neem_over(geweigerd)
        else:
            return render(request, "coordinator/sleutel_getoond.html", {"rij": row, "sleutel": sleutel})
    return render(request, "coordinator/sleutel_nieuw.html", {"form": form})


@beheerder_required
@require_http_methods(["GET", "POST"])
def intrekken(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a key, after one page that says what that does."""
    row = get_object_or_404(ApiSleutel, pk=pk)
    if request.method != "POST":
        return render(request, "coordinator/sleutel_intrekken.html", {"rij": row})
    if beheer.trek_api_sleutel_in(sleutel_id=row.pk, actor=actor_of(request), now=timezone.now()):
        messages.success(request, f"De sleutel van {row.naam} is ingetrokken. Hij werkt niet meer.")
    else:
        messages.info(request, "Deze sleutel was al ingetrokken.")
    return redirect("beheer:sleutels")


def _state(row: ApiSleutel, now: datetime) -> str:
    if row.ingetrokken_op is not None:
        return "ingetrokken"
    if row.verloopt_op is not None and row.verloopt_op <= now:
        return "verlopen"
    return "werkt"
