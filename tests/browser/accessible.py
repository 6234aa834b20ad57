"""What every page in every state must be: accessible, no wider than the screen, within its policy."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.moves import stand_still

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def check(page: Page, state: str) -> None:
    """Look at a page in one state; the state is named when something is wrong.

    The caller has waited until the page is in that state: nothing here can tell an old page from a new one.
    """
    # A page that opens at an error or a fragment is scrolled, and a font that comes late moves everything: what is
    # half out of sight at that moment would count as too small to hit.
    stand_still(page)
    page.evaluate("window.scrollTo({top: 0, left: 0, behavior: 'instant'})")
    stand_still(page)
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}}).response
    faults = {rule["id"]: [node["html"][:160] for node in rule["nodes"]] for rule in found["violations"]}
    assert faults == {}, state
    # An empty page would break no rule either.
    assert len(found["passes"]) > 15, state
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= (page.viewport_size or {"width": 0})["width"], state
    assert page.evaluate("window.violations") == [], state
    assert page.evaluate("document.querySelectorAll('h1').length") == 1, state
