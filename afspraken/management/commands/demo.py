"""Fills the demo: accounts, two weeks of conversations around today, and a file to import. Safe to run again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from afspraken.management.demo import people, sample, simulate


class Command(BaseCommand):
    help = "Vul de demonstratie met teams, accounts en twee weken gesprekken rond vandaag. Alleen met DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_outside_demo()
        now = timezone.now().replace(microsecond=0)
        wachtwoord = people.make_people(now=now)
        simulate.fill(now, say=lambda text: self.stdout.write(f"Demonstratie vullen: {text}"))
        bestand = sample.write(now)
        self.stdout.write(logins(wachtwoord))
        self.stdout.write(f"  bestand om in te lezen  {bestand}")


def refuse_outside_demo() -> None:
    """Made-up clients belong on a developer's own machine, and never near a real provider."""
    if not (settings.DEMO or settings.DEBUG):
        raise CommandError("De demonstratie is alleen voor een eigen machine; make run start haar.")
    if settings.TWILIO_ACCOUNT_SID or settings.SENDGRID_API_KEY:
        raise CommandError(
            "Er is een aanbieder ingesteld (TWILIO_ACCOUNT_SID of SENDGRID_API_KEY). De demonstratie verzint "
            "telefoonnummers; die kunnen van iemand zijn. Haal de instelling weg."
        )


def logins(wachtwoord: str) -> str:
    """The accounts and their password, as printed by make run."""
    lines = [f"  {login.username:<14}{login.rol.label:<14}{', '.join(login.teams)}" for login in people.LOGINS]
    return "\n".join(["Inloggen (wachtwoord van alle accounts: " + wachtwoord + ")", *lines])
