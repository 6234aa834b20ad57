"""Every page of /beheer/ and /accounts/ in every state worth looking at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from afspraken.models import Gebruiker, Medewerker, Team, Werkpunt
from notifications import api as post
from notifications import jobs
from tests.browser.moves import follow, refuse
from tests.builders import maak_afspraak, maak_medewerker
from tests.web.beheer_wereld import SMS, Wereld, maak_wereld, schrijf_sjabloon

EVIL = '"><img src=x onerror=alert(1)> Öztürk-de Vries'


def log_in(context: BrowserContext, username: str) -> None:
    """The session of an account, as a cookie."""
    client = Client()
    client.force_login(Gebruiker.objects.get(username=username))
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": "http://localhost"}])


def furnish() -> Wereld:
    """The two teams, with names that bite and messages that failed."""
    wereld = maak_wereld()
    now = timezone.now()
    Team.objects.filter(code="wmo").update(naam="Team Zorg en ondersteuning")
    for naam, mobiel in ((EVIL, "+31612345601"), ("Mohammed van den Berg-El Idrissi", "+31612345602")):
        maak_afspraak(now=now, client_naam=naam, client_mobiel=mobiel, client_email="", medewerker="Boer, B. de")
    maak_afspraak(
        now=now, client_naam="Geen Adres", client_mobiel="", client_email="", start_op=now + timedelta(days=4)
    )
    Werkpunt.objects.filter(pk=wereld.eigen.werkpunt).update(reden="Ja maar <b>wie</b> luistert er dan mee?\n" + EVIL)
    jobs.drain()
    schrijf_sjabloon("coordinator1", tekst=SMS.replace("((link))", "((team))") + " Tot dan.")
    maak_medewerker("C. Mulder", gebruiker=wereld.account)
    return wereld


class Walk:
    """Goes through the pages of one account; yields the name of each state."""

    def __init__(self, page: Page, wereld: Wereld) -> None:
        self.page = page
        self.wereld = wereld
        self.press = page.locator("main form[method=post] button.utrecht-button--primary-action")

    def go(self, path: str) -> None:
        self.page.goto(f"/beheer/{path}")

    def texts(self) -> Iterator[str]:
        """What a coordinator writes; logged in as coordinator2, who reads what coordinator1 wrote."""
        page, go, eigen = self.page, self.go, self.wereld.eigen
        vak, mail = "sjablonen/uitnodiging/sms/nl/wmo/", "sjablonen/uitnodiging/email/en/wmo/"
        for path in ("", "sjablonen/", "sjablonen/?plek=alle", vak, mail, f"{vak}publiceren"):
            go(path)
            yield path or "start"
        for path in (f"{vak}versies", f"{vak}versies?van=0&naar=2", f"{mail}bewerken", f"{vak}bewerken"):
            go(path)
            yield path
        page.fill("textarea", "Beste cliënt, doe uw aanvraag. ((bsn))")
        refuse(self.press)
        yield "a text with everything wrong"
        page.fill("textarea", SMS + " Tot morgen.")
        follow(self.press)
        yield "own draft"
        for path in (
            "spelregels/",
            f"spelregels/versie/{eigen.vast_blad}",
            f"spelregels/versie/{eigen.concept_blad}",
            f"spelregels/versie/{eigen.concept_blad}/publiceren",
            "spelregels/wmo/bewerken",
        ):
            go(path)
            yield path
        page.fill("#id_tekst", "Titel\n\n1. Een\n3. Drie")
        page.fill("#id_kort_nl", "")
        refuse(self.press)
        yield "a sheet with everything wrong"

    def days(self) -> Iterator[str]:
        """Timing, delivery, worklist, the switch."""
        page, go, eigen = self.page, self.go, self.wereld.eigen
        for path in ("timing/", "timing/wmo/hulp", "timing/wmo"):
            go(path)
            yield path
        page.fill("#id_uitnodiging_werkdagen", "5")
        follow(page.locator("button[name=bekijken]"))
        yield "moments of what was typed"
        page.fill("#id_uitnodiging_werkdagen", "99")
        page.fill("#id_herinnering_tijd", "23:00")
        refuse(self.press)
        yield "impossible moments"
        for path in ("bezorging/", "bezorging/?kanaal=sms&status=mislukt", "bezorging/?status=bezorgd"):
            go(path)
            yield path
        for path in ("werkvoorraad/", "werkvoorraad/?klaar=1", f"werkvoorraad/{eigen.werkpunt}"):
            go(path)
            yield path
        refuse(self.press)
        yield "no note"
        page.fill("textarea", "Gebeld en de regels verteld.")
        follow(self.press)
        yield "handled"
        go(f"werkvoorraad/{eigen.werkpunt}")
        yield "an entry that is handled"
        go("pauze")
        yield "about to stop"
        follow(self.press)
        yield "stopped"
        go("pauze")
        yield "about to go on"
        follow(self.press)

    def guards(self) -> Iterator[str]:
        """What a beheerder does."""
        page, go, wereld = self.page, self.go, self.wereld
        loose = Medewerker.objects.filter(gebruiker=None).values_list("pk", flat=True)[0]
        for path in ("", "accounts/", f"accounts/{wereld.account.pk}", f"accounts/{wereld.account.pk}/sluiten"):
            go(path)
            yield path or "start of a beheerder"
        for path in ("accounts/nieuw", "teams/nieuw", "medewerkers/nieuw", "sleutels/nieuw"):
            go(path)
            yield path
            refuse(self.press)
            yield f"{path}, empty"
        for path in ("teams/", f"teams/{wereld.eigen.team.pk}", "medewerkers/", f"medewerkers/{loose}"):
            go(path)
            yield path
        page.locator("details > summary").click()
        refuse(page.locator("details button"))
        yield "an empty alias"
        for path in (f"medewerkers/{loose}/samenvoegen", "sleutels/", f"sleutels/{wereld.sleutel}/intrekken"):
            go(path)
            yield path
        yield from self.sending()
        go("sleutels/nieuw")
        page.fill("#id_naam", "JCC")
        page.check("#id_scopes_0")
        page.check("#id_bereik_1")
        follow(self.press)
        yield "the key, once"

    def sending(self) -> Iterator[str]:
        """Which numbers may get an SMS, and budgets."""
        page, go = self.page, self.go
        go("nummers/nieuw")
        yield "numbers to add"
        page.fill("#id_begin", "+31 97")
        page.fill("#id_reden", EVIL)
        refuse(self.press)
        yield "numbers that never may"
        page.fill("#id_begin", "+32 4")
        follow(self.press)
        yield "numbers with what was added"
        go(f"nummers/{self.wereld.nummers}/weg")
        yield "numbers to take away"
        go("budgetten/wmo/sms")
        yield "the budget of a team"
        page.fill("#id_uur", "veel")
        page.fill("#id_dag", "10")
        page.fill("#id_maand", "9999999")
        refuse(self.press)
        yield "a budget with everything wrong"
        for name, value in (("uur", "0"), ("dag", "10"), ("maand", "1000000")):
            page.fill(f"#id_{name}", value)
        use_up("wmo", 9)
        use_up("werk-en-inkomen", 123_456)
        follow(self.press)
        yield "budgets, one of them nearly used up"
        go("budgetten/alle/email")
        yield "the budget of all teams"

    def doors(self) -> Iterator[str]:
        """Logging in, without an account."""
        page = self.page
        for path in ("login/", "password/reset/", "password/reset/done/", "signup/", "inactive/"):
            page.goto(f"/accounts/{path}")
            yield path
        page.goto("/accounts/password/reset/key/1-onzin/")
        yield "a link that does not work"
        page.goto("/accounts/login/")
        refuse(self.press)
        yield "nothing filled in"
        page.fill("#id_login", "medewerker1")
        page.fill("#id_password", "een verkeerd wachtwoord")
        refuse(self.press)
        yield "a wrong password"

    def own(self) -> Iterator[str]:
        """Pages of who is logged in."""
        for path in ("password/change/", "logout/"):
            self.page.goto(f"/accounts/{path}")
            yield path
        self.page.goto("/accounts/password/change/")
        refuse(self.press)
        yield "an empty password"


def use_up(team: str, units: int) -> None:
    """So many segments sent by a team in this hour."""
    from notifications.domain.budget import periods
    from notifications.models import Spent

    hour = periods(timezone.now()).hour
    Spent.objects.update_or_create(scope=team, channel=post.Channel.SMS.value, hour=hour, defaults={"units": units})


def fail_a_message() -> None:
    """One SMS of wmo that the provider could not deliver."""
    from notifications.models import Message

    now = timezone.now()
    Message.objects.filter(scope="wmo", channel=post.Channel.SMS.value).update(
        status=post.Status.UNDELIVERED.value, reason=post.Reason.UNKNOWN_NUMBER.value, created_at=now
    )
