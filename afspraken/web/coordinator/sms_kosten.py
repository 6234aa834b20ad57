"""What a text message costs, in words a coordinator can act on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from notifications import api as post

_VELD = re.compile(r"\(\(.*?\)\)")


@dataclass(frozen=True, kw_only=True)
class Kosten:
    """The count under the editor. ``duur`` says which words or fields make the message expensive, and the way out."""

    tekens: int
    prijs: str
    ruimte: int
    dubbel: bool
    ucs2: bool
    duur: tuple[str, ...]


def kosten(*, kind: post.Kind, tekst: str, telling: post.SegmentCount) -> Kosten:
    """The cost of ``tekst``, counted at the longest realistic values."""
    return Kosten(
        tekens=telling.units,
        prijs=prijs(telling.segments),
        ruimte=telling.per_segment_left,
        dubbel=telling.segments > 1,
        ucs2=telling.encoding != "GSM-7",
        duur=tuple(_reden(teken, kind, tekst) for teken in telling.costly),
    )


def prijs(aantal: int) -> str:
    """The number of parts and what that means."""
    if aantal <= 1:
        return "1 sms"
    if aantal == 2:
        return "2 sms'jes, kost dubbel"
    return f"{aantal} sms'jes, kost {aantal} keer zoveel"


def _reden(teken: post.CostlyChar, kind: post.Kind, tekst: str) -> str:
    """Which word holds the expensive character, or which field."""
    los = post.to_plain(_VELD.sub(" ", tekst))
    word = next((word.strip(".,;:!?()'\"") for word in los.split() if teken.char in word), "")
    if word and word != teken.char:
        better = word.replace(teken.char, teken.suggestion)
        advies = f"schrijf '{better}'" if teken.suggestion else "laat dat teken weg"
        return f"De {teken.char} in '{word}' maakt dit bericht duurder: {advies}."
    if word:
        return f"Het teken {teken.char} ({teken.name}) maakt dit bericht duurder: laat het weg."
    veld = next((name for name, value in kind.longest.items() if teken.char in value and f"(({name}))" in tekst), "")
    if veld:
        return f"In het veld (({veld})) kan een {teken.char} staan. Dat maakt dit bericht duurder."
    return f"Het teken {teken.char} ({teken.name}) maakt dit bericht duurder."
