"""Small read models that several pages show."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from afspraken.models import Gebruiker, Rol, Team
from afspraken.web.coordinator.basis import Plek


@dataclass(frozen=True, kw_only=True)
class Stuk:
    """A stretch of a comparison: ``soort`` is gelijk, erbij or eraf."""

    soort: str
    tekst: str


def publiceerders(user: Gebruiker, plek: Plek) -> list[str]:
    """The names of the colleagues who can publish here: the second pair of eyes."""
    rows = Gebruiker.objects.filter(rol=Rol.COORDINATOR.value, is_active=True).exclude(pk=user.pk)
    needed = {plek.team.pk} if plek.team else set(Team.objects.filter(actief=True).values_list("pk", flat=True))
    rows = rows.prefetch_related("teams").order_by("last_name", "username")
    return [row.weergavenaam for row in rows if needed <= {team.pk for team in row.teams.all()}]


def vergelijk(oud: str, nieuw: str) -> list[Stuk]:
    """The difference word by word; line ends are kept, so that the text reads as it is."""
    old, new = _words(oud), _words(nieuw)
    stukken: list[Stuk] = []
    for code, i1, i2, j1, j2 in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if code == "equal":
            stukken.append(Stuk(soort="gelijk", tekst="".join(old[i1:i2])))
            continue
        if i2 > i1:
            stukken.append(Stuk(soort="eraf", tekst="".join(old[i1:i2])))
        if j2 > j1:
            stukken.append(Stuk(soort="erbij", tekst="".join(new[j1:j2])))
    return stukken


def opsomming(delen: Iterable[str]) -> str:
    """ "a, b en c"."""
    parts = list(delen)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} en {parts[-1]}"


def _words(tekst: str) -> list[str]:
    # A word with the spaces behind it: loose spaces would match everywhere and make this slow and unreadable.
    return re.findall(r"\S+[^\S\n]*|\n|[^\S\n]+", tekst)
