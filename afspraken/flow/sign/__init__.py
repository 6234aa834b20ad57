"""The form at the meeting: opened and filled in, signed by both, or ended without a signature.

Both sign the same content hash. Everything that can happen to a form locks its appointment first, so two
tabs or two colleagues come after each other; the unique role per form is the net below that.
Not signing and "no recording after all" are ends like any other.
"""

from __future__ import annotations

from afspraken.flow.sign.base import TekenenNietMogelijk
from afspraken.flow.sign.open import nieuwe_versie, open_formulier, update_formulier
from afspraken.flow.sign.outcome import client_tekent_niet, geen_opname
from afspraken.flow.sign.signatures import sign_client, sign_medewerker, sign_op_papier

__all__ = [
    "TekenenNietMogelijk",
    "client_tekent_niet",
    "geen_opname",
    "nieuwe_versie",
    "open_formulier",
    "sign_client",
    "sign_medewerker",
    "sign_op_papier",
    "update_formulier",
]
