"""The municipality before the year begins, and its books after it."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection

from afspraken.jobs import ship_spelregels
from afspraken.models import Medewerker, TeamInstellingen, Voornemen, Werkpunt
from notifications.domain.lifecycle import Status
from notifications.models import InboundSms, Message, Receipt
from tests.builders import maak_medewerker, maak_team
from tests.year.almanac import TEAMS
from tests.year.facts import Row, Told, Year
from tests.year.life import Life
from tests.year.scenario import write

_UNDER_WAY = (Status.QUEUED.value, Status.SENDING.value, Status.UNKNOWN.value)


def found() -> None:
    """Teams with their rules, people who work there, and the rules sheet that ships."""
    ship_spelregels()
    for code, rule in TEAMS.items():
        TeamInstellingen.objects.create(
            team=maak_team(code),
            uitnodiging_werkdagen=rule.invite_days,
            herinnering_aan=rule.remind,
            herinnering_werkdagen=rule.remind_days,
            herinnering_tijd=rule.remind_at,
        )
    for number in range(7):
        maak_medewerker(f"Medewerker {number}")
    assert Medewerker.objects.count() == 7


def live(appointments: int, seed: int) -> Year:
    """One year of so many appointments, in the database that is there; empty but for its tables."""
    found()
    year = Life(write(appointments, seed), seed).live()
    _close_the_books(year)
    return year


def _close_the_books(year: Year) -> None:
    names = ("uuid", "subject", "kind", "generation", "channel", "status", "created_at")
    for values in Message.objects.values(*names):
        year.rows[values["uuid"]] = Row(**values)
    worklist = defaultdict(list)
    for pk, moment in Werkpunt.objects.values_list("afspraak_id", "aangemaakt_op"):
        worklist[pk].append(moment)
    year.worklist = dict(worklist)
    answers = defaultdict(list)
    for pk, moment, answer in Voornemen.objects.order_by("volgnummer").values_list(
        "afspraak_id", "ontvangen_op", "antwoord"
    ):
        answers[pk].append(Told(at=moment, answer=answer))
    year.answers = dict(answers)
    for name, rows in (
        ("under way", Message.objects.filter(status__in=_UNDER_WAY)),
        ("untold", Message.objects.filter(untold=True)),
        ("receipts not applied", Receipt.objects.filter(applied_at=None)),
        ("texts not handed on", InboundSms.objects.filter(handed_on_at=None)),
    ):
        if rows.exists():
            year.left.append(f"{name}: {rows.count()} on {connection.vendor}, the first: {rows.first()}")
