"""The people in a delivery: which medewerker a name stands for, and the client's row."""

from __future__ import annotations

from collections.abc import Iterable

from afspraken.domain.gegevens import Afspraakgegevens, Clientgegevens, Medewerkergegevens
from afspraken.flow.plan.compare import via
from afspraken.models import Client, Medewerker, MedewerkerAlias, Team
from notifications.fields import blind_index


def alias_keys(gegevens: Medewerkergegevens, bron: str) -> list[str]:
    """The keys a delivered medewerker is looked up by, the surest first."""
    keys = [f"id:{bron}:{gegevens.extern_id}"] if gegevens.extern_id else []
    return [*keys, name_key(gegevens.naam)]


def name_key(naam: str) -> str:
    """A name as alias: folded case and single spaces."""
    return f"naam:{' '.join(naam.split()).casefold()}"[:200]


class Medewerkers:
    """Looks names up, and makes a medewerker for a name that nobody knew yet."""

    def __init__(self, gegevens: Iterable[Afspraakgegevens]) -> None:
        keys = {key for g in gegevens if g.medewerker for key in alias_keys(g.medewerker, g.bron)}
        self._known: dict[str, int] = {}
        ordered = sorted(keys)
        for start in range(0, len(ordered), 500):
            rows = MedewerkerAlias.objects.filter(sleutel__in=ordered[start : start + 500])
            self._known.update(rows.values_list("sleutel", "medewerker_id"))

    def find(self, gegevens: Afspraakgegevens) -> int | None:
        """The id of the medewerker meant, None when unknown or not delivered."""
        if gegevens.medewerker is None:
            return None
        for key in alias_keys(gegevens.medewerker, gegevens.bron):
            if key in self._known:
                return self._known[key]
        return None

    def find_or_make(self, gegevens: Afspraakgegevens, team: Team) -> int | None:
        """As :meth:`find`, but a new name becomes a new medewerker of the team, with its aliases."""
        delivered = gegevens.medewerker
        if delivered is None:
            return None
        found = self.find(gegevens)
        if found is None:
            medewerker = Medewerker.objects.create(naam=" ".join(delivered.naam.split()), email=delivered.email)
            found = medewerker.pk
            medewerker.teams.add(team)
        for key in alias_keys(delivered, gegevens.bron):
            if key not in self._known:
                MedewerkerAlias.objects.get_or_create(sleutel=key, defaults={"medewerker_id": found})
                self._known[key] = found
        return found


def save_client(gegevens: Afspraakgegevens, bestaand: Client | None) -> Client:
    """Write the client of a delivery: their own row by external number, else the appointment's row, else a new one."""
    delivered = gegevens.client
    if delivered.extern_id:
        client = Client.objects.filter(bron=gegevens.bron, extern_id=delivered.extern_id).first() or Client(
            bron=gegevens.bron, extern_id=delivered.extern_id
        )
    else:
        # A row that belongs to an external number is another person's as soon as the number is gone.
        client = bestaand if bestaand is not None and not bestaand.extern_id else Client(bron=gegevens.bron)
    if fill_client(client, delivered, via(gegevens)):
        client.save()
    return client


def fill_client(client: Client, delivered: Clientgegevens, reachable: tuple[bool, bool]) -> bool:
    """Copy a delivery into the row; whether that changed anything. A new row has no name yet, so it differs."""
    wanted = {
        "naam": delivered.naam,
        "mobiel": delivered.mobiel,
        "mobiel_index": blind_index(delivered.mobiel),
        "email": delivered.email,
        "email_index": blind_index(delivered.email),
        "taal": delivered.taal,
        "via_sms": reachable[0],
        "via_email": reachable[1],
    }
    changed = any(getattr(client, name) != value for name, value in wanted.items())
    for name, value in wanted.items():
        setattr(client, name, value)
    return changed
