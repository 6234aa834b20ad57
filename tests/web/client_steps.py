"""Steps on the client's page as a person takes them: open the link, fill in what is asked, press the button."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

from django.test import Client

from afspraken.models import Afspraak
from afspraken.web import links


def text_of(html: str) -> str:
    """What a reader gets of a page: words only, each run of white space as one space."""
    body = re.sub(r"<(script|style|title)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@dataclass
class Phone:
    """One client's browser, with CSRF checks on: a form is posted as the page gave it."""

    afspraak: Afspraak
    browser: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    @property
    def token(self) -> str:
        return links.token_for(self.afspraak)

    def url(self, page: str = "") -> str:
        return f"/v/{self.token}/{page}" if page else f"/v/{self.token}"

    def open(self, page: str = "", **query: str) -> str:
        """Open a page, following redirects; the HTML."""
        response = self.browser.get(self.url(page), query, follow=True)
        assert response.status_code == 200, response.status_code
        return response.content.decode()

    def form(self, html: str) -> dict[str, str]:
        """The hidden fields of the form on a page."""
        return {
            unescape(name): unescape(value)
            for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
        }

    def post(self, page: str, filled: Mapping[str, object] | None = None, *, opened: str = "", **values: object) -> str:
        """Open a page (or take one that is ``opened``), fill in its form and send it; the HTML that follows."""
        html = opened or self.open(page)
        response = self.browser.post(self.url(page), {**self.form(html), **(filled or {}), **values}, follow=True)
        assert response.status_code == 200, response.status_code
        return response.content.decode()

    def answer(
        self, antwoord: str, soorten: tuple[str, ...] = (), doel: str = "", toelichting: str | None = None
    ) -> str:
        """Go through all questions up to the check page; its HTML."""
        html = self.post("opnemen", antwoord=antwoord)
        if antwoord == "ja":
            html = self.post("soorten", opened=html, soorten=list(soorten))
            html = self.post("doel", opened=html, doel=doel)
            if toelichting is not None:
                html = self.post("toelichting", opened=html, toelichting=toelichting)
        return html

    def send(self, check_page: str) -> str:
        """Press "Keuze doorgeven" on the check page; the HTML that follows."""
        return self.post("nakijken", opened=check_page)
