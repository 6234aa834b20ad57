"""What a group of messages needs from the database, read once for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from django.utils import timezone

from afspraken.domain import spelregels
from afspraken.domain.lifecycle import OPEN_STATES
from afspraken.models import (
    Afspraak,
    Medewerker,
    SpelregelsStatus,
    SpelregelsVersie,
    Team,
    TeamInstellingen,
    Voornemen,
)


def geldende_spelregels(team_id: int | None) -> SpelregelsVersie | None:
    """The rules sheet in force: the team's newest published one, else the newest for all."""
    published = SpelregelsVersie.objects.filter(status=SpelregelsStatus.GEPUBLICEERD.value)
    own = published.filter(team_id=team_id).order_by("-nummer").first() if team_id is not None else None
    return own or published.filter(team__isnull=True).order_by("-nummer").first()


def sheet_text(sheet: SpelregelsVersie, taal: str) -> str:
    """The whole sheet for reading: the official Dutch text, or a translation that says that it is one."""
    if taal != "nl":
        vertaling = sheet.vertalingen.filter(taal=taal).exclude(tekst="").first()
        if vertaling is not None:
            note = "This is a translation. The Dutch text is the official one."
            return f"{note}\n\n{spelregels.parse(vertaling.tekst).leestekst()}"
    return spelregels.parse(sheet.tekst).leestekst()


def sheet_short(sheet: SpelregelsVersie, taal: str) -> str:
    """The short text in plain language, else in Dutch, else the rules themselves."""
    found = {v.taal: v.kort for v in sheet.vertalingen.filter(taal__in=(taal, "nl"))}
    short = found.get(taal) or found.get("nl") or spelregels.parse(sheet.tekst).regels_tekst()
    return short.strip()


# What a message says. The rest, such as the moments of planning and moving, adds up over a thousand messages; what is
# encrypted most of all, and where to send it the post room knows already.
_GELEZEN = (
    "generatie",
    "team_id",
    "medewerker_id",
    "vorm",
    "start_op",
    "eind_op",
    "vorige_start_op",
    "locatie_naam",
    "locatie_adres",
    "locatie_ruimte",
    "status",
    "sleutel",
    "korte_code",
    "client__naam",
    "client__taal",
    "client__mobiel_index",
)


class Lezing:
    """The appointments of one group, with their answers, codes and teams; each read at the first question.

    For the group of one moment and not longer: what it knows grows old.
    """

    def __init__(self, afspraak_ids: Collection[int]) -> None:
        rows = Afspraak.objects.select_related("client").filter(pk__one_of=set(afspraak_ids)).only(*_GELEZEN)
        self.afspraken = {row.pk: row for row in rows}
        teams = Team.objects.in_bulk({row.team_id for row in self.afspraken.values()})
        people = {row.medewerker_id for row in self.afspraken.values()} - {None}
        medewerkers = Medewerker.objects.defer("email").in_bulk(people) if people else {}
        for row in self.afspraken.values():
            row.team = teams[row.team_id]
            row.medewerker = medewerkers.get(row.medewerker_id) if row.medewerker_id else None
        self._voornemens: dict[int, Voornemen] | None = None
        self._samen: Counter[str] | None = None
        self._komend: set[int] = set()
        self._met_naam: set[int] | None = None
        self._bladen: dict[tuple[int | None, str], dict[str, str]] = {}

    def voornemen(self, afspraak_id: int) -> Voornemen | None:
        """The answer that counts: the newest one."""
        if self._voornemens is None:
            rows = Voornemen.objects.filter(afspraak_id__one_of=set(self.afspraken)).order_by("volgnummer")
            # The newest comes last and stays.
            self._voornemens = {row.afspraak_id: row for row in rows}
        return self._voornemens.get(afspraak_id)

    def heeft_code_nodig(self, afspraak: Afspraak) -> bool:
        """Whether this phone has another coming appointment, so that a bare JA would not say which."""
        index = afspraak.client.mobiel_index
        if not index:
            return False
        if self._samen is None:
            coming = Afspraak.objects.filter(
                client__mobiel_index__one_of={row.client.mobiel_index for row in self.afspraken.values()} - {""},
                status__in=[state.value for state in OPEN_STATES],
                start_op__gt=timezone.now(),
            )
            pairs = list(coming.values_list("client__mobiel_index", "pk"))
            self._samen = Counter(found for found, _ in pairs)
            self._komend = {pk for _, pk in pairs}
        return self._samen[index] - (afspraak.pk in self._komend) > 0

    def noemt_medewerker(self, team_id: int) -> bool:
        """Whether the team lets the name of the medewerker stand in messages."""
        if self._met_naam is None:
            teams = {row.team_id for row in self.afspraken.values()}
            found = TeamInstellingen.objects.filter(team_id__in=teams, medewerker_in_bericht=True)
            self._met_naam = set(found.values_list("team_id", flat=True))
        return team_id in self._met_naam

    def blad(self, team_id: int | None, taal: str) -> dict[str, str]:
        """The texts of the sheet in force, as values for a message."""
        key = (team_id, taal)
        if key not in self._bladen:
            sheet = geldende_spelregels(team_id)
            self._bladen[key] = {
                "spelregels": "" if sheet is None else sheet_text(sheet, taal),
                "spelregels_kort": "" if sheet is None else sheet_short(sheet, taal),
            }
        return self._bladen[key]
