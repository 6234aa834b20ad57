"""What a beheerder sets about sending: which numbers may get an SMS, and how much each team may send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.db import transaction

from afspraken.domain.voornemen import Veldfout
from afspraken.flow import log
from afspraken.flow.beheer.fouten import BeheerGeweigerd, geweigerd
from afspraken.flow.beheer.teams import VOOR_ALLEN
from afspraken.flow.log import Actor
from afspraken.models import Team
from notifications import api as post

BUDGET_MAX = 1_000_000
"""More than any team sends in a month; what is higher is a slip of the hand."""
BUDGET_TE_HOOG = "Vul een heel getal in van 0 tot en met 1.000.000. Meer verstuurt geen team."
REDEN_MAX = 200
_PERIODEN = {"uur": "hour", "dag": "day", "maand": "month"}


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What was filled in per hour, day and month: None is nothing (what counts for all then counts), 0 no limit."""

    uur: int | None
    dag: int | None
    maand: int | None


def sta_nummers_toe(*, begin: str, reden: str, actor: Actor, now: datetime) -> tuple[post.AddedPrefix, bool]:
    """Let SMS go to numbers that begin so; False when they might already. Raises :class:`BeheerGeweigerd`."""
    reden = " ".join(reden.split())
    if not reden:
        raise geweigerd("reden", "leeg", "Schrijf kort waarom, zoals: cliënten die over de grens wonen.")
    if len(reden) > REDEN_MAX:
        raise geweigerd("reden", "te_lang", f"Gebruik ten hoogste {REDEN_MAX} tekens.")
    with transaction.atomic():
        try:
            rij, nieuw = post.add_prefix(typed=begin, reason=reden, by=actor.id, now=now)
        except post.PrefixProblem as problem:
            raise geweigerd("begin", problem.code, problem.message) from None
        if nieuw:
            log.write(actie="nummers.toegestaan", object_soort="nummers", object_id=rij.prefix, actor=actor, now=now)
    return rij, nieuw


def haal_nummers_weg(*, nummers_id: int, actor: Actor, now: datetime) -> bool:
    """Let no SMS go to them any more; False when a colleague did it before."""
    with transaction.atomic():
        prefix = post.remove_prefix(id=nummers_id)
        if prefix:
            log.write(actie="nummers.weggehaald", object_soort="nummers", object_id=prefix, actor=actor, now=now)
    return bool(prefix)


def check_budget(budget: Budget, geldt_anders: post.Limits) -> list[Veldfout]:
    """What keeps these limits from being used; ``geldt_anders`` counts where nothing was filled in."""
    fouten = []
    for veld in _PERIODEN:
        grens = getattr(budget, veld)
        if grens is not None and not 0 <= grens <= BUDGET_MAX:
            fouten.append(_fout(veld, BUDGET_TE_HOOG))
    if fouten:
        return fouten
    for kort, lang in combinations(_PERIODEN, 2):
        eigen = {veld: getattr(budget, veld) for veld in (kort, lang)}
        telt = {veld: eigen[veld] if eigen[veld] is not None else _anders(geldt_anders, veld) for veld in eigen}
        if not telt[lang] or telt[kort] <= telt[lang]:
            continue
        if eigen[lang] is not None:
            fouten.append(
                _fout(
                    lang,
                    f"Dit is minder dan de grens per {kort} ({punten(telt[kort])}). "
                    f"Vul {punten(telt[kort])} of meer in, of 0 voor geen grens.",
                )
            )
        elif eigen[kort] is not None:
            fouten.append(
                _fout(
                    kort,
                    f"Dit is meer dan de grens per {lang} ({punten(telt[lang])}). "
                    f"Vul {punten(telt[lang])} of minder in, of vul ook een hogere grens per {lang} in.",
                )
            )
    # One message a field: the first is about the nearest period.
    return list({fout.veld: fout for fout in reversed(fouten)}.values())[::-1]


def wijzig_budget(
    *, team: Team | None, kanaal: post.Channel, budget: Budget, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """Change what a team, or with None every team, may send; returns the periods that changed.

    Raises :class:`BeheerGeweigerd`. It counts at once; what waits for more room is looked at again.
    """
    scope = team.code if team else ""
    with transaction.atomic():
        stand = post.budgets([scope] if scope else [], now=now)[scope, kanaal]
        fouten = check_budget(budget, stand.inherited)
        if fouten:
            raise BeheerGeweigerd(fouten)
        filled = post.Filled(hour=budget.uur, day=budget.dag, month=budget.maand)
        was = post.set_budget(scope=scope, channel=kanaal, filled=filled, by=actor.id, now=now)
        changed = tuple(veld for veld, name in _PERIODEN.items() if name in was)
        if changed:
            log.write(
                actie="budget.gewijzigd",
                object_soort="budget",
                object_id=f"{scope or VOOR_ALLEN}/{kanaal.value}",
                actor=actor,
                now=now,
                team_id=team.pk if team else None,
                details={veld: {"was": was[_PERIODEN[veld]], "wordt": getattr(budget, veld)} for veld in changed},
            )
    return changed


def punten(getal: int) -> str:
    """A number as people write it: 10.000."""
    return f"{getal:,}".replace(",", ".")


def _anders(limits: post.Limits, veld: str) -> int:
    return int(getattr(limits, _PERIODEN[veld]))


def _fout(veld: str, melding: str) -> Veldfout:
    return Veldfout(veld=veld, code="ongeldig", melding=melding)
