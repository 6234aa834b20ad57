"""The rules sheet as pages show it: the official text to the letter, and beside it what makes it readable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from afspraken.domain.spelregels import Spelregels, parse
from afspraken.flow import berichten
from afspraken.models import SpelregelsVersie
from afspraken.web.client.tekst import richting, taalnaam

_ZINNEN = 5
_ZINSEINDE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, kw_only=True)
class Taalkeuze:
    """A language in which there is something to read."""

    code: str
    naam: str
    richting: str


@dataclass(frozen=True, kw_only=True)
class Regelsweergave:
    """One sheet in one language. ``kort_taal`` differs from ``taal`` when there is no short text in it."""

    nummer: int
    geldt_sinds: datetime | None
    officieel: Spelregels
    taal: str
    richting: str
    kort: tuple[str, ...]
    kort_taal: str
    kort_richting: str
    vertaling: Spelregels | None
    talen: tuple[Taalkeuze, ...]

    @property
    def eerste(self) -> tuple[str, ...]:
        """What everyone reads before the question: whole lines, together at most five sentences."""
        return self.kort[: self._grens()]

    @property
    def overige(self) -> tuple[str, ...]:
        """The rest of the short text, folded away with the official one."""
        return self.kort[self._grens() :]

    def _grens(self) -> int:
        """How many lines fit; at least one, however long it is."""
        counts = accumulate(len(_ZINSEINDE.split(line)) for line in self.kort)
        return max(1, sum(1 for total in counts if total <= _ZINNEN))


def geldend(team_id: int | None, taal: str) -> Regelsweergave | None:
    """The sheet in force for a team, or (None) the one for all; None when there is none."""
    sheet = berichten.geldende_spelregels(team_id)
    return toon_versie(sheet, taal) if sheet else None


def toon_versie(sheet: SpelregelsVersie, taal: str) -> Regelsweergave:
    """One version: official text, translation into ``taal`` if there is one, short text in ``taal`` or Dutch."""
    vertalingen = {v.taal: v for v in sheet.vertalingen.all()}
    own = vertalingen.get(taal)
    kort_taal = taal if own and own.kort.strip() else "nl"
    kort = vertalingen[kort_taal].kort if kort_taal in vertalingen else ""
    translated = own.tekst if own and taal != "nl" else ""
    codes = ["nl", *sorted(code for code in vertalingen if code != "nl")]
    return Regelsweergave(
        nummer=sheet.nummer,
        geldt_sinds=sheet.gepubliceerd_op,
        officieel=parse(sheet.tekst),
        taal=taal,
        richting=richting(taal),
        kort=zinnen(kort),
        kort_taal=kort_taal,
        kort_richting=richting(kort_taal),
        vertaling=parse(translated) if translated.strip() else None,
        talen=tuple(Taalkeuze(code=code, naam=taalnaam(code), richting=richting(code)) for code in codes),
    )


def zinnen(kort: str) -> tuple[str, ...]:
    """The lines of a short text as list items; a text of one line is cut into its sentences."""
    lines = [re.sub(r"^\s*(?:[-*•]|\d+[.)])\s+", "", line).strip() for line in kort.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) == 1:
        lines = _ZINSEINDE.split(lines[0])
    return tuple(lines)
