"""Much data in little time, on PostgreSQL: the database copies a few rows that were made through the real doors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Model


def appointments(aantal: int) -> None:
    """Appointments under source "bench", two weeks ahead, each with a client of its own.

    One goes through the flow; the copies differ in what must be unique, and in the index of the phone.
    """
    from afspraken.flow import plan
    from afspraken.models import Afspraak, Client
    from tests.bench import world
    from tests.builders import TESTER, maak_team

    for code in ("wmo", "werk-en-inkomen"):
        maak_team(code)
    now = datetime.now(tz=UTC)
    (gegevens,) = world.deliveries(1, start=now + timedelta(days=14), bron="bench")
    plan.plan_afspraken(gegevens=[gegevens], actor=TESTER, now=now)
    first = Afspraak.objects.get(bron="bench")
    other = {"extern_id": "'bench-' || n", "mobiel_index": "md5(n::text)", "id": f"{first.client_id} + n"}
    _copy(Client, first.client_id, aantal - 1, other)
    _copy(
        Afspraak,
        first.pk,
        aantal - 1,
        {
            "id": f"{first.pk} + n",
            "extern_id": "'bench-' || n",
            "sleutel": "gen_random_uuid()",
            "link_hash": "md5(n::text) || md5((-n)::text)",
            "client_id": f"{first.client_id} + n",
        },
    )


def _copy(model: type[Model], pk: int, times: int, changed: dict[str, str]) -> None:
    """``times`` copies of a row; ``changed``: column -> SQL, in which n counts from 1."""
    from django.db import connection

    table = model._meta.db_table
    columns = [str(field.column) for field in model._meta.concrete_fields]
    picked = ", ".join(changed.get(column, f"given.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {picked} "
            f"FROM {table} AS given, generate_series(1, {times}) AS n WHERE given.id = {pk}"
        )
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        cursor.execute(f"ANALYZE {table}")
