"""The page that describes the API, in a real browser: accessible, on a phone too, by keyboard, without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.accessible import check
from tests.browser.moves import stand_still, tab_to

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Open = Callable[..., BrowserContext]
PAD = "/api/v1/docs"


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_is_accessible_and_fits_the_screen(open_context: Open, width: int) -> None:
    page = open_context(width).new_page()
    page.goto(PAD)
    check(page, "the description of the API")
    page.goto(f"{PAD}#gegevens-VoornemenUit")
    check(page, "the description, opened at an object")


def widest(page: Page) -> int:
    """How far the widest thing on the page reaches, also where it would be cut off or scroll inside its frame."""
    reach: int = page.evaluate(
        "Math.max(...[...document.querySelectorAll('main *')]"
        ".map((each) => each.getBoundingClientRect().left + each.scrollWidth))"
    )
    return reach


def test_nothing_scrolls_sideways_on_a_phone_and_text_may_be_set_wider(open_context: Open) -> None:
    """WCAG 1.4.10 and 1.4.12; a reader's own style is no business of our policy."""
    page = open_context(320, bypass_csp=True).new_page()
    page.goto(PAD)
    stand_still(page)
    assert widest(page) <= 320
    page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
        " word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }"
    )
    stand_still(page)
    assert widest(page) <= 320


@pytest.mark.parametrize("width", [320, 1280])
def test_by_keyboard_to_the_content_and_on_to_an_operation(open_context: Open, width: int) -> None:
    page = open_context(width).new_page()
    page.goto(PAD)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, "nav a[href='#annuleerAfspraak']")
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="De afspraak gaat niet door")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    # Reading goes on from there, not from the top.
    tab_to(page, "a[href='#sleutel']", "zo werkt een sleutel")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sleutel", exact=True)).to_be_focused()


def test_the_contents_stay_in_sight_on_a_desk(open_context: Open) -> None:
    page = open_context(1280).new_page()
    page.goto(f"{PAD}#fouten")
    link = page.get_by_role("navigation", name="Op deze bladzijde").get_by_role("link", name="Gegevens")
    expect(link).to_be_in_viewport()
    link.click()
    expect(page.get_by_role("heading", name="Gegevens", exact=True)).to_be_in_viewport()


def test_without_script_the_whole_page_is_there(open_context: Open) -> None:
    page = open_context(390, java_script_enabled=False).new_page()
    page.goto(PAD)
    expect(page.get_by_role("heading", level=1)).to_have_text("API van Vooraf")
    expect(page.get_by_text("curl --request PUT")).to_be_visible()
    # A page without script can't be asked what went wrong when it closes.
    page.close()
