"""What a delivery means for what we already have: decided once, for the preview and for the real thing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from afspraken.domain.gegevens import Afspraakgegevens, check
from afspraken.domain.lifecycle import Event, Status, allows
from afspraken.domain.voornemen import Veldfout
from afspraken.flow.plan.outcome import Uitkomst
from afspraken.models import Afspraak, VroegeAnnulering
from notifications import api as post

_FIELDS = (
    "start_op",
    "eind_op",
    "onderwerp",
    "vorm",
    "locatie_naam",
    "locatie_adres",
    "locatie_ruimte",
)
_CLIENT_FIELDS = ("naam", "mobiel", "email", "taal")
_ADDRESS = frozenset({"client.mobiel", "client.email", "client.bereikbaar_via"})
_PLACE_AND_TIME = frozenset({"start_op", "vorm", "locatie_naam", "locatie_adres"})


@dataclass(frozen=True, kw_only=True)
class Besluit:
    """The decision on one delivery. ``melding`` is the kind of message that fits, if the client was told before."""

    uitkomst: Uitkomst
    wijzigingen: tuple[str, ...] = ()
    melding: str | None = None
    fouten: tuple[Veldfout, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether time or place changed."""
        return bool(_PLACE_AND_TIME & set(self.wijzigingen))

    @property
    def address_changed(self) -> bool:
        """Whether the client must be reached in another way than before."""
        return bool(_ADDRESS & set(self.wijzigingen))

    @property
    def changed_channels(self) -> frozenset[post.Channel]:
        """The channels whose address changed; both when what the client allows changed."""
        found = set()
        if {"client.mobiel", "client.bereikbaar_via"} & set(self.wijzigingen):
            found.add(post.Channel.SMS)
        if {"client.email", "client.bereikbaar_via"} & set(self.wijzigingen):
            found.add(post.Channel.EMAIL)
        return frozenset(found)

    @property
    def new_generation(self) -> bool:
        """Whether messages made before this no longer hold."""
        return self.melding is not None or self.moved or self.address_changed


def decide(
    *,
    gegevens: Afspraakgegevens,
    bestaand: Afspraak | None,
    grafsteen: VroegeAnnulering | None,
    medewerker_id: int | None,
    now: datetime,
    teams: Collection[str],
) -> Besluit:
    """Compare a delivery with what we have. Pure but for reading the rows it is given.

    ``medewerker_id`` is the medewerker the delivered name stands for, None when unknown or not delivered.
    """
    if bestaand is None:
        return _decide_new(gegevens, grafsteen, now=now, teams=teams)
    if _older(gegevens.externe_versie, bestaand.externe_versie):
        return Besluit(uitkomst=Uitkomst.VEROUDERD)
    if gegevens.geannuleerd:
        return _decide_cancel(bestaand)
    if bestaand.staat is Status.GEANNULEERD:
        if not _newer(gegevens.externe_versie, bestaand.externe_versie):
            # Without a newer version we can't know which came last; a file must not undo a cancellation.
            return Besluit(uitkomst=Uitkomst.VEROUDERD, wijzigingen=("status",))
        fouten = check(gegevens, now=now, teams=teams)
        return Besluit(
            uitkomst=Uitkomst.GEWEIGERD if fouten else Uitkomst.HERPLAND,
            wijzigingen=("status", *differences(gegevens, bestaand, medewerker_id)),
            # The client was told that it is off; a whole invitation says best that it is on again.
            melding="uitnodiging",
            fouten=fouten,
        )
    return _decide_change(gegevens, bestaand, medewerker_id, now=now, teams=teams)


def _decide_new(
    gegevens: Afspraakgegevens,
    grafsteen: VroegeAnnulering | None,
    *,
    now: datetime,
    teams: Collection[str],
) -> Besluit:
    if gegevens.geannuleerd:
        return Besluit(uitkomst=Uitkomst.GRAFSTEEN if grafsteen is None else Uitkomst.GELIJK)
    fouten = check(gegevens, now=now, teams=teams)
    if fouten:
        return Besluit(uitkomst=Uitkomst.GEWEIGERD, fouten=fouten)
    if grafsteen is not None and not _newer(gegevens.externe_versie, grafsteen.externe_versie):
        return Besluit(uitkomst=Uitkomst.GEANNULEERD)
    return Besluit(uitkomst=Uitkomst.NIEUW, melding="uitnodiging")


def _decide_cancel(bestaand: Afspraak) -> Besluit:
    if bestaand.staat is Status.GEANNULEERD:
        return Besluit(uitkomst=Uitkomst.GELIJK)
    if not allows(bestaand.staat, Event.CANCELLED):
        return Besluit(uitkomst=Uitkomst.GEWEIGERD, fouten=(not_cancellable(bestaand.staat),))
    return Besluit(uitkomst=Uitkomst.GEANNULEERD, wijzigingen=("status",), melding="geannuleerd")


def _decide_change(
    gegevens: Afspraakgegevens,
    bestaand: Afspraak,
    medewerker_id: int | None,
    *,
    now: datetime,
    teams: Collection[str],
) -> Besluit:
    changes = differences(gegevens, bestaand, medewerker_id)
    if not changes:
        return Besluit(uitkomst=Uitkomst.GELIJK)
    # The checks come after the comparison: a row whose day has passed and that did not change is no error.
    fouten = check(gegevens, now=now, teams=teams)
    if not fouten and not allows(bestaand.staat, Event.CANCELLED):
        fouten = (_not_changeable(bestaand.staat),)
    if fouten:
        return Besluit(uitkomst=Uitkomst.GEWEIGERD, wijzigingen=changes, fouten=fouten)
    return Besluit(uitkomst=Uitkomst.GEWIJZIGD, wijzigingen=changes, melding=_melding(changes, bestaand))


def _melding(changes: tuple[str, ...], bestaand: Afspraak) -> str | None:
    if _PLACE_AND_TIME & set(changes):
        return "verplaatst"
    if "medewerker" in changes and bestaand.medewerker_id is not None:
        # Someone named for the first time is no change for the client: messages name nobody.
        return "andere_medewerker"
    return None


def differences(gegevens: Afspraakgegevens, bestaand: Afspraak, medewerker_id: int | None) -> tuple[str, ...]:
    """The fields that a delivery changes, as dotted Dutch names."""
    changes = [name for name in _FIELDS if getattr(gegevens, name) != getattr(bestaand, name)]
    if gegevens.team != bestaand.team.code:
        changes.append("team")
    for name in _CLIENT_FIELDS:
        if getattr(gegevens.client, name) != getattr(bestaand.client, name):
            changes.append(f"client.{name}")
    if via(gegevens) != (bestaand.client.via_sms, bestaand.client.via_email):
        changes.append("client.bereikbaar_via")
    # No medewerker delivered says nothing: one who was named before stays. A name nobody knows is a new one.
    if gegevens.medewerker is not None and (medewerker_id is None or medewerker_id != bestaand.medewerker_id):
        changes.append("medewerker")
    return tuple(changes)


def via(gegevens: Afspraakgegevens) -> tuple[bool, bool]:
    """Whether the client may be reached by SMS and by e-mail; nothing said means both."""
    allowed = gegevens.client.bereikbaar_via
    return (True, True) if allowed is None else ("sms" in allowed, "email" in allowed)


def _older(delivered: int | None, known: int | None) -> bool:
    return delivered is not None and known is not None and delivered < known


def _newer(delivered: int | None, known: int | None) -> bool:
    return delivered is not None and (known is None or delivered > known)


def not_cancellable(status: Status) -> Veldfout:
    """Why an appointment in this state can't be cancelled any more."""
    return Veldfout(
        veld="status",
        code="niet_te_annuleren",
        melding=f"Deze afspraak is al {status.value.replace('_', ' ')}. Annuleren kan niet meer.",
    )


def _not_changeable(status: Status) -> Veldfout:
    return Veldfout(
        veld="status",
        code="niet_te_wijzigen",
        melding=f"Deze afspraak is al {status.value.replace('_', ' ')}. "
        "Wijzigen kan niet meer; maak een nieuwe afspraak.",
    )
