"""Who may see what: roles for doors, teams for data. Every staff page goes through here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers

from afspraken.flow.log import Actor
from afspraken.models import Afspraak, Gebruiker, Rol, Team

View = Callable[..., HttpResponseBase]

_MEDEWERKER = frozenset(Rol.values)
_COORDINATOR = frozenset({Rol.COORDINATOR.value})
_BEHEERDER = frozenset({Rol.BEHEERDER.value})


def _role_required(roles: frozenset[str]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            user = request.user
            if not user.is_authenticated:
                return _to_login(request)
            if user.rol not in roles:
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            # Pages with client data must not be left in a shared computer's cache.
            add_never_cache_headers(response)
            return response

        guarded.guarded_for = roles  # type: ignore[attr-defined]  # read by tests/house
        return guarded

    return decorate


def _to_login(request: HttpRequest) -> HttpResponse:
    # A polled fragment must not be filled with a login page: the browser is told to go there whole.
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Trigger": "vooraf:uitgelogd"})
    return redirect_to_login(request.get_full_path())


medewerker_required = _role_required(_MEDEWERKER)
"""Any account: the pages show only what the account's teams may see."""

coordinator_required = _role_required(_COORDINATOR)
"""Wording, rules sheets, timing, delivery, worklist, import."""

beheerder_required = _role_required(_BEHEERDER)
"""Accounts, teams, keys, numbers and budgets."""

beheer_required = _role_required(_COORDINATOR | _BEHEERDER)
"""The shared start page of /beheer/."""


def current_user(request: HttpRequest) -> Gebruiker:
    """The account behind a guarded view."""
    if not isinstance(request.user, Gebruiker):
        raise PermissionDenied
    return request.user


def teams_of(user: Gebruiker) -> list[Team]:
    """The active teams of an account, by name: the whole of its sight."""
    return list(user.teams.filter(actief=True).order_by("naam"))


def afspraken_for(user: Gebruiker) -> QuerySet[Afspraak]:
    """The appointments an account may see: those of its own teams."""
    return Afspraak.objects.filter(team__in=user.teams.filter(actief=True).values("pk"))


def afspraak_or_404(user: Gebruiker, pk: int) -> Afspraak:
    """One appointment of the account's teams. Another team's looks like one that does not exist."""
    found = afspraken_for(user).select_related("team", "client", "medewerker").filter(pk=pk).first()
    if found is None:
        raise Http404("afspraak")
    return found


def actor_of(request: HttpRequest) -> Actor:
    """The account as the log names it."""
    user = current_user(request)
    return Actor(soort="gebruiker", id=user.username, gebruiker_id=user.pk)
