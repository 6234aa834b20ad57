"""The signature box in a real browser: with a mouse, with a finger, turned and wiped."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, FloatRect, Page, expect

from afspraken.models import Handtekening
from tests.browser.client_walk import JA, make, path_of
from tests.browser.moves import follow, refuse, stand_still

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def box_of(page: Page) -> FloatRect:
    """Where the box is on the screen, once nothing moves any more."""
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    stand_still(page)
    box = canvas.bounding_box()
    assert box is not None
    return box


def draw(page: Page, *strokes: list[tuple[float, float]]) -> None:
    """Draw with the mouse; points as shares of the width and height of the box."""
    box = box_of(page)
    for stroke in strokes:
        x, y = stroke[0]
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.mouse.down()
        for x, y in stroke[1:]:
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=6)
        page.mouse.up()


def test_a_signature_is_drawn_undone_wiped_and_sent_as_bare_points(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context(1280).new_page()
    page.goto(path_of(make(JA), "tekenen"))
    field, status = page.locator("input[name=lijnen]"), page.locator("[data-handtekening] [role=status]")

    def strokes() -> list[list[list[int]]]:
        kept: list[list[list[int]]] = json.loads(field.input_value() or "[]")
        return kept

    draw(page, [(0.1, 0.2), (0.9, 0.8)], [(0.1, 0.8), (0.9, 0.2)])
    expect(status).to_have_text("Er staan 2 streken in het vak.")
    assert len(strokes()) == 2
    assert all(isinstance(value, int) for stroke in strokes() for point in stroke for value in point)
    assert all(0 <= x <= 560 and 0 <= y <= 160 for stroke in strokes() for x, y in stroke)
    page.get_by_role("button", name="Laatste streek wissen").click()
    expect(status).to_have_text("Er staat 1 streek in het vak.")
    assert len(strokes()) == 1
    page.get_by_role("button", name="Alles wissen").click()
    expect(status).to_have_text("Het vak is leeg.")
    expect(field).to_have_value("")
    draw(page, [(0.02, 0.1), (0.98, 0.9)])
    expect(status).to_have_text("Er staat 1 streek in het vak.")
    before, value = strokes(), field.input_value()
    # A phone that is turned: the drawing shrinks as a whole and stays in sight.
    page.set_viewport_size({"width": 320, "height": 700})
    expect(field).not_to_have_value(value)
    stand_still(page)
    (small,) = strokes()
    assert len(small) == len(before[0])
    (x0, y0), (x1, y1) = small[0], small[-1]
    (bx0, by0), (bx1, by1) = before[0][0], before[0][-1]
    assert abs((x1 - x0) / (y1 - y0) - (bx1 - bx0) / (by1 - by0)) < 0.2
    ink = page.evaluate(
        """() => { const canvas = document.querySelector("canvas");
            const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            return data.filter((value, index) => index % 4 === 3 && value > 0).length; }"""
    )
    assert ink > 50
    page.fill("#id_naam", "A. Jansen")
    follow(page.get_by_role("button", name="Formulier tekenen"))
    expect(page.get_by_text("Dank u wel. U hebt het formulier getekend.")).to_be_visible()
    hand = Handtekening.objects.get()
    assert (hand.wijze, hand.lijnen) == ("tekenen", [small])
    assert page.evaluate("window.violations") == []


def test_a_cross_with_a_finger_counts_and_an_error_does_not_wipe_it(
    open_context: Callable[..., BrowserContext],
) -> None:
    context = open_context(390, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(path_of(make(JA), "tekenen"))
    status = page.locator("[data-handtekening] [role=status]")
    box = box_of(page)
    session = context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        spots = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

    for start, end in (((0.4, 0.3), (0.6, 0.7)), ((0.6, 0.3), (0.4, 0.7))):
        touch("touchStart", start)
        touch("touchMove", ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
        touch("touchMove", end)
        touch("touchEnd")
    press = page.get_by_role("button", name="Formulier tekenen")
    expect(status).to_have_text("Er staan 2 streken in het vak.")
    refuse(press)
    expect(page.get_by_text("Er is een probleem")).to_be_visible()
    expect(status).to_have_text("Er staan 2 streken in het vak.")
    page.fill("#id_naam", "A. Jansen")
    follow(press)
    expect(page.get_by_text("Dank u wel. U hebt het formulier getekend.")).to_be_visible()
    assert len(Handtekening.objects.get().lijnen) == 2
