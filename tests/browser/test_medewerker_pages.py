"""The medewerker's pages in a real browser: accessible in every state, live, by keyboard, on paper, without script."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta

import pikepdf
import pytest
import time_machine
from playwright.sync_api import BrowserContext, Locator, Page, Request, Route, expect

from afspraken.models import Formulier, Handtekening, Voornemen
from tests.browser.accessible import check
from tests.browser.medewerker_walk import DAG, NAMEN, NU, Day, log_in, make_day, open_form, states
from tests.browser.moves import follow, new_document, stand_still, tab_to
from tests.builders import maak_afspraak
from tests.flow.sign_steps import JA, NEE, say

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Open = Callable[..., BrowserContext]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The clock of the server; it ticks, so what a page says about the time may be a minute later."""
    with time_machine.travel(NU, tick=True) as traveller:
        yield traveller


@pytest.fixture
def day() -> Day:
    return make_day()


@pytest.mark.parametrize("width", [320, 1280])
def test_every_state_is_accessible_and_fits_the_screen(open_context: Open, day: Day, width: int) -> None:
    page = open_context(width).new_page()
    log_in(page)
    seen = []
    for state in states(page, day):
        check(page, state)
        seen.append(state)
    assert len(seen) > 35
    assert len(set(seen)) == len(seen)


def test_text_may_be_set_wider_without_being_cut(open_context: Open, day: Day) -> None:
    """WCAG 1.4.12; a reader's own style is no business of our policy."""
    page = open_context(320, bypass_csp=True).new_page()
    log_in(page)
    for path in (f"{DAG}?bereik=team", f"/werk/afspraak/{day.afspraken[4].pk}"):
        page.goto(path)
        page.add_style_tag(
            content="* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
            " word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }"
        )
        stand_still(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


# --- At a glance -------------------------------------------------------------------------------------


def test_who_will_record_is_on_the_first_screen_of_a_desk(open_context: Open, day: Day) -> None:
    """Counters and the first conversations, now and next included, without scrolling."""
    page = open_context(1280).new_page()
    log_in(page)
    stand_still(page)
    for locator in (
        page.locator("#teller-wil_opnemen"),
        page.get_by_text("Nu", exact=True),
        page.get_by_text("Volgende", exact=True),
    ):
        box = locator.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 800
    expect(page.locator(".dag-rij--wil-opnemen")).to_have_count(5)


def test_the_list_is_no_longer_than_it_needs_to_be(open_context: Open, day: Day) -> None:
    page = open_context(1280).new_page()
    log_in(page)
    stand_still(page)
    heights = page.eval_on_selector_all(".dag-rij", "rows => rows.map((row) => row.offsetHeight)")
    assert len(heights) == len(NAMEN)
    assert sum(heights) / len(heights) < 110


# --- Live --------------------------------------------------------------------------------------------


class Watched:
    """A list in a browser whose clock only moves when told to, and what it asked the server."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        page.clock.install(time=NU)
        page.clock.pause_at(NU + timedelta(minutes=1))
        log_in(page)
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.headers.get("hx-request"):
            self.asked.append(request.url)

    def later(self, seconds: int) -> list[str]:
        """Let time pass; what was asked until then."""
        self.page.clock.fast_forward(seconds * 1000)
        # A browser tells of its requests in their order: when it told of this one, nothing else is on its way.
        with self.page.expect_request("**/livez"):
            self.page.evaluate("fetch('/livez').then((answer) => answer.status)")
        return self.asked


def test_the_list_refreshes_itself_and_disturbs_nobody(
    open_context: Open, day: Day, clock: time_machine.Traveller
) -> None:
    page = open_context(1280).new_page()
    watched = Watched(page)
    purpose, button = page.locator(f"#doel-{day.afspraken[2].pk}"), page.locator(f"#open-{day.afspraken[4].pk}")
    purpose.locator("summary").click()
    expect(purpose).to_have_attribute("open", "")
    button.focus()
    page.evaluate("window.scrollTo(0, 300)")
    page.wait_for_function("window.scrollY === 300")
    say(day.afspraken[3], JA, now=NU)
    clock.move_to(NU + timedelta(minutes=5))
    assert watched.later(24) == []
    assert len(watched.later(3)) == 1
    expect(page.locator(f"#rij-{day.afspraken[3].pk} .badge--wil-opnemen")).to_have_count(1)
    expect(page.locator("#dag-nieuws")).to_have_text("Veranderd: 11.00 K. Nowak-Wiśniewska.")
    expect(page.get_by_text(re.compile(r"Bijgewerkt om 10\.2[5-9]"))).to_have_count(1)
    expect(button).to_be_focused()
    expect(purpose).to_have_attribute("open", "")
    assert page.evaluate("window.scrollY") == 300
    assert len(watched.asked) == 1
    assert watched.asked[0].endswith(f"{DAG}?bereik=mijn")


def test_it_asks_nothing_while_nobody_looks(open_context: Open, day: Day, clock: time_machine.Traveller) -> None:
    page = open_context(1280).new_page()
    watched = Watched(page)
    page.evaluate("Object.defineProperty(document, 'hidden', {configurable: true, get: () => true})")
    assert watched.later(120) == []
    clock.move_to(NU + timedelta(minutes=5))
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {configurable: true, get: () => false});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(page.get_by_text(re.compile(r"Bijgewerkt om 10\.2[5-9]"))).to_have_count(1)
    assert len(watched.later(1)) == 1


def test_an_old_list_never_passes_for_a_live_one(open_context: Open, day: Day) -> None:
    page = open_context(1280).new_page()
    log_in(page)
    banner = page.locator("#niet-ververst")
    expect(banner).to_be_hidden()

    def refresh() -> None:
        with page.expect_event("request", lambda request: "/daglijst/" in request.url):
            page.locator("#ververs").click()

    def cut(route: Route) -> None:
        route.abort()

    def break_down(route: Route) -> None:
        route.fulfill(status=500, body="stuk")

    for failing in (cut, break_down):
        page.route("**/daglijst/**", failing)
        refresh()
        expect(banner).to_be_visible()
        expect(page.locator(".dag-rij")).to_have_count(len(NAMEN))
        expect(page.get_by_text("stuk", exact=True)).to_have_count(0)
        page.unroute("**/daglijst/**")
        refresh()
        expect(banner).to_be_hidden()
        expect(page.locator(".dag-rij")).to_have_count(len(NAMEN))


def test_a_session_that_ended_shows_a_way_in_and_no_login_page(open_context: Open, day: Day) -> None:
    page = open_context(1280).new_page()
    log_in(page)
    page.context.clear_cookies()
    page.locator("#ververs").click()
    expect(page.locator("#uitgelogd")).to_be_visible()
    expect(page.locator("input[type=password]")).to_have_count(0)
    expect(page.locator(".dag-rij")).to_have_count(len(NAMEN))
    follow(page.locator("#uitgelogd a"))
    page.wait_for_url("**/accounts/login/**")


# --- By hand -----------------------------------------------------------------------------------------


def test_from_the_list_to_two_signatures_by_keyboard_alone(open_context: Open, day: Day) -> None:
    page = open_context(1280).new_page()
    log_in(page)
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#inhoud")).to_be_focused()

    def enter() -> None:
        with new_document(page):
            page.keyboard.press("Enter")

    tab_to(page, f"#open-{day.afspraken[9].pk}")
    enter()
    page.wait_for_url("**/werk/formulier/*")
    tab_to(page, "[name=client-bevestigd]")
    page.keyboard.press("Space")
    tab_to(page, "button", "Cliënt tekent")
    enter()
    page.wait_for_url("**#medewerker")
    tab_to(page, "button", "Ondertekenen als B. de Boer")
    enter()
    expect(page.get_by_text("Klaar.")).to_be_visible()
    assert Formulier.objects.get(afspraak=day.afspraken[9]).status == "ondertekend"


def test_drawing_with_the_mouse(open_context: Open, day: Day) -> None:
    page = open_context(1280).new_page()
    log_in(page)
    open_form(page, day, 9)
    draw(page, "#client-lijnen-vak")
    follow(page.get_by_role("button", name="Cliënt tekent", exact=True))
    page.wait_for_url("**#medewerker")
    row = Handtekening.objects.get(formulier__afspraak=day.afspraken[9])
    assert row.wijze == "tekenen"
    assert len(row.lijnen) == 2
    assert all(len(punt) == 2 for streek in row.lijnen for punt in streek)
    expect(page.get_by_role("img", name="Handtekening van Ans Smit")).to_be_visible()
    page.get_by_text("Liever tekenen in een vak").click()
    draw(page, "#medewerker-lijnen-vak")
    follow(page.get_by_role("button", name="Ondertekenen als B. de Boer"))
    expect(page.get_by_text("Klaar.")).to_be_visible()
    assert Handtekening.objects.filter(formulier__afspraak=day.afspraken[9], wijze="tekenen").count() == 2


def draw(page: Page, selector: str) -> None:
    """A cross."""
    canvas = page.locator(selector)
    canvas.scroll_into_view_if_needed()
    stand_still(page)
    box = canvas.bounding_box()
    assert box is not None
    for x_from, x_to in ((40, 140), (140, 40)):
        page.mouse.move(box["x"] + x_from, box["y"] + 30)
        page.mouse.down()
        page.mouse.move(box["x"] + x_to, box["y"] + 130, steps=12)
        page.mouse.up()
    expect(strokes(page, selector)).to_have_text("Er staan 2 streken in het vak.")


def strokes(page: Page, selector: str) -> Locator:
    """The line that tells how many strokes there are in a box."""
    return page.locator("[data-handtekening]", has=page.locator(selector)).get_by_role("status")


def test_drawing_with_a_finger_on_a_telephone(open_context: Open, day: Day) -> None:
    page = open_context(390, has_touch=True, is_mobile=True).new_page()
    log_in(page)
    open_form(page, day, 9)
    canvas = page.locator("#client-lijnen-vak")
    canvas.scroll_into_view_if_needed()
    stand_still(page)
    canvas.tap()
    expect(strokes(page, "#client-lijnen-vak")).to_have_text("Er staat 1 streek in het vak.")
    with new_document(page):
        page.get_by_role("button", name="Cliënt tekent", exact=True).tap()
    page.wait_for_url("**#medewerker")
    assert Handtekening.objects.get(formulier__afspraak=day.afspraken[9]).wijze == "tekenen"


def test_all_of_it_without_javascript(open_context: Open, day: Day) -> None:
    page = open_context(390, java_script_enabled=False).new_page()
    log_in(page)
    expect(page.locator(".dag-rij")).to_have_count(len(NAMEN))
    follow(page.get_by_role("button", name=f"Gezien (antwoord van {NAMEN[5]})"))
    assert Voornemen.objects.get(afspraak=day.afspraken[5]).gezien is not None
    follow(page.get_by_role("button", name=f"Neemt toch op ({NAMEN[5]})"))
    page.wait_for_url("**/werk/formulier/*")
    page.get_by_label("Dit is mijn handtekening").check()
    follow(page.get_by_role("button", name="Cliënt tekent", exact=True))
    follow(page.get_by_role("button", name="Ondertekenen als B. de Boer"))
    expect(page.get_by_text("Klaar.")).to_be_visible()


def test_one_tap_shows_that_the_client_records_after_all(open_context: Open, day: Day) -> None:
    page = open_context(390).new_page()
    log_in(page)
    follow(page.get_by_role("button", name=f"Neemt toch op ({NAMEN[1]})"))
    page.wait_for_url("**/werk/formulier/*")
    expect(page.get_by_role("heading", name="1. De cliënt tekent")).to_be_visible()
    page.goto(DAG)
    expect(page.locator(f"#rij-{day.afspraken[1].pk}").get_by_text("eerst: neemt niet op")).to_be_visible()


def test_the_back_button_after_handing_over_shows_nothing_of_others(open_context: Open, day: Day) -> None:
    page = open_context(1280).new_page()
    log_in(page)
    open_form(page, day, 9)
    follow(page.get_by_role("button", name="Geef dit scherm aan de cliënt"))
    page.wait_for_url("**/client")
    page.goto("/werk/")
    lock = "Voor de medewerker"
    expect(page.locator("h1")).to_have_text(lock)
    # Back over the client's page, the medewerker's form, the appointment and the list.
    for heading in ("Formulier opname gesprek", lock, lock, lock):
        page.go_back(wait_until="load")
        expect(page.locator("h1")).to_have_text(heading)
        for naam in set(NAMEN) - {NAMEN[9]}:
            expect(page.get_by_text(naam)).to_have_count(0)


# --- On paper ----------------------------------------------------------------------------------------


def test_the_sheet_is_a_lying_a4_with_its_head_on_every_page(open_context: Open, day: Day) -> None:
    for index in range(60):
        maak_afspraak(
            now=NU, start_op=NU + timedelta(hours=4, minutes=index), client_naam=f"Cliënt {index}", medewerker="C. Vos"
        )
    page = open_context(1280).new_page()
    log_in(page)
    page.goto(f"{DAG}/afdruk?bereik=team")
    stand_still(page)
    printed = page.pdf(prefer_css_page_size=True, tagged=True)
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        assert len(pdf.pages) > 1
        for sheet in pdf.pages:
            _, _, width, height = (float(value) for value in sheet.mediabox)
            assert (round(width), round(height)) in {(842, 595), (842, 596)}
    texts = pages_of(printed)
    assert all("Tijd" in text and "Opname" in text for text in texts)
    assert "Afgedrukt door Bart de Boer op woensdag 25 november 2026" in texts[-1]
    assert not any("Nieuwe afspraak" in text for text in texts)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, by poppler."""
    tool = shutil.which("pdftotext")
    assert tool, "poppler-utils is missing: make dev"
    done = subprocess.run([tool, "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return [" ".join(text.split()) for text in done.stdout.decode().split("\f") if text.strip()]


def test_an_answer_is_never_told_by_colour_alone(open_context: Open, day: Day) -> None:
    """In a contrast theme colours are the reader's; each answer still has its own word and icon."""
    page = open_context(1280, forced_colors="active").new_page()
    log_in(page)
    say(day.afspraken[3], NEE, now=NU)
    page.reload()
    words = page.locator(".dag-opname .badge").all_inner_texts()
    assert {"Wil opnemen", "Neemt niet op", "Weet het nog niet", "Niet bereikt"} <= set(words)
