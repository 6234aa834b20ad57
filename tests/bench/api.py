"""Messages of a planning system: through the whole API against a bare call of the flow."""

from __future__ import annotations

import json
import time
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from afspraken.flow import plan
from afspraken.flow.beheer.sleutels import SCOPES, maak_api_sleutel
from tests.bench.base import Cijfer, judged
from tests.bench.world import deliveries
from tests.builders import TESTER

AANTAL = 300
TIMES = 2.0


def run(now: datetime) -> list[Cijfer]:
    """New appointments by PUT, the same again, and by the flow alone."""
    _, sleutel = maak_api_sleutel(naam="bench", teams=[], scopes=SCOPES, actor=TESTER, now=now)
    http = Client(headers={"Authorization": f"Bearer {sleutel}"})
    start = now + timedelta(days=5)
    bodies = [_body(start, number) for number in range(AANTAL)]

    def put_all() -> float:
        begun = time.perf_counter()
        for number, body in enumerate(bodies):
            answer = http.put(f"/api/v1/afspraken/bench/A-{number}", data=body, content_type="application/json")
            assert answer.status_code in (200, 201), answer.content
        return time.perf_counter() - begun

    new, same = put_all(), put_all()
    begun = time.perf_counter()
    for gegevens in deliveries(AANTAL, start=start, bron="kaal"):
        plan.plan_afspraak(gegevens=gegevens, actor=TESTER, now=now)
    bare = time.perf_counter() - begun
    return [
        judged("api, PUT van een nieuwe afspraak tegenover alleen de flow", new / bare, TIMES, unit="x", digits=2),
        Cijfer(naam="api, nieuwe afspraken", waarde=f"{AANTAL / new:.0f}/s"),
        Cijfer(naam="api, dezelfde nog een keer", waarde=f"{AANTAL / same:.0f}/s"),
    ]


def _body(start: datetime, number: int) -> str:
    begin = start + timedelta(minutes=number)
    body: dict[str, Any] = {
        "start": begin.isoformat(),
        "eind": (begin + timedelta(minutes=30)).isoformat(),
        "externeVersie": 1,
        "onderwerp": "gesprek met de gemeente",
        "team": ("wmo", "werk-en-inkomen")[number % 2],
        "locatie": {"naam": "Stadhuis", "adres": "Markt 1"},
        "client": {"naam": f"C. Cliënt {number}", "mobiel": f"061{number:07d}", "email": f"c{number}@example.nl"},
        "medewerker": {"naam": f"Medewerker {number % 40}"},
    }
    return json.dumps(body)
