"""The examples in the description are what the API really says: the story of A. Jansen, lived once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from afspraken.api import examples, limiter
from afspraken.api.intake import MAX_BYTES
from afspraken.api.problems import TITELS
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Kanaal, Soort
from afspraken.flow import answer as answers
from afspraken.flow import log, sign
from afspraken.models import Afspraak, Formulier, SpelregelsStatus, SpelregelsVersie, Team
from notifications import jobs
from tests.api.conftest import AFSPRAAK, Planning, lees, maak_planning
from tests.builders import NU, TESTER

pytestmark = pytest.mark.django_db
PAD = "/api/v1/afspraken/jcc/A2026-0001"


def put(planning: Planning, **headers: str) -> Any:
    return planning.put(examples.AFSPRAAK, PAD, **headers)


def test_the_appointment_is_the_one_of_the_contract() -> None:
    assert examples.AFSPRAAK == AFSPRAAK


def test_the_appointment_is_given_moved_and_cancelled(planning: Planning) -> None:
    answer = put(planning)
    assert answer.status_code == 201
    assert lees(answer) == examples.ANSWERS["zetAfspraak", 201]
    # Only who was invited hears of a move.
    jobs.drain()
    moved = {"externeVersie": 4, "start": "2026-12-03T10:00:00Z", "eind": "2026-12-03T10:45:00Z"}
    answer = planning.put(examples.AFSPRAAK | moved, PAD)
    assert answer.status_code == 200
    assert lees(answer) == examples.ANSWERS["zetAfspraak", 200]
    answer = planning.annuleer(examples.BODIES["annuleerAfspraak"], f"{PAD}/annulering")
    assert answer.status_code == 200
    assert lees(answer) == examples.ANSWERS["annuleerAfspraak", 200]


def test_the_appointment_is_read_with_its_answer_and_a_form_that_the_client_signed(planning: Planning) -> None:
    put(planning)
    jobs.drain()
    afspraak = Afspraak.objects.get()
    answers.record_antwoord(
        afspraak_id=afspraak.pk,
        gegevens=Antwoordgegevens(antwoord=Antwoord.JA, soorten=frozenset({Soort.GELUID}), doel=Doel.NALUISTEREN),
        kanaal=Kanaal.SMS,
        taal="nl",
        actor=log.CLIENT,
        now=NU,
    )
    pk = sign.open_formulier(afspraak_id=afspraak.pk, actor=TESTER, now=NU)
    sign.sign_client(
        formulier_id=pk,
        wijze="typen",
        naam="A. Jansen",
        inhoud_hash=Formulier.objects.get(pk=pk).inhoud_hash,
        thuis=False,
        actor=TESTER,
        now=NU,
    )
    assert lees(planning.get(PAD)) == examples.ANSWERS["leesAfspraak", 200]


def test_the_rules_of_a_team(planning: Planning) -> None:
    expected = examples.ANSWERS["leesSpelregels", 200]
    sheet = SpelregelsVersie.objects.create(
        team=Team.objects.get(code="wmo"),
        nummer=expected["versie"],
        tekst=expected["tekst"],
        vingerafdruk=expected["vingerafdruk"],
        status=SpelregelsStatus.GEPUBLICEERD,
        aangemaakt_op=NU,
        gepubliceerd_op=datetime.fromisoformat(expected["gepubliceerdOp"]),
    )
    sheet.vertalingen.create(taal="nl", kort=expected["inHetKort"])
    assert lees(Client().get("/api/v1/spelregels/actueel?taal=nl&team=wmo")) == expected


def wrong_number(planning: Planning) -> Any:
    return planning.put(examples.AFSPRAAK | {"client": examples.AFSPRAAK["client"] | {"mobiel": "070-1234567"}}, PAD)


def older(planning: Planning) -> Any:
    planning.put(examples.AFSPRAAK | {"externeVersie": 4}, PAD)
    return put(planning)


def too_often(planning: Planning) -> Any:
    with mock.patch.object(limiter, "_add", return_value=limiter.PER_MINUUT + 1):
        return planning.get(PAD)


def broken(planning: Planning) -> Any:
    with mock.patch("afspraken.flow.plan.plan_afspraak", side_effect=RuntimeError):
        return put(planning)


REFUSALS: dict[int, Callable[[Planning], Any]] = {
    400: wrong_number,
    401: lambda _planning: Client().get(PAD),
    403: lambda _planning: put(maak_planning(scopes=("afspraken:lezen",))),
    404: lambda planning: planning.get(PAD),
    405: lambda planning: planning.http.delete(PAD),
    406: lambda planning: planning.get(PAD, Accept="text/html"),
    409: older,
    411: lambda planning: put(planning, **{"Transfer-Encoding": "chunked"}),
    413: lambda planning: planning.put(b" " * (MAX_BYTES + 1), PAD),
    415: lambda planning: put(planning, content_type="text/plain"),
    429: too_often,
    500: broken,
}


@pytest.mark.parametrize("status", TITELS)
def test_every_refusal_says_what_its_example_says(planning: Planning, status: int) -> None:
    answer = REFUSALS[status](planning)
    assert answer.status_code == status
    assert lees(answer) | {"instance": examples.NUMMER} == examples.refusal(status)
