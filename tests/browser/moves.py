"""Moving through pages: what comes of an action is waited for, however slow the machine is.

A click, a tap or a key returns as soon as the browser has it; the document it leads to is then still under way,
and whoever looks at once sees the old page or none at all. So an action that leads to a document goes through
`new_document` or `follow`, and everything else is looked at with `expect`, which looks until it is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

# For every wait of the browser tests. Only a test that fails takes this long.
PATIENCE_MS = 60_000

_STILL = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await document.fonts.ready;
  await frame();
}"""

_STOP = """(there) => {
  const element = document.activeElement, box = element.getBoundingClientRect();
  const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const style = getComputedStyle(element);
  return {
    outside: element === document.body,
    // The picker inside a date field is the browser's own, and so is its ring: the field itself is then not :focus.
    outline: !element.matches(":focus") || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inView: box.top >= -1 && box.bottom <= innerHeight + 1,
    uncovered: !!seen && (element === seen || element.contains(seen) || seen.contains(element)),
    text: element.textContent.trim(),
    there: element.matches(there),
    name: element.outerHTML.slice(0, 120),
  };
}"""


@contextmanager
def new_document(page: Page) -> Iterator[None]:
    """What is done inside loads a document, perhaps of the same address; go on when that one is complete."""
    with page.expect_navigation(wait_until="load"):
        yield


def follow(link: Locator) -> None:
    """Click a link or a button that leads to a document, and wait for that."""
    with new_document(link.page):
        link.click()


def refuse(button: Locator) -> None:
    """Click a button of a form that comes back: the list of what is wrong has the focus."""
    follow(button)
    expect(button.page.locator("#fouten")).to_be_focused()


def stand_still(page: Page) -> None:
    """Wait for the fonts and a drawn frame: what comes late moves everything."""
    page.wait_for_load_state("load")
    page.evaluate(_STILL)


def tab_to(page: Page, there: str, text: str | None = None) -> None:
    """Press Tab until the focus is on what matches; every stop on the way is in view, uncovered and outlined."""
    for _ in range(150):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP, there)
        if stop["outside"]:
            continue
        assert stop["outline"], stop["name"]
        assert stop["inView"], stop["name"]
        assert stop["uncovered"], stop["name"]
        if stop["there"] and text in {None, stop["text"]}:
            return
    pytest.fail(f"no tab stop {there} {text or ''}")
