"""What the placeholders of a message about an appointment stand for, each worked out when a text asks for it.

A text asks for a few of them; all of them for thousands of messages would be half of what a message costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cached_property

from django.conf import settings

from afspraken.domain import datums, links
from afspraken.domain.voornemen import (
    DOEL_WOORD,
    Antwoord,
    Doel,
    describe_soorten,
    given_for_old_time,
)
from afspraken.flow.berichten.agenda import plaats
from afspraken.flow.berichten.lezing import Lezing
from afspraken.models import Afspraak, Team, Voornemen

WORDING_LANGUAGES = ("nl", "en")
# The sheet is read only where a message may hold it.
WITH_SHEET = frozenset({"uitnodiging", "herinnering", "regels"})

_ANTWOORD = {
    "nl": {
        Antwoord.JA: "u wilt opnemen",
        Antwoord.NEE: "u neemt niet op",
        Antwoord.WEET_NIET: "u weet nog niet of u wilt opnemen",
        Antwoord.INGETROKKEN: "u heeft uw antwoord ingetrokken",
    },
    "en": {
        Antwoord.JA: "you want to record",
        Antwoord.NEE: "you will not record",
        Antwoord.WEET_NIET: "you do not know yet if you want to record",
        Antwoord.INGETROKKEN: "you took back your answer",
    },
}
_SOORT_EN = {"geluid": "sound", "video": "video", "foto": "photos"}
_DOEL_EN = {
    Doel.NALUISTEREN: "to listen to it again at home",
    Doel.DESKUNDIGE: "to let an expert listen to it",
    Doel.PRIVEKRING: "to let people close to me listen to it",
    Doel.DELEN: "to share it with others or make it public",
    Doel.ANDERS: "something else",
    Doel.LIEVER_NIET: "I would rather not say",
}


def wording_language(taal: str) -> str:
    """The language a client is written to in: theirs when we have wording in it, else Dutch."""
    return taal if taal in WORDING_LANGUAGES else "nl"


class AppointmentValues(Mapping[str, str]):
    """The values by name, in the client's language; raises KeyError for a name that this kind of message has not."""

    def __init__(self, afspraak: Afspraak, *, kind: str, lezing: Lezing) -> None:
        self.afspraak = afspraak
        self.lezing = lezing
        self.taal = wording_language(afspraak.client.taal)
        self._ways = _WITH_THE_SHEET if kind in WITH_SHEET else _WAYS

    def __getitem__(self, name: str) -> str:
        return self._ways[name](self)

    def __contains__(self, name: object) -> bool:
        return name in self._ways

    def __iter__(self) -> Iterator[str]:
        return iter(self._ways)

    def __len__(self) -> int:
        return len(self._ways)

    @cached_property
    def code(self) -> str:
        """What a bare JA needs behind it when this phone has more appointments; with a space before it."""
        return f" {self.afspraak.korte_code}" if self.lezing.heeft_code_nodig(self.afspraak) else ""

    @cached_property
    def answer(self) -> dict[str, str]:
        """The values about the answer that counts."""
        return _answer_values(self.afspraak, self.lezing.voornemen(self.afspraak.pk), self.taal)

    def sheet(self) -> dict[str, str]:
        """The values about the rules sheet in force."""
        return self.lezing.blad(self.afspraak.team_id, self.taal)

    def word(self, nl: str, en: str) -> str:
        """One of two, by the client's language."""
        return nl if self.taal == "nl" else en

    def old_time(self) -> datetime:
        """When the meeting was before it was moved, else when it is."""
        return self.afspraak.vorige_start_op or self.afspraak.start_op


_WAYS: dict[str, Callable[[AppointmentValues], str]] = {
    "gemeente": lambda _: settings.GEMEENTE_NAAM,
    "team": lambda it: it.afspraak.team.naam,
    "naam": lambda it: it.afspraak.client.naam,
    "dag": lambda it: datums.dag(it.afspraak.start_op, it.taal),
    "tijd": lambda it: datums.tijd(it.afspraak.start_op, it.taal),
    "oude_dag": lambda it: datums.dag(it.old_time(), it.taal),
    "oude_tijd": lambda it: datums.tijd(it.old_time(), it.taal),
    "locatie": lambda it: plaats(it.afspraak, it.taal),
    "link": lambda it: link_for(it.afspraak),
    "ja": lambda it: it.word("JA", "YES") + it.code,
    "nee": lambda it: it.word("NEE", "NO") + it.code,
    "weet_niet": lambda it: it.word("WEET NIET", "DO NOT KNOW") + it.code,
    "hulp": lambda it: hulp(it.afspraak.team, it.taal),
    "clientondersteuning": lambda it: it.afspraak.team.clientondersteuning,
    "antwoord": lambda it: it.answer["antwoord"],
    "antwoord_volledig": lambda it: it.answer["antwoord_volledig"],
    "antwoord_zin": lambda it: it.answer["antwoord_zin"],
    "vervolg": lambda it: it.answer["vervolg"],
    "medewerker_zin": lambda it: _medewerker_zin(it.afspraak, it.taal, it.lezing),
}
_WITH_THE_SHEET = _WAYS | {
    "spelregels": lambda it: it.sheet()["spelregels"],
    "spelregels_kort": lambda it: it.sheet()["spelregels_kort"],
}


def link_for(afspraak: Afspraak) -> str:
    """The full address of the client's page."""
    return f"{settings.PUBLIC_URL}/v/{links.derive_token(afspraak.sleutel, settings.LINK_KEY)}"


def hulp(team: Team | None, taal: str) -> str:
    """Where a client gets help: the team's phone and desk, and in a Wmo team the free support (Wmo 2.3.2 lid 3)."""
    phone = (team.telefoon if team else "") or settings.GEMEENTE_TELEFOON
    if taal == "en":
        return f"Free client support: call {phone}." if team and team.clientondersteuning else f"Help: call {phone}."
    # Written without diaeresis: that one letter would turn the whole SMS into UCS-2 and double its price.
    return f"Gratis clientondersteuning: bel {phone}." if team and team.clientondersteuning else f"Hulp: bel {phone}."


def _medewerker_zin(afspraak: Afspraak, taal: str, lezing: Lezing) -> str:
    if afspraak.medewerker is None or not lezing.noemt_medewerker(afspraak.team_id):
        return ""
    name = afspraak.medewerker.naam
    return f"You will speak to {name}." if taal == "en" else f"U spreekt met {name}."


def _answer_values(afspraak: Afspraak, voornemen: Voornemen | None, taal: str) -> dict[str, str]:
    nl = taal == "nl"
    if voornemen is None or voornemen.antwoord == Antwoord.INGETROKKEN.value:
        invite = "Wilt u opnemen? U kunt het ons laten weten." if nl else "Do you want to record? You can let us know."
        words = _ANTWOORD[taal][Antwoord.INGETROKKEN] if voornemen else ""
        return {
            "antwoord": words,
            "antwoord_volledig": _sentence(words),
            "antwoord_zin": invite,
            "vervolg": "",
        }
    antwoord = Antwoord(voornemen.antwoord)
    words = _ANTWOORD[taal][antwoord]
    old = given_for_old_time(gegeven_voor=voornemen.gegeven_voor_op, start_op=afspraak.start_op)
    kept = (
        f"Uw antwoord ({words}) blijft staan{'; u gaf het voor de oude tijd' if old else ''}."
        if nl
        else f"Your answer ({words}) still stands{'; you gave it for the old time' if old else ''}."
    )
    ask = antwoord is Antwoord.JA and not voornemen.doel
    question = (
        ("Waarvoor? U mag dat antwoorden, het hoeft niet." if nl else "What for? You may reply, you do not have to.")
        if ask
        else ""
    )
    return {
        "antwoord": words,
        "antwoord_volledig": _full_answer(voornemen, words, taal),
        "antwoord_zin": kept,
        "vervolg": question,
    }


def _full_answer(voornemen: Voornemen, words: str, taal: str) -> str:
    nl = taal == "nl"
    soorten = describe_soorten(voornemen.soorten_set)
    if soorten and not nl:
        soorten = ", ".join(_SOORT_EN[soort.value] for soort in sorted(voornemen.soorten_set))
    text = f"{_sentence(words)[:-1]}: {soorten}." if soorten else _sentence(words)
    if voornemen.doel:
        doel = Doel(voornemen.doel)
        purpose = (DOEL_WOORD if nl else _DOEL_EN)[doel]
        if voornemen.toelichting:
            purpose = f"{purpose} ({voornemen.toelichting})"
        text += f" {'Doel' if nl else 'Purpose'}: {purpose}."
    return text


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""
