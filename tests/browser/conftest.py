"""Browser contexts that know the server, have patience and watch the content security policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.moves import PATIENCE_MS

WATCH = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(event.violatedDirective + " " + event.blockedURI));
"""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def open_context(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., BrowserContext]]:
    """Contexts that know the server and watch the content security policy; checked when they close."""
    contexts: list[BrowserContext] = []
    watched: list[BrowserContext] = []

    def build(width: int = 1280, **options: Any) -> BrowserContext:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 800}, locale="nl-NL", **options
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        # Without script there is nobody to watch, and nobody to ask.
        if options.get("java_script_enabled", True):
            context.add_init_script(WATCH)
            watched.append(context)
        return context

    yield build
    try:
        for page in (page for context in watched for page in context.pages):
            # A document that is being replaced has nothing to say.
            page.wait_for_load_state("load")
            assert page.evaluate("window.violations || []") == [], page.url
    finally:
        for context in contexts:
            context.close()
