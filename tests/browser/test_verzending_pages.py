"""Numbers and budgets in a real browser: by keyboard alone, and without script on a small screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from notifications import api as post
from tests.browser.accessible import check
from tests.browser.beheer_walk import log_in, use_up
from tests.browser.moves import follow, new_document, refuse, tab_to
from tests.web.beheer_wereld import maak_wereld

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Open = Callable[..., BrowserContext]


@pytest.fixture(autouse=True)
def _host(live_server: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]


@pytest.mark.parametrize("width", [320, 1280])
def test_numbers_are_added_and_taken_away_by_keyboard(open_context: Open, width: int) -> None:
    maak_wereld()
    context = open_context(width)
    log_in(context, "beheerder")
    page = context.new_page()
    page.goto("/beheer/")
    for there, text in (("a", "Nummers voor sms"), ("a", "Nummers toevoegen")):
        tab_to(page, there, text)
        with new_document(page):
            page.keyboard.press("Enter")
    tab_to(page, "#id_begin")
    page.keyboard.type("+31")
    tab_to(page, "#id_reden")
    page.keyboard.type("Over de grens")
    with new_document(page):
        page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Fout: "))
    expect(page.locator("#fouten")).to_be_focused()
    tab_to(page, "#fouten a")
    page.keyboard.press("Enter")
    expect(page.locator("#id_begin")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("+32 4")
    with new_document(page):
        page.keyboard.press("Enter")
    expect(page.locator(".notice--ok")).to_contain_text("beginnen met +32 4")
    check(page, f"added at {width}")
    tab_to(page, "a", "Weghalen: +32 4")
    with new_document(page):
        page.keyboard.press("Enter")
    check(page, f"about to be taken away at {width}")
    tab_to(page, "button", "Nummers weghalen")
    with new_document(page):
        page.keyboard.press("Enter")
    expect(page.locator(".notice--ok")).to_contain_text("gaat geen sms meer")
    assert [row.prefix for row in post.added_prefixes()] == ["+447"]


@pytest.mark.parametrize("width", [320, 1280])
def test_a_budget_is_changed_without_script(open_context: Open, width: int) -> None:
    maak_wereld()
    use_up("wmo", 1_700)
    context = open_context(width, java_script_enabled=False)
    log_in(context, "beheerder")
    page = context.new_page()
    page.goto("/beheer/")
    expect(page.get_by_text("1 budget is bijna op")).to_be_visible()
    follow(page.get_by_role("link", name="Budgetten"))
    expect(page.locator(".notice--warning")).to_contain_text("85% van het budget voor sms van dit uur is gebruikt.")
    follow(page.locator("a[href='/beheer/budgetten/wmo/sms']"))
    page.fill("#id_uur", "3.000")
    page.fill("#id_dag", "2.500")
    follow(page.get_by_role("button", name="Budget opslaan"))
    expect(page.locator("#id_dag_error")).to_contain_text("minder dan de grens per uur (3.000)")
    page.fill("#id_dag", "0")
    follow(page.get_by_role("button", name="Budget opslaan"))
    expect(page.locator(".notice--ok")).to_contain_text("Het geldt meteen.")
    expect(page.locator(".notice--warning")).to_have_count(0)


def test_what_is_wrong_with_a_budget_gets_the_focus(open_context: Open) -> None:
    maak_wereld()
    context = open_context(320)
    log_in(context, "beheerder")
    page = context.new_page()
    page.goto("/beheer/budgetten/wmo/email")
    page.fill("#id_maand", "een miljoen")
    refuse(page.get_by_role("button", name="Budget opslaan"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#id_maand")).to_be_focused()
    expect(page.locator("#id_maand")).to_have_value("een miljoen")
