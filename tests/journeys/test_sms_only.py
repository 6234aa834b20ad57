"""An old phone without internet: reading and answering by plain SMS words."""

from __future__ import annotations

from datetime import timedelta

from afspraken.domain.lifecycle import Status
from afspraken.models import Voornemen
from notifications import api as post
from tests.journeys.road import Road


def answers(extern_id: str = "J-1") -> list[tuple[str, str, str]]:
    rows = Voornemen.objects.filter(afspraak__extern_id=extern_id).order_by("volgnummer")
    return [(row.antwoord, row.doel, row.kanaal) for row in rows]


def test_sms_only(road: Road) -> None:
    road.plan(client={"email": ""})
    road.work()
    assert len(road.texts()) == 1
    assert post.count_segments(road.texts()[0]).segments <= 2

    road.sms("regels")
    rules = road.texts()[-1]
    assert post.count_segments(rules).segments <= 4
    assert "geluid, video of foto" in rules
    assert answers() == []

    road.sms("Ja hoor!")
    assert answers()[-1][0] == "ja"
    assert "wilt opnemen" in road.texts()[-1]
    road.sms("thuis naluisteren")
    assert answers()[-1] == ("ja", "naluisteren", "sms")

    road.sms("nee toch maar niet, bedankt")
    assert answers()[-1][0] == "nee"
    assert "neemt niet op" in road.texts()[-1]
    assert road.afspraak().staat is Status.BEANTWOORD
    assert "Neemt niet op" in road.daylist(road.desk())

    count = len(answers())
    road.at(road.start + timedelta(minutes=1))
    road.sms("ja")
    assert len(answers()) == count


def test_two_meetings_on_one_phone_are_never_guessed(road: Road) -> None:
    first = road.plan("J-1", client={"email": ""})
    road.plan("J-2", client={"email": "", "naam": "B. Jansen"}, start=road.start + timedelta(days=1))
    road.work()
    road.sms("ja")
    assert answers("J-1") == answers("J-2") == []
    asked = road.texts()[-1]
    assert "1:" in asked
    assert "2:" in asked
    assert "Jansen" not in asked
    road.sms("2")
    assert answers("J-1") == []
    assert [row[0] for row in answers("J-2")] == ["ja"]
    road.sms(f"nee {first.korte_code}")
    assert [row[0] for row in answers("J-1")] == ["nee"]
    assert [row[0] for row in answers("J-2")] == ["ja"]


def test_a_code_from_another_phone_changes_nothing(road: Road) -> None:
    afspraak = road.plan(client={"email": ""})
    road.work()
    road.sms(f"ja {afspraak.korte_code}", number="+31687654321")
    assert answers() == []


def test_stop_means_no_more_messages_and_the_medewerker_knows(road: Road) -> None:
    road.plan(client={"email": ""})
    road.work()
    road.sms("STOP")
    road.at(road.start - timedelta(days=1))
    road.plan(expect=200, start=road.start + timedelta(days=3), client={"email": ""})
    road.work()
    assert not [text for text in road.texts() if "veranderd" in text]
    assert answers() == []
