"""A BSN is dropped at the door: never stored, never answered, never logged."""

from __future__ import annotations

import json
import logging
from typing import Any
from unittest import mock

import pytest
from django.core import serializers
from django.db import connection

from afspraken.models import Afspraak, Client, LogRegel, Medewerker, MedewerkerAlias
from tests.api.conftest import Planning, bericht, fouten, lees

pytestmark = pytest.mark.django_db
BSN = "999922084"
BSN_TESTED = "111222333"


def everything() -> str:
    """All rows of the tables that a delivery can reach, as text."""
    rows: list[Any] = []
    for model in (Afspraak, Client, Medewerker, MedewerkerAlias, LogRegel):
        rows += model._default_manager.all()
    with connection.cursor() as cursor:
        cursor.execute("select mobiel, email from afspraken_client")
        raw = str(cursor.fetchall())
    return str(serializers.serialize("json", rows)) + raw


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"bsn": BSN}, "/bsn"),
        ({"client__bsn": BSN}, "/client/bsn"),
        ({"client__BSN": int(BSN)}, "/client/BSN"),
        ({"client__burgerServiceNummer": "123"}, "/client/burgerServiceNummer"),
        ({"client__externId": BSN_TESTED}, "/client/externId"),
        ({"client__externId": "1112.22.333"}, "/client/externId"),
        ({"medewerker__externId": BSN}, "/medewerker/externId"),
        ({"client__naam": f"A. Jansen {BSN}"}, "/client/naam"),
        ({BSN: "x"}, "/..."),
    ],
)
def test_it_is_left_out_and_said_where(
    planning: Planning, change: dict[str, Any], place: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = planning.put(bericht(**change))
    assert answer.status_code == 201, answer.content
    assert lees(answer)["weggelaten"] == [place]
    for number in (BSN, BSN_TESTED, "1112.22.333"):
        assert number not in everything()
        assert number not in answer.content.decode()
        assert number not in caplog.text
    assert Client.objects.get().naam == "A. Jansen"


def test_a_name_that_is_only_a_bsn_is_no_name(planning: Planning) -> None:
    answer = planning.put(bericht(client__naam=BSN))
    assert fouten(answer) == {"client.naam": "ontbreekt"}
    assert BSN not in answer.content.decode()


def test_in_the_address_and_the_subject_it_is_refused_without_repeating_it(
    planning: Planning, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="afspraken"):
        in_address = planning.put(bericht(), pad=f"/api/v1/afspraken/jcc/{BSN}")
        in_subject = planning.put(bericht(onderwerp=f"gesprek {BSN}"))
    assert fouten(in_address) == {"externId": "lijkt_op_bsn"}
    assert fouten(in_subject) == {"onderwerp": "lijkt_op_bsn"}
    assert BSN not in (in_address.content + in_subject.content).decode()
    assert BSN not in caplog.text
    assert Afspraak.objects.count() == 0


def test_a_phone_number_and_a_version_are_no_bsn(planning: Planning) -> None:
    answer = planning.put(bericht(client__mobiel="0612345678", externeVersie=111222333))
    assert (answer.status_code, lees(answer)["weggelaten"]) == (201, [])


def test_a_crash_does_not_log_the_body(planning: Planning, caplog: pytest.LogCaptureFixture) -> None:
    with mock.patch("afspraken.flow.plan.plan_afspraak", side_effect=RuntimeError("boem")):
        planning.put(json.dumps(bericht(client__bsn=BSN)))
    assert BSN not in caplog.text
    assert "Jansen" not in caplog.text
