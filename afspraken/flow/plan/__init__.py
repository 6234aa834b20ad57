"""Planned, moved, cancelled, reassigned: any number of times, in any order.

Idempotent on (bron, externId), order-tolerant on ``externeVersie``. Every function is one transaction:
the appointment, its log line and its messages are there together or not at all.
"""

from __future__ import annotations

from afspraken.flow.plan.by_hand import (
    BRON_HAND,
    al_gemaakt,
    annuleer_met_hand,
    extern_id_van,
    meld_niet_verschenen,
    rond_af,
    verplaats_afspraak,
    volgend_extern_id,
    wijs_toe,
)
from afspraken.flow.plan.outcome import PlanGeweigerd, Planresultaat, Uitkomst
from afspraken.flow.plan.predict import voorspel
from afspraken.flow.plan.write import annuleer_afspraak, plan_afspraak, plan_afspraken

__all__ = [
    "BRON_HAND",
    "PlanGeweigerd",
    "Planresultaat",
    "Uitkomst",
    "al_gemaakt",
    "annuleer_afspraak",
    "annuleer_met_hand",
    "extern_id_van",
    "meld_niet_verschenen",
    "plan_afspraak",
    "plan_afspraken",
    "rond_af",
    "verplaats_afspraak",
    "volgend_extern_id",
    "voorspel",
    "wijs_toe",
]
