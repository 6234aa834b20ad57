"""Which numbers may get an SMS: those of the settings, and what a beheerder adds."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from afspraken.flow import beheer
from afspraken.web.access import actor_of, beheerder_required
from afspraken.web.coordinator.basis import gepost
from afspraken.web.coordinator.forms_verzending import NummersForm
from notifications import api as post


@beheerder_required
@require_safe
def overzicht(request: HttpRequest) -> HttpResponse:
    """What is fixed and what was added, with who and why."""
    context = {
        "vast": [post.shown_prefix(prefix) for prefix in post.fixed_prefixes()],
        "rijen": [{"nummers": row, "begin": post.shown_prefix(row.prefix)} for row in post.added_prefixes()],
    }
    return render(request, "coordinator/nummers.html", context)


@beheerder_required
@require_http_methods(["GET", "POST"])
def nieuw(request: HttpRequest) -> HttpResponse:
    """Add the start of numbers; it counts at once."""
    form = NummersForm(gepost(request))
    if request.method == "POST" and form.is_valid():
        try:
            row, fresh = beheer.sta_nummers_toe(**form.cleaned_data, actor=actor_of(request), now=timezone.now())
        except beheer.BeheerGeweigerd as geweigerd:
            form.neem_over(geweigerd)
        else:
            begin = post.shown_prefix(row.prefix)
            if fresh:
                messages.success(request, f"Vanaf nu mag een sms naar nummers die beginnen met {begin}.")
            else:
                messages.info(request, f"Nummers die beginnen met {begin} mochten al. Er is niets veranderd.")
            return redirect("beheer:nummers")
    return render(request, "coordinator/nummers_nieuw.html", {"form": form})


@beheerder_required
@require_http_methods(["GET", "POST"])
def weg(request: HttpRequest, pk: int) -> HttpResponse:
    """Take numbers out, after one page that says what that does."""
    row = post.added_prefix(id=pk)
    begin = post.shown_prefix(row.prefix) if row else ""
    if request.method != "POST":
        if row is None:
            raise Http404("nummers")
        return render(request, "coordinator/nummers_weg.html", {"nummers": row, "begin": begin})
    if beheer.haal_nummers_weg(nummers_id=pk, actor=actor_of(request), now=timezone.now()):
        messages.success(request, f"Naar nummers die beginnen met {begin} gaat geen sms meer.")
    else:
        messages.info(request, "Deze nummers waren al weggehaald.")
    return redirect("beheer:nummers")
