"""What the pages of the medewerker show of an appointment and its form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from afspraken.domain import formulier as regels
from afspraken.domain import lijnen, spelregels
from afspraken.domain.datums import local_date
from afspraken.domain.formulier import Inhoud, Stand, Verschil
from afspraken.domain.spelregels import Spelregels
from afspraken.domain.voornemen import ANTWOORD_WOORD, DOEL_WOORD, Antwoord, Doel, describe_soorten
from afspraken.models import Afspraak, Formulier, Gebruiker, Handtekening, Rolnaam, Voornemen
from afspraken.web.access import afspraken_for
from afspraken.web.medewerker.dag import url_of
from notifications import api as post

SNAPSHOT_MAX = 8_000
"""Characters of a page's own copy of what it showed; anything longer is not ours."""


def formulier_or_404(user: Gebruiker, pk: int) -> Formulier:
    """One form of the account's teams, without the PDF. Another team's looks like one that does not exist."""
    found = (
        Formulier.objects.select_related("afspraak__team", "afspraak__client", "afspraak__medewerker")
        .defer("pdf")
        .filter(pk=pk, afspraak__in=afspraken_for(user).values("pk"))
        .first()
    )
    if found is None:
        raise Http404("formulier")
    return found


def naam_van(user: Gebruiker) -> str:
    """The name under which an account signs: the one clients know, else that of the account."""
    medewerker = getattr(user, "medewerker", None)
    return str(medewerker.naam) if medewerker is not None else user.weergavenaam


def terug_naar(request: HttpRequest, afspraak: Afspraak) -> str:
    """Where to go after an action: the page that asked for it when it is ours, else the day of the appointment."""
    wanted = request.POST.get("terug", "")
    if wanted.startswith("/werk/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return dag_van(afspraak)


def dag_van(afspraak: Afspraak) -> str:
    """The team's day list on the day of the appointment."""
    return url_of(local_date(afspraak.start_op), {"bereik": "team"})


@dataclass(frozen=True, kw_only=True)
class Handtekeningbeeld:
    """One signature on a page. ``pad`` is drawn from numbers of ours."""

    rol: str
    naam: str
    wijze: str
    getekend_op: datetime
    thuis: bool
    pad: str


@dataclass(frozen=True, kw_only=True)
class Formulierbeeld:
    """A form as a page shows it."""

    formulier: Formulier
    afspraak: Afspraak
    inhoud: Inhoud
    stand: Stand
    kern: dict[str, str]
    bron: str
    blad: Spelregels
    client: Handtekeningbeeld | None
    medewerker: Handtekeningbeeld | None
    client_bezwaar: regels.Bezwaar | None
    medewerker_bezwaar: regels.Bezwaar | None
    momentopname: str

    @property
    def gesloten(self) -> bool:
        """Whether nothing can be signed on this version."""
        return self.stand in regels.GESLOTEN

    @property
    def neemt_op(self) -> bool:
        """Whether the form says that the client records."""
        return self.inhoud.opname.antwoord is Antwoord.JA


def beeld_van(formulier: Formulier) -> Formulierbeeld:
    """Everything a page needs of one form."""
    inhoud = Inhoud.from_dict(formulier.inhoud)
    stand = Stand(formulier.status)
    handtekeningen = {row.rol: _signature(row) for row in formulier.handtekeningen.all()}
    kern = regels.kern(inhoud)
    opname = inhoud.opname
    return Formulierbeeld(
        formulier=formulier,
        afspraak=formulier.afspraak,
        inhoud=inhoud,
        stand=stand,
        kern=kern,
        bron=regels.KANAAL_WOORD[opname.kanaal] if opname.kanaal else "",
        blad=spelregels.parse(inhoud.spelregels.tekst),
        client=handtekeningen.get(Rolnaam.CLIENT.value),
        medewerker=handtekeningen.get(Rolnaam.MEDEWERKER.value),
        client_bezwaar=regels.client_cannot_sign(stand, inhoud),
        medewerker_bezwaar=regels.medewerker_cannot_sign(stand, inhoud),
        momentopname=json.dumps(kern, ensure_ascii=False),
    )


_WIJZE_ZIN = {"typen": "met de naam", "papier": "op papier", "tekenen": "op het scherm"}


def _signature(row: Handtekening) -> Handtekeningbeeld:
    return Handtekeningbeeld(
        rol=row.rol,
        naam=row.naam,
        wijze=_WIJZE_ZIN[row.wijze],
        getekend_op=row.getekend_op,
        thuis=row.thuis,
        pad=lijnen.svg_path(row.lijnen),
    )


def changed_since(momentopname: str, formulier: Formulier) -> tuple[Verschil, ...]:
    """What differs between what a page says it showed and what the form holds. Nothing is decided on it."""
    try:
        shown = json.loads(momentopname) if len(momentopname) <= SNAPSHOT_MAX else {}
    except ValueError:
        shown = {}
    if not isinstance(shown, dict) or not shown:
        return ()
    known = {str(label): tekst for label, tekst in shown.items() if isinstance(tekst, str)}
    return regels.differences(known, regels.kern(Inhoud.from_dict(formulier.inhoud)))


@dataclass(frozen=True, kw_only=True)
class Antwoordbeeld:
    """One answer in the history of an appointment."""

    voornemen_id: int
    woord: str
    antwoord: Antwoord
    soorten: str
    doel: str
    toelichting: str
    kanaal: str
    ontvangen_op: datetime
    gegeven_voor_op: datetime
    oude_tijd: bool
    vastgelegd_door: str
    gezien_door: str
    gezien_op: datetime | None


_KANAAL = {"sms": "per sms", "web": "op de webpagina", "mondeling": "mondeling"}


def antwoorden_van(afspraak: Afspraak) -> list[Antwoordbeeld]:
    """The answers of a client, the one that counts first."""
    rows = (
        Voornemen.objects.filter(afspraak=afspraak)
        .select_related("gezien__gebruiker", "vastgelegd_door")
        .order_by("-volgnummer")
    )
    return [_answer(row, afspraak) for row in rows]


def _answer(row: Voornemen, afspraak: Afspraak) -> Antwoordbeeld:
    antwoord = Antwoord(row.antwoord)
    gezien = getattr(row, "gezien", None)
    return Antwoordbeeld(
        voornemen_id=row.pk,
        woord=ANTWOORD_WOORD[antwoord],
        antwoord=antwoord,
        soorten=describe_soorten(row.soorten_set),
        doel=DOEL_WOORD[Doel(row.doel)] if row.doel else "",
        toelichting=row.toelichting,
        kanaal=_KANAAL[row.kanaal],
        ontvangen_op=row.ontvangen_op,
        gegeven_voor_op=row.gegeven_voor_op,
        oude_tijd=row.gegeven_voor_op != afspraak.start_op,
        vastgelegd_door=row.vastgelegd_door.weergavenaam if row.vastgelegd_door else "",
        gezien_door=gezien.gebruiker.weergavenaam if gezien is not None and gezien.gebruiker else "",
        gezien_op=gezien.gezien_op if gezien is not None else None,
    )


@dataclass(frozen=True, kw_only=True)
class Berichtbeeld:
    """One message in plain words."""

    soort: str
    via: str
    adres: str
    badge: str
    woord: str
    uitleg: str
    raad: str
    moment: datetime
    gepland: bool


_BERICHT = {
    post.Status.QUEUED: ("bezig", "Gaat nog uit"),
    post.Status.SENDING: ("bezig", "Wordt verstuurd"),
    post.Status.ACCEPTED: ("bezig", "Verstuurd"),
    post.Status.DELIVERED: ("afgeleverd", "Bezorgd"),
    post.Status.UNDELIVERED: ("mislukt", "Niet bezorgd"),
    post.Status.FAILED: ("mislukt", "Niet verstuurd"),
    post.Status.UNKNOWN: ("onbekend", "Onzeker of het aankwam"),
    post.Status.EXPIRED: ("overgeslagen", "Te laat om nog te sturen"),
    post.Status.SUPERSEDED: ("overgeslagen", "Vervangen door een nieuwer bericht"),
}


def berichten_van(afspraak: Afspraak) -> list[Berichtbeeld]:
    """The messages about an appointment, newest first."""
    rows = post.statuses_for([afspraak.onderwerp_sleutel])[afspraak.onderwerp_sleutel]
    return [_message(row) for row in reversed(rows)]


def _message(row: post.MessageStatus) -> Berichtbeeld:
    badge, woord = _BERICHT[post.Status.UNKNOWN if row.is_lost else row.status]
    return Berichtbeeld(
        soort=post.kind(row.kind).label,
        via="sms" if row.channel is post.Channel.SMS else "e-mail",
        adres=row.masked_address,
        badge=badge,
        woord=woord,
        uitleg=row.reason_text,
        raad=row.advice_text,
        moment=row.delivered_at or row.accepted_at or row.due_at,
        gepland=row.status is post.Status.QUEUED,
    )


def adres_afspraak(afspraak: Afspraak) -> str:
    """The page of an appointment."""
    return reverse("werk:afspraak", args=[afspraak.pk])
