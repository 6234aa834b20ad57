"""Makes a key for a planning system and prints it, once."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from afspraken.flow.beheer.fouten import BeheerGeweigerd
from afspraken.flow.beheer.sleutels import SCOPES, maak_api_sleutel
from afspraken.flow.log import Actor
from afspraken.models import Team


class Command(BaseCommand):
    help = (
        "Maak een API-sleutel en druk hem af. Hij is maar een keer te zien: bewaar hem meteen. "
        "Op de standaarduitvoer staat alleen de sleutel."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("naam", help="waarvoor de sleutel is, bijvoorbeeld de naam van het planningssysteem")
        parser.add_argument(
            "--team", action="append", default=[], metavar="T", help="code van een team; mag vaker. Weglaten: alle"
        )
        parser.add_argument(
            "--scope",
            action="append",
            default=[],
            metavar="S",
            help=f"recht; mag vaker. Weglaten: {' en '.join(SCOPES)}",
        )
        parser.add_argument("--dagen", type=int, metavar="N", help="dagen dat de sleutel geldt. Weglaten: altijd")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        dagen: int | None = options["dagen"]
        try:
            row, sleutel = maak_api_sleutel(
                naam=options["naam"],
                teams=self._teams(options["team"]),
                scopes=options["scope"] or SCOPES,
                actor=Actor(soort="systeem", id="api_sleutel"),
                now=now,
                verloopt_op=None if dagen is None else now + timedelta(days=dagen),
            )
        except BeheerGeweigerd as refused:
            raise CommandError(" ".join(fout.melding for fout in refused.fouten)) from None
        teams = ", ".join(options["team"]) or "alle teams"
        self.stderr.write(f"Sleutel '{row.naam}' voor {teams}: {', '.join(row.scopes)}. Bewaar hem.")
        self.stdout.write(sleutel)

    def _teams(self, codes: list[str]) -> list[Team]:
        found = {team.code: team for team in Team.objects.filter(code__in=codes, actief=True)}
        unknown = sorted(set(codes) - set(found))
        if unknown:
            known = ", ".join(Team.objects.filter(actief=True).order_by("code").values_list("code", flat=True))
            raise CommandError(f"Dit team bestaat niet: {', '.join(unknown)}. Teams: {known or 'geen'}.")
        return list(found.values())
