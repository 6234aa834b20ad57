"""The day list: 300 conversations on the day, 200,000 in the table."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.template.loader import get_template
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afspraken.flow import daglijst as flow
from afspraken.models import Gebruiker
from tests.bench.base import Cijfer, judged, median_ms
from tests.bench.world import IN_DE_TABEL, OP_DE_DAG

QUERIES = 12
TIMES = 3.0


def run(day: Any, now: Any) -> list[Cijfer]:
    """Queries of the read model, and the page against the same template from a list in memory."""
    user = Gebruiker.objects.get(username="bench")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        lijst = flow.read(datum=day.date(), gebruiker=user, bereik="team", team=None, now=now)
    # Counted now: the next request empties the log.
    count = len(queries)
    assert len(lijst.rijen) == OP_DE_DAG, len(lijst.rijen)
    client = Client()
    client.force_login(user)
    address = f"/werk/daglijst/{day:%Y-%m-%d}?bereik=team"
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content.count(b'id="rij-') == OP_DE_DAG
    page = median_ms(lambda: client.get(address))
    memory = median_ms(lambda: _render(_context(client, address)))
    read = median_ms(lambda: flow.read(datum=day.date(), gebruiker=user, bereik="team", team=None, now=now))
    where = f"{OP_DE_DAG} op de dag en {IN_DE_TABEL // 1000} duizend in de tabel"
    return [
        judged(f"daglijst, vragen aan de database ({where})", count, QUERIES, unit=""),
        judged("daglijst, pagina tegenover hetzelfde uit het geheugen", page / memory, TIMES, unit="x", digits=2),
        Cijfer(naam="daglijst, hele pagina", waarde=f"{page:.0f} ms"),
        Cijfer(naam="daglijst, alleen lezen", waarde=f"{read:.0f} ms"),
    ]


_CAUGHT: dict[str, Any] = {}


def _context(client: Client, address: str) -> dict[str, Any]:
    """What the view gave its template, caught once."""
    if not _CAUGHT:
        from unittest import mock

        from django.shortcuts import render as original

        def catch(request: Any, name: str, context: dict[str, Any], **kwargs: Any) -> Any:
            _CAUGHT.update(name=name, context=context, request=request)
            return original(request, name, context, **kwargs)

        with mock.patch("afspraken.web.medewerker.dag.render", catch):
            client.get(address)
    return _CAUGHT


def _render(caught: dict[str, Any]) -> str:
    return str(get_template(caught["name"]).render(caught["context"], caught["request"]))
