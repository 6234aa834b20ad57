"""One phone with several appointments or several people, phones that guess, and phones that never stop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from afspraken.domain.dialogue import MAX_PER_DAG
from afspraken.domain.lifecycle import Status
from afspraken.flow import plan
from afspraken.models import Afspraak, Client, Werkpunt
from notifications import api as post
from tests.builders import NU, TESTER, maak_afspraak
from tests.flow.sms_steps import ANDER, Toestel, antwoorden, code_of_nobody, gelogd, punten, woorden

pytestmark = pytest.mark.django_db


@pytest.fixture
def toestel(time_machine: object) -> Toestel:
    time_machine.move_to(NU, tick=False)  # type: ignore[attr-defined]
    return Toestel(time_machine)


@pytest.fixture
def twee(toestel: Toestel) -> tuple[Afspraak, Afspraak]:
    """Mother and son on one phone, with codes that differ."""
    made: list[Afspraak] = []
    while len(made) < 2:
        name = ("A. Jansen", "B. Pietersen")[len(made)]
        one = maak_afspraak(client_naam=name, start_op=NU + timedelta(days=2 + len(made)), client_email="")
        if any(one.korte_code == other.korte_code for other in made):
            Afspraak.objects.filter(pk=one.pk).update(korte_code="2B")
            one.refresh_from_db()
        made.append(one)
    toestel.werk()
    return made[0], made[1]


def test_the_short_code_decides(toestel: Toestel, twee: tuple[Afspraak, Afspraak]) -> None:
    one, two = twee
    assert two.korte_code in toestel.ontvangen()[1]
    toestel.stuur(f"nee {two.korte_code.lower()}")
    assert (woorden(one.pk), woorden(two.pk)) == ([], ["nee"])


def test_without_a_code_it_asks_back_without_names(toestel: Toestel, twee: tuple[Afspraak, Afspraak]) -> None:
    one, two = twee
    [question] = toestel.stuur("Ja, geluid voor thuis")
    assert "1: " in question
    assert "2: " in question
    assert "Jansen" not in question
    assert "Pietersen" not in question
    assert post.count_segments(question).segments <= 2
    assert (woorden(one.pk), woorden(two.pk)) == ([], [])
    assert toestel.gesprek.onthouden["antwoord"] == "ja"
    [receipt] = toestel.stuur("2")
    assert "27" in receipt or "28" in receipt
    assert (woorden(one.pk), antwoorden(two.pk)) == ([], [("ja", "naluisteren", ["geluid"], "")])
    assert toestel.gesprek.onthouden == {}
    assert not Client.objects.filter(laatste_kanaal="sms", afspraken=one).exists()


def test_the_longest_list_fits_in_two_parts(toestel: Toestel) -> None:
    for number in range(8):
        maak_afspraak(start_op=NU + timedelta(days=2 + number, hours=1))
    toestel.werk()
    [question] = toestel.stuur("ja")
    assert "6: " in question
    assert "7: " not in question
    assert post.count_segments(question).segments <= 2


def test_a_moved_appointment_keeps_its_place_and_a_cancelled_one_is_not_guessed(
    toestel: Toestel, twee: tuple[Afspraak, Afspraak]
) -> None:
    one, two = twee
    toestel.stuur("ja")
    plan.verplaats_afspraak(
        afspraak_id=one.pk,
        start_op=two.start_op + timedelta(days=1),
        eind_op=two.eind_op + timedelta(days=1),
        actor=TESTER,
        now=timezone.now(),
    )
    toestel.stuur("1")
    assert (woorden(one.pk), woorden(two.pk)) == (["ja"], [])
    toestel.stuur("nee")
    plan.annuleer_met_hand(afspraak_id=two.pk, actor=TESTER, now=timezone.now())
    toestel.stuur("1")
    assert woorden(two.pk) == []


def test_a_code_of_another_phone_changes_nothing(toestel: Toestel, twee: tuple[Afspraak, Afspraak]) -> None:
    stranger = Toestel(toestel.clock, ANDER)
    replies = stranger.stuur(f"JA {twee[0].korte_code}")
    assert len(replies) == 1
    assert "geen gesprek" in replies[0]
    assert "opnemen" not in replies[0]
    assert woorden(twee[0].pk) == []


def test_guessing_codes_ends_in_silence(toestel: Toestel, twee: tuple[Afspraak, Afspraak]) -> None:
    wrong = code_of_nobody()
    replies = [toestel.stuur(f"JA {wrong}") for _ in range(20)]
    assert [len(each) for each in replies] == [1, 1, 1] + [0] * 17
    assert all("welk gesprek" in each[0] for each in replies[:3])
    assert [soort for soort, _ in punten()] == ["onduidelijk"]
    assert "verkeerde code" in Werkpunt.objects.get().reden
    assert {why for line in gelogd()[4:] for why in line["redenen"]} == {"verkeerde_codes"}
    assert woorden(twee[0].pk) == woorden(twee[1].pk) == []
    # The real code still works.
    toestel.stuur(f"nee {twee[0].korte_code}")
    assert woorden(twee[0].pk) == ["nee"]


def test_a_signed_appointment_says_where_to_change(toestel: Toestel) -> None:
    made = maak_afspraak()
    toestel.werk()
    Afspraak.objects.filter(pk=made.pk).update(status=Status.ONDERTEKEND.value)
    [reply] = toestel.stuur("nee")
    assert "niet meer per sms" in reply
    assert woorden(made.pk) == []


@pytest.mark.parametrize("kind", ["echo", "alternates", "polite", "asks"])
def test_a_phone_that_answers_everything_does_not_loop(toestel: Toestel, kind: str) -> None:
    """Two machines: ours, and one that replies to whatever it gets."""
    made = maak_afspraak(client_email="")
    toestel.werk()
    last, sent = toestel.ontvangen()[-1], 0
    for turn in range(100):
        text = {
            "echo": last,
            "alternates": "ja" if turn % 2 else "NEE",
            "polite": "Bedankt voor uw bericht, wij nemen contact op",
            "asks": "hulp",
        }[kind]
        replies = toestel.stuur(text)
        if not replies and kind == "echo":
            break
        sent += len(replies)
        last = replies[-1] if replies else last
    assert sent <= MAX_PER_DAG
    assert len(punten()) <= 3
    if kind == "echo":
        assert woorden(made.pk) == []
        assert sent <= 3


def test_two_phones_that_answer_each_other_through_us_do_not_loop(toestel: Toestel) -> None:
    other = Toestel(toestel.clock, ANDER)
    maak_afspraak(client_email="")
    maak_afspraak(client_mobiel=ANDER, client_email="")
    toestel.werk()
    phones = {toestel: toestel.ontvangen()[-1], other: other.ontvangen()[-1]}
    sent = 0
    for _ in range(40):
        for phone, text in list(phones.items()):
            for reply in phone.stuur(f"Re: {text}"):
                sent += 1
                phones[phone] = reply
    assert sent <= 6
    assert len(punten()) <= 6


# Stop and start.


def test_stop_is_confirmed_once_and_the_rest_goes_by_mail(toestel: Toestel) -> None:
    made = maak_afspraak()
    toestel.werk()
    [confirmed] = toestel.stuur("Stop met sms'en aub")
    assert "geen sms meer" in confirmed
    assert "START" in confirmed
    assert punten() == []
    assert toestel.stuur("ja") == []
    assert woorden(made.pk) == ["ja"]
    mails = [message for message in post.console_messages(limit=10) if message.channel is post.Channel.EMAIL]
    assert "Wij hebben uw antwoord" in mails[0].subject


def test_stop_without_mail_puts_a_person_on_it_once(toestel: Toestel) -> None:
    made = maak_afspraak(client_email="")
    toestel.werk()
    toestel.stuur("STOP")
    toestel.stuur("STOP")
    assert [soort for soort, _ in punten()] == ["bellen"]
    assert Werkpunt.objects.get().afspraak_id == made.pk
    assert post.is_opted_out(channel=post.Channel.SMS, address=toestel.nummer)
    [welcome] = toestel.stuur("START")
    assert "weer sms" in welcome
    assert punten() == []
    assert not post.is_opted_out(channel=post.Channel.SMS, address=toestel.nummer)
    assert len(toestel.stuur("ja")) == 1


def test_what_waits_for_the_morning_is_not_sent_by_sms_after_a_stop(toestel: Toestel) -> None:
    made = maak_afspraak(client_bereikbaar_via=frozenset({"sms"}))
    toestel.werk()
    toestel.at(NU.replace(hour=21, minute=30))
    plan.verplaats_afspraak(
        afspraak_id=made.pk,
        start_op=made.start_op + timedelta(days=3),
        eind_op=made.eind_op + timedelta(days=3),
        actor=TESTER,
        now=timezone.now(),
    )
    toestel.stuur("STOP")
    toestel.at(NU + timedelta(days=1))
    toestel.werk()
    assert not [text for text in toestel.ontvangen() if "veranderd" in text]
    assert {soort for soort, _ in punten()} == {"bellen"}


def test_the_stop_word_of_the_provider_is_followed_without_a_text_it_would_refuse(toestel: Toestel) -> None:
    made = maak_afspraak(client_email="")
    toestel.werk()
    assert toestel.stuur("CANCEL", vendor="twilio") == []
    assert post.is_opted_out(channel=post.Channel.SMS, address=toestel.nummer)
    # To the client it may well be about the appointment: a person reads it.
    assert {soort for soort, _ in punten()} == {"bellen", "onduidelijk"}
    assert woorden(made.pk) == []


def test_yes_at_the_provider_is_an_answer_too(toestel: Toestel) -> None:
    made = maak_afspraak(client_taal="en")
    toestel.werk()
    toestel.stuur("STOP", vendor="twilio")
    assert len(toestel.stuur("YES", vendor="twilio")) == 1
    assert woorden(made.pk) == ["ja"]


def test_a_stop_about_recording_is_an_answer(toestel: Toestel) -> None:
    made = maak_afspraak()
    toestel.werk()
    toestel.stuur("ja")
    toestel.stuur("ik stop toch maar met opnemen")
    assert woorden(made.pk) == ["ja", "nee"]
    assert not post.is_opted_out(channel=post.Channel.SMS, address=toestel.nummer)
