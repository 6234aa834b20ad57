"""Draws docs/lifecycle.md from the transition tables, so that the picture cannot lie.

`python manage.py lifecycle_docs` writes it; `make check` and a house test compare.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TypeVar

from afspraken.domain import lifecycle as afspraak
from notifications.domain import lifecycle as message
from project.env import BASE_DIR

TARGET = BASE_DIR / "docs" / "lifecycle.md"

INTRO = """\
# Levensloop

Getekend uit de tabellen in de code door `python manage.py lifecycle_docs`; niet met de hand aanpassen.
Elke pijl is een gebeurtenis; wat hier niet staat, kan niet en geeft een fout.
De twee levenslopen staan naast elkaar: of een bericht is bezorgd, zegt niets over de afspraak.
"""


MESSAGE_ENDS = """\
Een pijl naar het eindpunt betekent: dit bericht wordt niet meer verstuurd. Twee van die toestanden kan een
bevestiging van de provider nog verbeteren: een bezorgde mail komt terug, of een opgegeven bericht kwam toch aan.
"""

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


def diagram(transitions: Mapping[tuple[S, E], S], first: S, final: Collection[S] = ()) -> str:
    """A Mermaid state diagram; events that lead from one state to the same other share an arrow.

    ``final`` are the states in which it is over, also when a late event may still correct them.
    """
    arrows: dict[tuple[str, str], list[str]] = {}
    for (source, event), target in transitions.items():
        arrows.setdefault((source.value, target.value), []).append(event.value)
    left = {source for source, target in arrows if source != target}
    ends = sorted({target for _, target in arrows} - left | {state.value for state in final})
    lines = [
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {first.value}",
        *(f"    {source} --> {target}: {', '.join(events)}" for (source, target), events in arrows.items()),
        *(f"    {end} --> [*]" for end in ends),
        "```",
    ]
    return "\n".join(lines)


def document() -> str:
    """The whole of docs/lifecycle.md."""
    return "\n".join(
        [
            INTRO,
            "## Afspraak (`afspraken/domain/lifecycle.py`)\n",
            diagram(afspraak.TRANSITIONS, afspraak.Status.GEPLAND),
            "",
            "## Bericht (`notifications/domain/lifecycle.py`)\n",
            MESSAGE_ENDS,
            diagram(message.TRANSITIONS, message.Status.QUEUED, message.FINAL),
            "",
        ]
    )
