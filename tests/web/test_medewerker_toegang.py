"""Who may what: every address of the medewerker, for every role, for the own and for another team."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine as clock
from django.test import Client
from django.urls import URLPattern

from afspraken.models import Afspraak, Formulier, Gezien, Handtekening, Rol, Voornemen
from afspraken.pdf import render
from afspraken.web.medewerker.urls import urlpatterns
from tests.builders import NU, maak_afspraak, maak_gebruiker
from tests.flow.sign_steps import both_sign, opened, told
from tests.web.medewerker_steps import Bureau

pytestmark = pytest.mark.django_db

GET, POST = "get", "post"
GEEN_OBJECT = {"vandaag": (GET,), "kies_dag": (GET,), "nieuw": (GET, POST), "inloop": (GET, POST), "slot": (GET, POST)}
PER_DAG = {"daglijst": (GET,), "afdruk": (GET,)}
PER_AFSPRAAK = {
    "afspraak": (GET,),
    "gezien": (POST,),
    "antwoord": (GET, POST),
    "neemt_op": (POST,),
    "formulier_openen": (POST,),
    "verplaatsen": (GET, POST),
    "medewerker": (GET, POST),
    "annuleren": (GET, POST),
    "uitnodigen": (POST,),
    "uitkomst": (POST,),
}
PER_FORMULIER = {
    "formulier": (GET,),
    "formulier_aanpassen": (POST,),
    "formulier_toestemming": (POST,),
    "formulier_uitkomst": (POST,),
    "formulier_nieuwe_versie": (POST,),
    "formulier_pdf": (GET,),
    "formulier_blad": (GET,),
    "client_tekent": (POST,),
    "medewerker_tekent": (POST,),
    "op_papier": (POST,),
    "overhandigen": (POST,),
    "voor_client": (GET, POST),
}
ALL = GEEN_OBJECT | PER_DAG | PER_AFSPRAAK | PER_FORMULIER
ROUTES: dict[str, Any] = {str(entry.name): entry for entry in urlpatterns}
ROLLEN = list(Rol)


@pytest.fixture(autouse=True)
def _clock(time_machine: clock.TimeMachineFixture) -> None:
    time_machine.move_to(NU, tick=False)


@pytest.fixture(autouse=True)
def _no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here looks inside a PDF, and making one is most of the time this would take."""
    monkeypatch.setattr(render, "render_formulier", lambda **_values: b"%PDF-1.7 stand-in")


def path_for(name: str, pk: int) -> str:
    entry = ROUTES[name]
    assert isinstance(entry, URLPattern)
    return "/werk/" + str(entry.pattern).replace("<int:pk>", str(pk)).replace("<dag:datum>", "2026-11-27")


def state() -> tuple[object, ...]:
    """Everything that someone without rights could have changed."""
    return (
        list(Afspraak.objects.order_by("pk").values_list("status", "start_op", "medewerker_id", "generatie")),
        list(Formulier.objects.order_by("pk").values_list("status", "inhoud_hash", "versie")),
        (Voornemen.objects.count(), Gezien.objects.count(), Handtekening.objects.count()),
    )


def test_every_address_stands_in_this_test() -> None:
    assert set(ROUTES) == set(ALL)


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_stranger_is_sent_to_the_login(name: str) -> None:
    told()
    before = state()
    for method in ALL[name]:
        response = getattr(Client(), method)(path_for(name, 1))
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/accounts/login/")
    assert state() == before


@pytest.mark.parametrize("name", sorted(ALL))
def test_only_the_methods_it_is_made_for(name: str) -> None:
    bureau = Bureau(maak_gebruiker())
    others = {GET, POST, "put", "patch", "delete"} - set(ALL[name])
    for method in others:
        response = getattr(bureau.browser, method)(
            path_for(name, 1), headers={"X-CSRFToken": bureau.token()} if method != GET else {}
        )
        assert response.status_code == 405, method


@pytest.mark.parametrize("rol", ROLLEN)
@pytest.mark.parametrize("name", sorted(PER_AFSPRAAK | PER_FORMULIER))
def test_another_teams_object_looks_like_one_that_does_not_exist(name: str, rol: Rol) -> None:
    bureau = Bureau(maak_gebruiker(rol=rol))
    collega = maak_gebruiker("collega", teams=("jeugd",))
    signed = both_sign(told(team="jeugd"), collega)
    open_form = opened(told(team="jeugd"))
    before = state()
    for formulier in (signed, open_form):
        pk = formulier.pk if name in PER_FORMULIER else formulier.afspraak_id
        for method in ALL[name]:
            values = {"inhoud_hash": formulier.inhoud_hash, "uitkomst": "geen_opname", "antwoord": "nee"}
            if method == POST:
                values["csrfmiddlewaretoken"] = bureau.token()
            mine = getattr(bureau.browser, method)(path_for(name, pk), values)
            nothing = getattr(bureau.browser, method)(path_for(name, 999_999), values)
            assert mine.status_code == nothing.status_code == 404
            assert mine.content == nothing.content
            assert b"Jansen" not in mine.content
    assert state() == before


@pytest.mark.parametrize("rol", ROLLEN)
@pytest.mark.parametrize("name", sorted(PER_DAG))
def test_lists_show_no_other_team(name: str, rol: Rol) -> None:
    bureau = Bureau(maak_gebruiker(rol=rol))
    told(team="jeugd", client_naam="Geheim Persoon")
    for query in ({}, {"bereik": "team"}):
        response = bureau.get(path_for(name, 0), **query)
        assert response.status_code == 200
        assert b"Geheim" not in response.content
    assert bureau.get(path_for(name, 0), bereik="team", team="jeugd").status_code == 404


@pytest.mark.parametrize("rol", ROLLEN)
@pytest.mark.parametrize("name", sorted(ALL))
def test_the_own_team_is_open_to_every_role(name: str, rol: Rol) -> None:
    """A coordinator and a beheerder of a team may stand in for a medewerker of it."""
    gebruiker = maak_gebruiker(rol=rol)
    bureau = Bureau(gebruiker)
    formulier = both_sign(told(), gebruiker)
    pk = formulier.pk if name in PER_FORMULIER else formulier.afspraak_id
    for method in ALL[name]:
        values = {"csrfmiddlewaretoken": bureau.token()} if method == POST else {}
        response = getattr(bureau.browser, method)(path_for(name, pk), values)
        assert response.status_code in {200, 302, 400, 409}, (method, response.status_code)
        assert "/accounts/login/" not in response.headers.get("Location", "")


@pytest.mark.parametrize("name", sorted(name for name in ALL if POST in ALL[name]))
def test_no_post_without_its_token(name: str) -> None:
    bureau = Bureau(maak_gebruiker())
    formulier = opened(told())
    before = state()
    pk = formulier.pk if name in PER_FORMULIER else formulier.afspraak_id
    response = bureau.browser.post(path_for(name, pk), {"inhoud_hash": formulier.inhoud_hash})
    assert response.status_code == 403
    assert state() == before


@pytest.mark.parametrize("name", sorted(name for name in ALL if GET in ALL[name]))
def test_a_get_changes_nothing_and_is_kept_nowhere(name: str) -> None:
    bureau = Bureau(maak_gebruiker())
    formulier = both_sign(told(), bureau.gebruiker)
    before = state()
    pk = formulier.pk if name in PER_FORMULIER else formulier.afspraak_id
    for _ in range(2):
        response = bureau.browser.get(path_for(name, pk))
        assert "no-store" in response.headers["Cache-Control"]
    assert state() == before


def test_a_team_that_was_closed_is_out_of_sight() -> None:
    bureau = Bureau(maak_gebruiker())
    afspraak = maak_afspraak()
    assert bureau.get(f"/werk/afspraak/{afspraak.pk}").status_code == 200
    bureau.gebruiker.teams.update(actief=False)
    assert bureau.get(f"/werk/afspraak/{afspraak.pk}").status_code == 404
