"""The people of one appointment, each through their own door.

The planning system speaks the API, the client's phone reaches us by a signed Twilio webhook, the client's
browser and the medewerker's browser post forms as the pages gave them, with CSRF checks on. The worker is a
call of its jobs; what the providers would get is read from the console gateway.
"""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from afspraken.flow.beheer import maak_api_sleutel
from afspraken.models import Afspraak, Formulier, Rol
from notifications import api as post
from notifications import jobs
from tests.builders import NU, TESTER, maak_gebruiker, maak_medewerker, maak_team
from tests.double.calls import twilio_signature
from tests.web.client_steps import Phone, text_of

TOKEN = "the-token"
MOBIEL = "+31612345678"
EMAIL = "a.jansen@example.nl"

_sids = itertools.count(1)


@dataclass
class Browser:
    """A medewerker's browser: logs in at the login page, posts forms as they stand on the page."""

    username: str
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def log_in(self) -> Browser:
        page = self.client.get("/accounts/login/")
        answer = self.client.post(
            "/accounts/login/",
            {
                "login": self.username,
                "password": "een lang wachtwoord",
                "csrfmiddlewaretoken": token_in(page.content.decode()),
            },
        )
        assert answer.status_code == 302, text_of(answer.content.decode())
        return self

    def open(self, url: str) -> str:
        answer = self.client.get(url, follow=True)
        assert answer.status_code == 200, (url, answer.status_code)
        return answer.content.decode()

    def press(self, page: str, action: str, **values: object) -> str:
        """Send the form on a page that goes to ``action``, with its hidden fields; the HTML that follows."""
        forms = [m[0] for m in re.findall(r"(<form\b[^>]*>(.|\n)*?</form>)", page)]
        # A form without an action goes back to its own page.
        own = [each for each in forms if "action=" not in each.split(">", 1)[0]]
        form = next((each for each in forms if f'action="{action}"' in each), own[0] if own else None)
        assert form is not None, f"no form to {action} on the page"
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)"[^>]*? value="([^"]*)"', form))
        sent = {unescape(name): unescape(value) for name, value in hidden.items()} | values
        answer = self.client.post(action, sent, follow=True)
        assert answer.status_code == 200, (action, answer.status_code, text_of(answer.content.decode())[:400])
        return answer.content.decode()


def token_in(html: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    assert found is not None
    return found[1]


class Road:
    """One appointment and everyone around it."""

    def __init__(self, clock: Any) -> None:
        self.clock = clock
        self.start = NU + timedelta(days=2)
        settings.TWILIO_AUTH_TOKEN = TOKEN
        maak_team("wmo", clientondersteuning="Gratis hulp: 088 123 45 67.")
        gebruiker = maak_gebruiker("medewerker1", rol=Rol.MEDEWERKER, first_name="Bo", last_name="de Boer")
        maak_medewerker("B. de Boer", gebruiker=gebruiker)
        maak_medewerker("S. Peters", gebruiker=maak_gebruiker("medewerker2"))
        _, self.sleutel = maak_api_sleutel(
            naam="jcc",
            teams=[],
            scopes=["afspraken:lezen", "afspraken:schrijven"],
            actor=TESTER,
            now=NU,
        )
        self.planner = Client()
        self.versie = 0

    # The planning system -------------------------------------------------------------------------
    def body(self, **changes: Any) -> dict[str, Any]:
        self.versie += 1
        start = changes.pop("start", self.start)
        client = {"naam": "A. Jansen", "mobiel": "0612345678", "email": EMAIL, **changes.pop("client", {})}
        return {
            "start": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "eind": f"{start + timedelta(minutes=45):%Y-%m-%dT%H:%M:%SZ}",
            "externeVersie": self.versie,
            "onderwerp": "gesprek met de gemeente",
            "team": "wmo",
            "vorm": "balie",
            "locatie": {"naam": "Stadhuis", "adres": "Markt 1", "ruimte": "2.14"},
            "client": {name: value for name, value in client.items() if value},
            "medewerker": {"naam": "B. de Boer"},
            **changes,
        }

    def plan(self, extern_id: str = "J-1", *, expect: int = 201, **changes: Any) -> Afspraak:
        answer = self.planner.put(
            f"/api/v1/afspraken/jcc/{extern_id}",
            json.dumps(self.body(**changes)),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.sleutel}"},
        )
        assert answer.status_code == expect, answer.content.decode()
        return self.afspraak(extern_id)

    def cancel(self, extern_id: str = "J-1") -> None:
        self.versie += 1
        answer = self.planner.post(
            f"/api/v1/afspraken/jcc/{extern_id}/annulering",
            json.dumps({"externeVersie": self.versie}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.sleutel}"},
        )
        assert answer.status_code == 200, answer.content.decode()

    def seen_by_planner(self, extern_id: str = "J-1") -> dict[str, Any]:
        answer = self.planner.get(
            f"/api/v1/afspraken/jcc/{extern_id}", headers={"Authorization": f"Bearer {self.sleutel}"}
        )
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    def afspraak(self, extern_id: str = "J-1") -> Afspraak:
        return Afspraak.objects.select_related("client", "team").get(bron="jcc", extern_id=extern_id)

    # The clock and the worker ----------------------------------------------------------------------
    def at(self, moment: datetime) -> None:
        self.clock.move_to(moment.astimezone(UTC), tick=False)

    def work(self) -> None:
        """What a worker does in a minute."""
        jobs.hand_on_inbound()
        jobs.drain()

    # The client ------------------------------------------------------------------------------------
    def sms(self, text: str, number: str = MOBIEL) -> None:
        """A text of the client, as Twilio delivers it."""
        path = "/webhooks/twilio/sms"
        form = {"MessageSid": f"SM{next(_sids):032d}", "From": number, "To": "+3197010200000", "Body": text}
        answer = Client(enforce_csrf_checks=True).post(
            path,
            urlencode(form),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": twilio_signature(settings.PUBLIC_URL + path, form, TOKEN)},
        )
        assert answer.status_code == 200
        self.work()

    def phone(self, extern_id: str = "J-1") -> Phone:
        return Phone(self.afspraak(extern_id))

    def received(self, address: str = MOBIEL) -> list[post.ConsoleMessage]:
        """What the client got at an address, the oldest first."""
        return list(reversed(post.console_messages(limit=100, address=address)))

    def texts(self) -> list[str]:
        return [message.text for message in self.received()]

    # The medewerker --------------------------------------------------------------------------------
    def desk(self, username: str = "medewerker1") -> Browser:
        return Browser(username).log_in()

    def daylist(self, browser: Browser, *, team: bool = False) -> str:
        day = self.start.astimezone(UTC).date().isoformat()
        return text_of(browser.open(f"/werk/daglijst/{day}?bereik={'team' if team else 'mijn'}"))

    def open_form(self, browser: Browser, extern_id: str = "J-1") -> tuple[str, Formulier]:
        afspraak = self.afspraak(extern_id)
        page = browser.open(f"/werk/afspraak/{afspraak.pk}")
        page = browser.press(page, f"/werk/afspraak/{afspraak.pk}/formulier")
        return page, self.form(extern_id)

    def form(self, extern_id: str = "J-1") -> Formulier:
        return Formulier.objects.filter(afspraak=self.afspraak(extern_id)).order_by("-versie")[0]

    def sign_both(self, browser: Browser, page: str, formulier: Formulier) -> str:
        page = browser.press(
            page,
            f"/werk/formulier/{formulier.pk}/client-tekent",
            **{"client-naam": "A. Jansen", "client-bevestigd": "on"},
        )
        return browser.press(page, f"/werk/formulier/{formulier.pk}/tekenen")
