"""Reads one day. The number of queries does not grow with the day: a test holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from afspraken.domain.formulier import Stand
from afspraken.domain.gegevens import AMSTERDAM
from afspraken.domain.lifecycle import Status
from afspraken.domain.voornemen import (
    ANTWOORD_WOORD,
    DOEL_WOORD,
    Antwoord,
    Doel,
    describe_soorten,
    given_for_old_time,
    needs_toestemming,
)
from afspraken.flow.daglijst.row import (
    Daglijst,
    Formulierstaat,
    Rij,
    bezorging_of,
    formulier_of,
    initialen_of,
    keuze_of,
    mark_next,
    moment_of,
)
from afspraken.models import (
    Afspraak,
    Formulier,
    FormulierStatus,
    Gebruiker,
    Medewerker,
    Voornemen,
    Werkpunt,
    WerkpuntSoort,
)
from notifications import api as post


def read(*, datum: date, gebruiker: Gebruiker, bereik: str, team: str | None = None, now: datetime) -> Daglijst:
    """The conversations of a day in Amsterdam, by time.

    ``bereik`` "mijn": those of the medewerker behind the account; "team": those of ``team`` (a code), or of all
    teams of the account. Never more than the account's own teams. At most 12 queries, whatever the size.
    """
    teams = list(gebruiker.teams.filter(actief=True).order_by("naam").values_list("pk", "code", "naam"))
    chosen = [pk for pk, code, _ in teams if bereik != "team" or not team or code == team]
    medewerker_id = Medewerker.objects.filter(gebruiker=gebruiker).values_list("pk", flat=True).first()
    start = datetime.combine(datum, time(0), tzinfo=AMSTERDAM)
    end = datetime.combine(datum + timedelta(days=1), time(0), tzinfo=AMSTERDAM)
    found = Afspraak.objects.filter(team_id__in=chosen, start_op__gte=start, start_op__lt=end)
    if bereik != "team":
        found = found.filter(medewerker_id=medewerker_id) if medewerker_id is not None else found.none()
    afspraken = list(
        found.select_related("team", "client", "medewerker")
        # Encrypted; the list shows no address, only whether there is one.
        .defer("client__mobiel", "client__email", "medewerker__email")
        .order_by("start_op", "pk")
    )
    beside = _read_beside(afspraken)
    return Daglijst(
        datum=datum,
        bereik="team" if bereik == "team" else "mijn",
        team=team or "",
        teams=tuple((code, naam) for _, code, naam in teams),
        heeft_medewerker=medewerker_id is not None,
        rijen=mark_next([_row(afspraak, beside, now=now) for afspraak in afspraken]),
        gelezen_op=now,
    )


@dataclass(frozen=True, kw_only=True)
class _Beside:
    """What belongs to the appointments of the day, by appointment id."""

    voornemens: Mapping[int, Sequence[Voornemen]]
    formulieren: Mapping[int, Mapping[str, object]]
    berichten: Mapping[str, Sequence[post.MessageStatus]]
    te_bellen: frozenset[int]


def _read_beside(afspraken: Sequence[Afspraak]) -> _Beside:
    ids = [afspraak.pk for afspraak in afspraken]
    if not ids:
        return _Beside(voornemens={}, formulieren={}, berichten={}, te_bellen=frozenset())
    voornemens: dict[int, list[Voornemen]] = {}
    answers = Voornemen.objects.filter(afspraak_id__in=ids).select_related("gezien__gebruiker")
    for voornemen in answers.order_by("volgnummer"):
        voornemens.setdefault(voornemen.afspraak_id, []).append(voornemen)
    # Neither the PDF nor the text of the rules: only what tells whether a signature still holds.
    forms = (
        Formulier.objects.filter(afspraak_id__in=ids)
        .exclude(status=FormulierStatus.VERVALLEN.value)
        .order_by("versie")
        .values("pk", "afspraak_id", "status", "inhoud__opname__volgnummer", "inhoud__gesprek__start_op")
    )
    points = Werkpunt.objects.filter(
        afspraak_id__in=ids,
        afgehandeld_op__isnull=True,
        soort__in=(WerkpuntSoort.BELLEN.value, WerkpuntSoort.BRIEF.value),
    )
    return _Beside(
        voornemens=voornemens,
        formulieren={row["afspraak_id"]: row for row in forms},
        berichten=post.statuses_for([afspraak.onderwerp_sleutel for afspraak in afspraken]),
        te_bellen=frozenset(points.values_list("afspraak_id", flat=True)),
    )


def _row(afspraak: Afspraak, beside: _Beside, *, now: datetime) -> Rij:
    answers = beside.voornemens.get(afspraak.pk, ())
    current = answers[-1] if answers else None
    client = afspraak.client
    bezorging = bezorging_of(
        beside.berichten.get(afspraak.onderwerp_sleutel, ()),
        bereikbaar=bool((client.mobiel_index and client.via_sms) or (client.email_index and client.via_email)),
        inloop=afspraak.inloop,
        te_bellen=afspraak.pk in beside.te_bellen,
        now=now,
    )
    answered = current is not None and current.antwoord != Antwoord.INGETROKKEN.value
    if answered or afspraak.eind_op <= now:
        # Who answered was reached, and what is over needs no call.
        bezorging = replace(bezorging, raad="")
    gezien = getattr(current, "gezien", None) if current else None
    doel = Doel(current.doel) if current and current.doel else None
    return Rij(
        afspraak_id=afspraak.pk,
        start_op=afspraak.start_op,
        eind_op=afspraak.eind_op,
        moment=moment_of(afspraak.start_op, afspraak.eind_op, now=now),
        geannuleerd=afspraak.staat is Status.GEANNULEERD,
        niet_verschenen=afspraak.staat is Status.NIET_VERSCHENEN,
        inloop=afspraak.inloop,
        verplaatst=afspraak.verplaatst_op is not None and afspraak.staat is not Status.GEANNULEERD,
        client_naam=client.naam,
        initialen=initialen_of(client.naam),
        medewerker_naam=afspraak.medewerker.naam if afspraak.medewerker else "",
        team_naam=afspraak.team.naam,
        vorm=afspraak.vorm,
        plaats=_where(afspraak),
        keuze=keuze_of(current.antwoord if current else None, onbereikt=bezorging.onbereikt),
        voornemen_id=current.pk if current else None,
        soorten=describe_soorten(current.soorten_set) if current else "",
        doel=DOEL_WOORD[doel] if doel else "",
        toelichting=current.toelichting if current else "",
        delen=current is not None and needs_toestemming(Antwoord(current.antwoord), doel),
        oude_tijd=current is not None
        and given_for_old_time(gegeven_voor=current.gegeven_voor_op, start_op=afspraak.start_op),
        eerder=_earlier(answers),
        gezien=gezien is not None,
        gezien_door=gezien.gebruiker.weergavenaam if gezien is not None and gezien.gebruiker else "",
        bezorging=bezorging,
        formulier=_form(afspraak, current, beside.formulieren.get(afspraak.pk)),
    )


def _where(afspraak: Afspraak) -> str:
    """At the desk the room is what a medewerker looks for; else the form of the conversation."""
    if afspraak.vorm == "balie" and afspraak.locatie_ruimte:
        return f"kamer {afspraak.locatie_ruimte}"
    if afspraak.vorm == "balie":
        return afspraak.locatie_naam or "balie"
    return afspraak.get_vorm_display() if afspraak.vorm != "huisbezoek" else _home_visit(afspraak)


def _home_visit(afspraak: Afspraak) -> str:
    """A home visit, with the address when the planning system gave it."""
    return f"huisbezoek, {afspraak.locatie_adres}" if afspraak.locatie_adres else "huisbezoek"


def _earlier(answers: Sequence[Voornemen]) -> str:
    """ "eerst: neemt niet op", when the client changed their mind."""
    if len(answers) < 2 or answers[-2].antwoord == answers[-1].antwoord:
        return ""
    woord = ANTWOORD_WOORD[Antwoord(answers[-2].antwoord)]
    return f"eerst: {woord[:1].lower()}{woord[1:]}"


def _form(afspraak: Afspraak, current: Voornemen | None, row: Mapping[str, object] | None) -> Formulierstaat | None:
    if row is None:
        return None
    newest = current.volgnummer if current else 0
    start = f"{afspraak.start_op.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    achterhaald = row["inhoud__opname__volgnummer"] != newest or row["inhoud__gesprek__start_op"] != start
    pk = row["pk"]
    assert isinstance(pk, int)
    return formulier_of(pk, Stand(str(row["status"])), achterhaald=achterhaald)
