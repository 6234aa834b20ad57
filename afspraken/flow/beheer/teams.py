"""Teams: what they are called, where their clients get help, and when their messages go out."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime, time

from django.db import transaction

from afspraken.domain.voornemen import Veldfout
from afspraken.flow import log
from afspraken.flow.beheer.fouten import BeheerGeweigerd, bij_botsing
from afspraken.flow.log import Actor
from afspraken.models import Afspraak, Team, TeamInstellingen

VOOR_ALLEN = "alle"
"""Names what counts for every team in addresses, so no team can be called that."""
UITNODIGING_MAX = 40
HERINNERING_MAX = 10
_VROEG, _LAAT = time(8), time(20, 59)
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class Timing:
    """When a team's messages go out; days are working days before the appointment."""

    uitnodiging_werkdagen: int
    herinnering_aan: bool
    herinnering_werkdagen: int
    herinnering_tijd: time
    medewerker_in_bericht: bool


@dataclass(frozen=True, kw_only=True)
class Hulp:
    """Where a team's clients get help; it stands in every message."""

    telefoon: str
    loket: str
    clientondersteuning: str


def timing_van(team: Team) -> Timing:
    """A team's timing, or that of the product."""
    row = TeamInstellingen.objects.filter(team=team).first() or TeamInstellingen(team=team)
    return Timing(**{name: getattr(row, name) for name in Timing.__dataclass_fields__})


def check_timing(timing: Timing) -> list[Veldfout]:
    """What keeps these moments from being used."""
    fouten = []
    if not 0 <= timing.uitnodiging_werkdagen <= UITNODIGING_MAX:
        fouten.append(_fout("uitnodiging_werkdagen", f"Kies een getal van 0 tot en met {UITNODIGING_MAX}."))
    if timing.herinnering_aan:
        if not 0 <= timing.herinnering_werkdagen <= HERINNERING_MAX:
            fouten.append(_fout("herinnering_werkdagen", f"Kies een getal van 0 tot en met {HERINNERING_MAX}."))
        elif timing.herinnering_werkdagen >= max(timing.uitnodiging_werkdagen, 1):
            melding = "Een herinnering komt na de uitnodiging. Kies minder werkdagen dan bij de uitnodiging."
            fouten.append(_fout("herinnering_werkdagen", melding))
        if not _VROEG <= timing.herinnering_tijd <= _LAAT:
            fouten.append(
                _fout("herinnering_tijd", "Kies een tijd tussen 8.00 en 21.00 uur. Daarbuiten sturen wij niets.")
            )
    return fouten


def wijzig_timing(*, team_id: int, timing: Timing, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Change a team's timing; returns the names of what changed. Raises :class:`BeheerGeweigerd`.

    It counts for every invitation and reminder that is not in the outbox yet.
    """
    fouten = check_timing(timing)
    if fouten:
        raise BeheerGeweigerd(fouten)
    with transaction.atomic():
        row, _ = TeamInstellingen.objects.select_for_update().get_or_create(team_id=team_id)
        changed = _assign(row, asdict(timing))
        if changed:
            row.save()
            _log("team.timing_gewijzigd", team_id, actor, now, {"velden": list(changed)})
    return changed


def wijzig_hulp(*, team_id: int, hulp: Hulp, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Change where a team's clients get help; returns the names of what changed."""
    if not re.search(r"\d", hulp.telefoon):
        raise BeheerGeweigerd([_fout("telefoon", "Vul een telefoonnummer in. Het staat in elk bericht.")])
    with transaction.atomic():
        row = Team.objects.select_for_update().get(pk=team_id)
        changed = _assign(row, {name: " ".join(value.split()) for name, value in asdict(hulp).items()})
        if changed:
            row.save(update_fields=changed)
            _log("team.hulp_gewijzigd", team_id, actor, now, {"velden": list(changed)})
    return changed


def maak_team(*, code: str, naam: str, actor: Actor, now: datetime) -> Team:
    """Make a team; the code is what planning systems use and never changes. Raises :class:`BeheerGeweigerd`."""
    code, naam = code.strip().lower(), " ".join(naam.split())
    fouten = [] if naam else [_fout("naam", "Vul een naam in.")]
    if not _CODE.fullmatch(code):
        fouten.append(_fout("code", "Gebruik kleine letters, cijfers en streepjes, zoals: werk-en-inkomen."))
    elif code == VOOR_ALLEN:
        fouten.append(_fout("code", "Deze code is al in gebruik voor teksten van alle teams. Kies een andere."))
    elif Team.objects.filter(code=code).exists():
        fouten.append(_fout("code", f"Er is al een team met de code {code}."))
    if fouten:
        raise BeheerGeweigerd(fouten)
    with bij_botsing("code", "Dit team is net al gemaakt."), transaction.atomic():
        team = Team.objects.create(code=code, naam=naam)
        _log("team.gemaakt", team.pk, actor, now, {})
    return team


def wijzig_team(*, team_id: int, naam: str, actief: bool, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Rename a team, or take it out of use. Raises :class:`BeheerGeweigerd`.

    A team with appointments to come stays in use: nobody would see them any more.
    """
    naam = " ".join(naam.split())
    if not naam:
        raise BeheerGeweigerd([_fout("naam", "Vul een naam in.")])
    with transaction.atomic():
        row = Team.objects.select_for_update().get(pk=team_id)
        if row.actief and not actief:
            coming = Afspraak.objects.filter(team=row, start_op__gte=now).count()
            if coming:
                melding = f"Dit team heeft nog {coming} afspraken. Wacht tot die voorbij zijn."
                raise BeheerGeweigerd([_fout("actief", melding)])
        changed = _assign(row, {"naam": naam, "actief": actief})
        if changed:
            row.save(update_fields=changed)
            _log("team.gewijzigd", team_id, actor, now, {"velden": list(changed)})
    return changed


def _assign(row: Team | TeamInstellingen, values: dict[str, object]) -> tuple[str, ...]:
    changed = tuple(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _fout(veld: str, melding: str) -> Veldfout:
    return Veldfout(veld=veld, code="ongeldig", melding=melding)


def _log(actie: str, team_id: int, actor: Actor, now: datetime, details: dict[str, object]) -> None:
    log.write(
        actie=actie, object_soort="team", object_id=team_id, actor=actor, now=now, team_id=team_id, details=details
    )
