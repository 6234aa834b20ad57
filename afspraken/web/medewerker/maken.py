"""Appointments made by hand, and people who walk in."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from afspraken.domain.datums import local_date
from afspraken.domain.gegevens import Afspraakgegevens
from afspraken.flow import plan, sign
from afspraken.models import Medewerker
from afspraken.web.access import actor_of, current_user, medewerker_required, teams_of
from afspraken.web.medewerker.fields import DUBBELE_TIJD
from afspraken.web.medewerker.forms import ONDERWERP, VELDEN, InloopForm, NieuweAfspraakForm

INLOOP_DUUR = timedelta(minutes=45)


@medewerker_required
@require_http_methods(["GET", "POST"])
def nieuw(request: HttpRequest) -> HttpResponse:
    """A new appointment; the client is invited as for any other."""
    teams = teams_of(current_user(request))
    initial = {"datum": local_date(timezone.now()), "medewerker": _own(request)}
    form = NieuweAfspraakForm(request.POST or None, teams=teams, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["medewerker"]
        try:
            gegevens = form.gegevens(extern_id=form.extern_id(current_user(request).pk))
            pk = _plan(request, gegevens, chosen.pk if chosen else None)
        except plan.PlanGeweigerd as problem:
            form.add_fouten(problem.fouten, VELDEN)
        else:
            messages.success(request, "De afspraak staat in de lijst.")
            if form.dubbele_tijd:
                messages.warning(request, DUBBELE_TIJD)
            return redirect("werk:afspraak", pk=pk)
    return render(request, "medewerker/nieuw.html", {"form": form, "heeft_team": bool(teams)})


@medewerker_required
@require_http_methods(["GET", "POST"])
def inloop(request: HttpRequest) -> HttpResponse:
    """Someone sits at the desk without an appointment: a name, and on to the form."""
    teams = teams_of(current_user(request))
    form = InloopForm(request.POST or None, teams=teams)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        start = now.replace(second=0, microsecond=0)
        gegevens = Afspraakgegevens(
            bron=plan.BRON_HAND,
            extern_id=form.extern_id(current_user(request).pk),
            start_op=start,
            eind_op=start + INLOOP_DUUR,
            onderwerp=ONDERWERP,
            team=form.cleaned_data["team"].code,
            client=form.client(),
            inloop=True,
        )
        try:
            pk = _plan(request, gegevens, _own(request))
        except plan.PlanGeweigerd as problem:
            form.add_fouten(problem.fouten, VELDEN)
        else:
            return _to_form(request, pk)
    return render(request, "medewerker/inloop.html", {"form": form, "heeft_team": bool(teams)})


def _own(request: HttpRequest) -> int | None:
    return Medewerker.objects.filter(gebruiker=current_user(request)).values_list("pk", flat=True).first()


def _plan(request: HttpRequest, gegevens: Afspraakgegevens, medewerker_id: int | None) -> int:
    """Plan, and give it to a medewerker by number: a name may stand for several people. Twice is once."""
    actor, now = actor_of(request), timezone.now()
    with transaction.atomic():
        made = plan.al_gemaakt(gegevens.extern_id)
        if made is not None:
            return made
        result = plan.plan_afspraak(gegevens=gegevens, actor=actor, now=now)
        assert result.afspraak_id is not None
        if medewerker_id is not None:
            plan.wijs_toe(afspraak_id=result.afspraak_id, medewerker_id=medewerker_id, actor=actor, now=now)
    return result.afspraak_id


def _to_form(request: HttpRequest, afspraak_id: int) -> HttpResponse:
    try:
        pk = sign.open_formulier(afspraak_id=afspraak_id, actor=actor_of(request), now=timezone.now())
    except sign.TekenenNietMogelijk as problem:
        messages.error(request, problem.melding)
        return redirect("werk:afspraak", pk=afspraak_id)
    return redirect("werk:formulier", pk=pk)
