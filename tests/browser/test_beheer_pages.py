"""The pages of /beheer/ and /accounts/ in a real browser: accessible in every state, by keyboard, without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Dialog, expect

from tests.browser.accessible import check
from tests.browser.beheer_walk import Walk, fail_a_message, furnish, log_in
from tests.browser.moves import follow, new_document, refuse, tab_to
from tests.web.beheer_wereld import SMS

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Open = Callable[..., BrowserContext]
EDITOR = "/beheer/sjablonen/herinnering/sms/nl/wmo/bewerken"


@pytest.fixture(autouse=True)
def _host(live_server: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]


def _keep(dialogs: list[str]) -> Callable[[Dialog], None]:
    """Note what a script of a client's name would say, and let the page go on."""

    def keep(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    return keep


@pytest.mark.parametrize("width", [320, 1280])
def test_every_state_is_accessible_and_fits_the_screen(open_context: Open, width: int) -> None:
    wereld = furnish()
    fail_a_message()
    seen = []
    for username, parts in (
        ("coordinator2", ("texts", "days", "own")),
        ("beheerder", ("guards",)),
        ("", ("doors",)),
    ):
        context = open_context(width)
        if username:
            log_in(context, username)
        page = context.new_page()
        dialogs: list[str] = []
        page.on("dialog", _keep(dialogs))
        walk = Walk(page, wereld)
        for state in chain(*(getattr(walk, part)() for part in parts)):
            check(page, f"{username} {state}")
            expect(page.locator("html"), state).to_have_attribute("lang", "nl")
            seen.append(state)
        assert dialogs == []
    assert len(seen) > 60


def test_the_count_follows_the_typing(open_context: Open) -> None:
    furnish()
    context = open_context(1280)
    log_in(context, "coordinator1")
    page = context.new_page()
    page.goto(EDITOR)
    counter = page.locator("#tellen")
    page.fill("textarea", "Hallo")
    expect(counter).to_contain_text("1 sms: 5 tekens")
    page.locator("textarea").press_sequentially(" cliënt")
    expect(counter).to_contain_text("De ë in 'cliënt' maakt dit bericht duurder: schrijf 'client'.")
    page.fill("textarea", "a" * 200)
    expect(counter).to_contain_text("2 sms'jes, kost dubbel")
    expect(counter).to_have_attribute("role", "status")
    check(page, "counted")


def test_a_click_puts_a_field_where_the_cursor_was(open_context: Open) -> None:
    furnish()
    context = open_context(1280)
    log_in(context, "coordinator1")
    page = context.new_page()
    page.goto(EDITOR)
    text, counter = page.locator("textarea"), page.locator("#tellen")
    text.fill("Tot om uur.")
    expect(counter).to_contain_text("1 sms: 11 tekens")
    page.evaluate("document.querySelector('textarea').setSelectionRange(7, 7)")
    text.dispatch_event("keyup")
    page.get_by_role("button", name="((tijd))").click()
    expect(text).to_have_value("Tot om ((tijd))uur.")
    expect(text).to_be_focused()
    # A time is 8.30 or 10.30: the longest counts.
    expect(counter).to_contain_text("1 sms: 16 tekens")


def test_writing_and_publishing_work_without_script(open_context: Open) -> None:
    furnish()
    one, two = open_context(390, java_script_enabled=False), open_context(390, java_script_enabled=False)
    log_in(one, "coordinator1")
    log_in(two, "coordinator2")
    page = one.new_page()
    page.goto(EDITOR)
    page.fill("textarea", SMS + " Tot morgen.")
    follow(page.get_by_role("button", name="Opslaan en bekijken"))
    expect(page.locator(".bubble").first).to_contain_text("Tot morgen.")
    other = two.new_page()
    other.goto(EDITOR.removesuffix("bewerken"))
    follow(other.get_by_role("link", name="Bekijken en publiceren"))
    follow(other.get_by_role("button", name="Tekst publiceren"))
    expect(other.locator(".notice--ok")).to_contain_text("De tekst is gepubliceerd.")


def test_errors_get_the_focus_and_lead_to_the_field(open_context: Open) -> None:
    furnish()
    context = open_context(320)
    log_in(context, "coordinator1")
    page = context.new_page()
    page.goto(EDITOR)
    page.fill("textarea", "Te kort ((fout))")
    refuse(page.get_by_role("button", name="Opslaan en bekijken"))
    expect(page).to_have_title(re.compile("^Fout: "))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#id_tekst")).to_be_focused()
    expect(page.locator("textarea")).to_have_value("Te kort ((fout))")


def test_the_switch_by_keyboard_alone(open_context: Open) -> None:
    furnish()
    context = open_context(1280)
    log_in(context, "coordinator1")
    page = context.new_page()
    page.goto("/beheer/")
    for arrived in ("**/pauze", "**/beheer/"):
        tab_to(page, "a, button", "Alle berichten pauzeren")
        with new_document(page):
            page.keyboard.press("Enter")
        page.wait_for_url(arrived)
    expect(page.locator(".notice--warning").first).to_contain_text("Alle berichten staan stil")
