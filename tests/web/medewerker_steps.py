"""A medewerker's browser, with CSRF checks on: a form is posted as the page gave it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from afspraken.models import Gebruiker


@dataclass
class Bureau:
    """Someone at their desk, logged in."""

    gebruiker: Gebruiker
    browser: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def __post_init__(self) -> None:
        self.browser.force_login(self.gebruiker)

    def get(self, path: str, **query: str) -> HttpResponse:
        response: Any = self.browser.get(path, query, follow=True)
        return response  # type: ignore[no-any-return]

    def open(self, path: str, **query: str) -> str:
        """Open a page, following redirects; the HTML."""
        response = self.get(path, **query)
        assert response.status_code == 200, response.status_code
        return response.content.decode()

    def token(self) -> str:
        if "csrftoken" not in self.browser.cookies:
            self.open("/werk/nieuw")
        return str(self.browser.cookies["csrftoken"].value)

    def post(self, path: str, **values: Any) -> HttpResponse:
        """Send values to an address, following redirects."""
        response: Any = self.browser.post(path, {"csrfmiddlewaretoken": self.token(), **values}, follow=True)
        return response  # type: ignore[no-any-return]

    def send(self, html: str, action: str, **values: Any) -> HttpResponse:
        """Press the button of the form with this address on a page, with what the page put in it."""
        return self.post(action, **{**hidden(html, action), **values})


def hidden(html: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that posts to an address."""
    forms = [found for found in re.findall(r"<form\b.*?</form>", html, re.DOTALL) if f'action="{action}"' in found]
    assert forms, f"no form for {action}"
    return {
        unescape(name): unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', forms[0])
    }


def path_of(response: HttpResponse) -> str:
    """Where following the redirects ended."""
    return str(response.wsgi_request.path)  # type: ignore[attr-defined]
