"""What happens at the table: walk-ins, people who never answered, and people who do not want to sign."""

from __future__ import annotations

from datetime import timedelta

from afspraken import jobs
from afspraken.domain.lifecycle import Status
from afspraken.models import Afspraak, Formulier, FormulierStatus, Team, Voornemen
from tests.builders import NU
from tests.journeys.road import Road
from tests.web.client_steps import text_of


def test_walk_in(road: Road) -> None:
    desk = road.desk()
    page = desk.open("/werk/inloop")
    team = Team.objects.get()
    page = desk.press(
        page,
        "/werk/inloop",
        client_naam="Z. Özdemir",
        client_mobiel="",
        client_email="",
        client_taal="nl",
        team=team.pk,
    )
    afspraak = Afspraak.objects.get(inloop=True)
    formulier = Formulier.objects.get(afspraak=afspraak)
    assert "Z. Özdemir" in text_of(page)
    page = desk.press(page, f"/werk/afspraak/{afspraak.pk}/neemt-op")
    page = road.sign_both(desk, page, formulier)
    formulier.refresh_from_db()
    assert formulier.status == FormulierStatus.ONDERTEKEND.value
    road.work()
    assert road.received("") == []


def test_no_answer_but_records(road: Road) -> None:
    road.plan()
    road.work()
    road.at(road.start + timedelta(minutes=2))
    desk = road.desk()
    assert "Geen antwoord" in road.daylist(desk)
    afspraak = road.afspraak()
    day = road.start.date().isoformat()
    page = desk.press(desk.open(f"/werk/daglijst/{day}"), f"/werk/afspraak/{afspraak.pk}/neemt-op")
    row = Voornemen.objects.get()
    assert (row.antwoord, row.kanaal) == ("ja", "mondeling")
    page = road.sign_both(desk, page, road.form())
    assert "hebben getekend" in text_of(page)


def test_does_not_want_to_sign(road: Road) -> None:
    road.plan()
    road.work()
    road.sms("ja, voor mijn advocaat")
    road.at(road.start)
    desk = road.desk()
    page, formulier = road.open_form(desk)
    page = desk.press(page, f"/werk/formulier/{formulier.pk}/uitkomst", uitkomst="client_tekent_niet")
    formulier.refresh_from_db()
    assert formulier.status == FormulierStatus.CLIENT_TEKENT_NIET.value
    assert "Dat mag" in text_of(page)
    road.at(road.start + timedelta(days=1))
    jobs.finish()
    assert road.afspraak().staat is Status.AFGEROND


def test_sharing_needs_the_medewerker_to_say_something(road: Road) -> None:
    road.plan()
    road.work()
    phone = road.phone()
    phone.send(phone.answer("ja", ("video",), "delen"))
    road.at(road.start)
    desk = road.desk()
    assert "Regel 3: wil delen" in road.daylist(desk)
    page, formulier = road.open_form(desk)
    assert f"/werk/formulier/{formulier.pk}/client-tekent" not in page
    page = desk.press(
        page,
        f"/werk/formulier/{formulier.pk}/toestemming",
        toestemming="voorwaarden",
        voorwaarden="Alleen zonder mijn gezicht.",
    )
    page = road.sign_both(desk, page, formulier)
    formulier.refresh_from_db()
    assert formulier.status == FormulierStatus.ONDERTEKEND.value
    assert "Alleen zonder mijn gezicht." in repr(formulier.inhoud)


def test_one_reminder_and_then_silence(road: Road) -> None:
    road.start = NU + timedelta(days=6)
    road.plan(start=road.start)
    road.work()
    for hours in range(0, 6 * 24, 6):
        road.at(NU + timedelta(hours=hours))
        jobs.remind()
        road.work()
    assert len([text for text in road.texts() if "u kunt het nog laten weten" in text.casefold()]) == 1
