"""Who calls: a key in the Authorization header, its rights and its teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from afspraken.api import intake, limiter
from afspraken.api.problems import Problem
from afspraken.flow.beheer import sleutels
from afspraken.flow.log import Actor
from afspraken.models import Team

LEZEN = "afspraken:lezen"
SCHRIJVEN = "afspraken:schrijven"

_IN_ADDRESS = frozenset(
    {
        "key",
        "apikey",
        "api_key",
        "api-key",
        "token",
        "access_token",
        "sleutel",
        "api_sleutel",
        "authorization",
        "bearer",
    }
)
_GEEN_SLEUTEL = "Zet een geldige sleutel in de header: Authorization: Bearer <sleutel>. Een beheerder kan er een maken."


@dataclass(frozen=True, kw_only=True)
class Beller:
    """The caller behind a valid key. ``teams`` None means: every team."""

    sleutel_id: int
    voorvoegsel: str
    teams: frozenset[str] | None
    now: datetime

    @property
    def actor(self) -> Actor:
        """As the log names it: the visible start of the key."""
        return Actor(soort="api", id=self.voorvoegsel)

    def may_see(self, team: str) -> bool:
        """Whether this key works for a team (its code)."""
        return self.teams is None or team in self.teams

    def team_codes(self) -> list[str]:
        """The active teams this key works for, by code."""
        active = Team.objects.filter(actief=True)
        if self.teams is not None:
            active = active.filter(code__in=self.teams)
        return sorted(active.values_list("code", flat=True))


class ApiKey(HttpBearer):
    """Asks for a key with one right, then for a readable message: in that order, so a stranger learns nothing."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Beller:
        """The caller, or a :class:`Problem`."""
        refuse_key_in_address(request)
        kind, _, sleutel = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not sleutel:
            raise no_key()
        return self.authenticate(request, sleutel.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Beller:
        """The caller behind ``token``."""
        now = timezone.now()  # a door
        row = sleutels.zoek_api_sleutel(sleutel=token, now=now)
        if row is None:
            raise no_key(error="invalid_token")
        limiter.count(row.voorvoegsel, now=now)
        if self.scope not in row.scopes:
            raise Problem(
                403,
                f"Deze sleutel heeft het recht '{self.scope}' niet. Vraag een beheerder om een sleutel met dat recht.",
                headers={"WWW-Authenticate": _challenge(f'error="insufficient_scope", scope="{self.scope}"')},
            )
        sleutels.merk_gebruik_api_sleutel(sleutel=row, now=now)
        intake.check_headers(request)
        teams = frozenset(row.teams.values_list("code", flat=True))
        return Beller(sleutel_id=row.pk, voorvoegsel=row.voorvoegsel, teams=teams or None, now=now)


def caller(request: HttpRequest) -> Beller:
    """The caller of an operation that asked for a key."""
    found = getattr(request, "auth", None)
    if not isinstance(found, Beller):
        raise no_key()
    return found


def no_key(*, error: str = "") -> Problem:
    """A missing, wrong, stopped and expired key all look the same."""
    return Problem(401, _GEEN_SLEUTEL, headers={"WWW-Authenticate": _challenge(f'error="{error}"' if error else "")})


def _challenge(more: str) -> str:
    return 'Bearer realm="vooraf"' + (f", {more}" if more else "")


def refuse_key_in_address(request: HttpRequest) -> None:
    """A key in the address ends in logs: refused, whatever the header says."""
    for name, value in request.GET.items():
        if name.lower() in _IN_ADDRESS or str(value).startswith("vf_"):
            raise Problem(
                401,
                "Een sleutel hoort niet in het adres: daar komt hij in logboeken terecht. Zet hem in de header "
                "Authorization, en laat een beheerder deze sleutel intrekken.",
                headers={"WWW-Authenticate": _challenge("")},
            )
