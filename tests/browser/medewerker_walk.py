"""A day of eleven conversations, and every state of the medewerker's pages, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import time_machine
from playwright.sync_api import Page, expect

from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Soort
from afspraken.flow import answer, plan
from afspraken.models import Afspraak, Gebruiker
from notifications import jobs
from tests.browser.moves import follow, refuse
from tests.builders import TESTER, maak_afspraak, maak_gebruiker, maak_medewerker
from tests.flow.sign_steps import DELEN, JA, NEE, both_sign, client_signs, opened, say

NU = datetime(2026, 11, 25, 9, 20, tzinfo=UTC)
"""A Wednesday, 10.20 in Amsterdam: three conversations are over, one goes on."""
GISTEREN = NU - timedelta(days=1)
DAG = "/werk/daglijst/2026-11-25"
WACHTWOORD = "een lang wachtwoord"

NAMEN = (
    "A. Jansen",
    "Fatma Yılmaz",
    "Mohammed van den Berg-El Idrissi",
    "K. Nowak-Wiśniewska",
    "P. de Groot",
    "Sem Bakker",
    "T. Tesfay",
    "Øystein Åberg",
    "W. Visser",
    "Ans Smit",
    "R. Meijer",
)


@dataclass(frozen=True)
class Day:
    gebruiker: Gebruiker
    afspraken: list[Afspraak]


def _plan() -> list[Afspraak]:
    start = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
    # The worker reads the clock itself: yesterday it sent everything in time.
    with time_machine.travel(GISTEREN, tick=False):
        afspraken = [
            maak_afspraak(
                now=GISTEREN,
                start_op=start + timedelta(minutes=50 * index),
                client_naam=naam,
                client_mobiel="" if index == 6 else f"+3161234567{index % 10}",
                client_email="" if index == 6 else f"client{index}@example.nl",
                locatie_ruimte=f"2.{index + 10}",
                vorm="huisbezoek" if index == 8 else "telefoon" if index == 9 else "balie",
            )
            for index, naam in enumerate(NAMEN)
        ]
        jobs.drain()
    return afspraken


def make_day() -> Day:
    """Planned yesterday, answered since; with every kind of answer, a move, a cancellation and someone unreachable."""
    gebruiker = maak_gebruiker("medewerker1", first_name="Bart", last_name="de Boer")
    maak_medewerker("B. de Boer", gebruiker=gebruiker)
    maak_medewerker("C. Vos")
    afspraken = _plan()
    answers: dict[int, Antwoordgegevens] = {
        0: JA,
        1: NEE,
        2: DELEN,
        4: Antwoordgegevens(
            antwoord=Antwoord.JA,
            soorten=frozenset({Soort.GELUID, Soort.VIDEO}),
            doel=Doel.DESKUNDIGE,
            toelichting="mijn advocaat luistert mee omdat ik de brieven niet goed begrijp",
        ),
        5: Antwoordgegevens(antwoord=Antwoord.WEET_NIET),
        7: JA,
        8: NEE,
        9: JA,
    }
    for index, gegevens in answers.items():
        pk = say(afspraken[index], gegevens, now=GISTEREN + timedelta(minutes=index))
        if index in (0, 1, 8):
            answer.mark_gezien(voornemen_id=pk, gebruiker_id=gebruiker.pk, actor=TESTER, now=NU)
    say(afspraken[9], NEE, now=GISTEREN + timedelta(minutes=30))
    say(afspraken[9], JA, now=GISTEREN + timedelta(minutes=40))
    _changes(afspraken)
    both_sign(afspraken[0], gebruiker, now=afspraken[0].start_op + timedelta(minutes=5))
    client_signs(opened(afspraken[7], now=NU), thuis=True, now=GISTEREN + timedelta(hours=2))
    return Day(gebruiker=gebruiker, afspraken=afspraken)


def _changes(afspraken: list[Afspraak]) -> None:
    moved = afspraken[4]
    plan.verplaats_afspraak(
        afspraak_id=moved.pk,
        start_op=moved.start_op + timedelta(minutes=10),
        eind_op=moved.eind_op + timedelta(minutes=10),
        actor=TESTER,
        now=GISTEREN + timedelta(hours=1),
    )
    plan.annuleer_met_hand(afspraak_id=afspraken[10].pk, actor=TESTER, now=GISTEREN + timedelta(hours=1))
    jobs.drain()


def log_in(page: Page, wachtwoord: str = WACHTWOORD) -> None:
    page.goto("/accounts/login/?next=/werk/")
    page.fill("input[name=login]", "medewerker1")
    page.fill("input[name=password]", wachtwoord)
    follow(page.locator("main button[type=submit]").first)
    page.wait_for_url("**/werk/daglijst/**")


def states(page: Page, day: Day) -> Iterator[str]:
    """Every state of the pages; the name of each."""
    yield from _list_states(page, day)
    yield from _afspraak_states(page, day)
    yield from _form_states(page, day)
    yield from _hand_over_states(page, day)


def _list_states(page: Page, day: Day) -> Iterator[str]:
    page.goto(f"{DAG}?bereik=mijn")
    yield "daglijst-mijn"
    page.locator(".dag-doel summary").first.click()
    expect(page.locator(".dag-doel").first).to_have_attribute("open", "")
    yield "daglijst-doel-open"
    page.goto(f"{DAG}?bereik=team&keuze=wil_opnemen")
    yield "daglijst-team-gefilterd"
    page.goto("/werk/daglijst/2026-11-26?bereik=mijn")
    yield "daglijst-leeg"
    page.goto(f"{DAG}/afdruk?bereik=team")
    yield "afdruk"
    page.goto(f"{DAG}/afdruk?bereik=team&privacy=1")
    yield "afdruk-initialen"


def _afspraak_states(page: Page, day: Day) -> Iterator[str]:
    press = page.locator("main form button[type=submit]").last
    for index, name in ((2, "afspraak-delen"), (4, "afspraak-verplaatst"), (6, "afspraak-onbereikbaar")):
        page.goto(f"/werk/afspraak/{day.afspraken[index].pk}")
        yield name
    for index, name in ((9, "afspraak-geschiedenis"), (10, "afspraak-geannuleerd"), (0, "afspraak-ondertekend")):
        page.goto(f"/werk/afspraak/{day.afspraken[index].pk}")
        yield name
    pk = day.afspraken[6].pk
    for what in ("antwoord", "verplaatsen", "medewerker", "annuleren"):
        page.goto(f"/werk/afspraak/{pk}/{what}")
        yield what
    page.goto(f"/werk/afspraak/{pk}/antwoord")
    refuse(press)
    yield "antwoord-fout"
    page.goto(f"/werk/afspraak/{pk}/verplaatsen")
    page.fill("#id_datum", "2026-11-01")
    refuse(press)
    yield "verplaatsen-fout"
    for what in ("nieuw", "inloop"):
        page.goto(f"/werk/{what}")
        yield what
        refuse(press)
        yield f"{what}-fout"
    page.locator("details summary").click()
    expect(page.locator("details")).to_have_attribute("open", "")
    yield "inloop-kopie"


def open_form(page: Page, day: Day, index: int) -> None:
    page.goto(f"/werk/afspraak/{day.afspraken[index].pk}")
    follow(page.get_by_role("button", name="Formulier openen"))
    page.wait_for_url("**/werk/formulier/*")


def _form_states(page: Page, day: Day) -> Iterator[str]:
    open_form(page, day, 0)
    yield "formulier-ondertekend"
    open_form(page, day, 3)
    yield "formulier-geen-antwoord"
    follow(page.get_by_role("button", name="Nee, geen opname"))
    yield "formulier-geen-opname"
    open_form(page, day, 2)
    yield "formulier-regel-3"
    refuse(page.get_by_role("button", name="Vastleggen"))
    yield "formulier-regel-3-fout"
    page.get_by_label("Nee", exact=True).check()
    follow(page.get_by_role("button", name="Vastleggen"))
    yield "formulier-regel-3-nee"
    open_form(page, day, 4)
    yield "formulier-open"
    folded = page.locator("details:not([open])")
    for left in reversed(range(folded.count())):
        folded.first.locator("> summary").click()
        expect(folded).to_have_count(left)
    yield "formulier-alles-open"
    refuse(page.get_by_role("button", name="Cliënt tekent", exact=True))
    yield "formulier-niets-getekend"
    open_form(page, day, 7)
    yield "formulier-thuis-getekend"
    open_form(page, day, 4)
    say(day.afspraken[4], JA, now=NU)
    page.get_by_label("Dit is mijn handtekening").check()
    follow(page.get_by_role("button", name="Cliënt tekent", exact=True))
    expect(page.get_by_text("Het formulier is veranderd.")).to_be_visible()
    yield "formulier-veranderd"


def _hand_over_states(page: Page, day: Day) -> Iterator[str]:
    open_form(page, day, 9)
    follow(page.get_by_role("button", name="Geef dit scherm aan de cliënt"))
    yield "client"
    refuse(page.get_by_role("button", name="Formulier tekenen"))
    yield "client-niets-getekend"
    page.get_by_label("Dit is mijn handtekening").check()
    follow(page.get_by_role("button", name="Formulier tekenen"))
    expect(page.locator("h1")).to_have_text("U hebt getekend")
    yield "client-getekend"
    page.goto("/werk/")
    expect(page.get_by_role("heading", name="Voor de medewerker")).to_be_visible()
    yield "slot"
    page.fill("#id_wachtwoord", "fout")
    refuse(page.get_by_role("button", name="Verder werken"))
    yield "slot-fout"
    page.fill("#id_wachtwoord", WACHTWOORD)
    follow(page.get_by_role("button", name="Verder werken"))
    page.wait_for_url("**/werk/formulier/*")
    yield "terug-op-het-formulier"
