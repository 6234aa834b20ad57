"""Keys of planning systems: made once, shown once, kept as SHA-256.

A key is ``vf_<8 characters>_<43 characters>``. The eight stand in the database and in the log and find the row;
the forty-three are 256 random bits, so a fast hash is enough.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from afspraken.domain.voornemen import Veldfout
from afspraken.flow import log
from afspraken.flow.beheer.fouten import BeheerGeweigerd
from afspraken.flow.log import Actor
from afspraken.models import ApiSleutel, Team

SCOPES: dict[str, str] = {
    "afspraken:lezen": "afspraken lezen",
    "afspraken:schrijven": "afspraken doorgeven, wijzigen en annuleren",
}
"""What a key may do, and how the page says it."""

_VORM = re.compile(r"vf_([a-z0-9]{8})_[A-Za-z0-9_-]{43}")
_GEBRUIK_PER = timedelta(minutes=1)
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def maak_api_sleutel(
    *,
    naam: str,
    teams: Iterable[Team],
    scopes: Iterable[str],
    actor: Actor,
    now: datetime,
    verloopt_op: datetime | None = None,
) -> tuple[ApiSleutel, str]:
    """Make a key; returns its row and the key itself, which nobody can show again.

    No ``teams`` means all teams. Raises :class:`BeheerGeweigerd`.
    """
    chosen_teams, chosen_scopes = list(teams), sorted(set(scopes))
    _check(naam=naam, scopes=chosen_scopes, verloopt_op=verloopt_op, now=now)
    voorvoegsel = "".join(secrets.choice(_LETTERS) for _ in range(8))
    sleutel = f"vf_{voorvoegsel}_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        row = ApiSleutel.objects.create(
            naam=naam.strip(),
            voorvoegsel=voorvoegsel,
            sleutel_hash=_hash(sleutel),
            scopes=chosen_scopes,
            aangemaakt_op=now,
            verloopt_op=verloopt_op,
        )
        row.teams.set(chosen_teams)
        log.write(
            actie="api_sleutel.gemaakt",
            object_soort="api_sleutel",
            object_id=voorvoegsel,
            actor=actor,
            now=now,
            details={"teams": [team.code for team in chosen_teams], "scopes": chosen_scopes},
        )
    return row, sleutel


def trek_api_sleutel_in(*, sleutel_id: int, actor: Actor, now: datetime) -> bool:
    """Stop a key at once and for good; False when it had been stopped before."""
    with transaction.atomic():
        row = ApiSleutel.objects.select_for_update().get(pk=sleutel_id)
        if row.ingetrokken_op is not None:
            return False
        row.ingetrokken_op = now
        row.save(update_fields=("ingetrokken_op",))
        log.write(
            actie="api_sleutel.ingetrokken",
            object_soort="api_sleutel",
            object_id=row.voorvoegsel,
            actor=actor,
            now=now,
        )
    return True


def zoek_api_sleutel(*, sleutel: str, now: datetime) -> ApiSleutel | None:
    """The row of a key that works now, or None: unknown, wrong, stopped and expired look the same."""
    vorm = _VORM.fullmatch(sleutel)
    if vorm is None:
        return None
    row = ApiSleutel.objects.filter(voorvoegsel=vorm[1]).first()
    # The comparison takes equally long for a known and an unknown prefix.
    right = hmac.compare_digest(row.sleutel_hash if row else "0" * 64, _hash(sleutel))
    if row is None or not right or row.ingetrokken_op is not None:
        return None
    if row.verloopt_op is not None and row.verloopt_op <= now:
        return None
    return row


def merk_gebruik_api_sleutel(*, sleutel: ApiSleutel, now: datetime) -> None:
    """Note that a key was used; at most once a minute, so that a busy key is not a busy row."""
    last = sleutel.laatst_gebruikt_op
    if last is None or now - last >= _GEBRUIK_PER:
        ApiSleutel.objects.filter(pk=sleutel.pk).update(laatst_gebruikt_op=now)


def _hash(sleutel: str) -> str:
    return hashlib.sha256(sleutel.encode()).hexdigest()


def _check(*, naam: str, scopes: list[str], verloopt_op: datetime | None, now: datetime) -> None:
    fouten = []
    if not naam.strip():
        fouten.append(
            Veldfout(veld="naam", code="leeg", melding="Vul een naam in, bijvoorbeeld die van het planningssysteem.")
        )
    if not scopes:
        fouten.append(Veldfout(veld="scopes", code="leeg", melding="Kies wat deze sleutel mag."))
    onbekend = [scope for scope in scopes if scope not in SCOPES]
    if onbekend:
        fouten.append(
            Veldfout(
                veld="scopes",
                code="onbekend",
                melding=f"Dit recht bestaat niet: {', '.join(onbekend)}. U kunt kiezen uit: {', '.join(SCOPES)}.",
            )
        )
    if verloopt_op is not None and verloopt_op <= now:
        fouten.append(Veldfout(veld="verloopt_op", code="voorbij", melding="Kies een dag in de toekomst."))
    if fouten:
        raise BeheerGeweigerd(fouten)
