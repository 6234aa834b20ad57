"""Drawn signatures: strokes as they come from a browser, checked and stripped to bare points.

Never judged on their looks: a cross counts. What is refused is what can't be read or does not fit.
Time and pressure per point are thrown away: the way someone writes is a trait of the body.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import TypeGuard

BREEDTE = 560
HOOGTE = 160
"""The box that every stroke lies in, whatever the size of the screen was."""

MAX_BYTES = 200_000
MAX_STREKEN = 60
MAX_PUNTEN = 6_000

Punt = tuple[int, int]
Streek = tuple[Punt, ...]


class LijnenFout(Exception):
    """A drawing that can't be taken; ``code``: leeg, te_groot or onleesbaar. ``melding`` names the way out."""

    def __init__(self, code: str, melding: str) -> None:
        super().__init__(code)
        self.code = code
        self.melding = melding


_LEEG = "Het vak is nog leeg. Teken in het vak, of typ de naam en zet een vinkje."
_TE_GROOT = "De tekening is te groot. Wis het vak en teken korter, of typ de naam en zet een vinkje."
_ONLEESBAAR = "Wij kunnen de tekening niet lezen. Teken opnieuw, of typ de naam en zet een vinkje."


def parse(waarde: object) -> tuple[Streek, ...]:
    """The strokes in a JSON text or in lists that were parsed already.

    A point is ``[x, y]`` or ``{"x": .., "y": ..}`` in the box of 560 x 160; whatever else it holds is dropped.
    Raises :class:`LijnenFout`.
    """
    if isinstance(waarde, str):
        if not waarde.strip():
            raise LijnenFout("leeg", _LEEG)
        if len(waarde.encode(errors="replace")) > MAX_BYTES:
            raise LijnenFout("te_groot", _TE_GROOT)
        try:
            waarde = json.loads(waarde)
        except (ValueError, RecursionError):
            raise LijnenFout("onleesbaar", _ONLEESBAAR) from None
    if not _is_list(waarde):
        raise LijnenFout("onleesbaar", _ONLEESBAAR)
    if len(waarde) > MAX_STREKEN:
        raise LijnenFout("te_groot", _TE_GROOT)
    streken = tuple(streek for streek in (_streek(ruw) for ruw in waarde) if streek)
    if not streken:
        raise LijnenFout("leeg", _LEEG)
    if sum(len(streek) for streek in streken) > MAX_PUNTEN:
        raise LijnenFout("te_groot", _TE_GROOT)
    return streken


def _is_list(waarde: object) -> TypeGuard[Sequence[object]]:
    return isinstance(waarde, (list, tuple))


def _streek(ruw: object) -> Streek:
    if isinstance(ruw, dict):
        # What signature_pad itself calls a stroke: {"points": [...], "penColor": ...}.
        ruw = ruw.get("points")
    if not _is_list(ruw):
        raise LijnenFout("onleesbaar", _ONLEESBAAR)
    if len(ruw) > MAX_PUNTEN:
        raise LijnenFout("te_groot", _TE_GROOT)
    return tuple(_punt(punt) for punt in ruw)


def _punt(ruw: object) -> Punt:
    if isinstance(ruw, dict):
        ruw = [ruw.get("x"), ruw.get("y")]
    if not _is_list(ruw) or len(ruw) < 2:
        raise LijnenFout("onleesbaar", _ONLEESBAAR)
    return _coordinate(ruw[0], BREEDTE), _coordinate(ruw[1], HOOGTE)


def _coordinate(ruw: object, maximum: int) -> int:
    # True is an int in Python, and NaN slips through every comparison.
    if isinstance(ruw, bool) or not isinstance(ruw, (int, float)) or not math.isfinite(ruw):
        raise LijnenFout("onleesbaar", _ONLEESBAAR)
    # One unit of slack: a pen that slides over the edge is no attack.
    if not -1 <= ruw <= maximum + 1:
        raise LijnenFout("onleesbaar", _ONLEESBAAR)
    return min(maximum, max(0, round(ruw)))


def svg_path(streken: Iterable[Sequence[Sequence[int]]]) -> str:
    """The ``d`` of an SVG path, made of whole numbers only; a single tap becomes a dot.

    The numbers are made anew here, so that nothing a browser sent can stand in the markup.
    """
    parts = []
    for streek in streken:
        punten = [(int(punt[0]), int(punt[1])) for punt in streek]
        if not punten:
            continue
        if len(punten) == 1:
            # A line of no length is drawn as a dot by round line ends.
            punten = [punten[0], punten[0]]
        (x, y), *rest = punten
        parts.append(f"M{x} {y}" + "".join(f"L{x} {y}" for x, y in rest))
    return "".join(parts)
