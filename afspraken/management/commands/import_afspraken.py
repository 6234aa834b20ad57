"""`manage.py import_afspraken BESTAND`: a CSV or XLSX file of appointments, with a report per row."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from afspraken.domain import datums
from afspraken.domain.gegevens import AMSTERDAM
from afspraken.flow import log, plan
from afspraken.flow.plan import PlanGeweigerd
from afspraken.models import Team
from afspraken.sources import base, concept, load, preview, process

GELUKT, RIJFOUTEN, BESTANDSFOUT = 0, 1, 2
# Used by the pages themselves; a file may not speak for them.
_EIGEN_BRONNEN = (plan.BRON_HAND,)
_MOST_SHOWN = 500


class Command(BaseCommand):
    """Report on stdout, progress on stderr. Exit 0: done; 1: rows are wrong, nothing written; 2: not readable."""

    help = (
        "Leest afspraken uit een CSV- of Excel-bestand (.xlsx). Uitvoer: een verslag per rij; voortgang gaat naar "
        "stderr. Eindcode 0: gelukt, 1: fouten in rijen (niets verwerkt), 2: het bestand is niet te lezen."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """BESTAND [--bron B] [--proef] [--alleen-goede-rijen]."""
        parser.add_argument("bestand", type=Path, help="het bestand: .csv of .xlsx")
        parser.add_argument("--bron", default="csv", help="naam van het planningssysteem (standaard: csv)")
        parser.add_argument("--proef", action="store_true", help="alleen laten zien wat er zou gebeuren")
        parser.add_argument(
            "--alleen-goede-rijen", action="store_true", help="rijen met een fout overslaan in plaats van te stoppen"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, compare, report, and unless it is a trial: process."""
        bron = str(options["bron"]).strip()
        if not bron or len(bron) > 40 or bron in _EIGEN_BRONNEN:
            self._stop_at_file(f"'{bron[:40]}' kan geen bron zijn. Kies een andere naam van hooguit 40 tekens.")
        data = self._bytes(options["bestand"])
        now = timezone.now()
        teams = dict(Team.objects.filter(actief=True).values_list("code", "naam"))
        resultaat = load.load(data, now=now, bron=bron, teams=teams, voortgang=self._progress("gelezen"))
        if resultaat.bestandsfout is not None:
            self._stop_at_file(str(resultaat.bestandsfout))
        resultaat, uitkomsten = preview.predict(resultaat, now=now, voortgang=self._progress("vergeleken"))
        self._report(resultaat, preview.summarise(resultaat.rijen, uitkomsten))
        bestand_hash = concept.fingerprint(data)
        del data
        self._warn_twice(bestand_hash)
        if resultaat.foutrijen and not options["alleen_goede_rijen"]:
            self.stdout.write("\nEr is niets verwerkt. Verbeter de rijen hierboven, of gebruik --alleen-goede-rijen.")
            sys.exit(RIJFOUTEN)
        if options["proef"]:
            self.stdout.write("\nDit was een proef: er is niets verwerkt.")
            return
        self._process(resultaat, bron=bron, bestand_hash=bestand_hash)

    def _process(self, resultaat: base.Leesresultaat, *, bron: str, bestand_hash: str) -> None:
        now = timezone.now()
        actor = log.Actor(soort="import", id=f"opdracht/{bron}")
        gegevens = [rij.gegevens for rij in resultaat.rijen]
        try:
            results = process.plan_in_steps(gegevens, actor=actor, now=now, voortgang=self._progress("verwerkt"))
        except PlanGeweigerd as refused:
            at = refused.rij or 0
            first = at - at % process.STEP
            self.stdout.write(f"\nRij {resultaat.rijen[at].rij}: intussen veranderd. {refused.fouten[0].melding}")
            self.stdout.write(
                "Er is niets verwerkt." if first == 0 else f"De eerste {first} goede rijen zijn wel verwerkt."
            )
            sys.exit(RIJFOUTEN)
        counts = process.counts_of(results)
        process.note(
            bestand_hash=bestand_hash,
            bron=bron,
            aantallen=counts,
            overgeslagen=len(resultaat.foutrijen),
            actor=actor,
            now=now,
        )
        self.stdout.write(f"\n{_rows(len(results))} verwerkt: {_counts(counts)}.")
        if resultaat.foutrijen:
            self.stdout.write(f"{_rows(len(resultaat.foutrijen))} overgeslagen.")

    def _bytes(self, path: Path) -> bytes:
        try:
            if path.stat().st_size > base.MAX_BYTES:
                self._stop_at_file(str(load.too_big().fout))
            return path.read_bytes()
        except OSError as problem:
            self._stop_at_file(f"Het bestand {path} is niet te openen: {problem.strerror}.")
            raise AssertionError from None

    def _stop_at_file(self, text: str) -> None:
        self.stderr.write(text)
        sys.exit(BESTANDSFOUT)

    def _report(self, resultaat: base.Leesresultaat, figures: preview.Samenvatting) -> None:
        out = self.stdout.write
        out(f"{_rows(resultaat.aantal)} gelezen: {len(resultaat.rijen)} goed, {len(resultaat.foutrijen)} met fouten.")
        for text, count in preview.group_faults(resultaat.foutrijen)[:20]:
            out(f"  {text}: {count} rijen")
        for fout in resultaat.rijfouten[:_MOST_SHOWN]:
            value = f" ({fout.waarde})" if fout.waarde else ""
            out(f"Rij {fout.rij}, {fout.kolom}{value}: {fout.melding}")
        if len(resultaat.rijfouten) > _MOST_SHOWN:
            out(f"... en nog {len(resultaat.rijfouten) - _MOST_SHOWN} fouten.")
        for note in resultaat.waarschuwingen[:_MOST_SHOWN]:
            where = f"rij {note.rij}, {note.kolom}" if note.rij else "bestand"
            value = f" ({note.waarde})" if note.waarde else ""
            out(f"Let op, {where}{value}: {note.melding}")
        if len(resultaat.waarschuwingen) > _MOST_SHOWN:
            out(f"... en nog {len(resultaat.waarschuwingen) - _MOST_SHOWN} waarschuwingen.")
        if figures.aantallen:
            out(f"Vergeleken met wat er al is: {_counts(figures.aantallen)}.")
        for group in figures.berichten:
            first, last = (datums.dag_tijd(m.astimezone(AMSTERDAM)) for m in (group.eerste_op, group.laatste_op))
            when = first if first == last else f"{first} tot {last}"
            out(f"Berichten: {group.aantal} keer {group.soort} per {group.kanaal}, {when}")
        if figures.onbereikbaar:
            out(f"Zonder mobiel nummer en e-mailadres: {figures.onbereikbaar} cliënten, straks op de werkvoorraad.")

    def _warn_twice(self, bestand_hash: str) -> None:
        before = concept.processed_before(bestand_hash)
        if before is not None:
            moment = datums.dag_tijd(before.tijdstip_op)
            self.stdout.write(f"Let op: dit bestand is al eerder verwerkt, op {moment}.")

    def _progress(self, word: str) -> Callable[[int], None]:
        """Once a second at most, and on a terminal on one line."""
        live = bool(getattr(self.stderr, "isatty", lambda: False)())
        last = time.monotonic()

        def show(count: int) -> None:
            nonlocal last
            if time.monotonic() - last < 1:
                return
            last = time.monotonic()
            self.stderr.write(f"{count} rijen {word} ...", ending="\r" if live else "\n")
            self.stderr.flush()

        return show


def _rows(count: int) -> str:
    return "1 rij" if count == 1 else f"{count} rijen"


def _counts(counts: Any) -> str:
    return ", ".join(f"{count} {word.lower()}" for word, count in counts.items()) or "niets"
