"""The appointment as an .ics file, for the client's calendar."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from icalendar import Calendar, Event

from afspraken.domain import datums
from afspraken.domain.lifecycle import Status
from afspraken.models import Afspraak

_TITEL = {"nl": "Gesprek met de gemeente", "en": "Meeting with the municipality"}


def make_ics(*, afspraak: Afspraak, taal: str, link: str, now: datetime) -> bytes:
    """One VEVENT, in UTC: a time zone of our own would lose one of the two hours of an October night.

    Neutral on purpose: a shared calendar shows no subject, law or name. ``SEQUENCE`` rises with every
    change, so that a calendar takes the newest.
    """
    event = Event()
    event.add("uid", f"{afspraak.sleutel}@vooraf")
    event.add("summary", f"{_TITEL.get(taal, _TITEL['nl'])} ({settings.GEMEENTE_NAAM})")
    event.add("dtstart", afspraak.start_op.astimezone(UTC))
    event.add("dtend", afspraak.eind_op.astimezone(UTC))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", afspraak.generatie)
    event.add("status", "CANCELLED" if afspraak.staat is Status.GEANNULEERD else "CONFIRMED")
    place = plaats(afspraak, taal)
    if place:
        event.add("location", place)
    event.add("description", f"{datums.dag_tijd(afspraak.start_op, taal)}\n{link}")
    event.add("url", link)
    calendar = Calendar()
    calendar.add("prodid", "-//Vooraf//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


_VORM = {
    "nl": {
        "huisbezoek": "bij u thuis",
        "telefoon": "per telefoon",
        "beeldbellen": "met beeldbellen",
        "balie": "",
    },
    "en": {
        "huisbezoek": "at your home",
        "telefoon": "by phone",
        "beeldbellen": "by video call",
        "balie": "",
    },
}


def plaats(afspraak: Afspraak, taal: str) -> str:
    """Where the meeting is, in a few words; never empty for a home visit, call or desk without an address."""
    vorm = _VORM.get(taal, _VORM["nl"])[afspraak.vorm]
    if vorm or afspraak.locatie_naam.strip().casefold() == "huisbezoek":
        return vorm or _VORM.get(taal, _VORM["nl"])["huisbezoek"]
    parts = [afspraak.locatie_naam, afspraak.locatie_adres]
    if afspraak.locatie_ruimte:
        parts.append(f"{'room' if taal == 'en' else 'kamer'} {afspraak.locatie_ruimte}")
    found = ", ".join(part for part in parts if part)
    return found or settings.GEMEENTE_NAAM
