"""Accounts: one per person, made by a beheerder, and closed the moment they are closed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from afspraken.domain.voornemen import Veldfout
from afspraken.flow import log
from afspraken.flow.beheer.fouten import BeheerGeweigerd, bij_botsing, geweigerd
from afspraken.flow.log import Actor
from afspraken.models import Gebruiker, Rol, Team


@dataclass(frozen=True, kw_only=True)
class Accountgegevens:
    """Who an account is for and what it may do; ``teams`` are ids."""

    voornaam: str
    achternaam: str
    email: str
    rol: str
    teams: frozenset[int]


def maak_account(*, username: str, gegevens: Accountgegevens, actor: Actor, now: datetime) -> Gebruiker:
    """Make an account without a password: its owner chooses one by the link in a mail.

    Raises :class:`BeheerGeweigerd` with every reason.
    """
    username = username.strip()
    fouten = [*_username_fouten(username), *_fouten(gegevens, except_id=None)]
    if fouten:
        raise BeheerGeweigerd(fouten)
    with bij_botsing("username", "Dit account is net al gemaakt."), transaction.atomic():
        account = Gebruiker(
            username=username,
            first_name=gegevens.voornaam.strip(),
            last_name=gegevens.achternaam.strip(),
            email=gegevens.email.strip(),
            rol=gegevens.rol,
        )
        account.set_unusable_password()
        account.save()
        account.teams.set(gegevens.teams)
        details: dict[str, object] = {"rol": gegevens.rol, "teams": sorted(gegevens.teams)}
        _log("account.gemaakt", account, actor, now, details)
    return account


def wijzig_account(
    *, account_id: int, gegevens: Accountgegevens, door_id: int, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """Change an account; returns the names of what changed. Raises :class:`BeheerGeweigerd`.

    Nobody takes away their own role of beheerder, and the last beheerder keeps it.
    """
    fouten = _fouten(gegevens, except_id=account_id)
    if fouten:
        raise BeheerGeweigerd(fouten)
    with transaction.atomic():
        account = Gebruiker.objects.select_for_update().get(pk=account_id)
        if account.rol == Rol.BEHEERDER.value and gegevens.rol != Rol.BEHEERDER.value:
            _check_may_stop(account, door_id, veld="rol")
        values = {
            "first_name": gegevens.voornaam.strip(),
            "last_name": gegevens.achternaam.strip(),
            "email": gegevens.email.strip(),
            "rol": gegevens.rol,
        }
        changed = [name for name, value in values.items() if getattr(account, name) != value]
        details: dict[str, object] = {}
        if "rol" in changed:
            details["rol"] = [account.rol, gegevens.rol]
        for name in changed:
            setattr(account, name, values[name])
        if changed:
            account.save(update_fields=changed)
        before = set(account.teams.values_list("pk", flat=True))
        if before != gegevens.teams:
            account.teams.set(gegevens.teams)
            changed.append("teams")
            details["teams_erbij"] = sorted(gegevens.teams - before)
            details["teams_eraf"] = sorted(before - gegevens.teams)
        if changed:
            _log("account.gewijzigd", account, actor, now, {"velden": changed, **details})
    return tuple(changed)


def sluit_account(*, account_id: int, door_id: int, actor: Actor, now: datetime) -> bool:
    """Close an account and end its sessions at once; False when it was closed. Raises :class:`BeheerGeweigerd`."""
    with transaction.atomic():
        account = Gebruiker.objects.select_for_update().get(pk=account_id)
        if not account.is_active:
            return False
        if account.pk == door_id:
            raise geweigerd("", "eigen_account", "U kunt uw eigen account niet sluiten. Vraag een andere beheerder.")
        if account.rol == Rol.BEHEERDER.value:
            _check_may_stop(account, door_id, veld="")
        account.is_active = False
        account.save(update_fields=("is_active",))
        ended = _end_sessions(account, now)
        _log("account.gesloten", account, actor, now, {"sessies": ended})
    return True


def open_account(*, account_id: int, actor: Actor, now: datetime) -> bool:
    """Open a closed account again; False when it was open. Its password is kept; its sessions stay ended."""
    with transaction.atomic():
        account = Gebruiker.objects.select_for_update().get(pk=account_id)
        if account.is_active:
            return False
        account.is_active = True
        account.save(update_fields=("is_active",))
        _log("account.geopend", account, actor, now, {})
    return True


def _check_may_stop(account: Gebruiker, door_id: int, *, veld: str) -> None:
    # All of them are locked: two beheerders who demote each other would otherwise both be last.
    active = Gebruiker.objects.select_for_update().filter(rol=Rol.BEHEERDER.value, is_active=True)
    others = [pk for pk in active.values_list("pk", flat=True) if pk != account.pk]
    if account.pk == door_id:
        raise geweigerd(veld, "eigen_rol", "U kunt uw eigen rol van beheerder niet wegnemen. Vraag een collega.")
    if not others:
        raise geweigerd(veld, "laatste", "Dit is de laatste beheerder. Maak eerst een andere collega beheerder.")


def _end_sessions(account: Gebruiker, now: datetime) -> int:
    """Delete every session of an account. Their number is that of the staff, so each can be looked at."""
    ended = 0
    for session in Session.objects.filter(expire_date__gt=now).iterator():
        if session.get_decoded().get("_auth_user_id") == str(account.pk):
            session.delete()
            ended += 1
    return ended


def _username_fouten(username: str) -> list[Veldfout]:
    if not username:
        return [_fout("username", "Vul een gebruikersnaam in.")]
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError:
        return [_fout("username", "Gebruik alleen letters, cijfers en de tekens @ . + - _")]
    if len(username) > 150 or Gebruiker.objects.filter(username__iexact=username).exists():
        return [_fout("username", f"De naam {username[:40]} is al in gebruik. Kies een andere.")]
    return []


def _fouten(gegevens: Accountgegevens, *, except_id: int | None) -> list[Veldfout]:
    fouten = []
    if not gegevens.achternaam.strip():
        fouten.append(_fout("achternaam", "Vul een achternaam in. Een account is van een persoon."))
    email = gegevens.email.strip()
    try:
        validate_email(email)
    except ValidationError:
        fouten.append(_fout("email", "Vul een e-mailadres in, zoals naam@gemeente.nl."))
    else:
        same = Gebruiker.objects.filter(email__iexact=email)
        if (same if except_id is None else same.exclude(pk=except_id)).exists():
            fouten.append(_fout("email", "Er is al een account met dit e-mailadres."))
    if gegevens.rol not in Rol.values:
        fouten.append(_fout("rol", "Kies een rol."))
    fouten += _team_fouten(gegevens.rol, gegevens.teams)
    return fouten


def _team_fouten(rol: str, teams: Collection[int]) -> list[Veldfout]:
    if Team.objects.filter(pk__in=teams).count() != len(teams):
        return [_fout("teams", "Dit team bestaat niet.")]
    if not teams and rol != Rol.BEHEERDER.value:
        return [_fout("teams", "Kies een of meer teams. Zonder team ziet dit account niets.")]
    return []


def _fout(veld: str, melding: str) -> Veldfout:
    return Veldfout(veld=veld, code="ongeldig", melding=melding)


def _log(actie: str, account: Gebruiker, actor: Actor, now: datetime, details: dict[str, object]) -> None:
    log.write(actie=actie, object_soort="account", object_id=account.pk, actor=actor, now=now, details=details)
