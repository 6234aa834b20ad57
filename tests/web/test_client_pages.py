"""The page behind a client's link, in each of its states, and what opening it never does."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

import icalendar
import pytest
import time_machine as clock
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Kanaal, Soort
from afspraken.flow import answer, plan
from afspraken.flow.log import CLIENT
from afspraken.models import Afspraak, LogRegel, Voornemen
from afspraken.web.client import begrenzer
from tests.builders import NU, TESTER, maak_afspraak, maak_team
from tests.web.client_steps import Phone, text_of

pytestmark = pytest.mark.django_db

JA = Antwoordgegevens(antwoord=Antwoord.JA, soorten=frozenset({Soort.GELUID}), doel=Doel.NALUISTEREN)
UNKNOWN = "A" * 32


@pytest.fixture(autouse=True)
def _clock(time_machine: clock.TimeMachineFixture) -> None:
    time_machine.move_to(NU, tick=False)


def say(afspraak: Afspraak, gegevens: Antwoordgegevens = JA, kanaal: Kanaal = Kanaal.WEB) -> None:
    answer.record_antwoord(afspraak_id=afspraak.pk, gegevens=gegevens, kanaal=kanaal, taal="nl", actor=CLIENT, now=NU)


def test_it_says_which_municipality_and_which_appointment_and_asks_the_question() -> None:
    page = text_of(Phone(maak_afspraak(locatie_ruimte="2.14")).open())
    assert "Uw gesprek met Gemeente Voorbeeld" in page
    assert "vrijdag 27 november 2026, 10.00 uur" in page
    assert "Stadhuis, Markt 1, kamer 2.14" in page
    assert "Wilt u het gesprek opnemen?" in page
    assert page.index("De spelregels in het kort") < page.index("Wilt u het gesprek opnemen?")


def test_at_most_five_short_sentences_stand_before_the_question_and_the_whole_sheet_can_be_opened() -> None:
    html = Phone(maak_afspraak()).open()
    before_fold, fold = html.split("<details", 1)
    sentences = text_of(before_fold.split('id="regels-kop"', 1)[1].split("</h2>", 1)[1])
    assert 0 < sum(sentences.count(mark) for mark in ".?!") <= 5
    assert "Het is verboden om te knippen en plakken in een opname" in text_of(fold)


def test_nobody_reads_more_about_the_client_than_a_first_name_or_initial() -> None:
    afspraak = maak_afspraak(
        client_naam="Fatima Ouazzani",
        client_mobiel="+31698765432",
        client_email="fatima.ouazzani@example.nl",
        client_extern_id="c-4711",
        onderwerp="Herbeoordeling bijstandsuitkering",
        medewerker="Q. Zandbergen",
    )
    say(afspraak)
    phone = Phone(afspraak)
    for page in ("", "opnemen", "klaar", "antwoord", "intrekken", "spelregels"):
        html = phone.open(page)
        for secret in ("Ouazzani", "98765432", "fatima.ouazzani", "c-4711", "Herbeoordeling", "Zandbergen"):
            assert secret not in html, (page, secret)
    assert "Fatima" in phone.open()


def test_a_home_address_is_not_on_the_page() -> None:
    html = Phone(maak_afspraak(vorm="huisbezoek", locatie_naam="", locatie_adres="Dorpsstraat 99")).open()
    assert "Bij u thuis" in html
    assert "Dorpsstraat" not in html


def test_an_answer_by_sms_is_shown_with_channel_and_moment() -> None:
    afspraak = maak_afspraak()
    say(afspraak, kanaal=Kanaal.SMS)
    page = text_of(Phone(afspraak).open())
    assert "Wat u ons liet weten" in page
    assert "Geluid" in page
    assert "Ik wil het thuis nog een keer horen of zien" in page
    assert "woensdag 25 november 2026, 10.00 uur, met een sms" in page
    assert "Antwoord veranderen" in page
    assert "Mijn antwoord intrekken" in page


def test_a_moved_appointment_says_so_and_an_answer_for_the_old_time_is_kept_and_marked() -> None:
    afspraak = maak_afspraak()
    say(afspraak)
    later = afspraak.start_op + timedelta(days=1)
    plan.verplaats_afspraak(
        afspraak_id=afspraak.pk, start_op=later, eind_op=later + timedelta(minutes=45), actor=TESTER, now=NU
    )
    page = text_of(Phone(afspraak).open())
    assert "Uw afspraak is verplaatst" in page
    assert "De nieuwe tijd is zaterdag 28 november 2026, 10.00 uur" in page
    assert "U gaf dit antwoord voor de oude tijd" in page
    assert "toen de afspraak nog op vrijdag 27 november 2026, 10.00 uur was" in page


def test_a_cancelled_appointment_has_its_own_page_and_takes_no_answer() -> None:
    afspraak = maak_afspraak()
    phone = Phone(afspraak)
    opened = phone.open("opnemen")
    plan.annuleer_met_hand(afspraak_id=afspraak.pk, actor=TESTER, now=NU)
    page = text_of(phone.open())
    assert "Deze afspraak gaat niet door" in page
    assert "Wilt u het gesprek opnemen?" not in page
    assert "niet doorgegeven" in text_of(phone.post("opnemen", opened=opened, antwoord="ja"))
    assert "Deze afspraak gaat niet door" in phone.open("antwoord")
    assert "STATUS:CANCELLED" in phone.open("afspraak.ics")
    assert not Voornemen.objects.exists()


def test_from_the_start_on_the_page_is_read_only(time_machine: clock.TimeMachineFixture) -> None:
    afspraak = maak_afspraak()
    say(afspraak)
    phone = Phone(afspraak)
    change, withdraw = phone.open("opnemen"), phone.open("intrekken")
    time_machine.move_to(afspraak.start_op, tick=False)
    page = text_of(phone.open())
    assert "Uw afspraak is begonnen" in page
    assert "Ik wil het thuis nog een keer horen of zien" in page
    phone.post("opnemen", opened=change, antwoord="nee")
    phone.post("intrekken", opened=withdraw)
    assert Voornemen.objects.count() == 1
    time_machine.move_to(afspraak.eind_op, tick=False)
    page = phone.open()
    assert "Uw afspraak is geweest" in text_of(page)
    assert "<form" not in page


def test_links_that_open_nothing_are_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(begrenzer, "PER_ADRES", 10_000)
    purged = maak_afspraak()
    gone = Phone(purged).token
    purged.voornemens.all().delete()
    purged.delete()
    known = Phone(maak_afspraak()).token
    answers = {
        path: Client().get(f"/v/{path}")
        for path in (
            UNKNOWN,
            gone,
            "x",
            "é" * 32,
            known.lower(),
            known[:-1],
            f"{known}x",
            f"{UNKNOWN}/opnemen",
            f"{known}/formulier.pdf",
            f"{known}/geheim",
            f"{known}/a/b/c",
            "",
        )
    }
    assert {path: response.status_code for path, response in answers.items()} == dict.fromkeys(answers, 404)
    assert len({response.content for response in answers.values()}) == 1
    assert b"Deze link werkt niet" in answers["x"].content


@pytest.mark.slow
def test_an_unknown_link_takes_as_long_as_a_malformed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(begrenzer, "PER_ADRES", 10_000)
    browser = Client()

    def seconds(path: str) -> float:
        started = time.perf_counter()
        assert browser.get(path).status_code == 404
        return time.perf_counter() - started

    seconds("/v/warm")
    # Turn by turn: what else the machine does in the meantime slows both down.
    pairs = [(seconds(f"/v/{UNKNOWN}"), seconds("/v/malformed")) for _ in range(200)]
    unknown, malformed = (statistics.median(column) for column in zip(*pairs, strict=True))
    assert abs(unknown - malformed) < 0.020


def test_opening_and_previewing_changes_nothing() -> None:
    afspraak = maak_afspraak()
    say(afspraak)
    phone = Phone(afspraak)
    pages = ("", "opnemen", "klaar", "intrekken", "tekenen", "antwoord", "spelregels", "afspraak.ics", "nakijken")

    def state() -> object:
        return (
            list(Afspraak.objects.values_list("status", "gewijzigd_op")),
            Voornemen.objects.count(),
            LogRegel.objects.count(),
            afspraak.formulieren.count(),
            Session.objects.count(),
        )

    before = state()
    for page in pages:
        for _ in range(6):
            assert phone.browser.get(phone.url(page)).status_code in {200, 302}
            assert phone.browser.head(phone.url(page)).status_code in {200, 302}
            assert phone.browser.options(phone.url(page)).status_code == 405
    assert state() == before
    assert "Uw keuze is doorgegeven" in phone.send(phone.answer("nee"))


@pytest.mark.parametrize("page", ["opnemen", "soorten", "doel", "toelichting", "nakijken", "intrekken", "tekenen"])
def test_a_post_without_the_csrf_token_changes_nothing(page: str) -> None:
    afspraak = maak_afspraak()
    say(afspraak)
    phone = Phone(afspraak)
    phone.open("opnemen")
    response = phone.browser.post(phone.url(page), {"antwoord": "nee", "naam": "x", "mijn_handtekening": "on"})
    assert response.status_code == 403
    assert response["Cache-Control"] == "no-store, private"
    assert Voornemen.objects.count() == 1


def test_a_post_with_another_sessions_csrf_token_is_refused() -> None:
    afspraak = maak_afspraak()
    mine, other = Phone(afspraak), Phone(afspraak)
    other_form = other.form(other.open("opnemen"))
    mine.open("opnemen")
    response = mine.browser.post(mine.url("opnemen"), other_form | {"antwoord": "ja"})
    assert response.status_code == 403


def test_every_answer_behind_a_link_stays_out_of_caches_and_search_engines() -> None:
    afspraak = maak_afspraak()
    say(afspraak)
    phone = Phone(afspraak)
    paths = [phone.url(page) for page in ("", "opnemen", "nakijken", "antwoord", "afspraak.ics", "formulier.pdf")]
    for path in [*paths, f"/v/{UNKNOWN}", "/v/x/y/z", "/v/"]:
        response = phone.browser.get(path)
        assert "no-store" in response["Cache-Control"], path
        assert "noindex" in response["X-Robots-Tag"], path
        assert response["Referrer-Policy"] == "same-origin", path
    assert "Disallow: /v/" in Client().get("/robots.txt").content.decode()


def test_the_calendar_file_is_in_utc_and_neutral() -> None:
    afspraak = maak_afspraak(onderwerp="Herbeoordeling bijstandsuitkering", client_naam="Fatima Ouazzani")
    response = Client().get(Phone(afspraak).url("afspraak.ics"))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="afspraak.ics"' in response["Content-Disposition"]
    text = response.content.decode()
    assert "DTSTART:20261127T090000Z" in text
    assert "Ouazzani" not in text
    assert "Herbeoordeling" not in text
    event = icalendar.Calendar.from_ical(text).walk("VEVENT")[0]
    assert event.decoded("dtend") == afspraak.eind_op


def test_the_copy_shows_the_rules_that_the_answer_was_given_under() -> None:
    afspraak = maak_afspraak()
    say(afspraak)
    page = text_of(Phone(afspraak).open("antwoord"))
    assert "Uw antwoord over opnemen" in page
    assert "Versie 1, geldt sinds" in page
    assert "7. Indien in strijd met deze spelregels wordt gehandeld" in page


def test_help_stands_on_every_page_at_the_same_place() -> None:
    team = maak_team(telefoon="0800 1234", loket="het Stadhuis, Markt 1", clientondersteuning="Bel gratis MEE.")
    afspraak = maak_afspraak(team=team.code)
    say(afspraak)
    phone = Phone(afspraak)
    blocks = set()
    for page in ("", "opnemen", "klaar", "intrekken", "tekenen", "antwoord", "spelregels"):
        html = phone.open(page)
        blocks.add(html[html.index("<footer") : html.index("</footer>")])
    (block,) = blocks
    assert 'href="tel:08001234"' in block
    assert "het Stadhuis, Markt 1" in block
    assert "Bel gratis MEE." in block


XSS = '"><img src=x onerror=alert(1)>'


def test_nothing_that_others_typed_becomes_markup() -> None:
    afspraak = maak_afspraak(client_naam=f"{XSS} Jansen", locatie_naam=XSS, locatie_adres=XSS)
    afspraak.team.loket = XSS
    afspraak.team.clientondersteuning = XSS
    afspraak.team.save()
    sms = Antwoordgegevens(antwoord=Antwoord.JA, doel=Doel.ANDERS, toelichting=f"{XSS}{{{{ 7*7 }}}}((link))")
    say(afspraak, sms, Kanaal.SMS)
    phone = Phone(afspraak)
    for page in ("", "klaar", "antwoord", "intrekken", "opnemen", "tekenen"):
        html = phone.open(page)
        assert "<img" not in html, page
    assert "{{ 7*7 }}((link))" in text_of(phone.open())


def test_the_number_of_queries_does_not_depend_on_what_there_is(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    afspraak = maak_afspraak()
    browser, url = Client(), Phone(afspraak).url()
    # Appointment, answer, form; the team's own sheet, the one for all, its translations.
    with django_assert_num_queries(6):
        browser.get(url)
    say(afspraak)
    for antwoord in (Antwoord.NEE, Antwoord.WEET_NIET, Antwoord.NEE):
        say(afspraak, Antwoordgegevens(antwoord=antwoord))
    with django_assert_num_queries(6):
        browser.get(url)
