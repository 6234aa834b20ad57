"""A file of 10,000 rows, from bytes to a preview: read, checked, and compared with what is there."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from itertools import pairwise

from afspraken.flow.plan import Uitkomst
from afspraken.models import Team
from afspraken.sources import load, preview
from tests.bench.base import Cijfer, judged

RIJEN = 10_000
GRENS = 15.0
STIL = 3.0


def file(now: datetime) -> bytes:
    """A file as a spreadsheet writes it: semicolons, cp1252, Dutch notation."""
    lines = ["Afspraaknummer;Datum;Begintijd;Duur (min);Team;Onderwerp;Locatie;Adres;Naam cliënt;Mobiel;E-mail;Status"]
    for number in range(RIJEN):
        day = now + timedelta(days=7 + number % 40)
        lines.append(
            f"X-{number};{day:%d-%m-%Y};{8 + number % 9}:{number % 4 * 15:02d};30;"
            f"{('wmo', 'werk-en-inkomen')[number % 2]};gesprek met de gemeente;Stadhuis;Markt 1;"
            f"C. Cliënt {number};06{10_000_000 + number};c{number}@example.nl;gepland"
        )
    return "\r\n".join(lines).encode("cp1252")


def run(now: datetime) -> list[Cijfer]:
    """The time until the preview stands, and the longest silence on the way."""
    teams = dict(Team.objects.values_list("code", "naam"))
    heard = [time.perf_counter()]
    started = time.perf_counter()
    resultaat = load.load(file(now), now=now, teams=teams, voortgang=lambda _: heard.append(time.perf_counter()))
    read = time.perf_counter() - started
    assert resultaat.bestandsfout is None, resultaat.bestandsfout
    assert not resultaat.foutrijen, resultaat.foutrijen[0]
    resultaat, outcomes = preview.predict(resultaat, now=now, voortgang=lambda _: heard.append(time.perf_counter()))
    preview.summarise(resultaat.rijen, outcomes)
    total = time.perf_counter() - started
    assert {each.uitkomst for each in outcomes} == {Uitkomst.NIEUW}
    assert len(outcomes) == RIJEN
    silence = max(later - earlier for earlier, later in pairwise(heard))
    return [
        judged("import, voorbeeld van 10.000 rijen", total, GRENS, unit=" s", digits=1),
        judged("import, langste stilte in de voortgang", silence, STIL, unit=" s", digits=2),
        Cijfer(naam="import, waarvan lezen en controleren", waarde=f"{read:.1f} s"),
    ]
