"""Medewerkers, and the names by which planning systems know them.

A planning system gives a name; a name that nobody knew becomes a new medewerker. Here a beheerder says that two of
them are one person, and which account is theirs.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afspraken.domain.voornemen import Veldfout
from afspraken.flow import log
from afspraken.flow.beheer.fouten import TEGELIJK, BeheerGeweigerd, bij_botsing, geweigerd
from afspraken.flow.log import Actor
from afspraken.models import Afspraak, Gebruiker, Medewerker, MedewerkerAlias, Team


def alias_sleutel(*, naam: str = "", bron: str = "", extern_id: str = "") -> str:
    """The key under which planning looks an alias up: a number of one source, else a name."""
    if extern_id:
        return f"id:{bron.strip()}:{extern_id.strip()}"[:200]
    return f"naam:{' '.join(naam.split()).casefold()}"[:200]


def bewaar_medewerker(
    *,
    medewerker_id: int | None,
    naam: str,
    gebruiker_id: int | None,
    teams: frozenset[int],
    actor: Actor,
    now: datetime,
) -> Medewerker:
    """Make or change a medewerker; the name itself is always an alias too. Raises :class:`BeheerGeweigerd`."""
    naam = " ".join(naam.split())
    with bij_botsing("naam", TEGELIJK), transaction.atomic():
        row = Medewerker() if medewerker_id is None else Medewerker.objects.select_for_update().get(pk=medewerker_id)
        fouten = _fouten(row, naam, gebruiker_id, teams)
        if fouten:
            raise BeheerGeweigerd(fouten)
        row.naam, row.gebruiker_id = naam, gebruiker_id
        row.save()
        row.teams.set(teams)
        MedewerkerAlias.objects.get_or_create(sleutel=alias_sleutel(naam=naam), defaults={"medewerker": row})
        actie = "medewerker.gemaakt" if medewerker_id is None else "medewerker.gewijzigd"
        _log(actie, row.pk, actor, now, {"account": gebruiker_id, "teams": sorted(teams)})
    return row


def voeg_alias_toe(*, medewerker_id: int, sleutel: str, actor: Actor, now: datetime) -> None:
    """Let planning find this medewerker under one more name or number. Raises :class:`BeheerGeweigerd`."""
    if sleutel in {"naam:", "id::"} or sleutel.startswith("id::"):
        raise geweigerd("naam", "leeg", "Vul een naam in, of een bron met een nummer.")
    with bij_botsing("naam", TEGELIJK), transaction.atomic():
        taken = MedewerkerAlias.objects.select_related("medewerker").filter(sleutel=sleutel).first()
        if taken is not None:
            raise geweigerd(
                "naam",
                "bezet",
                f"Deze naam hoort al bij {taken.medewerker.naam}. Is dat dezelfde persoon? Voeg de twee dan samen.",
            )
        MedewerkerAlias.objects.create(medewerker_id=medewerker_id, sleutel=sleutel)
        _log("medewerker.alias_erbij", medewerker_id, actor, now, {})


def haal_alias_weg(*, medewerker_id: int, alias_id: int, actor: Actor, now: datetime) -> bool:
    """Let planning no longer find this medewerker under a name; False when there was no such alias."""
    with transaction.atomic():
        deleted, _ = MedewerkerAlias.objects.filter(pk=alias_id, medewerker_id=medewerker_id).delete()
        if deleted:
            _log("medewerker.alias_eraf", medewerker_id, actor, now, {})
    return bool(deleted)


def voeg_samen(*, weg_id: int, blijft_id: int, actor: Actor, now: datetime) -> int:
    """Two medewerkers turn out to be one person: names, teams and appointments go to the one that stays.

    Returns how many appointments moved. Clients get no message: they meet the same person.
    Raises :class:`BeheerGeweigerd`.
    """
    if weg_id == blijft_id:
        raise geweigerd("blijft", "zelfde", "Kies een andere medewerker.")
    with transaction.atomic():
        rows = {m.pk: m for m in Medewerker.objects.select_for_update().filter(pk__in=(weg_id, blijft_id))}
        weg, blijft = rows.get(weg_id), rows.get(blijft_id)
        if weg is None or blijft is None:
            raise geweigerd("blijft", "weg", "Deze medewerker bestaat niet meer.")
        if weg.gebruiker_id and blijft.gebruiker_id:
            raise geweigerd("blijft", "accounts", "Allebei hebben een eigen account. Haal er eerst een los.")
        moved = Afspraak.objects.filter(medewerker=weg).update(medewerker=blijft)
        MedewerkerAlias.objects.filter(medewerker=weg).update(medewerker=blijft)
        blijft.teams.add(*weg.teams.all())
        account, email = weg.gebruiker_id, weg.email
        weg.delete()
        blijft.gebruiker_id = blijft.gebruiker_id or account
        blijft.email = blijft.email or email
        blijft.save()
        _log("medewerker.samengevoegd", blijft_id, actor, now, {"weg": weg_id, "afspraken": moved})
    return moved


def _fouten(row: Medewerker, naam: str, gebruiker_id: int | None, teams: frozenset[int]) -> list[Veldfout]:
    fouten = []
    if not naam:
        fouten.append(_fout("naam", "Vul een naam in."))
    else:
        taken = MedewerkerAlias.objects.filter(sleutel=alias_sleutel(naam=naam)).exclude(medewerker_id=row.pk).first()
        if taken is not None:
            fouten.append(_fout("naam", "Een andere medewerker heeft deze naam al. Voeg de twee samen."))
    if gebruiker_id is not None:
        if not Gebruiker.objects.filter(pk=gebruiker_id, is_active=True).exists():
            fouten.append(_fout("gebruiker", "Dit account bestaat niet."))
        elif Medewerker.objects.filter(gebruiker_id=gebruiker_id).exclude(pk=row.pk).exists():
            fouten.append(_fout("gebruiker", "Dit account hoort al bij een andere medewerker."))
    if Team.objects.filter(pk__in=teams).count() != len(teams):
        fouten.append(_fout("teams", "Dit team bestaat niet."))
    return fouten


def _fout(veld: str, melding: str) -> Veldfout:
    return Veldfout(veld=veld, code="ongeldig", melding=melding)


def _log(actie: str, medewerker_id: int, actor: Actor, now: datetime, details: dict[str, object]) -> None:
    log.write(actie=actie, object_soort="medewerker", object_id=medewerker_id, actor=actor, now=now, details=details)
