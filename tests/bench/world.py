"""A municipality of some years: 200,000 appointments in the table, 300 of them on one day."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from django.db import connection

from afspraken.domain import links
from afspraken.domain.gegevens import Afspraakgegevens, Clientgegevens, Medewerkergegevens
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Kanaal, Soort
from afspraken.flow import answer, log, plan
from afspraken.models import Afspraak, Client, Medewerker, Rol, Team
from tests.builders import TESTER, maak_gebruiker, maak_team

IN_DE_TABEL = 200_000
OP_DE_DAG = 300
_MADE = 2_000


def build(now: datetime) -> datetime:
    """Fill the database; the day (its 0.00 UTC) on which the 300 are."""
    teams = [maak_team("wmo"), maak_team("werk-en-inkomen")]
    maak_gebruiker("bench", rol=Rol.COORDINATOR, teams=("wmo", "werk-en-inkomen"))
    _history(now, teams)
    day = (now + timedelta(days=3)).replace(hour=0, minute=0, second=0, microsecond=0)
    _busy_day(day, now)
    return day


def _history(now: datetime, teams: list[Team]) -> None:
    """Rows spread over the two years before: what an index has to see through. The database multiplies a few."""
    clients = Client.objects.bulk_create(
        [Client(bron="oud", extern_id=f"c-{number}", naam=f"Cliënt {number}") for number in range(_MADE)]
    )
    people = [Medewerker.objects.create(naam=f"Medewerker {number}") for number in range(40)]
    rows = []
    for number, client in enumerate(clients):
        start = now - timedelta(minutes=10 + 5 * number)
        sleutel = uuid.uuid4()
        rows.append(
            Afspraak(
                bron="oud",
                extern_id=f"o-{number}",
                team=teams[number % 2],
                client=client,
                medewerker=people[number % len(people)],
                onderwerp="gesprek met de gemeente",
                start_op=start,
                eind_op=start + timedelta(minutes=45),
                status="afgerond",
                sleutel=sleutel,
                link_hash=links.hash_token(str(sleutel)),
                korte_code="2B",
                aangemaakt_op=start,
                gewijzigd_op=start,
            )
        )
    Afspraak.objects.bulk_create(rows)
    _multiply(IN_DE_TABEL // _MADE - 1, step=timedelta(minutes=5 * _MADE))


def _multiply(times: int, *, step: timedelta) -> None:
    """Copy every row ``times`` times, each copy a step further back; in SQL, and SQLite's at that."""
    days = step.total_seconds() / 86400
    changed = {
        "extern_id": "extern_id || '-' || n",
        "sleutel": "lower(hex(randomblob(16)))",
        "link_hash": "lower(hex(randomblob(32)))",
        "start_op": f"datetime(start_op, (-n * {days}) || ' days')",
        "eind_op": f"datetime(eind_op, (-n * {days}) || ' days')",
    }
    columns = [str(field.column) for field in Afspraak._meta.concrete_fields if not field.primary_key]
    picked = ", ".join(changed.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"with recursive t(n) as (select 1 union all select n + 1 from t where n < {times}) "
            f"insert into afspraken_afspraak ({', '.join(columns)}) select {picked} from afspraken_afspraak, t"
        )
    assert Afspraak.objects.count() == IN_DE_TABEL


def deliveries(count: int, *, start: datetime, bron: str) -> list[Afspraakgegevens]:
    """Appointments as a planning system delivers them, within eight hours of one day."""
    return [
        Afspraakgegevens(
            bron=bron,
            extern_id=f"{bron}-{number}",
            externe_versie=1,
            start_op=start + timedelta(minutes=480 * number // count),
            eind_op=start + timedelta(minutes=480 * number // count + 30),
            onderwerp="gesprek met de gemeente",
            team=("wmo", "werk-en-inkomen")[number % 2],
            locatie_naam="Stadhuis",
            locatie_adres="Markt 1",
            client=Clientgegevens(
                naam=f"C. Cliënt {number}", mobiel=f"+3161{number:07d}", email=f"c{number}@example.nl"
            ),
            medewerker=Medewerkergegevens(naam=f"Medewerker {number % 40}"),
        )
        for number in range(count)
    ]


def _busy_day(day: datetime, now: datetime) -> None:
    """Through the flow, so with messages, answers and everything else that a row shows."""
    gegevens = deliveries(OP_DE_DAG, start=day + timedelta(hours=8), bron="dag")
    found = plan.plan_afspraken(gegevens=gegevens, actor=TESTER, now=now)
    doelen = list(Doel)
    for number, result in enumerate(found):
        if number % 3 == 2 or result.afspraak_id is None:
            continue
        row = answer.record_antwoord(
            afspraak_id=result.afspraak_id,
            gegevens=Antwoordgegevens(
                antwoord=(Antwoord.JA, Antwoord.NEE)[number % 2],
                soorten=frozenset({Soort.GELUID}),
                doel=doelen[number % len(doelen)],
            ),
            kanaal=Kanaal.WEB,
            taal="nl",
            actor=log.CLIENT,
            now=now,
        )
        if number % 4 == 0:
            answer.mark_gezien(voornemen_id=row, gebruiker_id=1, actor=TESTER, now=now)


def weekday_morning() -> datetime:
    """The coming Tuesday at 9.00 UTC: no quiet hours, and the day list's day is a Friday."""
    now = datetime.now(tz=UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    return now + timedelta(days=(1 - now.weekday()) % 7)
