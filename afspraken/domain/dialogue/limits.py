"""What keeps a conversation from running on: what lapses with time, and how much is sent in a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from afspraken.domain.dialogue.steps import (
    AskWhich,
    Besluit,
    Clarify,
    OpenAfspraak,
    OptIn,
    OptOut,
    RecordAnswer,
    Reden,
    Silence,
    Stand,
    Stap,
    Vraag,
    Worklist,
)
from afspraken.domain.gegevens import AMSTERDAM

MAX_PER_DAG = 10
"""Automatic replies to one phone per day; after that answers are recorded in silence."""

MAX_VERKEERDE_CODES = 3
"""Wrong codes that get a reply; after that silence, until a code of their own or the next day."""

MAX_KEUZES = 6
"""Appointments in a numbered list: what fits in two SMS."""

VRAAG_GELDIG = timedelta(hours=24)
"""How long the next text is taken as the answer to what we asked."""

GESPREK_GELDIG = timedelta(days=30)
"""After this long a conversation starts afresh."""

_NO_REPLY = (Worklist, Silence)


def fresh(stand: Stand, now: datetime) -> Stand:
    """The state with what has lapsed taken off: yesterday's counts, an old question, an old conversation."""
    since = now - stand.bijgewerkt_op if stand.bijgewerkt_op is not None else timedelta(0)
    if since > GESPREK_GELDIG:
        stand = Stand()
    today = now.astimezone(AMSTERDAM).date()
    if stand.vandaag != today:
        stand = replace(stand, antwoorden_vandaag=0, verkeerde_codes=0, vandaag=today)
    if since > VRAAG_GELDIG and stand.vraag in (Vraag.DOEL, Vraag.VERDUIDELIJK, Vraag.WELKE):
        stand = replace(stand, vraag=Vraag.GEEN, afspraak_id=None, keuzes=(), onthouden=None, onduidelijk=0)
    return stand


def capped(besluit: Besluit, open_: Sequence[OpenAfspraak], now: datetime) -> Besluit:
    """Count the replies; past the cap what the client wants still happens, but nothing is sent.

    A question that can't be asked any more goes to a person instead.
    """
    stappen: list[Stap] = []
    sent = besluit.stand.antwoorden_vandaag
    for stap in besluit.stappen:
        if isinstance(stap, _NO_REPLY):
            stappen.append(stap)
        elif sent < MAX_PER_DAG:
            sent += 1
            stappen.append(stap)
        elif isinstance(stap, (RecordAnswer, OptOut, OptIn)):
            stappen.append(replace(stap, bevestig=False))
        elif isinstance(stap, (AskWhich, Clarify)) and open_:
            stappen.append(Worklist(afspraak_id=open_[0].id, reden=Reden.ONDUIDELIJK))
        else:
            stappen.append(Silence(waarom="daglimiet"))
    stand = replace(besluit.stand, antwoorden_vandaag=sent, bijgewerkt_op=now)
    return Besluit(stappen=tuple(stappen), stand=stand)
