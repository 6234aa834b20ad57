"""The import page: who may do what, once, and only after the button."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from afspraken.models import Afspraak, Importconcept, LogRegel, Rol
from tests.builders import NU, maak_afspraak, maak_gebruiker
from tests.sources.files import TEAMS, csv_of, maak_teams, read, row, sample
from tests.web.import_steps import PAGE, browser_of, confirm, text_of, upload, waiting, wrong_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(time_machine: Any) -> None:
    time_machine.move_to(NU, tick=False)
    maak_teams()


@pytest.fixture
def mine() -> Any:
    return browser_of()


def test_by_default_it_is_all_or_nothing(mine: Any) -> None:
    upload(mine, wrong_file())
    text = text_of(confirm(mine, waiting()))
    assert "Er is niets verwerkt." in text
    assert not Afspraak.objects.exists()


def test_twice_on_the_button_is_once(mine: Any) -> None:
    upload(mine, csv_of(row()))
    row_ = waiting()
    answers = [confirm(mine, row_) for _ in range(3)]
    assert {a.status_code for a in answers} == {200}
    assert all("1 afspraak is verwerkt" in text_of(a) for a in answers)
    assert LogRegel.objects.filter(actie="import.verwerkt").count() == 1


def test_a_number_that_was_not_on_the_screen_processes_nothing(mine: Any) -> None:
    upload(mine, csv_of(row()))
    for values in ({"aantal": 7}, {"aantal": ""}, {}):
        answer = mine.post(f"{PAGE}/{waiting().pk}/verwerken", values, follow=True)
        assert "Bekijk het nog eens" in text_of(answer)
    assert not Afspraak.objects.exists()


def test_opening_pages_changes_nothing(mine: Any) -> None:
    upload(mine, csv_of(row()))
    pk = waiting().pk
    before = list(Importconcept.objects.values())
    for _ in range(3):
        for address in ("", "/stand", "/fouten.csv"):
            assert mine.get(f"{PAGE}/{pk}{address}").status_code == 200
    assert mine.get(f"{PAGE}/{pk}/verwerken").status_code == 405
    assert mine.get(f"{PAGE}/{pk}/weggooien").status_code == 405
    assert list(Importconcept.objects.values()) == before
    assert not Afspraak.objects.exists()


def test_an_expired_file_has_a_clear_page(mine: Any, time_machine: Any) -> None:
    upload(mine, csv_of(row()))
    pk = waiting().pk
    time_machine.move_to(NU + timedelta(minutes=61), tick=False)
    mine.login(username="coordinator1", password="een lang wachtwoord")
    for answer in (
        mine.get(f"{PAGE}/{pk}"),
        mine.get(f"{PAGE}/{pk}/fouten.csv"),
        mine.post(f"{PAGE}/{pk}/verwerken", {"aantal": 1}),
    ):
        assert answer.status_code == 404
        assert "niet binnen een uur" in text_of(answer)
    assert not Afspraak.objects.exists()


def test_a_file_can_be_thrown_away(mine: Any) -> None:
    upload(mine, csv_of(row()))
    answer = mine.post(f"{PAGE}/{waiting().pk}/weggooien", follow=True)
    assert "weggegooid" in text_of(answer)
    assert not Importconcept.objects.exists()


def test_somebody_elses_file_does_not_exist(mine: Any) -> None:
    upload(mine, csv_of(row(), row(Afspraaknummer="A2", Datum="x")))
    pk = waiting().pk
    other = browser_of("coordinator2")
    nobody = uuid.uuid4()
    for address in ("", "/fouten.csv"):
        answers = [other.get(f"{PAGE}/{found}{address}") for found in (pk, nobody)]
        assert [a.status_code for a in answers] == [404, 404]
        assert len({text_of(a) for a in answers}) == 1
    assert other.get(f"{PAGE}/{pk}/stand").json() == {"klaar": True, "tekst": ""}
    assert other.post(f"{PAGE}/{pk}/verwerken", {"aantal": 1, "alleen_goede": "on"}).status_code == 404
    other.post(f"{PAGE}/{pk}/weggooien")
    assert Importconcept.objects.filter(pk=pk, begonnen_op=None).exists()
    assert not Afspraak.objects.exists()


@pytest.mark.parametrize("rol", [Rol.MEDEWERKER, Rol.BEHEERDER])
def test_only_a_coordinator(rol: Rol) -> None:
    other = browser_of("iemand", rol=rol)
    assert other.get(PAGE).status_code == 403
    assert upload(other, csv_of(row())).status_code == 403
    assert not Importconcept.objects.exists()


def test_a_stranger_goes_to_the_login_page() -> None:
    answer = upload(Browser(), csv_of(row()), follow=False)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_every_post_needs_its_token() -> None:
    maak_gebruiker("coordinator1", rol=Rol.COORDINATOR, teams=tuple(TEAMS))
    strict = Browser(enforce_csrf_checks=True)
    strict.login(username="coordinator1", password="een lang wachtwoord")
    assert upload(strict, csv_of(row())).status_code == 403
    assert not Importconcept.objects.exists()
    page = strict.get(PAGE)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert token is not None
    assert upload(strict, csv_of(row()), csrfmiddlewaretoken=token[1]).status_code == 200
    pk = waiting().pk
    for address in ("verwerken", "weggooien"):
        assert strict.post(f"{PAGE}/{pk}/{address}", {"aantal": 1}).status_code == 403
    assert Importconcept.objects.filter(begonnen_op=None).count() == 1


def test_rows_of_other_teams_are_errors() -> None:
    mine = browser_of("coordinator1", teams=("wmo",))
    text = text_of(upload(mine, sample()))
    others = [rij for rij in read(sample()).rijen if rij.gegevens.team != "wmo"]
    assert f"Er zijn {len(others)} rijen met een fout" in text
    assert "Team &#x27;jeugd&#x27; is niet een van uw teams: " in text
    confirm(mine, waiting(), alleen_goede="on")
    assert set(Afspraak.objects.values_list("team__code", flat=True)) == {"wmo"}


def test_an_appointment_of_another_team_stays_as_it_is() -> None:
    theirs = maak_afspraak(bron="csv", extern_id="VAN-JEUGD", team="jeugd")
    mine = browser_of("coordinator1", teams=("wmo",))
    for status in ("gepland", "geannuleerd"):
        text = text_of(upload(mine, csv_of(row(Afspraaknummer="VAN-JEUGD", Status=status))))
        assert "hoort al bij een afspraak van een team dat niet van u is" in text
        assert "verwerken-kop" not in text
    assert Afspraak.objects.get(pk=theirs.pk).status == theirs.status


def test_pages_are_not_left_in_a_cache(mine: Any) -> None:
    upload(mine, csv_of(row()))
    for address in (PAGE, f"{PAGE}/{waiting().pk}", f"{PAGE}/{waiting().pk}/fouten.csv"):
        assert "no-store" in mine.get(address).headers["Cache-Control"]
