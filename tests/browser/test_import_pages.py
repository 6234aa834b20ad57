"""The import in a real browser: accessible in every state, with and without script, with progress."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from afspraken.models import Afspraak, Importconcept, Rol
from afspraken.sources import process
from tests.browser.accessible import check
from tests.browser.beheer_walk import log_in
from tests.browser.moves import follow, refuse
from tests.builders import maak_gebruiker
from tests.sources.files import TEAMS, csv_of, maak_teams, row

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

Open = Callable[..., BrowserContext]
EVIL = '"><img src=x onerror=alert(1)>'


@pytest.fixture(autouse=True)
def _world(live_server: Any, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    maak_teams()
    maak_gebruiker("coordinator1", rol=Rol.COORDINATOR, teams=tuple(TEAMS))


def rows(count: int, **values: str) -> list[dict[str, str]]:
    day = timezone.localdate() + timedelta(days=7)
    return [row(Afspraaknummer=f"A{n}", Datum=f"{day:%d-%m-%Y}", **values) for n in range(count)]


def send(page: Page, folder: Path, data: bytes) -> None:
    """Choose a file and press the button."""
    file = folder / "afspraken.csv"
    file.write_bytes(data)
    page.goto("/beheer/import")
    page.set_input_files("input[type=file]", str(file))
    follow(page.locator("form[enctype] button[type=submit]"))


@pytest.mark.parametrize("width", [320, 1280])
def test_every_state_is_accessible_and_fits_the_screen(open_context: Open, tmp_path: Path, width: int) -> None:
    context = open_context(width)
    log_in(context, "coordinator1")
    page = context.new_page()
    page.goto("/beheer/import")
    check(page, "the upload page")
    refuse(page.locator("form[enctype] button[type=submit]"))
    check(page, "no file")
    send(page, tmp_path, b"%PDF-1.7")
    expect(page.locator("#fouten")).to_contain_text("Dit is een pdf.")
    check(page, "no table")
    wrong = rows(3, Team="sport") + rows(2)
    wrong[4] |= {"Afspraaknummer": "B", "Naam cliënt": EVIL, "Mobiel": "010-1234567", "Datum": "31-11-2026"}
    wrong[3] |= {"Afspraaknummer": "C", "Naam cliënt": "Y?lmaz"}
    send(page, tmp_path, csv_of(*wrong))
    expect(page.locator("#fouten")).to_be_focused()
    check(page, "rows with errors")
    page.mouse.wheel(0, 4000)
    expect(page.get_by_role("link", name="Upload opnieuw")).to_be_in_viewport()
    send(page, tmp_path, csv_of(*rows(5), row(Afspraaknummer="X", Status="geannuleerd")))
    expect(page.get_by_role("button", name="6 afspraken verwerken")).to_be_visible()
    check(page, "the preview")
    follow(page.get_by_role("button", name="6 afspraken verwerken"))
    expect(page.locator("h1")).to_have_text("De import is klaar")
    check(page, "the result")
    page.goto("/beheer/import/0b9c6a3e-3f0a-4c55-9d0b-6a3e3f0a4c55")
    check(page, "gone")


def test_without_script(open_context: Open, tmp_path: Path) -> None:
    context = open_context(java_script_enabled=False)
    log_in(context, "coordinator1")
    page = context.new_page()
    send(page, tmp_path, csv_of(*rows(3)))
    follow(page.get_by_role("button", name="3 afspraken verwerken"))
    expect(page.locator("h1")).to_have_text("De import is klaar")
    assert Afspraak.objects.count() == 3


def test_a_long_file_shows_its_progress_and_then_its_result(
    open_context: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "STEP", 5)
    monkeypatch.setattr(process, "async_task", lambda _task, _pk: None)
    context = open_context()
    log_in(context, "coordinator1")
    page = context.new_page()
    send(page, tmp_path, csv_of(*rows(10)))
    follow(page.get_by_role("button", name="10 afspraken verwerken"))
    status = page.locator("[data-import-stand]")
    expect(status).to_have_text("0 van 10 rijen verwerkt")
    check(page, "under way")
    pk = str(Importconcept.objects.get().pk)
    process.carry_on(pk, patience=-1)
    expect(status).to_have_text("5 van 10 rijen verwerkt")
    process.carry_on(pk)
    expect(page.locator("h1")).to_have_text("De import is klaar")
