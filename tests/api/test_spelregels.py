"""The rules in force, as data: public, and to the letter."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client

from afspraken.models import SpelregelsVersie
from tests.api.conftest import fouten, lees
from tests.builders import NU, maak_team

pytestmark = pytest.mark.django_db
PAD = "/api/v1/spelregels/actueel"


def test_the_official_text_to_the_letter() -> None:
    answer = Client().get(f"{PAD}?taal=nl")
    assert answer.status_code == 200
    body = lees(answer)
    sheet = SpelregelsVersie.objects.get()
    assert body["tekst"] == sheet.tekst
    assert body["vingerafdruk"] == sheet.vingerafdruk
    assert hashlib.sha256(body["tekst"].encode()).hexdigest() == body["vingerafdruk"]
    assert [regel["nummer"] for regel in body["regels"]] == [1, 2, 3, 4, 5, 6, 7]
    assert (body["taal"], body["vertaling"], body["versie"], body["team"]) == ("nl", False, 1, None)
    assert body["inHetKort"]


def test_a_translation_says_that_it_is_one_and_its_absence_too() -> None:
    english, arabic = lees(Client().get(f"{PAD}?taal=en")), lees(Client().get(f"{PAD}?taal=ar"))
    assert (english["taal"], english["vertaling"]) == ("en", True)
    assert len(english["regels"]) == 7
    assert (arabic["taal"], arabic["vertaling"]) == ("nl", False)


def test_without_a_language_it_is_dutch() -> None:
    assert lees(Client().get(PAD))["taal"] == "nl"


def test_a_team_with_rules_of_its_own() -> None:
    team = maak_team("wmo")
    base = SpelregelsVersie.objects.get()
    SpelregelsVersie.objects.create(
        team=team,
        nummer=1,
        status="gepubliceerd",
        tekst=base.tekst.replace("Stiekem", "Heimelijk"),
        vingerafdruk="x",
        aangemaakt_op=NU,
        gepubliceerd_op=NU,
    )
    own = lees(Client().get(f"{PAD}?team=wmo"))
    assert own["team"] == "wmo"
    assert "Heimelijk" in own["tekst"]
    assert lees(Client().get(PAD))["team"] is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [("taal=klingon", {"taal": "onbekende_taal"}), ("team=geen", {"team": "onbekend_team"}),
     ("team=%00", {"team": "onbekend_team"})],
)  # fmt: skip
def test_a_wrong_question_is_named(query: str, expected: dict[str, str]) -> None:
    answer = Client().get(f"{PAD}?{query}")
    assert (answer.status_code, fouten(answer)) == (400, expected)


def test_before_the_first_sheet_there_is_none() -> None:
    SpelregelsVersie.objects.all().delete()
    assert Client().get(PAD).status_code == 404
