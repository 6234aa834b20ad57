"""A confirmed file, processed. Either everything that was confirmed, or nothing.

The whole file is first compared once more with what is there now; one row that can't be planned any longer
stops it before anything is written. Then it is written per ``STEP`` rows, each step one transaction: on SQLite
one transaction of 10,000 rows would keep every client's answer waiting for most of a minute. A run that breaks
off goes on where it stopped, and doing a step twice changes nothing.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_q.tasks import async_task

from afspraken.domain.gegevens import Afspraakgegevens
from afspraken.flow import log, plan
from afspraken.flow.plan import PlanGeweigerd, Planresultaat
from afspraken.models import Gebruiker, Importconcept
from afspraken.sources import concept as concepts
from afspraken.sources import preview
from afspraken.sources.base import Leesresultaat, Voortgang

logger = logging.getLogger(__name__)

STEP = 250
"""Rows in one transaction; a file of at most this many is written in one, within the request."""

# SQLite gives the lock to whoever happens to ask; a writer that begins again at once leaves the others, such as a
# client's answer, waiting until they give up.
_BREATH = 0.3

# A task may take a minute (Q_CLUSTER); a longer file hands itself on to the next task.
_TASK_SECONDS = 30.0
_TASK = "afspraken.sources.process.carry_on"


def plan_in_steps(
    gegevens: Sequence[Afspraakgegevens],
    *,
    actor: log.Actor,
    now: datetime,
    voortgang: Voortgang | None = None,
) -> list[Planresultaat]:
    """Plan already checked rows, ``STEP`` at a time. Raises PlanGeweigerd with ``rij`` counted over the whole file."""
    results: list[Planresultaat] = []
    for start in range(0, len(gegevens), STEP):
        results.extend(_plan_step(gegevens, start, actor=actor, now=now))
        if voortgang is not None:
            voortgang(len(results))
        if len(results) < len(gegevens):
            _let_others_in()
    return results


def _let_others_in() -> None:
    if connection.vendor == "sqlite":
        time.sleep(_BREATH)


def _plan_step(
    gegevens: Sequence[Afspraakgegevens], start: int, *, actor: log.Actor, now: datetime
) -> list[Planresultaat]:
    step = gegevens[start : start + STEP]
    try:
        return _plan(step, actor=actor, now=now)
    except IntegrityError:
        # Somebody else brought in one of these appointments at the same moment; now it is there to compare with.
        return _plan(step, actor=actor, now=now)
    except PlanGeweigerd as refused:
        raise PlanGeweigerd(refused.fouten, rij=start + (refused.rij or 0)) from None


def _plan(step: Sequence[Afspraakgegevens], *, actor: log.Actor, now: datetime) -> list[Planresultaat]:
    with transaction.atomic():
        return plan.plan_afspraken(gegevens=step, actor=actor, now=now)


def counts_of(results: Sequence[Planresultaat]) -> dict[str, int]:
    """Rows by outcome, in the words of the screen."""
    return dict(Counter(preview.WOORDEN[result.uitkomst] for result in results))


def note(
    *,
    bestand_hash: str,
    bron: str,
    aantallen: Mapping[str, int],
    overgeslagen: int,
    actor: log.Actor,
    now: datetime,
) -> None:
    """One line in the log for a whole file, by which the same file is recognised later."""
    log.write(
        actie=concepts.VERWERKT,
        object_soort="import",
        object_id=bestand_hash,
        actor=actor,
        now=now,
        details={"bron": bron, "aantallen": dict(aantallen), "overgeslagen": overgeslagen},
    )


def start(concept: Importconcept, *, now: datetime) -> bool:
    """Process a confirmed file: a short one at once, a longer one by the worker. False: it was begun before.

    Clicking twice, in two windows or by a browser that sends again, begins once.
    """
    with transaction.atomic():
        mine = Importconcept.objects.filter(pk=concept.pk, begonnen_op__isnull=True, verloopt_op__gt=now).update(
            begonnen_op=now, verloopt_op=now + concepts.GELDIG, uitslag={}
        )
        if not mine:
            return False
        if concept.aantal <= STEP:
            # In the same transaction as the claim: a crash leaves the file waiting, not half begun.
            _run(concept.pk, now=now)
            return True
    _hand_on(concept.pk)
    return True


def _hand_on(pk: uuid.UUID) -> None:
    try:
        async_task(_TASK, str(pk))
    except Exception as problem:  # any broker may be behind it
        logger.warning("the task queue did not take an import: %s", type(problem).__name__)
        carry_on(str(pk), patience=float("inf"))


def carry_on(pk: str, *, patience: float = _TASK_SECONDS) -> None:
    """Task: process a long file from where it is, and hand on what is left after ``patience`` seconds."""
    if not _run(uuid.UUID(pk), now=timezone.now(), patience=patience):
        _hand_on(uuid.UUID(pk))


def _run(pk: uuid.UUID, *, now: datetime, patience: float = float("inf")) -> bool:
    """Whether the file is finished (or no longer to be done)."""
    concept = Importconcept.objects.select_related("gebruiker").filter(pk=pk).first()
    if concept is None or concept.verwerkt_op is not None or concept.begonnen_op is None:
        return True
    inhoud = concepts.unpack(concept.rijen)
    if concept.voortgang == 0 and not _still_fits(concept, inhoud, now=now):
        return True
    actor = actor_for(concept.gebruiker)
    gegevens = [rij.gegevens for rij in inhoud.resultaat.rijen]
    until = time.monotonic() + patience
    while True:
        try:
            done = _next_step(pk, gegevens, actor=actor, now=now)
        except PlanGeweigerd:
            # Changed by a colleague between the comparison and this step, with nothing written yet.
            if _still_fits(concept, inhoud, now=now):
                _give_back(pk, uitslag={"veranderd": 1, "met_fout": len(inhoud.resultaat.foutrijen)})
            return True
        if done is None:
            return True
        if done >= len(gegevens):
            _finish(pk, inhoud.resultaat, actor=actor, now=timezone.now())
            return True
        if time.monotonic() > until:
            return False
        _let_others_in()


def actor_for(gebruiker: Gebruiker) -> log.Actor:
    """The person who confirmed, as the log names them."""
    return log.Actor(soort="import", id=gebruiker.username, gebruiker_id=gebruiker.pk)


def _still_fits(concept: Importconcept, inhoud: concepts.Inhoud, *, now: datetime) -> bool:
    """Compare once more. What no longer fits goes back to the person, with a fresh preview; nothing is written."""
    eigen = list(concept.gebruiker.teams.filter(actief=True).values_list("code", flat=True))
    before = len(inhoud.resultaat.rijen)
    resultaat, uitkomsten = preview.predict(inhoud.resultaat, now=now, eigen_teams=eigen)
    if len(resultaat.rijen) == before:
        return True
    _give_back(
        concept.pk,
        rijen=concepts.pack(concepts.Inhoud(resultaat=resultaat, uitkomsten=tuple(uitkomsten))),
        aantal=len(resultaat.rijen),
        uitslag={"veranderd": before - len(resultaat.rijen), "met_fout": len(resultaat.foutrijen)},
    )
    return False


def _give_back(pk: uuid.UUID, **values: object) -> None:
    """The file waits for its confirmation again."""
    Importconcept.objects.filter(pk=pk).update(begonnen_op=None, **values)


def _next_step(pk: uuid.UUID, gegevens: Sequence[Afspraakgegevens], *, actor: log.Actor, now: datetime) -> int | None:
    """Do the next step under the row's lock, so that two tasks never do the same one; rows done, None: not ours."""
    with transaction.atomic():
        row = Importconcept.objects.select_for_update().defer("rijen").get(pk=pk)
        if row.verwerkt_op is not None:
            return None
        if row.voortgang >= len(gegevens):
            return row.voortgang
        found, rest = _step_or_rest(gegevens, row.voortgang, actor=actor, now=now)
        counted = Counter(row.uitslag.get("aantallen", {})) + Counter(counts_of(found))
        row.uitslag = {**row.uitslag, "aantallen": dict(counted)}
        if rest:
            row.uitslag["niet_verwerkt"] = row.uitslag.get("niet_verwerkt", 0) + rest
        row.voortgang = min(row.voortgang + STEP, len(gegevens))
        row.save(update_fields=("uitslag", "voortgang"))
        return row.voortgang


def _step_or_rest(
    gegevens: Sequence[Afspraakgegevens], start_at: int, *, actor: log.Actor, now: datetime
) -> tuple[list[Planresultaat], int]:
    """A step; when a colleague changed one of its rows since the comparison, all the others, and how many not."""
    try:
        return _plan_step(gegevens, start_at, actor=actor, now=now), 0
    except PlanGeweigerd:
        if start_at == 0:
            raise
    found = []
    rest = 0
    for index in range(start_at, min(start_at + STEP, len(gegevens))):
        try:
            found.extend(_plan([gegevens[index]], actor=actor, now=now))
        except PlanGeweigerd:
            rest += 1
    return found, rest


def _finish(pk: uuid.UUID, resultaat: Leesresultaat, *, actor: log.Actor, now: datetime) -> None:
    """Note the file in the log and wipe its rows; those with errors stay for the error file until the hour is over."""
    with transaction.atomic():
        row = Importconcept.objects.select_for_update().defer("rijen").get(pk=pk)
        if row.verwerkt_op is not None:
            return
        note(
            bestand_hash=row.bestand_hash,
            bron=row.bron,
            aantallen=row.uitslag.get("aantallen", {}),
            overgeslagen=len(resultaat.foutrijen),
            actor=actor,
            now=now,
        )
        row.verwerkt_op = now
        row.verloopt_op = now + timedelta(hours=1)
        row.uitslag = {**row.uitslag, "overgeslagen": len(resultaat.foutrijen)}
        kept = Leesresultaat(soort=resultaat.soort, foutrijen=resultaat.foutrijen)
        row.rijen = concepts.pack(concepts.Inhoud(resultaat=kept, uitkomsten=()))
        row.save(update_fields=("verwerkt_op", "verloopt_op", "uitslag", "rijen"))
