"""What planning gives back: dataclasses, never rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from afspraken.domain.voornemen import Veldfout
from afspraken.flow.berichten import Bericht


class Uitkomst(StrEnum):
    """What became of one delivered appointment."""

    NIEUW = "nieuw"
    GEWIJZIGD = "gewijzigd"
    GELIJK = "gelijk"
    GEANNULEERD = "geannuleerd"
    HERPLAND = "herpland"
    VEROUDERD = "verouderd"
    GRAFSTEEN = "grafsteen"
    GEWEIGERD = "geweigerd"


@dataclass(frozen=True, kw_only=True)
class Planresultaat:
    """The outcome for one appointment.

    ``wijzigingen`` names the changed fields; ``berichten`` what is put in the outbox (in a preview: would be);
    ``fouten`` is filled only in a preview, for a row that planning would refuse.
    """

    uitkomst: Uitkomst
    afspraak_id: int | None = None
    wijzigingen: tuple[str, ...] = ()
    berichten: tuple[Bericht, ...] = ()
    fouten: tuple[Veldfout, ...] = ()


class PlanGeweigerd(Exception):
    """The delivered data can't be planned; nothing is written. ``fouten`` names every wrong field."""

    def __init__(self, fouten: tuple[Veldfout, ...], *, rij: int | None = None) -> None:
        super().__init__("; ".join(f"{fout.veld}: {fout.code}" for fout in fouten))
        self.fouten = fouten
        self.rij = rij
