"""Small builders for tests: real rows through the real flow, with sensible defaults."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from afspraken.domain.gegevens import Afspraakgegevens, Clientgegevens, Medewerkergegevens
from afspraken.flow import plan
from afspraken.flow.log import Actor
from afspraken.models import Afspraak, Gebruiker, Medewerker, MedewerkerAlias, Rol, Team

TESTER = Actor(soort="systeem", id="test")
NU = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""A Wednesday morning, 10.00 in Amsterdam: no quiet hours, no holiday."""

_numbers = itertools.count(1)


def maak_team(code: str = "wmo", **values: Any) -> Team:
    """The team with this code, made when it is not there."""
    defaults = {"naam": f"Team {code}", "telefoon": "14 012", **values}
    return Team.objects.get_or_create(code=code, defaults=defaults)[0]


def maak_gebruiker(
    username: str = "medewerker1",
    *,
    rol: Rol = Rol.MEDEWERKER,
    teams: tuple[str, ...] = ("wmo",),
    **values: Any,
) -> Gebruiker:
    """An account with a usable password "een lang wachtwoord"."""
    gebruiker = Gebruiker.objects.create_user(
        username=username, password="een lang wachtwoord", rol=rol.value, **values
    )
    gebruiker.teams.set([maak_team(code) for code in teams])
    return gebruiker


def maak_medewerker(naam: str = "B. de Boer", *, gebruiker: Gebruiker | None = None, team: str = "wmo") -> Medewerker:
    """A medewerker with the alias of the name."""
    medewerker = Medewerker.objects.create(naam=naam, gebruiker=gebruiker)
    medewerker.teams.add(maak_team(team))
    MedewerkerAlias.objects.create(medewerker=medewerker, sleutel=f"naam:{naam.casefold()}")
    return medewerker


def maak_gegevens(*, now: datetime = NU, **values: Any) -> Afspraakgegevens:
    """A delivery: tomorrow at 14.00, reachable on both channels. Values of the client as ``client_...``."""
    client: dict[str, Any] = {"naam": "A. Jansen", "mobiel": "+31612345678", "email": "a.jansen@example.nl"}
    client |= {name.removeprefix("client_"): values.pop(name) for name in list(values) if name.startswith("client_")}
    start = values.pop("start_op", now + timedelta(days=2))
    medewerker = values.pop("medewerker", "B. de Boer")
    defaults: dict[str, Any] = {
        "bron": "test",
        "extern_id": f"T-{next(_numbers)}",
        "start_op": start,
        "eind_op": start + timedelta(minutes=45),
        "onderwerp": "gesprek met de gemeente",
        "team": "wmo",
        "locatie_naam": "Stadhuis",
        "locatie_adres": "Markt 1",
        "client": Clientgegevens(**client),
        "medewerker": Medewerkergegevens(naam=medewerker) if medewerker else None,
    }
    return Afspraakgegevens(**(defaults | values))


def maak_afspraak(*, now: datetime = NU, **values: Any) -> Afspraak:
    """A planned appointment, through the flow (so invited when it is time)."""
    gegevens = maak_gegevens(now=now, **values)
    maak_team(gegevens.team)
    result = plan.plan_afspraak(gegevens=gegevens, actor=TESTER, now=now)
    assert result.afspraak_id is not None
    return Afspraak.objects.select_related("team", "client", "medewerker").get(pk=result.afspraak_id)
