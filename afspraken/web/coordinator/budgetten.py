"""How much each team may send, beside what it sent in this hour, day and month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from afspraken.flow import beheer
from afspraken.models import Team
from afspraken.web.access import actor_of, beheerder_required
from afspraken.web.coordinator.basis import KANALEN, gepost, kanaal_or_404
from afspraken.web.coordinator.forms_verzending import BudgetForm
from notifications import api as post

BIJNA = 80
"""From so many percent on a page warns."""

_EENHEDEN = {"sms": "sms-delen", "email": "e-mails"}
# field -> (its name in the post room, the column, "in het budget van ...")
_PERIODEN = {
    "uur": ("hour", "Dit uur", "dit uur"),
    "dag": ("day", "Vandaag", "vandaag"),
    "maand": ("month", "Deze maand", "deze maand"),
}


@dataclass(frozen=True, kw_only=True)
class Vak:
    """One period of one team. ``gebruikt`` None: nothing is counted, because nothing is limited."""

    kop: str
    wanneer: str
    grens: int
    eigen: bool
    gebruikt: int | None

    @property
    def procent(self) -> int:
        """How much of the limit is used, in whole percents, never rounded up; 0 without a limit."""
        return (self.gebruikt or 0) * 100 // self.grens if self.grens else 0

    @property
    def op(self) -> bool:
        """Nothing is left."""
        return self.procent >= 100

    @property
    def bijna(self) -> bool:
        """It is time to look."""
        return self.procent >= BIJNA


@dataclass(frozen=True, kw_only=True)
class Rij:
    """One team on one channel; ``team`` None is what counts for every team."""

    team: Team | None
    kanaal: str
    vakken: tuple[Vak, ...]

    @property
    def ergste(self) -> Vak | None:
        """The period that is nearest to its limit, when that is near; of those used up, the one that lasts longest."""
        if used_up := [vak for vak in self.vakken if vak.op]:
            return used_up[-1]
        near = [vak for vak in self.vakken if vak.bijna]
        return max(near, key=lambda vak: vak.procent) if near else None


@beheerder_required
@require_safe
def overzicht(request: HttpRequest) -> HttpResponse:
    """Every team with what it may and what it did, and a warning for who is nearly through."""
    teams = _teams()
    rijen = _rijen(teams, timezone.now())
    kanalen = [
        {
            "kanaal": kanaal,
            "naam": naam,
            "eenheid": _EENHEDEN[kanaal],
            "alle": next(rij for rij in rijen if rij.kanaal == kanaal and rij.team is None),
            "rijen": [rij for rij in rijen if rij.kanaal == kanaal and rij.team],
        }
        for kanaal, naam in KANALEN.items()
    ]
    let_op = [{"rij": rij, "vak": rij.ergste, "naam": KANALEN[rij.kanaal]} for rij in rijen if rij.ergste]
    context = {"kanalen": kanalen, "let_op": let_op, "kop": [kop for _, kop, _ in _PERIODEN.values()]}
    return render(request, "coordinator/budgetten.html", context)


@beheerder_required
@require_http_methods(["GET", "POST"])
def budget(request: HttpRequest, plek: str, kanaal: str) -> HttpResponse:
    """Change the budget of one team, or of every team that has none of its own."""
    channel = kanaal_or_404(kanaal)
    team = None if plek == beheer.VOOR_ALLEN else next((each for each in _teams() if each.code == plek), None)
    if team is None and plek != beheer.VOOR_ALLEN:
        raise Http404("team")
    now = timezone.now()
    scope = team.code if team else ""
    stand = post.budgets([scope] if scope else [], now=now)[scope, channel]
    form = BudgetForm(gepost(request), initial=_typed(stand.filled))
    _hints(form, stand, team)
    if request.method == "POST" and form.is_valid():
        try:
            changed = beheer.wijzig_budget(
                team=team, kanaal=channel, budget=form.budget(), actor=actor_of(request), now=now
            )
        except beheer.BeheerGeweigerd as geweigerd:
            form.neem_over(geweigerd)
        else:
            _zeg(request, changed, team)
            return redirect("beheer:budgetten")
    context = {"form": form, "team": team, "kanaal": kanaal, "naam": KANALEN[kanaal], "eenheid": _EENHEDEN[kanaal]}
    return render(request, "coordinator/budget.html", context)


def bijna_op(now: datetime) -> int:
    """How many budgets are used up, or nearly."""
    return sum(rij.ergste is not None for rij in _rijen(_teams(), now))


def _teams() -> list[Team]:
    return list(Team.objects.filter(actief=True).order_by("naam"))


def _rijen(teams: Sequence[Team], now: datetime) -> list[Rij]:
    found = post.budgets([team.code for team in teams], now=now)
    return [
        _rij(team, found[team.code if team else "", post.Channel(kanaal)])
        for kanaal in KANALEN
        for team in (None, *teams)
    ]


def _rij(team: Team | None, stand: post.BudgetUse) -> Rij:
    vakken = tuple(
        Vak(
            kop=kop,
            wanneer=wanneer,
            grens=getattr(stand.limits, name),
            eigen=getattr(stand.filled, name) is not None,
            gebruikt=getattr(stand.used, name) if stand.used is not None else None,
        )
        for name, kop, wanneer in _PERIODEN.values()
    )
    return Rij(team=team, kanaal=stand.channel.value, vakken=vakken)


def _typed(filled: post.Filled) -> dict[str, str]:
    values = {veld: getattr(filled, name) for veld, (name, _, _) in _PERIODEN.items()}
    return {veld: "" if value is None else str(value) for veld, value in values.items()}


def _hints(form: BudgetForm, stand: post.BudgetUse, team: Team | None) -> None:
    """What counts when a field stays empty, and what was used; beside each field, where it is needed."""
    waar = "zoals voor alle teams" if team else "uit de instellingen"
    for veld, (name, _, wanneer) in _PERIODEN.items():
        anders = getattr(stand.inherited, name)
        leeg = f"Leeg: {beheer.punten(anders) if anders else 'geen grens'}, {waar}."
        used = f" Gebruikt {wanneer}: {beheer.punten(getattr(stand.used, name))}." if stand.used is not None else ""
        form.fields[veld].help_text = leeg + used


def _zeg(request: HttpRequest, changed: Sequence[str], team: Team | None) -> None:
    if not changed:
        messages.info(request, "Er was niets veranderd.")
        return
    van = f"van {team.naam}" if team else "voor alle teams"
    messages.success(request, f"Het budget {van} is bewaard. Het geldt meteen.")
