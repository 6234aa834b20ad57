"""The demo's phone and mailbox: what was sent, what waits, and an answer as the client gives it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client

from afspraken.models import Afspraak, Voornemen
from notifications import api as post
from notifications import jobs
from tests.builders import NU, maak_afspraak

pytestmark = pytest.mark.django_db
TELEFOON = "/berichtenbak/telefoon/31612345678"
MAILBOX = f"/berichtenbak/mailbox/{quote('a.jansen@example.nl')}"
ZONDAG = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> Iterator[None]:
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.web.demo_urls"
    with time_machine.travel(NU, tick=False):
        yield


@pytest.fixture
def bezoeker() -> Client:
    return Client()


def text(client: Client, pad: str) -> str:
    answer = client.get(pad)
    assert answer.status_code == 200, pad
    return answer.content.decode()


def sent(**values: Any) -> Afspraak:
    afspraak = maak_afspraak(**values)
    jobs.drain()
    return afspraak


def test_the_overview_names_who_got_what(bezoeker: Client) -> None:
    sent()
    page = text(bezoeker, "/berichtenbak/")
    assert TELEFOON in page
    assert "/berichtenbak/mailbox/a.jansen@example.nl" in page
    assert page.count("A. Jansen") >= 2
    assert "06 12345678" in page


def test_an_empty_demo_says_so(bezoeker: Client) -> None:
    assert "Nog geen enkele telefoon" in text(bezoeker, "/berichtenbak/")


def test_searching_by_name_number_and_address(bezoeker: Client) -> None:
    sent()
    sent(client_naam="P. Visser", client_mobiel="+31687654321", client_email="")
    for zoek in ("visser", "06 8765", "8765"):
        page = text(bezoeker, f"/berichtenbak/?zoek={quote(zoek)}")
        assert "P. Visser" in page
        assert "A. Jansen" not in page
    assert "Niets gevonden" in text(bezoeker, "/berichtenbak/?zoek=%3Cb%3E")
    assert "<b>" not in text(bezoeker, "/berichtenbak/?zoek=%3Cb%3E")


def test_the_phone_shows_the_sms_with_a_link_that_works_here(bezoeker: Client) -> None:
    afspraak = sent()
    page = text(bezoeker, TELEFOON)
    assert "Wilt u opnemen? Dat mag." in page
    link = re.search(r'href="(/v/[\w-]+)"', page)
    assert link is not None
    assert bezoeker.get(link[1]).status_code == 200
    assert afspraak.korte_code in page


def test_an_answer_goes_the_way_of_a_real_sms(bezoeker: Client) -> None:
    afspraak = sent()
    with time_machine.travel(NU + timedelta(minutes=1), tick=False):
        answer = bezoeker.post(TELEFOON, {"tekst": "Ja hoor, thuis naluisteren"})
    assert (answer.status_code, answer["Location"]) == (302, TELEFOON)
    assert [t.body for t in post.inbound_messages(limit=5)] == ["Ja hoor, thuis naluisteren"]
    with time_machine.travel(NU + timedelta(minutes=2), tick=False):
        jobs.hand_on_inbound()
        jobs.drain()
    row = Voornemen.objects.get(afspraak=afspraak)
    assert (row.antwoord, row.doel, row.kanaal) == ("ja", "naluisteren", "sms")
    page = text(bezoeker, TELEFOON)
    order = [page.index(words) for words in ("Dat mag", "Ja hoor", "Genoteerd")]
    assert order == sorted(order)
    assert 'class="bubble bubble--in"' in page


@pytest.mark.parametrize("woord", ["JA", "NEE", "WEET NIET", "REGELS"])
def test_one_of_the_words_is_one_tap(bezoeker: Client, woord: str) -> None:
    sent()
    assert f'value="{woord}"' in text(bezoeker, TELEFOON)
    bezoeker.post(TELEFOON, {"woord": woord, "tekst": ""})
    assert [t.body for t in post.inbound_messages(limit=5)] == [woord]
    jobs.hand_on_inbound()
    jobs.drain()
    assert len(post.console_messages(limit=10, address="+31612345678")) == 2


def test_nothing_typed_is_an_error_and_sends_nothing(bezoeker: Client) -> None:
    sent()
    answer = bezoeker.post(TELEFOON, {"tekst": "  "})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>Fout: " in page
    assert "Typ een bericht" in page
    assert post.inbound_messages(limit=5) == []


def test_what_the_client_types_is_shown_as_typed(bezoeker: Client) -> None:
    sent()
    bezoeker.post(TELEFOON, {"tekst": '<script>alert(1)</script> {{ x }} https://evil.example/"><img src=x>'})
    page = text(bezoeker, TELEFOON)
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert "{{ x }}" in page


def test_a_phone_of_two_people_names_both(bezoeker: Client) -> None:
    sent()
    sent(client_naam="P. Visser", client_email="")
    page = text(bezoeker, TELEFOON)
    assert "A. Jansen en P. Visser" in page
    assert "code" in page


def test_the_thread_alone_and_nothing_when_it_is_the_same(bezoeker: Client) -> None:
    sent()
    first = bezoeker.get(f"{TELEFOON}/draad")
    stand = re.search(r"stand=(\w+)", first.content.decode())
    assert stand is not None
    assert b"<html" not in first.content
    assert bezoeker.get(f"{TELEFOON}/draad?stand={stand[1]}").status_code == 204
    bezoeker.post(TELEFOON, {"woord": "JA"})
    assert bezoeker.get(f"{TELEFOON}/draad?stand={stand[1]}").status_code == 200


def test_on_sunday_a_message_waits_until_someone_sends_it(bezoeker: Client) -> None:
    with time_machine.travel(ZONDAG, tick=False):
        afspraak = maak_afspraak(now=ZONDAG)
        jobs.drain()
        assert post.console_messages(limit=5) == []
        page = text(bezoeker, TELEFOON)
        assert "Nog niet verstuurd" in page
        assert "maandag 30 november 2026, 8.00 uur" in page
        assert "Nog niet verstuurd" in text(bezoeker, MAILBOX)
        button = re.search(r"/berichtenbak/nu-versturen/[\w-]+", page)
        assert button is not None
        assert bezoeker.get(button[0]).status_code == 405
        answer = bezoeker.post(button[0], {"terug": TELEFOON})
        assert (answer.status_code, answer["Location"]) == (302, TELEFOON)
        jobs.drain()
        assert [m.channel for m in post.console_messages(limit=5)] == [post.Channel.SMS]
        assert "wachtte niet meer" in text_after(bezoeker, button[0])
        assert afspraak.onderwerp_sleutel


def text_after(client: Client, pad: str) -> str:
    answer = client.post(pad, follow=True)
    return answer.content.decode()


@pytest.mark.parametrize("terug", ["https://evil.example/", "//evil.example", "/berichtenbak/../werk/", "/werk/", ""])
def test_the_button_leads_back_into_this_room_only(bezoeker: Client, terug: str) -> None:
    sent()
    uuid = post.console_messages(limit=1)[0].uuid
    assert bezoeker.post(f"/berichtenbak/nu-versturen/{uuid}", {"terug": terug})["Location"] == "/berichtenbak/"


def test_a_mail_as_html_as_text_and_its_files(bezoeker: Client) -> None:
    sent()
    box = text(bezoeker, MAILBOX)
    pad = re.search(r"/berichtenbak/mail/[\w-]+", box)
    assert pad is not None
    page = bezoeker.get(pad[0])
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert f'src="{pad[0]}/html"' in page.content.decode()
    as_text = text(bezoeker, f"{pad[0]}?als=tekst")
    assert "<iframe" not in as_text
    assert re.search(r'href="/v/[\w-]+"', as_text)
    ics = bezoeker.get(f"{pad[0]}/bijlage/1")
    assert ics["Content-Type"].startswith("text/calendar")
    assert ics["Content-Disposition"].startswith('attachment; filename="')
    assert b"BEGIN:VCALENDAR" in ics.getvalue()
    assert bezoeker.get(f"{pad[0]}/bijlage/2").status_code == 404
    assert bezoeker.get(f"{pad[0]}/bijlage/0").status_code == 404


def test_the_html_of_a_mail_can_do_nothing(bezoeker: Client) -> None:
    sent()
    uuid = post.console_messages(limit=1, address="a.jansen@example.nl")[0].uuid
    answer = bezoeker.get(f"/berichtenbak/mail/{uuid}/html")
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert "script-src" not in policy
    assert "allow-scripts" not in policy["sandbox"]
    assert "allow-same-origin" not in policy["sandbox"]
    assert policy["frame-ancestors"] == "'self'"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert 'href="/v/' in answer.content.decode(), "links lead to this server"


@pytest.mark.parametrize(
    "pad",
    [
        "/berichtenbak/telefoon/31699999999",
        "/berichtenbak/mailbox/niemand@example.nl",
        "/berichtenbak/mail/0b9c6a3e-3f0a-4c55-9d0b-6a3e3f0a4c55",
        "/berichtenbak/mail/0b9c6a3e-3f0a-4c55-9d0b-6a3e3f0a4c55/html",
    ],
)
def test_what_is_not_there_is_404(bezoeker: Client, pad: str) -> None:
    assert bezoeker.get(pad).status_code == 404


def test_an_odd_address_is_an_address_too(bezoeker: Client) -> None:
    sent(client_email="a/b+c@example.nl", client_mobiel="")
    page = text(bezoeker, "/berichtenbak/")
    link = re.search(r'href="(/berichtenbak/mailbox/[^"]+)"', page)
    assert link is not None
    assert "a/b+c@example.nl" in text(bezoeker, link[1])


def test_every_form_needs_its_token() -> None:
    sent()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(TELEFOON, {"tekst": "JA"}).status_code == 403
    uuid = post.console_messages(limit=1)[0].uuid
    assert strict.post(f"/berichtenbak/nu-versturen/{uuid}").status_code == 403
    assert post.inbound_messages(limit=5) == []


def test_outside_the_demo_nothing_of_it_exists(settings: Any) -> None:
    """Twice: the addresses are not there, and where they are the views refuse."""
    sent()
    uuid = post.console_messages(limit=1)[0].uuid
    paths = (
        "/berichtenbak/",
        "/berichtenbak/afspraken-demo.csv",
        TELEFOON,
        f"{TELEFOON}/draad",
        MAILBOX,
        f"/berichtenbak/mail/{uuid}",
        f"/berichtenbak/mail/{uuid}/html",
        f"/berichtenbak/mail/{uuid}/bijlage/1",
    )
    settings.DEMO = False
    for urlconf in ("tests.web.demo_urls", "project.urls"):
        settings.ROOT_URLCONF = urlconf
        assert [Client().get(pad).status_code for pad in paths] == [404] * len(paths), urlconf
        assert Client().post(TELEFOON, {"tekst": "JA"}).status_code == 404
        assert Client().post(f"/berichtenbak/nu-versturen/{uuid}").status_code == 404
    assert post.inbound_messages(limit=5) == []
