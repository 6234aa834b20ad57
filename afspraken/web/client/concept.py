"""The answers given so far, in the session: kept per appointment, never in the address.

A question that was passed without an answer is kept as such ("" or an empty list), so that the next
question is always the first one that was not yet passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Soort
from afspraken.models import Afspraak

_SESSIE = "client.antwoorden"
_VERSTUURD = "verstuurd"
# A browser with more open appointments than this starts over with the oldest.
_MEEST = 20


@dataclass(kw_only=True)
class Concept:
    """An answer in the making; None is a question that was not yet passed."""

    antwoord: str | None = None
    soorten: list[str] | None = None
    doel: str | None = None
    toelichting: str | None = None

    def volgende(self) -> str:
        """The name of the page that comes next."""
        if self.antwoord is None:
            return "opnemen"
        if self.antwoord != Antwoord.JA.value:
            return "nakijken"
        if self.soorten is None:
            return "soorten"
        if self.doel is None:
            return "doel"
        if self.doel == Doel.ANDERS.value and self.toelichting is None:
            return "toelichting"
        return "nakijken"

    def vorige(self, pagina: str) -> str:
        """The name of the page before this one; "" for the first."""
        volgorde = ["opnemen"]
        if self.antwoord == Antwoord.JA.value:
            volgorde += ["soorten", "doel"]
            volgorde += ["toelichting"] if self.doel == Doel.ANDERS.value else []
        volgorde.append("nakijken")
        plek = volgorde.index(pagina) if pagina in volgorde else 0
        return volgorde[plek - 1] if plek else ""

    def gegevens(self) -> Antwoordgegevens:
        """The answer as the flow takes it. Only for a concept whose next page is the check page."""
        opnemen = self.antwoord == Antwoord.JA.value
        anders = self.doel == Doel.ANDERS.value
        return Antwoordgegevens(
            antwoord=Antwoord(self.antwoord or ""),
            soorten=frozenset(Soort(soort) for soort in self.soorten or []) if opnemen else frozenset(),
            doel=Doel(self.doel) if opnemen and self.doel else None,
            toelichting=(self.toelichting or "") if opnemen and anders else "",
        )

    def stand(self, afspraak: Afspraak) -> str:
        """A mark of what the check page shows: the button records exactly that, or shows the page again."""
        shown = repr((self.antwoord, self.soorten, self.doel, self.toelichting, afspraak.pk))
        moment = afspraak.start_op.astimezone(UTC).isoformat()
        return salted_hmac("afspraken.web.client.concept", f"{shown}{moment}", algorithm="sha256").hexdigest()[:20]


def lees(request: HttpRequest, afspraak: Afspraak) -> Concept:
    """What this browser has answered so far; anything unreadable counts as not answered."""
    kept: Any = request.session.get(_SESSIE, {}).get(str(afspraak.pk), {})
    concept = Concept()
    if kept.get("antwoord") in {Antwoord.JA.value, Antwoord.NEE.value, Antwoord.WEET_NIET.value}:
        concept.antwoord = kept["antwoord"]
    if isinstance(kept.get("soorten"), list):
        concept.soorten = [soort for soort in kept["soorten"] if soort in set(Soort)]
    if kept.get("doel") in {"", *Doel}:
        concept.doel = kept["doel"]
    if isinstance(kept.get("toelichting"), str):
        concept.toelichting = kept["toelichting"]
    return concept


def bewaar(request: HttpRequest, afspraak: Afspraak, concept: Concept) -> None:
    """Keep the answers so far."""
    alle = dict(request.session.get(_SESSIE, {}))
    alle.pop(str(afspraak.pk), None)
    alle[str(afspraak.pk)] = {
        "antwoord": concept.antwoord,
        "soorten": concept.soorten,
        "doel": concept.doel,
        "toelichting": concept.toelichting,
    }
    request.session[_SESSIE] = dict(list(alle.items())[-_MEEST:])


def sluit_af(request: HttpRequest, afspraak: Afspraak, stand: str = "") -> None:
    """Forget the answers: they were sent or taken back. Of what was sent, its mark stays (:func:`is_verstuurd`)."""
    alle = dict(request.session.get(_SESSIE, {}))
    alle.pop(str(afspraak.pk), None)
    request.session[_SESSIE] = alle | ({str(afspraak.pk): {_VERSTUURD: stand}} if stand else {})


def is_verstuurd(request: HttpRequest, afspraak: Afspraak, stand: str) -> bool:
    """Whether this very answer was just sent from this browser: the second click of a double one."""
    kept: Any = request.session.get(_SESSIE, {}).get(str(afspraak.pk), {})
    return bool(stand) and kept.get(_VERSTUURD) == stand
