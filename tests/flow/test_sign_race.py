"""Two tabs, two colleagues: each role signs once, whoever is first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest
from django.db import connection, connections

from afspraken.flow import sign
from afspraken.models import Formulier, Handtekening
from tests.builders import NU, maak_gebruiker
from tests.flow.sign_steps import actor_for, client_signs, medewerker_signs, opened, told

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(jobs: Sequence[Callable[[], object]]) -> list[str]:
    """Run the jobs in threads that start together; what each ended with: "" or the reason of its refusal."""
    gate = threading.Barrier(len(jobs))
    ended: list[str] = [""] * len(jobs)

    def run(index: int) -> None:
        gate.wait()
        try:
            jobs[index]()
        except sign.TekenenNietMogelijk as problem:
            ended[index] = problem.reden
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


@pytest.mark.parametrize("attempt", range(3))
def test_a_role_signs_once(attempt: int) -> None:
    formulier = opened(told(extern_id=f"race-{attempt}"))
    ended = at_once([lambda: client_signs(formulier)] * 4)
    assert sorted(ended) == ["", "al_getekend", "al_getekend", "al_getekend"]
    colleagues = [maak_gebruiker(f"collega{n}") for n in range(4)]
    ended = at_once([lambda who=who: medewerker_signs(formulier, who) for who in colleagues])  # type: ignore[misc]
    assert sorted(ended) == ["", "ondertekend", "ondertekend", "ondertekend"]
    assert Handtekening.objects.count() == 2


def test_opening_at_once_makes_one_form() -> None:
    afspraak = told()
    at_once([lambda: opened(afspraak)] * 4)
    assert Formulier.objects.count() == 1


def test_signing_while_a_colleague_changes_the_form() -> None:
    """Either the change is first and the signature is refused as stale, or the signature lapses with the change."""
    collega = maak_gebruiker()
    formulier = opened(told())

    def change() -> None:
        sign.geen_opname(formulier_id=formulier.pk, gebruiker_id=collega.pk, actor=actor_for(collega), now=NU)

    ended = at_once([lambda: client_signs(formulier), change])
    formulier.refresh_from_db()
    assert formulier.status == "geen_opname"
    assert ended[0] in {"", "geen_opname"}
    assert Handtekening.objects.count() == (1 if ended[0] == "" else 0)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only on PostgreSQL: SQLite has no row locks")
def test_the_lock_is_on_the_appointment() -> None:
    """The second signer waits for the first instead of running into the unique constraint."""
    formulier = opened(told())
    with connection.execute_wrapper(_remember := _Seen()):
        client_signs(formulier)
    assert any("FOR UPDATE" in sql and "afspraken_afspraak" in sql for sql in _remember.statements)


class _Seen:
    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        self.statements.append(sql)
        return execute(sql, params, many, context)
