"""Appointments in every state, and what holds for every page of a client in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Kanaal, Soort
from afspraken.flow import answer, plan
from afspraken.flow.log import CLIENT
from afspraken.models import Afspraak
from afspraken.web import links
from tests.browser.moves import follow, refuse
from tests.builders import TESTER, maak_afspraak, maak_team

JA = Antwoordgegevens(antwoord=Antwoord.JA, soorten=frozenset({Soort.GELUID}), doel=Doel.NALUISTEREN)


def path_of(afspraak: Afspraak, page: str = "") -> str:
    return f"/v/{links.token_for(afspraak)}{'/' if page else ''}{page}"


def make(gegevens: Antwoordgegevens | None = None, **values: Any) -> Afspraak:
    """An appointment two days from now, of a team with everything that help can name."""
    maak_team(
        loket="de balie in het Stadhuis, Markt 1, maandag tot en met vrijdag van 9.00 tot 17.00 uur",
        clientondersteuning="U kunt gratis hulp krijgen van een cliëntondersteuner. Bel 0800 123 4567.",
    )
    afspraak = maak_afspraak(now=values.pop("now", timezone.now()), locatie_ruimte="2.14", **values)
    if gegevens is not None:
        moment = min(timezone.now(), afspraak.start_op - timedelta(hours=1))
        answer.record_antwoord(
            afspraak_id=afspraak.pk, gegevens=gegevens, kanaal=Kanaal.SMS, taal="nl", actor=CLIENT, now=moment
        )
    return afspraak


def moved() -> Afspraak:
    afspraak = make(JA)
    start = afspraak.start_op + timedelta(days=1)
    plan.verplaats_afspraak(
        afspraak_id=afspraak.pk,
        start_op=start,
        eind_op=start + timedelta(minutes=45),
        actor=TESTER,
        now=timezone.now(),
    )
    return afspraak


def cancelled() -> Afspraak:
    afspraak = make(JA)
    plan.annuleer_met_hand(afspraak_id=afspraak.pk, actor=TESTER, now=timezone.now())
    return afspraak


class Walk:
    """Goes through every state of the pages behind a link in one language; yields the name of each."""

    def __init__(self, page: Page, taal: str) -> None:
        self.page = page
        self.query = f"?taal={taal}"
        self.press = page.locator("main button[type=submit]")

    def go(self, afspraak: Afspraak, name: str = "") -> None:
        self.page.goto(path_of(afspraak, name) + self.query)

    def answering(self) -> Iterator[str]:
        """The questions, with everything that can go wrong in them."""
        page, press, go = self.page, self.press, self.go
        open_one = make()
        go(open_one)
        yield "open"
        page.locator("details > summary").click()
        expect(page.locator("details")).to_have_attribute("open", "")
        yield "open, with all the rules"
        refuse(press)
        yield "no answer chosen"
        page.check("#id_antwoord_0")
        follow(press)
        yield "kinds"
        page.check("#id_soorten_0")
        follow(press)
        yield "purpose"
        page.check("#id_doel_4")
        follow(press)
        yield "in their own words"
        page.fill("textarea", "x" * 600)
        refuse(press)
        yield "too long"
        page.fill("textarea", "Met mijn zus bespreken, w" + "o" * 60 + "rd")
        follow(press)
        yield "check"
        page.goto(path_of(open_one, "doel"))
        page.check("#id_doel_3")
        follow(press)
        yield "check, with sharing"
        follow(press)
        yield "done, with sharing"

    def answered(self) -> Iterator[str]:
        """What comes after an answer: change, copy, sign, take back."""
        page, press, go = self.page, self.press, self.go
        answered = make(JA)
        for name in ("", "klaar", "opnemen", "intrekken", "antwoord", "spelregels", "tekenen"):
            go(answered, name)
            yield f"answered: {name or 'appointment'}"
        refuse(press)
        yield "nothing signed"
        page.fill("#id_naam", "A. Jansen")
        page.check("#id_mijn_handtekening")
        follow(press)
        yield "signed at home"
        go(answered, "intrekken")
        follow(press)
        yield "taken back"

    def closed(self) -> Iterator[str]:
        """Moved, cancelled, begun, over, and a link that opens nothing."""
        go = self.go
        go(make(Antwoordgegevens(antwoord=Antwoord.NEE)), "tekenen")
        yield "nothing to sign"
        go(moved())
        yield "moved"
        go(cancelled())
        yield "cancelled"
        go(make(now=timezone.now() - timedelta(days=2, minutes=10)))
        yield "begun"
        go(make(JA, now=timezone.now() - timedelta(days=3)))
        yield "over"
        self.page.goto("/v/onbekend" + self.query)
        yield "unknown"
