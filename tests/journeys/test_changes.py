"""Moved, cancelled, reassigned: what waits is superseded, the client is told, the answer is kept."""

from __future__ import annotations

from datetime import timedelta

from afspraken.domain.lifecycle import Status
from afspraken.models import Voornemen
from tests.journeys.road import Road
from tests.web.client_steps import text_of


def test_moved(road: Road) -> None:
    road.plan()
    road.work()
    phone = road.phone()
    phone.send(phone.answer("ja", ("geluid",), "naluisteren"))
    road.work()
    road.plan(expect=200, start=road.start + timedelta(days=3))
    road.work()
    told = road.texts()[-1]
    assert "veranderd" in told
    assert "blijft staan" in told
    page = text_of(phone.open())
    assert "oude tijd" in page
    assert Voornemen.objects.count() == 1
    road.start += timedelta(days=3)
    assert "gegeven voor de oude tijd" in road.daylist(road.desk())
    phone.send(phone.answer("ja", ("geluid",), "naluisteren"))
    assert "gegeven voor de oude tijd" not in road.daylist(road.desk())


def test_moved_before_anything_was_sent_sends_one_invitation_with_the_new_time(road: Road) -> None:
    road.plan()
    road.plan(expect=200, start=road.start + timedelta(days=3))
    road.work()
    assert len(road.texts()) == 1
    assert "maandag 30 november" in road.texts()[0]


def test_cancelled(road: Road) -> None:
    road.plan()
    road.work()
    road.cancel()
    road.cancel()
    road.work()
    gone = [text for text in road.texts() if "gaat niet door" in text]
    assert len(gone) == 1
    page = text_of(road.phone().open())
    assert "gaat niet door" in page
    assert "opnemen?" not in page
    road.sms("ja")
    assert not Voornemen.objects.exists()
    assert "Geannuleerd" in road.daylist(road.desk())
    road.plan(expect=200)
    road.work()
    assert road.afspraak().staat is Status.UITGENODIGD
    assert "u heeft een gesprek" in road.texts()[-1]


def test_a_cancellation_before_its_appointment_sends_nothing(road: Road) -> None:
    road.versie = 5
    answer = road.planner.post(
        "/api/v1/afspraken/jcc/J-9/annulering",
        '{"externeVersie": 7}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {road.sleutel}"},
    )
    assert answer.status_code < 300
    afspraak = road.plan("J-9")
    road.work()
    assert afspraak.staat is Status.GEANNULEERD
    assert road.texts() == []


def test_reassigned(road: Road) -> None:
    road.plan()
    road.work()
    phone = road.phone()
    phone.send(phone.answer("nee"))
    road.plan(expect=200, medewerker={"naam": "S. Peters"})
    road.work()
    told = road.texts()[-1]
    assert "andere medewerker" in told
    assert "Peters" not in told
    assert "A. Jansen" not in road.daylist(road.desk("medewerker1"))
    assert "Neemt niet op" in road.daylist(road.desk("medewerker2"))
