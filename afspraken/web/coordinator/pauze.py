"""The switch that stops all sending, and lets it go on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from afspraken.flow import beheer
from afspraken.web.access import actor_of, beheer_required
from notifications import api as post


@beheer_required
@require_http_methods(["GET", "POST"])
def pauze(request: HttpRequest) -> HttpResponse:
    """Say what will happen, then do it. Which of the two is asked for by name, so a second click undoes nothing."""
    now = timezone.now()
    if request.method != "POST":
        context = {"staat": post.sending_paused(), "rij": post.queue_health(now)}
        return render(request, "coordinator/pauze.html", context)
    actor = actor_of(request)
    if request.POST.get("wat") == "pauzeren":
        beheer.pauzeer_berichten(actor=actor, now=now)
        messages.warning(request, "Alle berichten staan stil. Er gaat niets weg tot iemand ze weer aanzet.")
    elif request.POST.get("wat") == "hervatten":
        beheer.hervat_berichten(actor=actor, now=now)
        messages.success(request, "De berichten gaan weer weg.")
    return redirect("beheer:start")
