"""What happens around one conversation, from planned until over: each story is a list of steps with their moments.

A step whose moment has not come yet is simply not taken, so the same story gives a conversation of last week its
signature and one of next week its open end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from afspraken.domain.voornemen import Antwoord, Doel, Soort
from afspraken.management.demo.actions import Acties
from afspraken.management.demo.gesprek import Gesprek

Stap = tuple[datetime, Callable[[], None]]
Verhaal = Callable[[Gesprek, Acties], list[Stap]]


@dataclass(frozen=True, kw_only=True)
class Antwoordkeuze:
    """What a client lets us know."""

    antwoord: Antwoord = Antwoord.JA
    soorten: frozenset[Soort] = frozenset({Soort.GELUID})
    doel: Doel | None = None
    toelichting: str = ""


def _web(keuze: Antwoordkeuze, *, taal: str = "nl") -> Verhaal:
    def story(g: Gesprek, a: Acties) -> list[Stap]:
        return [(g.geantwoord, lambda: a.web(g, keuze.antwoord, keuze.soorten, keuze.doel, keuze.toelichting, taal))]

    return story


def _sms(*texts: str) -> Verhaal:
    def story(g: Gesprek, a: Acties) -> list[Stap]:
        return [
            (g.geantwoord + timedelta(minutes=4 * number), partial(a.sms, g, text, number))
            for number, text in enumerate(texts)
        ]

    return story


def _signed(first: Verhaal, *, wijze: str = "typen", toestemming: str | None = None) -> Verhaal:
    def story(g: Gesprek, a: Acties) -> list[Stap]:
        return [*first(g, a), (g.start + timedelta(minutes=6), lambda: a.sign(g, wijze, toestemming))]

    return story


def _quiet(g: Gesprek, a: Acties) -> list[Stap]:
    """Nobody answers; the reminder goes, and the conversation is held."""
    return []


def _spoken(g: Gesprek, a: Acties) -> list[Stap]:
    """No answer beforehand; at the table the client says that they record."""
    return [(g.start + timedelta(minutes=2), lambda: a.spoken(g))]


def _changed_mind(g: Gesprek, a: Acties) -> list[Stap]:
    return [
        (g.geantwoord, lambda: a.sms(g, "Nee", 0)),
        (g.geantwoord + timedelta(minutes=75), lambda: a.sms(g, "Toch wel: JA", 1)),
    ]


def _withdrawn(g: Gesprek, a: Acties) -> list[Stap]:
    return [
        (g.geantwoord, lambda: a.web(g, Antwoord.JA, frozenset({Soort.VIDEO}), Doel.PRIVEKRING, "", "nl")),
        (g.geantwoord + timedelta(minutes=90), lambda: a.withdraw(g)),
    ]


def _moved(g: Gesprek, a: Acties) -> list[Stap]:
    """Planned for another time, answered, and then moved to this one."""
    return [
        (g.geantwoord, lambda: a.web(g, Antwoord.JA, frozenset({Soort.GELUID}), Doel.NALUISTEREN, "", "nl")),
        (g.geantwoord + timedelta(minutes=50), lambda: a.plan(replace(g, versie=2, verschoven=False))),
    ]


def _cancelled(g: Gesprek, a: Acties) -> list[Stap]:
    return [(g.geantwoord + timedelta(minutes=20), lambda: a.cancel(g))]


def _reassigned(g: Gesprek, a: Acties) -> list[Stap]:
    other = "L. Gerrits" if g.medewerker != "L. Gerrits" else "C. Aydin"
    return [
        (g.geantwoord, lambda: a.sms(g, "nee bedankt", 0)),
        (g.geantwoord + timedelta(minutes=40), lambda: a.plan(replace(g, versie=2, medewerker=other))),
    ]


def _no_show(g: Gesprek, a: Acties) -> list[Stap]:
    return [(g.start + timedelta(minutes=20), lambda: a.no_show(g))]


def _will_not_sign(g: Gesprek, a: Acties) -> list[Stap]:
    return [
        *_sms("JA")(g, a),
        (g.start + timedelta(minutes=5), lambda: a.will_not_sign(g)),
    ]


def _no_recording(g: Gesprek, a: Acties) -> list[Stap]:
    return [
        *_web(Antwoordkeuze(doel=Doel.LIEVER_NIET))(g, a),
        (g.start + timedelta(minutes=4), lambda: a.no_recording(g)),
    ]


def _at_home(g: Gesprek, a: Acties) -> list[Stap]:
    """Answered and signed at home; the medewerker only has to countersign."""
    return [
        *_web(Antwoordkeuze(doel=Doel.NALUISTEREN))(g, a),
        (g.geantwoord + timedelta(minutes=8), lambda: a.sign_at_home(g)),
        (g.start + timedelta(minutes=3), lambda: a.countersign(g)),
    ]


STORIES: dict[str, Verhaal] = {
    "ja_sms": _sms("Ja"),
    "ja_naluisteren": _signed(_web(Antwoordkeuze(doel=Doel.NALUISTEREN))),
    "geen_antwoord": _quiet,
    "delen": _signed(
        _web(Antwoordkeuze(soorten=frozenset({Soort.GELUID, Soort.VIDEO}), doel=Doel.DELEN)), toestemming="voorwaarden"
    ),
    "nee_sms": _sms("nee bedankt!"),
    "verplaatst": _moved,
    "weet_niet": _sms("weet niet"),
    "deskundige": _web(Antwoordkeuze(doel=Doel.DESKUNDIGE, toelichting="Mijn advocaat luistert het terug.")),
    "geannuleerd": _cancelled,
    "mondeling": _spoken,
    "onbereikbaar": _quiet,
    "privekring": _signed(_web(Antwoordkeuze(doel=Doel.PRIVEKRING)), wijze="tekenen"),
    "niet_verschenen": _no_show,
    "andere_medewerker": _reassigned,
    "anders": _web(
        Antwoordkeuze(soorten=frozenset({Soort.FOTO}), doel=Doel.ANDERS, toelichting="Foto van de plattegrond.")
    ),
    "tekent_niet": _will_not_sign,
    "engels": _web(Antwoordkeuze(soorten=frozenset(), doel=Doel.NALUISTEREN), taal="en"),
    "toch_geen_opname": _no_recording,
    "bedacht": _changed_mind,
    "ingetrokken": _withdrawn,
    "regels_gelezen": _sms("REGELS", "JA, thuis naluisteren"),
    "thuis_getekend": _at_home,
    "onduidelijk": _sms("dat ligt eraan wie er bij is", "hoezo vraagt u dat"),
    "liever_niet": _web(Antwoordkeuze(doel=Doel.LIEVER_NIET)),
    "gestopt": _sms("STOP"),
}
