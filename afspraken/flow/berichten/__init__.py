"""Messages about an appointment: which exist, what stands in them, and putting them in the outbox.

Lies below the other steps, so that planning can invite in its own transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

import holidays

from afspraken.domain import timing
from afspraken.domain.lifecycle import Event, allows, next_status
from afspraken.flow.berichten.appointment_values import hulp, link_for, wording_language
from afspraken.flow.berichten.lezing import geldende_spelregels, sheet_short, sheet_text
from afspraken.flow.berichten.values import context, contexts, huidig_voornemen
from afspraken.models import Afspraak, Client, TeamInstellingen, Werkpunt, WerkpuntSoort
from notifications import api as post

__all__ = [
    "ANSWERS",
    "Bericht",
    "channels_of",
    "context",
    "contexts",
    "geldende_spelregels",
    "huidig_voornemen",
    "hulp",
    "invite",
    "is_vrij",
    "link_for",
    "meld_onbereikbaar",
    "regels_per_team",
    "regels_van",
    "sheet_short",
    "sheet_text",
    "stuur",
    "stuur_naar_nummer",
    "vervang",
    "wording_language",
]

# Only a mail can carry the PDF; by SMS the client gets a link to it.
_FIRST_CHANNEL = {"kopie_formulier": post.Channel.EMAIL}

# Sent on every channel; other kinds go to the channel last used, the rest is fallback.
_ON_EVERY_CHANNEL = frozenset({"uitnodiging"})

ANSWERS = frozenset(
    {
        "ontvangstbevestiging",
        "onduidelijk",
        "regels",
        "hulp",
        "welke_afspraak",
        "geen_afspraak",
        "niet_meer",
        "doorgegeven",
        "gestopt",
        "weer_aan",
    }
)
"""Answers to something the client just did: exempt from quiet hours."""


@dataclass(frozen=True, kw_only=True)
class Bericht:
    """A message that will be sent: for previews."""

    kind: str
    channel: post.Channel
    due_at: datetime


@lru_cache(maxsize=16)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NL", years=year))


def is_vrij(day: date) -> bool:
    """Whether the municipality is closed: Saturday, Sunday or a Dutch public holiday."""
    return day.weekday() >= 5 or day in _holidays(day.year)


def regels_van(team_id: int) -> timing.Regels:
    """The timing rules of a team."""
    return regels_per_team([team_id])[team_id]


def regels_per_team(team_ids: Collection[int]) -> dict[int, timing.Regels]:
    """The timing rules of several teams; one query."""
    chosen = {row.team_id: _regels(row) for row in TeamInstellingen.objects.filter(team_id__in=team_ids)}
    return {team_id: chosen.get(team_id, timing.Regels()) for team_id in team_ids}


def _regels(row: TeamInstellingen) -> timing.Regels:
    return timing.Regels(
        uitnodiging_werkdagen=row.uitnodiging_werkdagen,
        herinnering_aan=row.herinnering_aan,
        herinnering_werkdagen=row.herinnering_werkdagen,
        herinnering_tijd=row.herinnering_tijd,
    )


def channels_of(client: Client) -> list[post.Recipient]:
    """Where a client can be reached, the channel they last used first."""
    found = []
    if client.mobiel and client.via_sms:
        found.append(post.Recipient(channel=post.Channel.SMS, address=client.mobiel))
    if client.email and client.via_email:
        found.append(post.Recipient(channel=post.Channel.EMAIL, address=client.email))
    return sorted(found, key=lambda recipient: recipient.channel.value != client.laatste_kanaal)


def stuur(
    *,
    afspraak: Afspraak,
    kind: str,
    now: datetime,
    generation: int | None = None,
    kanaal: post.Channel | None = None,
    due_at: datetime | None = None,
    only: frozenset[post.Channel] | None = None,
) -> list[UUID]:
    """Put one message about an appointment in the outbox, in the caller's transaction.

    ``generation`` defaults to the appointment's own; ``kanaal`` sends there first; ``only`` narrows the
    channels. Sending the same kind and generation again adds nothing. Returns the ids; an empty list means
    that nobody can be reached or that it is too late to be of use.
    """
    recipients = [r for r in channels_of(afspraak.client) if r.channel in post.kind(kind).channels]
    if only is not None:
        recipients = [recipient for recipient in recipients if recipient.channel in only]
    first = kanaal or _FIRST_CHANNEL.get(kind)
    if first is not None:
        recipients.sort(key=lambda recipient: recipient.channel is not first)
    if not recipients:
        return []
    useful = timing.useful_until(start_op=afspraak.start_op)
    if kind in ANSWERS:
        useful = max(useful, now + timing.ANSWER_USEFUL)
    elif kind == "kopie_formulier":
        useful = max(afspraak.start_op, now) + timing.COPY_USEFUL
    elif kind == "geannuleerd":
        useful = afspraak.start_op
    return post.enqueue(
        subject=afspraak.onderwerp_sleutel,
        kind=kind,
        generation=afspraak.generatie if generation is None else generation,
        recipients=recipients,
        mode="all" if kind in _ON_EVERY_CHANNEL else "first",
        language=wording_language(afspraak.client.taal),
        scope=afspraak.team.code,
        due_at=due_at or now,
        useful_until=useful,
        now=now,
        exempt_from_quiet_hours=kind in ANSWERS,
        urgent=kind in ANSWERS,
    )


def stuur_naar_nummer(
    *,
    nummer: str,
    kind: str,
    gesprek_id: int,
    generation: int,
    now: datetime,
    taal: str = "nl",
    scope: str = "",
    afspraak: Afspraak | None = None,
) -> list[UUID]:
    """Answer the phone (E.164) that texted us, whatever channels its client chose.

    ``generation`` is the id of the inbound text, so that each text is answered once. ``afspraak`` is the
    appointment whose team helps; without one the values come from the conversation.
    """
    if afspraak is not None:
        taal, scope = afspraak.client.taal, afspraak.team.code
    return post.enqueue(
        subject=f"gesprek/{gesprek_id}" if afspraak is None else afspraak.onderwerp_sleutel,
        kind=kind,
        generation=generation,
        recipients=[post.Recipient(channel=post.Channel.SMS, address=nummer)],
        mode="first",
        language=wording_language(taal),
        scope=scope,
        due_at=now,
        useful_until=now + timing.ANSWER_USEFUL,
        now=now,
        exempt_from_quiet_hours=True,
        urgent=True,
    )


def vervang(*, afspraak: Afspraak, now: datetime, kinds: frozenset[str] | None = None) -> int:
    """Supersede what still waits to be sent about an appointment; how many messages that were."""
    return post.cancel_pending(subject=afspraak.onderwerp_sleutel, kinds=kinds, now=now)


def invite(
    *,
    afspraak: Afspraak,
    now: datetime,
    regels: timing.Regels,
    only: frozenset[post.Channel] | None = None,
) -> list[UUID]:
    """Invite now when it is time, and note it on the appointment. The caller holds the row and saves nothing itself.

    A client without any address goes on the worklist instead: someone has to call or write.
    """
    due = timing.invite_at(start_op=afspraak.start_op, now=now, regels=regels, is_vrij=is_vrij)
    if due > now or afspraak.inloop or not allows(afspraak.staat, Event.INVITED):
        return []
    ids = stuur(afspraak=afspraak, kind="uitnodiging", now=now, only=only)
    if not ids:
        if only is None and timing.useful_until(start_op=afspraak.start_op) > now:
            meld_onbereikbaar(afspraak=afspraak, now=now)
        return []
    afspraak.status = next_status(afspraak.staat, Event.INVITED).value
    afspraak.uitgenodigd_op = now
    afspraak.save(update_fields=("status", "uitgenodigd_op"))
    return ids


def meld_onbereikbaar(*, afspraak: Afspraak, now: datetime, reden: str = "") -> None:
    """Put a client who can't be reached on the worklist; the same appointment and generation once."""
    client = afspraak.client
    known = bool(client.mobiel or client.email)
    text = reden or (
        "Er kan geen bericht naar deze cliënt." if known else "Er is geen mobiel nummer en geen e-mailadres bekend."
    )
    Werkpunt.objects.get_or_create(
        sleutel=f"onbereikbaar/{afspraak.pk}/{afspraak.generatie}",
        defaults={
            "afspraak": afspraak,
            "team_id": afspraak.team_id,
            "soort": (WerkpuntSoort.BELLEN if client.mobiel else WerkpuntSoort.BRIEF).value,
            "reden": f"{text} Vertel op een andere manier over de spelregels."[:300],
            "aangemaakt_op": now,
        },
    )
