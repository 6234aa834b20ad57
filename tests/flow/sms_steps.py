"""A phone on the table: texts go in through the post room's door, replies are read from the console gateway."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from afspraken.models import Afspraak, LogRegel, SmsGesprek, Voornemen, Werkpunt
from notifications import api as post
from notifications import jobs
from notifications.fields import blind_index

NUMMER = "+31612345678"
ANDER = "+31687654321"

_sids = itertools.count(1)


class Toestel:
    """One phone. ``stuur`` sends a text and returns what came back."""

    def __init__(self, clock: Any, nummer: str = NUMMER) -> None:
        self.clock = clock
        self.nummer = nummer

    def at(self, moment: datetime) -> None:
        """Move the clock."""
        self.clock.move_to(moment, tick=False)

    def stuur(self, text: str, *, vendor: str = "console") -> list[str]:
        """Send a text, let the worker do its work, and read the new replies, oldest first."""
        self.at(timezone.now() + timedelta(seconds=1))
        before = len(self.ontvangen())
        self.zet_klaar(text, vendor=vendor)
        self.werk()
        return self.ontvangen()[before:]

    def zet_klaar(self, text: str, *, vendor: str = "console") -> None:
        """The text arrives; nobody has looked at it yet."""
        post.receive_sms(
            vendor=vendor,
            vendor_id=f"SM{next(_sids)}",
            sender=self.nummer,
            recipient="+3197010200000",
            body=text,
            now=timezone.now(),
        )

    def werk(self) -> None:
        """The worker's jobs."""
        jobs.hand_on_inbound()
        jobs.drain()

    def ontvangen(self) -> list[str]:
        """Every text this phone got, oldest first."""
        return [message.text for message in reversed(post.console_messages(limit=500, address=self.nummer))]

    @property
    def gesprek(self) -> SmsGesprek:
        """Its conversation."""
        return SmsGesprek.objects.get(nummer_index=blind_index(self.nummer))


def antwoorden(afspraak_id: int) -> list[tuple[str, str, list[str], str]]:
    """All answers, oldest first: answer, purpose, kinds, own words."""
    rows = Voornemen.objects.filter(afspraak_id=afspraak_id).order_by("volgnummer")
    return [(row.antwoord, row.doel, row.soorten, row.toelichting) for row in rows]


def woorden(afspraak_id: int) -> list[str]:
    """Only the answers."""
    return [row[0] for row in antwoorden(afspraak_id)]


def punten() -> list[tuple[str, str]]:
    """The open entries on the worklist: kind and key."""
    return list(Werkpunt.objects.filter(afgehandeld_op__isnull=True).order_by("pk").values_list("soort", "sleutel"))


def gelogd() -> list[dict[str, Any]]:
    """Details of the lines about texts, oldest first."""
    return list(LogRegel.objects.filter(actie="sms.gelezen").order_by("pk").values_list("details", flat=True))


def code_of_nobody() -> str:
    """A well-formed short code that no appointment has."""
    used = set(Afspraak.objects.values_list("korte_code", flat=True))
    return next(code for code in ("3F", "5H", "8Z", "9W") if code not in used)
