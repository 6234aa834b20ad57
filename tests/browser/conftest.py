"""Browser contexts that know the server and watch the content security policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

WATCH = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(event.violatedDirective + " " + event.blockedURI));
"""


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
