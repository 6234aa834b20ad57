"""A file between reading and confirming: encrypted, without BSN, of one person, for an hour.

The one table that this room writes itself; everything else goes through ``flow.plan``.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from afspraken.domain.gegevens import Afspraakgegevens, Clientgegevens, Medewerkergegevens
from afspraken.flow.berichten import Bericht
from afspraken.flow.plan import Planresultaat, Uitkomst
from afspraken.models import Gebruiker, Importconcept, LogRegel
from afspraken.sources.base import Foutrij, Gelezenrij, Leesresultaat, Rijfout, Waarschuwing
from notifications import api as post
from notifications.fields import blind_index

GELDIG = timedelta(hours=1)
VERWERKT = "import.verwerkt"
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Inhoud:
    """What waits: the rows, and the outcome that each good one would have."""

    resultaat: Leesresultaat
    uitkomsten: tuple[Planresultaat, ...]


def fingerprint(data: bytes) -> str:
    """Recognises the same file again. Keyed, because a short file could be guessed from a plain hash."""
    return blind_index(hashlib.sha256(data).hexdigest())


def processed_before(bestand_hash: str) -> LogRegel | None:
    """When this very file was last processed, by the page or the command."""
    return (
        LogRegel.objects.filter(object_soort="import", object_id=bestand_hash, actie=VERWERKT)
        .order_by("-tijdstip_op")
        .first()
    )


def keep(
    inhoud: Inhoud,
    *,
    gebruiker: Gebruiker,
    bron: str,
    bestand_hash: str,
    now: datetime,
) -> Importconcept:
    """Store a read file until its owner confirms it."""
    return Importconcept.objects.create(
        gebruiker=gebruiker,
        bron=bron,
        bestand_hash=bestand_hash,
        rijen=pack(inhoud),
        aantal=len(inhoud.resultaat.rijen),
        uitslag={"met_fout": len(inhoud.resultaat.foutrijen)},
        aangemaakt_op=now,
        verloopt_op=now + GELDIG,
    )


def find(pk: uuid.UUID, gebruiker: Gebruiker, now: datetime) -> Importconcept | None:
    """A file of this person that has not expired; another person's looks like one that does not exist."""
    # The rows are decrypted when they are asked for: a page that only shows progress never does.
    return Importconcept.objects.filter(pk=pk, gebruiker=gebruiker, verloopt_op__gt=now).defer("rijen").first()


def pack(inhoud: Inhoud) -> str:
    """The text that is encrypted."""
    resultaat = inhoud.resultaat
    return json.dumps(
        {
            "soort": resultaat.soort,
            "rijen": [[rij.rij, rij.regel, _pack_gegevens(rij.gegevens)] for rij in resultaat.rijen],
            "fouten": [
                [rij.rij, rij.regel, rij.cellen, [dataclasses.astuple(fout) for fout in rij.fouten]]
                for rij in resultaat.foutrijen
            ],
            "waarschuwingen": [dataclasses.astuple(w) for w in resultaat.waarschuwingen],
            "uitkomsten": [_pack_uitkomst(uitkomst) for uitkomst in inhoud.uitkomsten],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def unpack(text: str) -> Inhoud:
    """The reverse of :func:`pack`."""
    data: Mapping[str, Any] = json.loads(text)
    return Inhoud(
        resultaat=Leesresultaat(
            soort=data["soort"],
            rijen=tuple(
                Gelezenrij(rij=rij, regel=regel, gegevens=_unpack_gegevens(values))
                for rij, regel, values in data["rijen"]
            ),
            foutrijen=tuple(
                Foutrij(rij=rij, regel=regel, cellen=cells, fouten=tuple(_as(Rijfout, fout) for fout in fouten))
                for rij, regel, cells, fouten in data["fouten"]
            ),
            waarschuwingen=tuple(_as(Waarschuwing, values) for values in data["waarschuwingen"]),
        ),
        uitkomsten=tuple(_unpack_uitkomst(values) for values in data["uitkomsten"]),
    )


def _as(cls: type[T], values: Sequence[Any]) -> T:
    names = [field.name for field in dataclasses.fields(cls)]  # type: ignore[arg-type]
    return cls(**dict(zip(names, values, strict=True)))


def _pack_gegevens(gegevens: Afspraakgegevens) -> dict[str, Any]:
    values = dataclasses.asdict(gegevens)
    values["start_op"] = gegevens.start_op.isoformat()
    values["eind_op"] = gegevens.eind_op.isoformat()
    via = gegevens.client.bereikbaar_via
    values["client"]["bereikbaar_via"] = None if via is None else sorted(via)
    return values


def _unpack_gegevens(values: dict[str, Any]) -> Afspraakgegevens:
    client = values["client"]
    via = client["bereikbaar_via"]
    return Afspraakgegevens(
        **{
            **values,
            "start_op": datetime.fromisoformat(values["start_op"]),
            "eind_op": datetime.fromisoformat(values["eind_op"]),
            "client": Clientgegevens(**{**client, "bereikbaar_via": None if via is None else frozenset(via)}),
            "medewerker": Medewerkergegevens(**values["medewerker"]) if values["medewerker"] else None,
        }
    )


def _pack_uitkomst(uitkomst: Planresultaat) -> list[Any]:
    return [
        uitkomst.uitkomst.value,
        uitkomst.afspraak_id,
        list(uitkomst.wijzigingen),
        [[bericht.kind, bericht.channel.value, bericht.due_at.isoformat()] for bericht in uitkomst.berichten],
    ]


def _unpack_uitkomst(values: Sequence[Any]) -> Planresultaat:
    uitkomst, afspraak_id, wijzigingen, berichten = values
    return Planresultaat(
        uitkomst=Uitkomst(uitkomst),
        afspraak_id=afspraak_id,
        wijzigingen=tuple(wijzigingen),
        berichten=tuple(
            Bericht(kind=kind, channel=post.Channel(channel), due_at=datetime.fromisoformat(due_at))
            for kind, channel, due_at in berichten
        ),
    )
