"""The delivery board: what happened to the messages of the last seven days, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from afspraken.models import Afspraak, Gebruiker
from afspraken.web.access import afspraken_for, coordinator_required, current_user, teams_of
from afspraken.web.coordinator.basis import KANALEN
from notifications import api as post

_DAGEN = 7
_PER_PAGE = 50
_KOMEND = 20
_STIL_SECONDEN = 300
WAARSCHUWING_PROCENT = 3
"""Above this share of failures something is wrong with more than one number."""

_S = post.Status


@dataclass(frozen=True, kw_only=True)
class Groep:
    """States that ask the same of the reader; ``klasse`` is the look of the badge."""

    sleutel: str
    naam: str
    uitleg: str
    statussen: frozenset[post.Status]
    klasse: str


GROEPEN = (
    Groep(
        sleutel="bezorgd",
        naam="Bezorgd",
        uitleg="De telefoon of de mailbox heeft het bericht. Dat is niet hetzelfde als gelezen.",
        statussen=frozenset({_S.DELIVERED}),
        klasse="afgeleverd",
    ),
    Groep(
        sleutel="onderweg",
        naam="Onderweg",
        uitleg="Verstuurd, of klaar om te versturen. Wij wachten op bericht van de provider.",
        statussen=frozenset({_S.QUEUED, _S.SENDING, _S.ACCEPTED}),
        klasse="bezig",
    ),
    Groep(
        sleutel="mislukt",
        naam="Niet bezorgd",
        uitleg="Dit bericht kwam niet aan. De reden en wat u kunt doen staan erbij.",
        statussen=frozenset({_S.UNDELIVERED, _S.FAILED, _S.EXPIRED}),
        klasse="mislukt",
    ),
    Groep(
        sleutel="onzeker",
        naam="Nog niet zeker",
        uitleg="De provider gaf geen antwoord. Wij zoeken uit of het bericht is verstuurd.",
        statussen=frozenset({_S.UNKNOWN}),
        klasse="onbekend",
    ),
    Groep(
        sleutel="vervallen",
        naam="Niet meer nodig",
        uitleg="Niet verstuurd, omdat de afspraak veranderde of de cliënt al antwoordde.",
        statussen=frozenset({_S.SUPERSEDED}),
        klasse="overgeslagen",
    ),
)
_GROEP_VAN = {status: groep for groep in GROEPEN for status in groep.statussen}


@dataclass(frozen=True, kw_only=True)
class Kanaalcijfers:
    """One channel: how many in each group, and the share of those that ended which failed."""

    kanaal: str
    naam: str
    aantallen: tuple[tuple[Groep, int], ...]
    totaal: int
    mislukt_procent: float
    te_veel: bool


@dataclass(frozen=True, kw_only=True)
class Rij:
    """One message of the list; ``ook`` says whether it came through on another channel."""

    bericht: post.MessageStatus
    groep: Groep
    soort: str
    kanaal: str
    afspraak: Afspraak | None
    ook: str


@coordinator_required
@require_safe
def overzicht(request: HttpRequest) -> HttpResponse:
    """Figures, the chosen list, and what is still to come. As many queries for one message as for thousands."""
    user = current_user(request)
    now = timezone.now()
    since = now - timedelta(days=_DAGEN)
    scopes = [team.code for team in teams_of(user)]
    counts = post.counts(scopes=scopes, since=since)
    groep = next((g for g in GROEPEN if g.sleutel == request.GET.get("status")), None)
    kanaal = next((c for c in post.Channel if c.value == request.GET.get("kanaal")), None)
    page = _page(request)
    found = post.recent(
        scopes=scopes,
        since=since,
        status=groep.statussen if groep else None,
        channel=kanaal,
        limit=_PER_PAGE + 1,
        offset=(page - 1) * _PER_PAGE,
    )
    komend = post.upcoming(scopes=scopes, limit=_KOMEND)
    afspraken = _afspraken(user, [*found, *komend])
    sisters = post.statuses_for({m.subject for m in found if _GROEP_VAN[m.status].sleutel == "mislukt"})
    context = {
        "cijfers": [_cijfers(channel, counts) for channel in post.Channel],
        "rijen": [_rij(m, afspraken, sisters) for m in found[:_PER_PAGE]],
        "komend": [_rij(m, afspraken, {}) for m in komend],
        "groepen": GROEPEN,
        "groep": groep,
        "kanaal": kanaal.value if kanaal else "",
        "kanalen": KANALEN,
        "grens": WAARSCHUWING_PROCENT,
        "pagina": page,
        "vorige": page - 1 if page > 1 else None,
        "volgende": page + 1 if len(found) > _PER_PAGE else None,
        "nu": now,
        "dagen": _DAGEN,
        "staat_stil": _standing_still(post.worker_heartbeat_age(now)),
    }
    return render(request, "coordinator/bezorging.html", context)


def _cijfers(channel: post.Channel, counts: dict[tuple[post.Channel, post.Status], int]) -> Kanaalcijfers:
    aantallen = tuple((groep, sum(counts.get((channel, s), 0) for s in groep.statussen)) for groep in GROEPEN)
    per_groep = {groep.sleutel: aantal for groep, aantal in aantallen}
    ended = per_groep["bezorgd"] + per_groep["mislukt"] + counts.get((channel, _S.ACCEPTED), 0)
    share = per_groep["mislukt"] / ended * 100 if ended else 0
    return Kanaalcijfers(
        kanaal=channel.value,
        naam=KANALEN[channel.value],
        aantallen=aantallen,
        totaal=sum(per_groep.values()),
        mislukt_procent=round(share, 1),
        te_veel=share > WAARSCHUWING_PROCENT,
    )


def _afspraken(user: Gebruiker, berichten: list[post.MessageStatus]) -> dict[str, Afspraak]:
    ids = {int(m.subject.removeprefix("afspraak/")) for m in berichten if m.subject.startswith("afspraak/")}
    rows = afspraken_for(user).filter(pk__in=ids).select_related("client", "team")
    return {row.onderwerp_sleutel: row for row in rows}


def _rij(
    bericht: post.MessageStatus,
    afspraken: dict[str, Afspraak],
    sisters: dict[str, list[post.MessageStatus]],
) -> Rij:
    arrived = [
        KANALEN[other.channel.value]
        for other in sisters.get(bericht.subject, [])
        if (other.kind, other.generation) == (bericht.kind, bericht.generation)
        and other.uuid != bericht.uuid
        and other.status in (_S.DELIVERED, _S.ACCEPTED)
    ]
    try:
        soort = post.kind(bericht.kind).label
    except post.UnknownKind:
        soort = bericht.kind
    return Rij(
        bericht=bericht,
        groep=_GROEP_VAN[bericht.status],
        soort=soort,
        kanaal=KANALEN[bericht.channel.value],
        afspraak=afspraken.get(bericht.subject),
        ook=arrived[0] if arrived else "",
    )


def _standing_still(age: float | None) -> bool:
    """Whether no worker has shown itself for a while: then nothing is sent, and nobody would notice."""
    return age is None or age > _STIL_SECONDEN


def _page(request: HttpRequest) -> int:
    value = request.GET.get("pagina", "1")
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 5 else 1
