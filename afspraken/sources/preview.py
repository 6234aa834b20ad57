"""What a file would do, row by row and in figures, before anything is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from afspraken.domain import timing
from afspraken.domain.gegevens import AMSTERDAM, Afspraakgegevens
from afspraken.flow import plan
from afspraken.flow.plan import Planresultaat, Uitkomst
from afspraken.models import Afspraak
from afspraken.sources import columns
from afspraken.sources.base import Foutrij, Gelezenrij, Leesresultaat, Rijfout, Voortgang
from afspraken.sources.rows import column_of
from notifications import api as post

_CHUNK = 500

WOORDEN: dict[str, str] = {
    Uitkomst.NIEUW: "Nieuw",
    Uitkomst.GEWIJZIGD: "Gewijzigd",
    Uitkomst.GEANNULEERD: "Geannuleerd",
    Uitkomst.GRAFSTEEN: "Geannuleerd",
    Uitkomst.HERPLAND: "Opnieuw gepland",
    Uitkomst.VEROUDERD: "Verouderd",
    Uitkomst.GELIJK: "Ongewijzigd",
}
"""The outcomes as they stand on screen. A cancellation of an appointment we don't have is one too."""

VOLGORDE = ("Nieuw", "Gewijzigd", "Opnieuw gepland", "Geannuleerd", "Verouderd", "Ongewijzigd")
KANAAL_WOORD = {post.Channel.SMS: "sms", post.Channel.EMAIL: "e-mail"}
_PLANNED = frozenset({Uitkomst.NIEUW, Uitkomst.GEWIJZIGD, Uitkomst.HERPLAND})


@dataclass(frozen=True, kw_only=True)
class Berichtgroep:
    """Messages of one kind on one channel: how many, and the first and last moment."""

    soort: str
    kanaal: str
    aantal: int
    eerste_op: datetime
    laatste_op: datetime


@dataclass(frozen=True, kw_only=True)
class Samenvatting:
    """A file in figures: counts by outcome in words, what will be sent, and whom no message can reach."""

    aantallen: Mapping[str, int]
    berichten: tuple[Berichtgroep, ...]
    onbereikbaar: int

    @property
    def verandert(self) -> int:
        """Rows that change something."""
        return sum(count for word, count in self.aantallen.items() if word not in ("Ongewijzigd", "Verouderd"))


def predict(
    resultaat: Leesresultaat,
    *,
    now: datetime,
    eigen_teams: Collection[str] | None = None,
    voortgang: Voortgang | None = None,
) -> tuple[Leesresultaat, list[Planresultaat]]:
    """The outcome of every good row; rows that planning refuses become rows with errors.

    ``eigen_teams`` None: no limit. With teams, a row that would touch another team's appointment is refused:
    its number is theirs, whatever team the file names. Writes nothing.
    """
    found = plan.voorspel(gegevens=[rij.gegevens for rij in resultaat.rijen], now=now, voortgang=voortgang)
    foreign = _foreign(found, eigen_teams)
    good: list[Gelezenrij] = []
    outcomes: list[Planresultaat] = []
    refused: list[Foutrij] = []
    for rij, uitkomst in zip(resultaat.rijen, found, strict=True):
        if eigen_teams is not None and rij.gegevens.team not in eigen_teams:
            # Read when the team was still this person's, confirmed when it no longer was.
            refused.append(_refused(rij, (_team_fault(rij),)))
        elif uitkomst.afspraak_id in foreign:
            refused.append(_refused(rij, (_foreign_fault(rij),)))
        elif uitkomst.uitkomst is Uitkomst.GEWEIGERD:
            refused.append(_refused(rij, faults_of(rij, uitkomst)))
        else:
            good.append(rij)
            outcomes.append(uitkomst)
    foutrijen = tuple(sorted((*resultaat.foutrijen, *refused), key=lambda rij: rij.rij))
    return replace(resultaat, rijen=tuple(good), foutrijen=foutrijen), outcomes


def _foreign(found: Sequence[Planresultaat], eigen_teams: Collection[str] | None) -> set[int]:
    if eigen_teams is None:
        return set()
    ids = sorted({uitkomst.afspraak_id for uitkomst in found if uitkomst.afspraak_id is not None})
    foreign: set[int] = set()
    for start in range(0, len(ids), _CHUNK):
        rows = Afspraak.objects.filter(pk__in=ids[start : start + _CHUNK])
        foreign.update(rows.exclude(team__code__in=list(eigen_teams)).values_list("pk", flat=True))
    return foreign


def _foreign_fault(rij: Gelezenrij) -> Rijfout:
    return Rijfout(
        rij=rij.rij,
        kolom=columns.NUMMER,
        waarde=rij.gegevens.extern_id,
        code="nummer_van_ander_team",
        melding="Dit nummer hoort al bij een afspraak van een team dat niet van u is. Controleer het nummer.",
    )


def _team_fault(rij: Gelezenrij) -> Rijfout:
    return Rijfout(
        rij=rij.rij,
        kolom=columns.TEAM,
        waarde=rij.gegevens.team,
        code="ander_team",
        melding=f"Team '{rij.gegevens.team}' is niet een van uw teams. Haal deze rij weg.",
    )


def faults_of(rij: Gelezenrij, uitkomst: Planresultaat) -> tuple[Rijfout, ...]:
    """Why planning refuses a row, by column."""
    cells = cells_of(rij.gegevens)
    return tuple(
        Rijfout(
            rij=rij.rij,
            kolom=column_of(fout.veld),
            waarde=cells[column_of(fout.veld)],
            code=fout.code,
            melding=fout.melding,
        )
        for fout in uitkomst.fouten
    )


def _refused(rij: Gelezenrij, fouten: tuple[Rijfout, ...]) -> Foutrij:
    return Foutrij(rij=rij.rij, regel=rij.regel, cellen=cells_of(rij.gegevens), fouten=fouten)


def cells_of(gegevens: Afspraakgegevens) -> dict[str, str]:
    """A row as cells again, in our own notation."""
    start = gegevens.start_op.astimezone(AMSTERDAM)
    spoken = "Huisbezoek" if gegevens.vorm == "huisbezoek" else ""
    return {
        columns.NUMMER: gegevens.extern_id,
        columns.DATUM: f"{start:%d-%m-%Y}",
        columns.TIJD: f"{start.hour}.{start:%M} uur",
        columns.DUUR: str(int((gegevens.eind_op - gegevens.start_op).total_seconds() // 60)),
        columns.TEAM: gegevens.team,
        columns.ONDERWERP: gegevens.onderwerp,
        columns.LOCATIE: gegevens.locatie_naam or spoken,
        columns.ADRES: gegevens.locatie_adres,
        columns.RUIMTE: gegevens.locatie_ruimte,
        columns.NAAM: gegevens.client.naam,
        columns.MOBIEL: gegevens.client.mobiel,
        columns.EMAIL: gegevens.client.email,
        columns.TAAL: gegevens.client.taal,
        columns.MEDEWERKER: gegevens.medewerker.naam if gegevens.medewerker else "",
        columns.STATUS: "geannuleerd" if gegevens.geannuleerd else "gepland",
        columns.VORM: gegevens.vorm,
        columns.VERSIE: "" if gegevens.externe_versie is None else str(gegevens.externe_versie),
    }


def summarise(rijen: Sequence[Gelezenrij], outcomes: Sequence[Planresultaat]) -> Samenvatting:
    """The figures of a preview."""
    counted = Counter(WOORDEN[uitkomst.uitkomst] for uitkomst in outcomes)
    groups: dict[tuple[str, post.Channel], list[datetime]] = defaultdict(list)
    unreachable = 0
    for rij, uitkomst in zip(rijen, outcomes, strict=True):
        for bericht in uitkomst.berichten:
            groups[bericht.kind, bericht.channel].append(leaves_at(bericht.due_at, rij.gegevens.start_op))
        client = rij.gegevens.client
        if uitkomst.uitkomst in _PLANNED and not (client.mobiel or client.email):
            unreachable += 1
    return Samenvatting(
        aantallen={word: counted[word] for word in VOLGORDE if counted[word]},
        berichten=tuple(
            Berichtgroep(
                soort=label(kind),
                kanaal=KANAAL_WOORD[channel],
                aantal=len(group),
                eerste_op=min(group),
                laatste_op=max(group),
            )
            for (kind, channel), group in sorted(groups.items())
        ),
        onbereikbaar=unreachable,
    )


def label(kind: str) -> str:
    """A kind of message as it stands on screen."""
    return post.kind(kind).label


def leaves_at(due_at: datetime, start_op: datetime) -> datetime:
    """When a message that is due then really leaves: quiet hours, Sundays and holidays are kept."""
    return post.first_allowed(due_at, deadline=timing.useful_until(start_op=start_op))


def group_faults(foutrijen: Sequence[Foutrij]) -> list[tuple[str, int]]:
    """Errors that many rows share, as one line each: ("Team 'jeugd' bestaat niet", 45). Biggest first."""
    counted = Counter((fout.kolom, fout.melding.split(". ")[0].rstrip(".")) for rij in foutrijen for fout in rij.fouten)
    return [
        (text if text.startswith(column) else f"{column}: {text}", count)
        for (column, text), count in counted.most_common()
        if count > 1
    ]
