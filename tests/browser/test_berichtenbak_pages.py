"""The demo's phone and mailbox in a real browser: accessible, on a phone too, alive with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from afspraken.models import Afspraak, Voornemen
from notifications import api as post
from notifications import jobs
from tests.browser.accessible import check
from tests.browser.client_walk import make
from tests.browser.moves import follow, new_document, refuse

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TELEFOON = "/berichtenbak/telefoon/31612345678"


@pytest.fixture(autouse=True)
def _demo(settings: Any) -> None:
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.web.demo_urls"


def sent() -> Afspraak:
    afspraak = make()
    for message in post.statuses_for([afspraak.onderwerp_sleutel])[afspraak.onderwerp_sleutel]:
        post.send_now(uuid=message.uuid, now=timezone.now())
    jobs.drain()
    return afspraak


def work() -> None:
    """What the worker does a moment after a text came in."""
    jobs.hand_on_inbound()
    jobs.drain()


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_is_accessible_and_fits_the_screen(open_context: Callable[..., BrowserContext], width: int) -> None:
    page = open_context(width).new_page()
    page.goto("/berichtenbak/")
    check(page, "an empty overview")
    sent()
    make(client_naam="P. Visser", client_email="p.visser@example.nl")
    page.goto("/berichtenbak/")
    check(page, "the overview")
    page.goto("/berichtenbak/?zoek=niemand")
    check(page, "nothing found")
    page.goto(TELEFOON)
    check(page, "a phone of two people")
    refuse(page.get_by_role("button", name="Sms versturen"))
    check(page, "nothing typed")
    expect(page).to_have_title(re.compile("^Fout: "))
    page.goto("/berichtenbak/mailbox/a.jansen@example.nl")
    check(page, "a mailbox")
    follow(page.locator(".bak__link").first)
    check(page, "a mail")
    follow(page.get_by_role("link", name="Als tekst"))
    check(page, "a mail as text")


def test_the_mail_is_readable_in_its_frame_and_its_link_opens_the_page_of_the_client(
    open_context: Callable[..., BrowserContext],
) -> None:
    sent()
    page = open_context(1280).new_page()
    page.goto("/berichtenbak/mailbox/a.jansen@example.nl")
    follow(page.locator(".bak__link").first)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Beste A. Jansen")).to_be_visible()
    expect(frame.locator("main"), "its own style").to_have_css("max-width", "600px")
    with new_document(page):
        frame.get_by_role("link").first.click()
    page.wait_for_url("**/v/**")
    expect(page.locator("h1")).to_have_count(1)


def test_answering_with_javascript_shows_the_reply_without_loading_the_page(
    open_context: Callable[..., BrowserContext],
) -> None:
    afspraak = sent()
    page = open_context(390).new_page()
    page.goto(TELEFOON)
    follow(page.get_by_role("button", name="JA", exact=True))
    expect(page.locator(".bubble--in")).to_contain_text("JA")
    page.get_by_label("Bericht van de cliënt").fill("nog aan het typen")
    page.evaluate("window.same = true")
    work()
    expect(page.get_by_text("Genoteerd voor")).to_be_visible()
    expect(page.get_by_label("Bericht van de cliënt")).to_have_value("nog aan het typen")
    assert page.evaluate("window.same") is True, "the same document"
    assert Voornemen.objects.get(afspraak=afspraak).antwoord == "ja"


def test_everything_works_without_javascript(open_context: Callable[..., BrowserContext]) -> None:
    afspraak = sent()
    page = open_context(390, java_script_enabled=False).new_page()
    page.goto("/berichtenbak/")
    follow(page.get_by_role("link", name="A. Jansen").first)
    page.get_by_label("Bericht van de cliënt").fill("Nee, bedankt")
    follow(page.get_by_role("button", name="Sms versturen"))
    expect(page.locator(".bubble--in")).to_contain_text("Nee, bedankt")
    expect(page.locator(".thread")).not_to_contain_text("Genoteerd voor")
    work()
    follow(page.get_by_role("link", name="Nu bijwerken"))
    expect(page.locator(".thread")).to_contain_text("Genoteerd voor")
    expect(page.locator(".bubble--in")).to_contain_text("Nee, bedankt")
    assert Voornemen.objects.get(afspraak=afspraak).antwoord == "nee"
