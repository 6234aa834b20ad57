"""The day list: one read model with a fixed number of queries. Writes nothing."""

from __future__ import annotations

from afspraken.flow.daglijst.read import read
from afspraken.flow.daglijst.row import (
    Bezorging,
    Daglijst,
    Formulierstaat,
    Keuze,
    Moment,
    Rij,
    Teller,
    bezorging_of,
)

__all__ = [
    "Bezorging",
    "Daglijst",
    "Formulierstaat",
    "Keuze",
    "Moment",
    "Rij",
    "Teller",
    "bezorging_of",
    "read",
]
