"""Runs the stories against the flow, at a clock that goes from two weeks ago until now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction

from afspraken.domain.datums import local_date
from afspraken.flow import invite, remind
from afspraken.management.demo import days
from afspraken.management.demo.actions import Acties
from afspraken.management.demo.clock import at
from afspraken.management.demo.gesprek import BRON, Gesprek
from afspraken.management.demo.stories import STORIES, Stap
from afspraken.models import Afspraak
from notifications import jobs

# Team, time, medewerker: one ordinary day. An empty name: the planning system does not know yet.
_ROOSTER = (
    ("wmo", "9.00", "B. de Boer"),
    ("werk-en-inkomen", "9.15", "S. Peters"),
    ("wmo", "10.00", "B. de Boer"),
    ("werk-en-inkomen", "10.30", "S. Peters"),
    ("wmo", "11.00", "B. de Boer"),
    ("werk-en-inkomen", "11.15", "L. Gerrits"),
    ("wmo", "13.00", "B. de Boer"),
    ("werk-en-inkomen", "13.15", "S. Peters"),
    ("wmo", "14.00", "B. de Boer"),
    ("werk-en-inkomen", "14.30", "S. Peters"),
    ("wmo", "15.00", "C. Aydin"),
    ("werk-en-inkomen", "15.30", "M. van Dijk"),
    ("wmo", "16.00", ""),
)
_NAMES = tuple(STORIES)
# As many as a day has places: two days in a row tell every story.
_STEP = len(_ROOSTER)
# Often enough for messages of which nobody waits for the answer, and much faster.
_WORK_EVERY = timedelta(minutes=15)


def missing_days(now: datetime) -> list[date]:
    """The days of the window that the demo has not filled yet."""
    known = set(Afspraak.objects.filter(bron=BRON).values_list("extern_id", flat=True))
    return [day for day in days.window(now) if f"{day:%Y%m%d}-00" not in known]


def fill(now: datetime, *, say: Callable[[str], None]) -> int:
    """Fill what is missing; how many conversations were made. All of it, or nothing."""
    todo = missing_days(now)
    if not todo:
        return 0
    with transaction.atomic():
        acties = Acties()
        gesprekken = [gesprek for day in todo for gesprek in conversations(day, now)]
        say(f"{len(gesprekken)} gesprekken op {len(todo)} dagen ...")
        _run(_steps(gesprekken, acties, now), acties, now)
    return len(gesprekken)


def conversations(day: date, now: datetime) -> list[Gesprek]:
    """The conversations of one day: the same whenever they are asked for, but for the moments around ``now``."""
    ordinal = day.toordinal()
    rooster = _ROOSTER if day.weekday() < 5 else _ROOSTER[:4]
    made = []
    for slot, (team, tijd, medewerker) in enumerate(rooster):
        verhaal = _NAMES[(ordinal * _STEP + slot) % len(_NAMES)]
        gepland = _planned_at(day, slot, now)
        nummer = ordinal % 20_000 * 20 + slot
        # Once a day two people share a phone: the answer then names its conversation by the code.
        shared = nummer - slot if verhaal == "ja_sms" and slot != 0 and slot % 2 == 0 else None
        made.append(
            Gesprek(
                extern_id=f"{day:%Y%m%d}-{slot:02d}",
                dag=day,
                tijd=tijd,
                team=team,
                medewerker=medewerker,
                verhaal=verhaal,
                nummer=nummer,
                gepland=gepland,
                geantwoord=_answered_at(day, gepland, slot),
                verschoven=verhaal == "verplaatst",
                telefoon_van=shared,
            )
        )
    return [*made, _walk_in(day, ordinal)]


def _walk_in(day: date, ordinal: int) -> Gesprek:
    start = days.moment(day, "11.40")
    return Gesprek(
        extern_id=f"{day:%Y%m%d}-inloop",
        dag=day,
        tijd="11.40",
        team="wmo" if ordinal % 2 else "werk-en-inkomen",
        medewerker="B. de Boer" if ordinal % 2 else "S. Peters",
        verhaal="mondeling",
        nummer=ordinal % 20_000 * 20 + 19,
        gepland=start,
        geantwoord=start,
        inloop=True,
    )


def _planned_at(day: date, slot: int, now: datetime) -> datetime:
    """Six working days before; for a day to come at least two before today, so that there was time to answer."""
    today = local_date(now)
    ahead = days.before(day, 6) if day <= today else min(days.before(day, 6), days.before(today, 2 + slot % 3))
    return days.moment(ahead, "9.05", minutes=32 * slot)


def _answered_at(day: date, gepland: datetime, slot: int) -> datetime:
    """Some hours after the invitation, which comes ten working days before at the earliest."""
    invited = max(gepland, days.moment(days.before(day, 10), "8.10"))
    return invited + timedelta(minutes=35 + 11 * slot)


def _steps(gesprekken: list[Gesprek], acties: Acties, now: datetime) -> list[Stap]:
    steps: list[Stap] = []
    for g in gesprekken:
        steps.append((g.gepland, partial(acties.plan, g)))
        steps.extend(STORIES[g.verhaal](g, acties))
        if not g.inloop and g.nummer % 4 != 1:
            # Not everything is read at once, and some of today's answers are not read yet.
            steps.append((days.moment(g.dag, "8.20", minutes=g.nummer % 5 * 20), partial(acties.seen, g)))
        steps.append((g.start + timedelta(hours=13), partial(acties.finish, g)))
    first = min(moment for moment, _ in steps)
    for day in days.working_days(local_date(first), local_date(now)):
        for clock in ("8.05", "10.05"):
            steps.append((days.moment(day, clock), _rounds))
    return sorted((step for step in steps if step[0] <= now), key=lambda step: step[0])


def _rounds() -> None:
    """What the worker does by the clock."""
    from django.utils import timezone  # noqa: PLC0415

    invite.run(now=timezone.now())
    remind.run(now=timezone.now())


def _run(steps: list[Stap], acties: Acties, now: datetime) -> None:
    """Take the steps in order. A worker comes by every quarter, and at once when a client did something."""
    can_wait = (acties.plan, acties.seen, acties.finish)
    worked_at = steps[0][0]
    for moment, act in steps:
        if moment - worked_at >= _WORK_EVERY:
            with at(moment):
                _work()
            worked_at = moment
        with at(moment):
            act()
        if getattr(act, "func", None) not in can_wait:
            with at(moment + timedelta(seconds=20)):
                _work()
            worked_at = moment
    with at(now):
        _rounds()
        _work()


def _work() -> None:
    """What the worker does when the bell rings: hand on what came in, send what is due."""
    jobs.hand_on_inbound()
    jobs.drain()
