"""When a team's messages go out, shown as real moments, and where its clients get help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from afspraken.domain import timing as regels
from afspraken.domain.gegevens import AMSTERDAM
from afspraken.flow import beheer, berichten
from afspraken.models import Team
from afspraken.web.access import actor_of, coordinator_required, current_user, teams_of
from afspraken.web.coordinator.basis import gepost
from afspraken.web.coordinator.forms_teams import HulpForm, TimingForm
from notifications import api as post

# Shown when the client was invited at once, soon, or with a holiday in between.
_VOORBEELDEN = (3, 21, 45)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One thing that happens; ``op`` None means that it does not, and ``uitleg`` says why."""

    wat: str
    op: datetime | None
    uitleg: str = ""


@dataclass(frozen=True, kw_only=True)
class Voorbeeldafspraak:
    """The moments around one imagined appointment that is planned now."""

    start_op: datetime
    momenten: tuple[Moment, ...]


@coordinator_required
@require_safe
def overzicht(request: HttpRequest) -> HttpResponse:
    """The account's teams and their timing in words."""
    rijen = [{"team": team, "timing": beheer.timing_van(team)} for team in teams_of(current_user(request))]
    return render(request, "coordinator/timing.html", {"rijen": rijen})


@coordinator_required
@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, code: str) -> HttpResponse:
    """Change the timing; "bekijken" shows the moments of what was typed without keeping it."""
    row = _team_or_404(request, code)
    now = timezone.now()
    timing = beheer.timing_van(row)
    form = TimingForm(initial=vars(timing))
    bekeken = False
    if request.method == "POST":
        form = TimingForm(request.POST)
        typed = form.timing() if form.is_valid() else None
        if typed is not None and "bekijken" in request.POST:
            fouten = beheer.check_timing(typed)
            if fouten:
                form.neem_over(beheer.BeheerGeweigerd(fouten))
            else:
                timing, bekeken = typed, True
        elif typed is not None and _save(request, row, form, typed, now):
            return redirect("beheer:timing_team", row.code)
    context = {
        "team": row,
        "form": form,
        "bekeken": bekeken,
        "voorbeelden": [voorbeeld(timing, start, now) for start in _starts(now)],
    }
    return render(request, "coordinator/timing_team.html", context)


@coordinator_required
@require_http_methods(["GET", "POST"])
def hulp(request: HttpRequest, code: str) -> HttpResponse:
    """Where this team's clients get help."""
    row = _team_or_404(request, code)
    initial = {"telefoon": row.telefoon, "loket": row.loket, "clientondersteuning": row.clientondersteuning}
    form = HulpForm(gepost(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            beheer.wijzig_hulp(
                team_id=row.pk, hulp=beheer.Hulp(**form.cleaned_data), actor=actor_of(request), now=timezone.now()
            )
        except beheer.BeheerGeweigerd as geweigerd:
            form.neem_over(geweigerd)
        else:
            messages.success(request, "De hulpteksten zijn bewaard. Ze staan in berichten die vanaf nu weggaan.")
            return redirect("beheer:timing")
    return render(request, "coordinator/hulp.html", {"team": row, "form": form})


def voorbeeld(timing: beheer.Timing, start: datetime, now: datetime) -> Voorbeeldafspraak:
    """The real moments for an appointment at ``start`` that is planned now, quiet hours and holidays kept."""
    rules = regels.Regels(
        uitnodiging_werkdagen=timing.uitnodiging_werkdagen,
        herinnering_aan=timing.herinnering_aan,
        herinnering_werkdagen=timing.herinnering_werkdagen,
        herinnering_tijd=timing.herinnering_tijd,
    )
    deadline = regels.useful_until(start_op=start)
    due = regels.invite_at(start_op=start, now=now, regels=rules, is_vrij=berichten.is_vrij)
    invited = post.first_allowed(due, deadline=deadline)
    meteen = due <= now
    moved = "buiten de rustige uren en vrije dagen" if invited != due else ""
    when = "meteen na het plannen" if meteen else _vooraf(timing.uitnodiging_werkdagen)
    uitleg = ", ".join(part for part in (when, moved) if part)
    return Voorbeeldafspraak(
        start_op=start,
        momenten=(
            Moment(wat="Uitnodiging", op=invited, uitleg=uitleg),
            _reminder(rules, start, invited, deadline),
            Moment(wat="Gesprek", op=start, uitleg="tot dit moment kan de cliënt het antwoord veranderen"),
        ),
    )


def _reminder(rules: regels.Regels, start: datetime, invited: datetime, deadline: datetime) -> Moment:
    due = regels.remind_at(start_op=start, regels=rules, is_vrij=berichten.is_vrij)
    if due is None:
        why = "staat uit" if not rules.herinnering_aan else "zou na het begin van het gesprek komen"
        return Moment(wat="Herinnering", op=None, uitleg=why)
    if not regels.reminder_makes_sense(invited_op=invited, remind_op=due):
        return Moment(wat="Herinnering", op=None, uitleg="te kort na de uitnodiging, dus die gaat niet weg")
    sent = post.first_allowed(due, deadline=deadline)
    moved = ", buiten de rustige uren en vrije dagen" if sent != due else ""
    when = _vooraf(rules.herinnering_werkdagen)
    return Moment(wat="Herinnering", op=sent, uitleg=f"{when}, alleen als de cliënt nog niets liet weten{moved}")


def _vooraf(werkdagen: int) -> str:
    if werkdagen == 0:
        return "op de dag zelf"
    return f"{werkdagen} {'werkdag' if werkdagen == 1 else 'werkdagen'} vooraf"


def _starts(now: datetime) -> list[datetime]:
    """Imagined appointments at 10.00 on working days, near and far."""
    found = []
    for days in _VOORBEELDEN:
        day = now.astimezone(AMSTERDAM).date() + timedelta(days=days)
        while berichten.is_vrij(day):
            day += timedelta(days=1)
        found.append(datetime.combine(day, time(10), tzinfo=AMSTERDAM))
    return found


def _team_or_404(request: HttpRequest, code: str) -> Team:
    for row in teams_of(current_user(request)):
        if row.code == code:
            return row
    raise Http404("team")


def _save(request: HttpRequest, row: Team, form: TimingForm, timing: beheer.Timing, now: datetime) -> bool:
    try:
        changed = beheer.wijzig_timing(team_id=row.pk, timing=timing, actor=actor_of(request), now=now)
    except beheer.BeheerGeweigerd as geweigerd:
        form.neem_over(geweigerd)
        return False
    if changed:
        messages.success(request, "De timing is bewaard. Hij geldt voor berichten die nog niet klaarstaan.")
    else:
        messages.info(request, "Er was niets veranderd.")
    return True
