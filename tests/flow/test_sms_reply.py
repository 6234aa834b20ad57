"""Answering by SMS, from the post room's door to the reply on the phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from afspraken.flow import plan, sms_reply
from afspraken.models import Afspraak, Client, LogRegel, SmsGesprek, Werkpunt
from notifications import api as post
from notifications import jobs
from tests.builders import NU, TESTER, maak_afspraak, maak_team
from tests.flow.sms_steps import ANDER, Toestel, antwoorden, code_of_nobody, gelogd, punten, woorden

pytestmark = pytest.mark.django_db


@pytest.fixture
def toestel(time_machine: object) -> Toestel:
    time_machine.move_to(NU, tick=False)  # type: ignore[attr-defined]
    return Toestel(time_machine)


@pytest.fixture
def afspraak(toestel: Toestel) -> Afspraak:
    made = maak_afspraak()
    toestel.werk()
    return made


def inbound(text: str, *, key: int = 900, sender: str = "+31612345678") -> post.InboundText:
    return post.InboundText(id=key, sender=sender, recipient="", body=text, received_at=timezone.now())


def test_an_answer_is_recorded_and_the_receipt_names_it(toestel: Toestel, afspraak: Afspraak) -> None:
    [receipt] = toestel.stuur("Ja hoor, filmen voor mijn advocaat")
    assert antwoorden(afspraak.pk) == [("ja", "deskundige", ["video"], "")]
    assert "u wilt opnemen" in receipt
    assert post.count_segments(receipt).segments <= 2
    assert Client.objects.get().laatste_kanaal == "sms"


def test_the_answer_can_be_changed_until_the_start(toestel: Toestel, afspraak: Afspraak) -> None:
    toestel.stuur("nee bedankt")
    assert "Waarvoor?" in toestel.stuur("toch wel")[0]
    assert "Waarvoor?" not in toestel.stuur("thuis naluisteren")[0]
    assert [row[:2] for row in antwoorden(afspraak.pk)] == [("nee", ""), ("ja", ""), ("ja", "naluisteren")]
    toestel.at(afspraak.start_op - timedelta(seconds=5))
    toestel.stuur("NEE")
    assert woorden(afspraak.pk)[-1] == "nee"


def test_a_text_that_came_before_the_start_counts_when_the_worker_is_late(toestel: Toestel, afspraak: Afspraak) -> None:
    toestel.at(afspraak.start_op - timedelta(seconds=1))
    toestel.zet_klaar("ja")
    toestel.at(afspraak.start_op + timedelta(minutes=3))
    toestel.werk()
    assert woorden(afspraak.pk) == ["ja"]


@pytest.mark.parametrize("when", ["started", "cancelled"])
def test_too_late_gets_a_neutral_text_with_the_help_number(toestel: Toestel, afspraak: Afspraak, when: str) -> None:
    if when == "started":
        toestel.at(afspraak.start_op)
    else:
        plan.annuleer_met_hand(afspraak_id=afspraak.pk, actor=TESTER, now=timezone.now())
        toestel.werk()
    [reply] = toestel.stuur("ja")
    assert woorden(afspraak.pk) == []
    assert "geen gesprek dat nog komt" in reply
    assert "14 012" in reply
    assert toestel.stuur("hallo daar, hoort u mij") == []
    assert [soort for soort, _ in punten()] == ["onduidelijk"]


def test_one_question_then_a_person(toestel: Toestel, afspraak: Afspraak) -> None:
    [question] = toestel.stuur("ja nee")
    assert "begrijpen uw bericht niet" in question
    assert punten() == []
    [passed_on] = toestel.stuur("de buurman zei laatst ook al zoiets")
    assert "medewerker leest" in passed_on
    assert toestel.stuur("tja de buurman weer") == []
    first, second = Werkpunt.objects.order_by("pk")
    assert (first.soort, first.afspraak_id, first.team_id) == ("onduidelijk", afspraak.pk, afspraak.team_id)
    assert "buurman" not in first.reden
    assert sms_reply.text_for(werkpunt=first) == "de buurman zei laatst ook al zoiets"
    assert sms_reply.text_for(werkpunt=second) == "tja de buurman weer"
    for _ in range(5):
        toestel.stuur("tja de buurman weer")
    assert len(punten()) == 3


def test_only_entries_about_a_text_have_one(afspraak: Afspraak) -> None:
    assert sms_reply.text_for(werkpunt=Werkpunt(sleutel="onbereikbaar/1/1")) == ""
    assert sms_reply.text_for(werkpunt=Werkpunt(sleutel="sms/123456")) == ""


def test_the_same_text_handled_twice_changes_nothing_twice(toestel: Toestel, afspraak: Afspraak) -> None:
    for key, text in enumerate(("ja nee", "brom brom", f"JA {code_of_nobody()}", "ja", "STOP", "hulp"), start=900):
        for _ in range(3):
            sms_reply.handle(inbound=inbound(text, key=key), now=timezone.now())
        toestel.werk()
    replies = toestel.ontvangen()[1:]
    assert len(replies) == len(set(replies)) == 5, replies
    assert woorden(afspraak.pk) == ["ja"]
    assert len(punten()) == 1
    assert len(gelogd()) == 6


def test_a_late_text_does_not_overwrite_a_later_answer(toestel: Toestel, afspraak: Afspraak) -> None:
    early = inbound("ja")
    toestel.at(NU + timedelta(minutes=5))
    toestel.stuur("nee")
    sms_reply.handle(inbound=early, now=timezone.now())
    assert woorden(afspraak.pk) == ["nee"]


def test_the_rules_in_plain_words_fit_in_four_parts(toestel: Toestel, afspraak: Afspraak) -> None:
    [rules] = toestel.stuur("REGELS")
    assert "U mag het gesprek opnemen" in rules
    assert "14 012" in rules
    assert post.count_segments(rules).segments <= 4
    assert post.count_segments(rules).encoding == "GSM-7"
    # Asked again, given again.
    assert toestel.stuur("stuur de regels nog een keer") == [rules]


def test_the_rules_also_go_to_a_phone_we_do_not_know(toestel: Toestel) -> None:
    [rules] = toestel.stuur("regels")
    assert "U mag het gesprek opnemen" in rules


def test_help_names_the_words_and_the_number_of_the_team(toestel: Toestel) -> None:
    maak_team("wmo", telefoon="088 765 43 21")
    maak_afspraak(client_email="")
    toestel.werk()
    [reply] = toestel.stuur("help")
    for word in ("JA", "NEE", "WEET NIET", "REGELS", "STOP", "088 765 43 21"):
        assert word in reply


def test_an_english_client_is_answered_in_english(toestel: Toestel) -> None:
    made = maak_afspraak(client_taal="en")
    toestel.werk()
    assert "you do not know yet" in toestel.stuur("DO NOT KNOW")[0]
    assert "You may record" in toestel.stuur("rules please")[0]
    assert woorden(made.pk) == ["weet_niet"]


def test_thanks_get_no_reply(toestel: Toestel, afspraak: Afspraak) -> None:
    toestel.stuur("ja, zeg ik liever niet")
    assert toestel.stuur("ok, dank u wel!") == []
    assert [row[1] for row in antwoorden(afspraak.pk)] == ["liever_niet"]


def test_a_question_beside_an_answer_reaches_a_person(toestel: Toestel, afspraak: Afspraak) -> None:
    toestel.stuur("Ja! Mag mijn zoon ook mee?")
    assert woorden(afspraak.pk) == ["ja"]
    assert [soort for soort, _ in punten()] == ["onduidelijk"]


@pytest.mark.parametrize("sender", ["KPN", "2525", "+4412345678", "+31201234567", "+3190012345", "", "+31612345678x"])
def test_who_can_be_no_client_gets_no_answer(toestel: Toestel, sender: str) -> None:
    sms_reply.handle(inbound=inbound("ja", sender=sender), now=NU)
    assert not SmsGesprek.objects.exists()
    assert post.console_messages(limit=5) == []


def test_an_unknown_phone_gets_one_neutral_text(toestel: Toestel, afspraak: Afspraak) -> None:
    stranger = Toestel(toestel.clock, ANDER)
    [reply] = stranger.stuur("JA")
    assert "geen gesprek" in reply
    assert afspraak.korte_code not in reply
    assert stranger.stuur("JA!") == []
    assert stranger.stuur("nog een bericht van een onbekende") == []
    assert woorden(afspraak.pk) == []
    assert punten() == []


def test_nothing_personal_is_logged(toestel: Toestel, afspraak: Afspraak, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        toestel.stuur("Ja want mijn kwaal Xyzzy maakt mij vergeetachtig")
        toestel.stuur("blablabla Xyzzy")
        toestel.stuur(f"JA {code_of_nobody()} Xyzzy")
        sms_reply.handle(inbound=inbound("Xyzzy", sender="0201234567"), now=NU)
    lines = [str(row) for row in LogRegel.objects.values_list("details", "object_id", "actor")]
    for text in (*caplog.messages, *lines, *(punt.reden for punt in Werkpunt.objects.all())):
        assert "Xyzzy" not in text
        assert "612345678" not in text
        assert "0201234567" not in text


def test_a_hostile_text_is_only_a_text(toestel: Toestel, afspraak: Afspraak) -> None:
    for text in (
        "<script>alert(1)</script>",
        "{{7*7}} ((link)) {x.__class__}",
        "\u202egnp.exe",
        "abc" * 4000,
        "\x00\x07",
    ):
        toestel.stuur(text)
    assert woorden(afspraak.pk) == []
    assert not any("script" in reply or "49" in reply for reply in toestel.ontvangen()[1:])


def test_a_client_who_chose_mail_only_is_answered_where_they_texted(toestel: Toestel) -> None:
    made = maak_afspraak(client_bereikbaar_via=frozenset({"email"}))
    toestel.werk()
    assert toestel.ontvangen() == []
    assert len(toestel.stuur("hulp")) == 1
    toestel.stuur("ja")
    assert woorden(made.pk) == ["ja"]


def test_a_receiver_that_fails_leaves_the_text_for_a_next_try(
    toestel: Toestel, afspraak: Afspraak, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sms_reply, "read", lambda text: 1 / 0)
        toestel.zet_klaar("ja")
        toestel.werk()
    assert woorden(afspraak.pk) == []
    toestel.at(NU + timedelta(hours=1))
    jobs.hand_on_inbound()
    assert woorden(afspraak.pk) == ["ja"]
