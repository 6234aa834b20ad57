"""Letting the municipality know, on the page: the questions, the check page, the one button that records."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine as clock
from django.db import connection
from django.test import Client

from afspraken.domain.lifecycle import Status
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Kanaal
from afspraken.flow import answer, plan
from afspraken.flow.log import CLIENT
from afspraken.models import Afspraak, LogRegel, Voornemen
from notifications import api as post
from tests.builders import NU, TESTER, maak_afspraak
from tests.web.client_steps import Phone, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(time_machine: clock.TimeMachineFixture) -> None:
    time_machine.move_to(NU, tick=False)


def given(afspraak: Afspraak) -> list[tuple[str, list[str], str, str, str]]:
    rows = Voornemen.objects.filter(afspraak=afspraak).order_by("volgnummer")
    return [(row.antwoord, row.soorten, row.doel, row.toelichting, row.kanaal) for row in rows]


def test_yes_with_kinds_and_purpose() -> None:
    afspraak = maak_afspraak()
    phone = Phone(afspraak)
    check = phone.answer("ja", ("geluid", "foto"), "deskundige")
    words = text_of(check)
    assert "Kijk uw antwoorden na" in words
    assert "Geluid, foto’s" in words
    assert "Ik wil het laten horen aan een deskundige" in words
    assert words.count("Wijzig") == 3
    assert given(afspraak) == []
    done = text_of(phone.send(check))
    assert "Uw keuze is doorgegeven" in done
    assert "woensdag 25 november 2026, 10.00 uur, op deze pagina" in done
    assert "U kunt uw antwoord veranderen tot vrijdag 27 november 2026, 10.00 uur." in done
    assert given(afspraak) == [("ja", ["foto", "geluid"], "deskundige", "", "web")]
    assert Afspraak.objects.get().staat is Status.BEANTWOORD


@pytest.mark.parametrize("antwoord", ["nee", "weet_niet"])
def test_no_and_do_not_know_go_straight_to_the_check_page(antwoord: str) -> None:
    afspraak = maak_afspraak()
    phone = Phone(afspraak)
    phone.send(phone.answer(antwoord))
    assert given(afspraak) == [(antwoord, [], "", "", "web")]


def test_kinds_and_purpose_may_stay_blank() -> None:
    afspraak = maak_afspraak()
    phone = Phone(afspraak)
    check = phone.answer("ja")
    assert "Dat hebt u niet gezegd. Dat hoeft ook niet." in text_of(check)
    phone.send(check)
    assert given(afspraak) == [("ja", [], "", "", "web")]


def test_something_else_in_their_own_words() -> None:
    afspraak = maak_afspraak()
    phone = Phone(afspraak)
    check = phone.answer("ja", ("video",), "anders", "  Voor mijn\n dagboek  ")
    assert "Voor mijn dagboek" in text_of(check)
    phone.send(check)
    assert given(afspraak) == [("ja", ["video"], "anders", "Voor mijn dagboek", "web")]


def test_sharing_is_explained_and_recording_is_not_made_to_depend_on_it() -> None:
    afspraak = maak_afspraak()
    phone = Phone(afspraak)
    purposes = phone.post("soorten", opened=phone.post("opnemen", antwoord="ja"))
    assert "Dat mag alleen als de medewerker dat goed vindt." in text_of(purposes)
    check = phone.post("doel", opened=purposes, doel="delen")
    assert "Opnemen mag in elk geval." in text_of(check)
    assert "Opnemen mag in elk geval." in text_of(phone.send(check))
    assert given(afspraak) == [("ja", [], "delen", "", "web")]


def test_nothing_chosen_gives_an_error_above_the_question_and_at_it() -> None:
    phone = Phone(maak_afspraak())
    html = phone.post("opnemen")
    assert "<title>Fout: Wilt u het gesprek opnemen? - Gemeente Voorbeeld</title>" in html
    assert html.index("Er is een probleem") < html.index("<h1")
    assert html.count("Kies een antwoord: ja, nee of ik weet het nog niet.") == 2
    assert '<a href="#id_antwoord_0">' in html
    assert 'id="id_antwoord_0"' in html
    assert " checked" not in html


@pytest.mark.parametrize(
    ("page", "values"),
    [("opnemen", {"antwoord": "ingetrokken"}), ("soorten", {"soorten": ["hologram"]}), ("doel", {"doel": "geheim"})],
)
def test_an_answer_that_was_not_offered_is_not_taken(page: str, values: dict[str, object]) -> None:
    phone = Phone(maak_afspraak())
    phone.answer("ja", ("geluid",), "naluisteren")
    assert "<title>Fout: " in phone.post(page, values)


def test_a_text_that_is_too_long_or_holds_a_bsn_is_kept_on_the_page_and_not_recorded() -> None:
    phone = Phone(maak_afspraak())
    phone.answer("ja", (), "anders")
    html = phone.post("toelichting", toelichting="a" * 501)
    assert "Uw tekst is te lang: 501 tekens" in html
    assert "a" * 501 in html
    html = phone.post("toelichting", toelichting="Mijn nummer is 111222333")
    assert "dat op een BSN lijkt" in html
    assert not Voornemen.objects.exists()


def test_change_one_answer_from_the_check_page_and_come_back_to_it() -> None:
    afspraak = maak_afspraak()
    phone = Phone(afspraak)
    phone.answer("ja", ("geluid",), "naluisteren")
    change = phone.open("soorten", wijzig="")
    assert 'value="geluid" checked' in change
    assert f'href="{phone.url("nakijken")}"' in change
    check = phone.post("soorten", opened=change, soorten=["video"])
    assert "Kijk uw antwoorden na" in check
    phone.send(check)
    assert given(afspraak) == [("ja", ["video"], "naluisteren", "", "web")]


def test_answers_in_the_making_stay_out_of_the_address_and_do_not_mix_between_appointments() -> None:
    first, second = Phone(maak_afspraak()), Phone(maak_afspraak())
    second.browser = first.browser
    first.answer("ja", ("geluid",), "naluisteren")
    second.answer("nee")
    second.send(second.open("nakijken"))
    first.send(first.open("nakijken"))
    assert given(first.afspraak) == [("ja", ["geluid"], "naluisteren", "", "web")]
    assert given(second.afspraak) == [("nee", [], "", "", "web")]


def test_a_question_out_of_order_leads_to_the_first_open_one() -> None:
    phone = Phone(maak_afspraak())
    for page in ("soorten", "doel", "toelichting", "nakijken"):
        assert "Wilt u het gesprek opnemen?" in phone.open(page)
    phone.post("opnemen", antwoord="ja")
    assert "Wat wilt u opnemen?" in phone.open("doel")


def test_an_answer_that_is_changed_is_a_new_row_and_shows_what_was_said_before() -> None:
    afspraak = maak_afspraak()
    phone = Phone(afspraak)
    phone.send(phone.answer("ja", ("geluid",), "naluisteren"))
    assert 'value="ja" checked' in phone.open("opnemen")
    check = phone.post("opnemen", antwoord="nee")
    assert "Wat u opneemt" not in text_of(check)
    phone.send(check)
    assert [row[0] for row in given(afspraak)] == ["ja", "nee"]
    page = text_of(phone.open())
    assert "Het gesprek opnemen Nee" in page


def test_a_double_click_and_the_back_button_record_once() -> None:
    afspraak = maak_afspraak()
    phone = Phone(afspraak)
    check = phone.answer("ja", ("geluid",), "naluisteren")
    first = phone.send(check)
    second = phone.send(check)
    assert "Uw keuze is doorgegeven" in first
    assert "Uw keuze is doorgegeven" in second
    assert len(given(afspraak)) == 1
    again = phone.post("opnemen", antwoord="ja")
    assert "Wat wilt u opnemen?" in again


def test_what_is_recorded_is_what_the_check_page_showed() -> None:
    afspraak = maak_afspraak()
    phone = Phone(afspraak)
    shown = phone.answer("ja", ("geluid",), "naluisteren")
    # In another tab of the same browser.
    phone.answer("nee")
    page = phone.send(shown)
    assert given(afspraak) == []
    assert "Uw antwoorden zijn veranderd nadat u deze pagina opende" in text_of(page)
    phone.send(page)
    assert [row[0] for row in given(afspraak)] == ["nee"]


def test_an_appointment_that_moved_under_the_check_page_is_shown_again_first() -> None:
    afspraak = maak_afspraak()
    phone = Phone(afspraak)
    shown = phone.answer("nee")
    later = afspraak.start_op + timedelta(days=3)
    plan.verplaats_afspraak(
        afspraak_id=afspraak.pk, start_op=later, eind_op=later + timedelta(minutes=30), actor=TESTER, now=NU
    )
    page = phone.send(shown)
    assert given(afspraak) == []
    assert "Uw afspraak is intussen verplaatst" in text_of(page)
    assert "maandag 30 november 2026" in text_of(page)
    phone.send(page)
    assert [row[0] for row in given(afspraak)] == ["nee"]


def test_answers_that_are_lost_with_the_session_are_not_reported_as_sent() -> None:
    afspraak = maak_afspraak()
    answer.record_antwoord(
        afspraak_id=afspraak.pk,
        gegevens=Antwoordgegevens(antwoord=Antwoord.JA),
        kanaal=Kanaal.SMS,
        taal="nl",
        actor=CLIENT,
        now=NU,
    )
    phone = Phone(afspraak)
    check = phone.answer("nee")
    phone.browser.session.flush()
    page = text_of(phone.send(check))
    assert "Uw antwoorden zijn niet doorgegeven" in page
    assert "Uw keuze is doorgegeven" not in page
    assert [row[0] for row in given(afspraak)] == ["ja"]


def test_the_last_moment_before_the_start_counts_and_the_start_does_not(
    time_machine: clock.TimeMachineFixture,
) -> None:
    afspraak = maak_afspraak()
    phone = Phone(afspraak)
    time_machine.move_to(afspraak.start_op - timedelta(minutes=5), tick=False)
    check = phone.answer("nee")
    time_machine.move_to(afspraak.start_op, tick=False)
    assert "niet doorgegeven" in text_of(phone.send(check))
    assert given(afspraak) == []
    time_machine.move_to(afspraak.start_op - timedelta(seconds=1), tick=False)
    phone.send(check)
    assert len(given(afspraak)) == 1


def test_withdrawing_takes_one_question_and_one_button_and_can_be_done_twice() -> None:
    afspraak = maak_afspraak()
    phone = Phone(afspraak)
    phone.send(phone.answer("ja", ("geluid",), "naluisteren"))
    question = phone.open("intrekken")
    assert "Wilt u uw antwoord intrekken?" in question
    page = text_of(phone.post("intrekken", opened=question))
    assert "U hebt uw antwoord ingetrokken" in page
    assert "Wilt u het gesprek opnemen?" in page
    phone.post("intrekken", opened=question)
    assert [row[0] for row in given(afspraak)] == ["ja", "ingetrokken"]
    assert 'value="ja" checked' not in phone.open("opnemen")


def test_a_withdrawal_without_an_answer_leads_back_to_the_appointment() -> None:
    phone = Phone(maak_afspraak())
    assert "Wilt u het gesprek opnemen?" in phone.open("intrekken")
    assert "Wilt u het gesprek opnemen?" in phone.open("klaar")


def test_the_reminder_is_dropped_and_the_log_names_no_answer() -> None:
    afspraak = maak_afspraak()
    phone = Phone(afspraak)
    phone.send(phone.answer("ja", ("geluid",), "anders", "voor mijn zus"))
    line = LogRegel.objects.get(actie="voornemen.ontvangen")
    assert (line.oorsprong, line.details) == ("client", {"volgnummer": 1, "kanaal": "web"})
    waiting = {
        row.kind
        for row in post.statuses_for([afspraak.onderwerp_sleutel])[afspraak.onderwerp_sleutel]
        if row.status is post.Status.QUEUED
    }
    assert waiting == {"ontvangstbevestiging"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_once_are_one_answer() -> None:
    afspraak = maak_afspraak()
    phone = Phone(afspraak)
    check = phone.answer("ja", ("geluid",), "naluisteren")
    form, cookies = phone.form(check), phone.browser.cookies
    gate = threading.Barrier(20)
    answers: list[tuple[int, str]] = []

    def click() -> None:
        browser = Client(enforce_csrf_checks=True)
        browser.cookies = cookies.copy()  # type: ignore[assignment]
        gate.wait()
        try:
            response = browser.post(phone.url("nakijken"), form)
            answers.append((response.status_code, response.headers.get("Location", "")))
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(302, phone.url("klaar"))] * 20
    assert len(given(afspraak)) == 1
    assert LogRegel.objects.filter(actie="voornemen.ontvangen").count() == 1
    receipts = [
        row
        for row in post.statuses_for([afspraak.onderwerp_sleutel])[afspraak.onderwerp_sleutel]
        if row.kind == "ontvangstbevestiging"
    ]
    assert len(receipts) == 1
