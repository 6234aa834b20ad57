"""How far the form of an appointment is, and what a client would sign now. Reads only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Max, Q

from afspraken.domain import formulier as rules
from afspraken.domain.formulier import Inhoud, Stand
from afspraken.flow.sign import base
from afspraken.models import Afspraak, Formulier, FormulierStatus, Rolnaam, Voornemen

_BY_CLIENT = Q(handtekeningen__rol=Rolnaam.CLIENT.value)


@dataclass(frozen=True, kw_only=True)
class Formulierstand:
    """How far the form is.

    ``getekend_op``: when the client signed what still holds; ``beiden``: the medewerker too;
    ``heeft_pdf``: there is a copy to take.
    """

    getekend_op: datetime | None = None
    beiden: bool = False
    heeft_pdf: bool = False


def stand_van(afspraak: Afspraak, voornemen: Voornemen | None) -> Formulierstand:
    """The newest form that counts, in one query and without the PDF itself.

    A signature under another answer or another time does not count any more, also before a new version was opened.
    """
    row = (
        Formulier.objects.filter(afspraak_id=afspraak.pk)
        .exclude(status=FormulierStatus.VERVALLEN.value)
        .annotate(getekend_op=Max("handtekeningen__getekend_op", filter=_BY_CLIENT))
        .order_by("-versie")
        .values("status", "inhoud", "pdf_hash", "getekend_op")
        .first()
    )
    if row is None:
        return Formulierstand()
    beiden = row["status"] == FormulierStatus.ONDERTEKEND.value
    holds = beiden or not rules.lapsed_by(
        Inhoud.from_dict(row["inhoud"]), _brought_up_to_date(row["inhoud"], afspraak, voornemen)
    )
    return Formulierstand(
        getekend_op=row["getekend_op"] if holds else None, beiden=beiden, heeft_pdf=bool(row["pdf_hash"])
    )


def _brought_up_to_date(kept: dict[str, object], afspraak: Afspraak, voornemen: Voornemen | None) -> Inhoud:
    inhoud = Inhoud.from_dict(kept)
    gesprek = replace(inhoud.gesprek, start_op=afspraak.start_op, client_naam=afspraak.client.naam)
    return replace(inhoud, gesprek=gesprek, opname=base.opname_of(voornemen))


@dataclass(frozen=True, kw_only=True)
class TeTekenen:
    """What the client reads and signs. ``bezwaar``: the code of what keeps them from signing here; "" for nothing."""

    inhoud: Inhoud
    inhoud_hash: str
    bezwaar: str


def te_tekenen(afspraak: Afspraak) -> TeTekenen:
    """The form as ``flow.sign.open_formulier`` would open it at this moment, without opening it.

    Should the two ever differ, the signature is refused as "veranderd" and the page shows the opened form.
    Raises :class:`afspraken.flow.sign.TekenenNietMogelijk` when no form can be made.
    """
    current = base.newest(afspraak.pk)
    if current is None:
        return _to_sign(Stand.OPEN, base.content_now(afspraak, versie=_next_version(afspraak)))
    stand = base.stand_of(current)
    kept = Inhoud.from_dict(current.inhoud)
    fresh = base.content_now(afspraak, versie=current.versie)
    if stand is Stand.OPEN:
        return _to_sign(stand, rules.refreshed(kept, fresh))
    if stand in rules.GESLOTEN or not rules.lapsed_by(kept, fresh):
        return _to_sign(stand, kept)
    new = replace(
        rules.refreshed(kept, fresh),
        versie=_next_version(afspraak),
        spelregels=fresh.spelregels,
        gesprek=fresh.gesprek,
    )
    return _to_sign(Stand.OPEN, new)


def _to_sign(stand: Stand, inhoud: Inhoud) -> TeTekenen:
    bezwaar = rules.client_cannot_sign(stand, inhoud)
    return TeTekenen(
        inhoud=inhoud,
        inhoud_hash=rules.content_hash(inhoud.as_dict()),
        bezwaar=bezwaar.reden if bezwaar else "",
    )


def _next_version(afspraak: Afspraak) -> int:
    last = Formulier.objects.filter(afspraak_id=afspraak.pk).aggregate(last=Max("versie"))["last"]
    return (last or 0) + 1


def pdf_van(afspraak_id: int) -> bytes | None:
    """The signed form as PDF, when there is one."""
    pdf = (
        Formulier.objects.filter(afspraak_id=afspraak_id, pdf__isnull=False)
        .exclude(status=FormulierStatus.VERVALLEN.value)
        .order_by("-versie")
        .values_list("pdf", flat=True)
        .first()
    )
    return bytes(pdf) if pdf else None
