"""The client's pages in a real browser: accessible in every state, light, and complete without JavaScript."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Request
from pytest_django.live_server_helper import LiveServer

from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Kanaal, Soort
from afspraken.flow import answer, plan
from afspraken.flow.log import CLIENT
from afspraken.models import Afspraak, Handtekening, Voornemen
from afspraken.web import links
from afspraken.web.client import begrenzer
from tests.builders import TESTER, maak_afspraak, maak_team

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WATCH = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(event.violatedDirective + " " + event.blockedURI));
"""
JA = Antwoordgegevens(antwoord=Antwoord.JA, soorten=frozenset({Soort.GELUID}), doel=Doel.NALUISTEREN)


def path_of(afspraak: Afspraak, page: str = "") -> str:
    return f"/v/{links.token_for(afspraak)}{'/' if page else ''}{page}"


def make(gegevens: Antwoordgegevens | None = None, **values: Any) -> Afspraak:
    """An appointment two days from now, of a team with everything that help can name."""
    maak_team(
        loket="de balie in het Stadhuis, Markt 1, maandag tot en met vrijdag van 9.00 tot 17.00 uur",
        clientondersteuning="U kunt gratis hulp krijgen van een cliëntondersteuner. Bel 0800 123 4567.",
    )
    afspraak = maak_afspraak(now=values.pop("now", timezone.now()), locatie_ruimte="2.14", **values)
    if gegevens is not None:
        moment = min(timezone.now(), afspraak.start_op - timedelta(hours=1))
        answer.record_antwoord(
            afspraak_id=afspraak.pk, gegevens=gegevens, kanaal=Kanaal.SMS, taal="nl", actor=CLIENT, now=moment
        )
    return afspraak


def moved() -> Afspraak:
    afspraak = make(JA)
    start = afspraak.start_op + timedelta(days=1)
    plan.verplaats_afspraak(
        afspraak_id=afspraak.pk,
        start_op=start,
        eind_op=start + timedelta(minutes=45),
        actor=TESTER,
        now=timezone.now(),
    )
    return afspraak


def cancelled() -> Afspraak:
    afspraak = make(JA)
    plan.annuleer_met_hand(afspraak_id=afspraak.pk, actor=TESTER, now=timezone.now())
    return afspraak


@pytest.fixture
def open_context(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., BrowserContext]]:
    """Contexts that know the server and watch the content security policy; checked when they close."""
    contexts: list[BrowserContext] = []

    def build(width: int = 1280, **options: Any) -> BrowserContext:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 800}, locale="nl-NL", **options
        )
        context.add_init_script(WATCH)
        contexts.append(context)
        return context

    yield build
    for context in contexts:
        for page in context.pages:
            if not page.is_closed() and page.evaluate("window.violations || []"):
                pytest.fail(f"{page.evaluate('window.violations')}")
        context.close()


def check(page: Page, state: str) -> None:
    """Accessible, no wider than the screen, nothing that the policy stops."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}}).response
    faults = {rule["id"]: [node["html"][:120] for node in rule["nodes"]] for rule in found["violations"]}
    assert faults == {}, state
    assert len(found["passes"]) > 15, state
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= (page.viewport_size or {"width": 0})["width"], state
    assert page.evaluate("window.violations") == [], state
    assert page.evaluate("document.querySelectorAll('h1').length") == 1, state


def walk_states(page: Page, taal: str) -> Iterator[str]:
    """Every state of the pages behind a link, one after the other; the name of each."""
    query = f"?taal={taal}"
    press = page.locator("main button[type=submit]")

    def go(afspraak: Afspraak, name: str = "") -> None:
        page.goto(path_of(afspraak, name) + query)

    open_one = make()
    go(open_one)
    yield "open"
    page.locator("details > summary").click()
    yield "open, with all the rules"
    press.click()
    yield "no answer chosen"
    page.check("#id_antwoord_0")
    press.click()
    yield "kinds"
    page.check("#id_soorten_0")
    press.click()
    yield "purpose"
    page.check("#id_doel_4")
    press.click()
    yield "in their own words"
    page.fill("textarea", "x" * 600)
    press.click()
    yield "too long"
    page.fill("textarea", "Met mijn zus bespreken, w" + "o" * 60 + "rd")
    press.click()
    yield "check"
    page.goto(path_of(open_one, "doel"))
    page.check("#id_doel_3")
    press.click()
    yield "check, with sharing"
    press.click()
    yield "done, with sharing"
    answered = make(JA)
    for name in ("", "klaar", "opnemen", "intrekken", "antwoord", "spelregels", "tekenen"):
        go(answered, name)
        yield f"answered: {name or 'appointment'}"
    press.click()
    yield "nothing signed"
    page.fill("#id_naam", "A. Jansen")
    page.check("#id_mijn_handtekening")
    press.click()
    yield "signed at home"
    go(answered, "intrekken")
    press.click()
    yield "taken back"
    go(make(Antwoordgegevens(antwoord=Antwoord.NEE)), "tekenen")
    yield "nothing to sign"
    go(moved())
    yield "moved"
    go(cancelled())
    yield "cancelled"
    go(make(now=timezone.now() - timedelta(days=2, minutes=10)))
    yield "begun"
    go(make(JA, now=timezone.now() - timedelta(days=3)))
    yield "over"
    page.goto("/v/onbekend" + query)
    yield "unknown"


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("taal", ["nl", "en"])
def test_every_state_is_accessible_and_fits_the_screen(
    open_context: Callable[..., BrowserContext], monkeypatch: pytest.MonkeyPatch, taal: str, width: int
) -> None:
    page = open_context(width).new_page()
    seen = []
    for state in walk_states(page, taal):
        check(page, state)
        assert page.locator("html").get_attribute("lang") == taal, state
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
    page.locator("main button").click()
    assert page.title().startswith("Fout: ")
    assert page.evaluate("document.activeElement.id") == "fouten"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_antwoord_0"


def test_the_whole_road_by_keyboard_alone(open_context: Callable[..., BrowserContext]) -> None:
    afspraak = make()
    page = open_context(390).new_page()
    page.goto(path_of(afspraak))

    def tab_to(selector: str) -> None:
        """Tab on; every stop on the way is visible, in view and drawn with an outline."""
        for _ in range(30):
            page.keyboard.press("Tab")
            stop = page.evaluate(
                """() => {
                    const element = document.activeElement, box = element.getBoundingClientRect();
                    const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                    const style = getComputedStyle(element);
                    return {outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
                            inView: box.top >= -1 && box.bottom <= innerHeight + 1,
                            uncovered: !!seen && (element === seen || element.contains(seen) || seen.contains(element)),
                            name: element.outerHTML.slice(0, 80)};
                }"""
            )
            assert stop["outline"], stop
            assert stop["inView"], stop
            assert stop["uncovered"], stop
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        pytest.fail(f"no tab stop {selector}")

    def enter() -> None:
        with page.expect_navigation():
            page.keyboard.press("Enter")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    tab_to("input[name=antwoord]")
    page.keyboard.press("Space")
    tab_to("main button")
    enter()
    tab_to("#id_soorten_1")
    page.keyboard.press("Space")
    tab_to("main button")
    enter()
    tab_to("input[name=doel]")
    page.keyboard.press("ArrowDown")
    tab_to("main button")
    enter()
    tab_to("main button")
    enter()
    page.wait_for_url("**/klaar")
    row = Voornemen.objects.get(afspraak=afspraak)
    assert (row.antwoord, row.soorten, row.doel) == ("ja", ["video"], "deskundige")
    page.goto(path_of(afspraak, "tekenen"))
    tab_to("#id_naam")
    page.keyboard.type("A. Jansen")
    tab_to("#id_mijn_handtekening")
    page.keyboard.press("Space")
    tab_to("main button[type=submit]")
    enter()
    page.wait_for_url("**" + path_of(afspraak))
    assert Handtekening.objects.get().wijze == "typen"


def test_everything_works_without_javascript(open_context: Callable[..., BrowserContext]) -> None:
    afspraak = make()
    page = open_context(390, java_script_enabled=False).new_page()
    press = page.locator("main button[type=submit]")
    page.goto(path_of(afspraak))
    page.get_by_label("Ja", exact=True).check()
    press.click()
    page.get_by_label("Geluid").check()
    press.click()
    page.get_by_label("Iets anders").check()
    press.click()
    page.get_by_label("Mijn uitleg").fill("Voor mijn dagboek")
    press.click()
    page.get_by_role("link", name="Wijzig wat u opneemt").click()
    page.get_by_label("Video").check()
    press.click()
    page.get_by_role("button", name="Keuze doorgeven").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Uw keuze is doorgegeven"
    page.get_by_role("link", name="Formulier bekijken en tekenen").click()
    assert not page.locator("canvas").is_visible()
    assert not page.get_by_role("button", name="Alles wissen").is_visible()
    page.get_by_role("textbox", name="Uw naam").fill("A. Jansen")
    page.get_by_label("Dit is mijn handtekening").check()
    page.get_by_role("button", name="Formulier tekenen").click()
    assert "U hebt het formulier getekend" in page.inner_text("main")
    page.get_by_role("link", name="Antwoord veranderen").click()
    page.get_by_label("Nee", exact=True).check()
    press.click()
    page.get_by_role("button", name="Keuze doorgeven").click()
    page.get_by_role("link", name="Naar uw afspraak").click()
    page.get_by_role("link", name="Mijn antwoord intrekken").click()
    page.get_by_role("button", name="Mijn antwoord intrekken").click()
    assert "U hebt uw antwoord ingetrokken" in page.inner_text("main")
    rows = Voornemen.objects.filter(afspraak=afspraak).order_by("volgnummer")
    assert [(row.antwoord, row.soorten, row.toelichting) for row in rows] == [
        ("ja", ["geluid", "video"], "Voor mijn dagboek"),
        ("nee", [], ""),
        ("ingetrokken", [], ""),
    ]


def draw(page: Page, *strokes: list[tuple[float, float]]) -> None:
    """Draw with the mouse; points as shares of the width and height of the box."""
    box = page.locator("canvas").bounding_box()
    assert box is not None
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
    page.locator("canvas").scroll_into_view_if_needed()
    field, status = page.locator("input[name=lijnen]"), page.locator("[data-handtekening] [role=status]")

    def strokes() -> list[list[list[int]]]:
        kept: list[list[list[int]]] = json.loads(field.input_value() or "[]")
        return kept

    draw(page, [(0.1, 0.2), (0.9, 0.8)], [(0.1, 0.8), (0.9, 0.2)])
    assert status.inner_text() == "Er staan 2 streken in het vak."
    assert len(strokes()) == 2
    assert all(isinstance(value, int) for stroke in strokes() for point in stroke for value in point)
    assert all(0 <= x <= 560 and 0 <= y <= 160 for stroke in strokes() for x, y in stroke)
    page.get_by_role("button", name="Laatste streek wissen").click()
    assert status.inner_text() == "Er staat 1 streek in het vak."
    assert len(strokes()) == 1
    page.get_by_role("button", name="Alles wissen").click()
    assert status.inner_text() == "Het vak is leeg."
    assert field.input_value() == ""
    draw(page, [(0.02, 0.1), (0.98, 0.9)])
    before = strokes()
    # A phone that is turned: the drawing shrinks as a whole and stays in sight.
    page.set_viewport_size({"width": 320, "height": 700})
    page.wait_for_function(
        "before => document.querySelector('input[name=lijnen]').value !== before", arg=json.dumps(before)
    )
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
    page.get_by_role("button", name="Formulier tekenen").click()
    page.get_by_text("Dank u wel. U hebt het formulier getekend.").wait_for()
    hand = Handtekening.objects.get()
    assert (hand.wijze, hand.lijnen) == ("tekenen", [small])
    assert page.evaluate("window.violations") == []


def test_a_cross_with_a_finger_counts_and_an_error_does_not_wipe_it(
    open_context: Callable[..., BrowserContext],
) -> None:
    context = open_context(390, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(path_of(make(JA), "tekenen"))
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
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
    press.click()
    page.get_by_text("Er is een probleem").wait_for()
    assert page.locator("[data-handtekening] [role=status]").inner_text() == "Er staan 2 streken in het vak."
    page.fill("#id_naam", "A. Jansen")
    press.click()
    page.get_by_text("Dank u wel. U hebt het formulier getekend.").wait_for()
    assert len(Handtekening.objects.get().lijnen) == 2


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
            weights[urlsplit(request.url).path.rsplit("/", 1)[-1]] = len(gzip.compress(response.body(), 6))
        assert not [path for path in weights if path.endswith((".woff2", ".woff"))]
        assert sum(weights.values()) < 50_000, weights
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_printed_the_copy_names_the_phone_number_and_has_no_buttons(
    open_context: Callable[..., BrowserContext],
) -> None:
    page = open_context(1280).new_page()
    page.goto(path_of(make(JA), "antwoord"))
    assert page.get_by_role("button", name="Deze pagina afdrukken").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".client-telefoon").is_visible()
    assert not page.locator("button").first.is_visible()
    assert not page.locator(".skip-link").is_visible()
    assert page.locator(".official").is_visible()


def test_wide_letter_spacing_cuts_nothing_off(open_context: Callable[..., BrowserContext]) -> None:
    page = open_context(320, bypass_csp=True).new_page()
    afspraak = make(JA)
    for name in ("", "opnemen", "klaar", "tekenen"):
        page.goto(path_of(afspraak, name))
        page.add_style_tag(
            content="* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
            " word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }"
        )
        cut = page.evaluate(
            """() => [...document.querySelectorAll("main *, footer *")].filter((element) =>
                getComputedStyle(element).overflow === "hidden" && !element.classList.contains("visually-hidden")
                && (element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1))
                .map((element) => element.outerHTML.slice(0, 80))"""
        )
        assert cut == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
