"""The client's pages in a real browser: accessible in every state, light, and complete without JavaScript."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from itertools import chain
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Request, expect
from pytest_django.live_server_helper import LiveServer

from afspraken.models import Handtekening, Voornemen
from afspraken.web.client import begrenzer
from tests.browser.accessible import check
from tests.browser.client_walk import JA, Walk, make, path_of
from tests.browser.moves import follow, new_document, refuse, stand_still, tab_to

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("taal", ["nl", "en"])
def test_every_state_is_accessible_and_fits_the_screen(
    open_context: Callable[..., BrowserContext], monkeypatch: pytest.MonkeyPatch, taal: str, width: int
) -> None:
    page = open_context(width).new_page()
    seen = []
    walk = Walk(page, taal)
    for state in chain(walk.answering(), walk.answered(), walk.closed()):
        check(page, state)
        expect(page.locator("html"), state).to_have_attribute("lang", taal)
        seen.append(state)
    assert len(seen) > 25
    for path in (f"/?taal={taal}", f"/spelregels/{taal}"):
        page.goto(path)
        check(page, path)
    monkeypatch.setattr(begrenzer, "PER_ADRES", 0)
    page.goto(f"/v/onbekend?taal={taal}")
    check(page, "too many tries")


def test_errors_get_the_focus_and_lead_to_the_field(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context(320).new_page()
    page.goto(path_of(make(), "opnemen"))
    refuse(page.locator("main button"))
    expect(page).to_have_title(re.compile("^Fout: "))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#id_antwoord_0")).to_be_focused()


def test_the_whole_road_by_keyboard_alone(open_context: Callable[..., BrowserContext]) -> None:
    afspraak = make()
    page = open_context(390).new_page()
    page.goto(path_of(afspraak))

    def enter() -> None:
        with new_document(page):
            page.keyboard.press("Enter")

    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    tab_to(page, "input[name=antwoord]")
    page.keyboard.press("Space")
    tab_to(page, "main button")
    enter()
    tab_to(page, "#id_soorten_1")
    page.keyboard.press("Space")
    tab_to(page, "main button")
    enter()
    tab_to(page, "input[name=doel]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "main button")
    enter()
    tab_to(page, "main button")
    enter()
    page.wait_for_url("**/klaar")
    row = Voornemen.objects.get(afspraak=afspraak)
    assert (row.antwoord, row.soorten, row.doel) == ("ja", ["video"], "deskundige")
    page.goto(path_of(afspraak, "tekenen"))
    tab_to(page, "#id_naam")
    page.keyboard.type("A. Jansen")
    tab_to(page, "#id_mijn_handtekening")
    page.keyboard.press("Space")
    tab_to(page, "main button[type=submit]")
    enter()
    page.wait_for_url("**" + path_of(afspraak))
    assert Handtekening.objects.get().wijze == "typen"


def test_everything_works_without_javascript(open_context: Callable[..., BrowserContext]) -> None:
    afspraak = make()
    page = open_context(390, java_script_enabled=False).new_page()
    press = page.locator("main button[type=submit]")
    page.goto(path_of(afspraak))
    page.get_by_label("Ja", exact=True).check()
    follow(press)
    page.get_by_label("Geluid").check()
    follow(press)
    page.get_by_label("Iets anders").check()
    follow(press)
    page.get_by_label("Mijn uitleg").fill("Voor mijn dagboek")
    follow(press)
    follow(page.get_by_role("link", name="Wijzig wat u opneemt"))
    page.get_by_label("Video").check()
    follow(press)
    follow(page.get_by_role("button", name="Keuze doorgeven"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw keuze is doorgegeven")
    follow(page.get_by_role("link", name="Formulier bekijken en tekenen"))
    expect(page.locator("#id_mijn_handtekening")).to_be_visible()
    expect(page.locator("canvas")).to_be_hidden()
    expect(page.get_by_role("button", name="Alles wissen", include_hidden=True)).to_be_hidden()
    page.get_by_role("textbox", name="Uw naam").fill("A. Jansen")
    page.get_by_label("Dit is mijn handtekening").check()
    follow(page.get_by_role("button", name="Formulier tekenen"))
    expect(page.locator("main")).to_contain_text("U hebt het formulier getekend")
    follow(page.get_by_role("link", name="Antwoord veranderen"))
    page.get_by_label("Nee", exact=True).check()
    follow(press)
    follow(page.get_by_role("button", name="Keuze doorgeven"))
    follow(page.get_by_role("link", name="Naar uw afspraak"))
    follow(page.get_by_role("link", name="Mijn antwoord intrekken"))
    follow(page.get_by_role("button", name="Mijn antwoord intrekken"))
    expect(page.locator("main")).to_contain_text("U hebt uw antwoord ingetrokken")
    rows = Voornemen.objects.filter(afspraak=afspraak).order_by("volgnummer")
    assert [(row.antwoord, row.soorten, row.toelichting) for row in rows] == [
        ("ja", ["geluid", "video"], "Voor mijn dagboek"),
        ("nee", [], ""),
        ("ingetrokken", [], ""),
    ]


def test_a_page_is_light_brings_no_fonts_and_asks_no_one_else(
    open_context: Callable[..., BrowserContext], live_server: LiveServer
) -> None:
    page = open_context(390).new_page()
    afspraak = make(JA)
    requests: list[Request] = []

    def note(request: Request) -> None:
        requests.append(request)

    page.on("request", note)
    for name in ("", "tekenen", "antwoord"):
        requests.clear()
        page.goto(path_of(afspraak, name), wait_until="networkidle")
        own = urlsplit(live_server.url).netloc
        assert {urlsplit(request.url).netloc for request in requests} == {own}
        weights = {}
        for request in requests:
            response = request.response()
            assert response is not None
            body = response.body()
            # Pages are sent as they are (a secret and a guess compressed together can be told apart), files gzipped.
            is_page = request.resource_type == "document"
            weights[urlsplit(request.url).path.rsplit("/", 1)[-1]] = len(body if is_page else gzip.compress(body, 6))
        assert not [path for path in weights if path.endswith((".woff2", ".woff"))]
        assert sum(weights.values()) < 50_000, weights
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_printed_the_copy_names_the_phone_number_and_has_no_buttons(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context(1280).new_page()
    page.goto(path_of(make(JA), "antwoord"))
    expect(page.get_by_role("button", name="Deze pagina afdrukken")).to_be_visible()
    page.emulate_media(media="print")
    page.wait_for_function("matchMedia('print').matches")
    expect(page.locator(".client-telefoon")).to_be_visible()
    expect(page.locator("button").filter(visible=True)).to_have_count(0)
    expect(page.locator(".skip-link")).to_be_hidden()
    expect(page.locator(".official")).to_be_visible()


def test_wide_letter_spacing_cuts_nothing_off(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context(320, bypass_csp=True).new_page()
    afspraak = make(JA)
    for name in ("", "opnemen", "klaar", "tekenen"):
        page.goto(path_of(afspraak, name))
        page.add_style_tag(
            content="* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
            " word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }"
        )
        stand_still(page)
        cut = page.evaluate(
            """() => [...document.querySelectorAll("main *, footer *")].filter((element) =>
                getComputedStyle(element).overflow === "hidden" && !element.classList.contains("visually-hidden")
                && (element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1))
                .map((element) => element.outerHTML.slice(0, 80))"""
        )
        assert cut == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
