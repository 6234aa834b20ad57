"""The log: every change leaves one line, in the same transaction as the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from afspraken.models import LogRegel


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts. ``soort``: gebruiker, api, client, import or systeem; ``id``: a login, key prefix or file source.

    A client has no ``id``: the log holds no personal data of clients.
    """

    soort: str
    id: str = ""
    gebruiker_id: int | None = None


SYSTEEM = Actor(soort="systeem")
CLIENT = Actor(soort="client")


def write(
    *,
    actie: str,
    object_soort: str,
    object_id: object,
    actor: Actor,
    now: datetime,
    team_id: int | None = None,
    resultaat: str = "gelukt",
    details: Mapping[str, object] | None = None,
) -> None:
    """Add one line. ``details`` holds field names, counts and ids: never names, numbers, answers or texts."""
    LogRegel.objects.create(
        **_values(
            actie=actie,
            object_soort=object_soort,
            object_id=object_id,
            actor=actor,
            now=now,
            team_id=team_id,
            resultaat=resultaat,
            details=details,
        )
    )


def line(
    *,
    actie: str,
    object_soort: str,
    object_id: object,
    actor: Actor,
    now: datetime,
    team_id: int | None = None,
    details: Mapping[str, object] | None = None,
) -> LogRegel:
    """A line that is not yet written, for ``write_all``."""
    return LogRegel(
        **_values(
            actie=actie,
            object_soort=object_soort,
            object_id=object_id,
            actor=actor,
            now=now,
            team_id=team_id,
            resultaat="gelukt",
            details=details,
        )
    )


def write_all(lines: list[LogRegel]) -> None:
    """Write many lines at once."""
    LogRegel.objects.bulk_create(lines, batch_size=500)


def _values(
    *,
    actie: str,
    object_soort: str,
    object_id: object,
    actor: Actor,
    now: datetime,
    team_id: int | None,
    resultaat: str,
    details: Mapping[str, object] | None,
) -> dict[str, object]:
    return {
        "actie": actie,
        "object_soort": object_soort,
        "object_id": str(object_id)[:100],
        "team_id": team_id,
        "resultaat": resultaat,
        "oorsprong": actor.soort,
        "actor": actor.id[:100],
        "details": dict(details or {}),
        "tijdstip_op": now,
    }
