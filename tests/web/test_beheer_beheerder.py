"""Accounts, teams, medewerkers and keys, as a beheerder handles them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from afspraken.flow import beheer
from afspraken.models import ApiSleutel, Gebruiker, LogRegel, Medewerker, Rol, Team
from notifications import api as post
from notifications import jobs
from tests.builders import NU, maak_gebruiker, maak_team
from tests.web.beheer_wereld import Wereld, ingelogd, maak_wereld

EVIL = '"><img src=x onerror=alert(1)>'


@pytest.fixture(autouse=True)
def wereld(time_machine: Any, db: None) -> Wereld:
    time_machine.move_to(NU, tick=False)
    return maak_wereld()


@pytest.fixture
def baas() -> Client:
    return ingelogd("beheerder")


def account_form(**values: Any) -> dict[str, Any]:
    return {
        "username": "mvisser",
        "voornaam": "Mia",
        "achternaam": "Visser",
        "email": "m.visser@gemeente.example",
        "rol": "coordinator",
        "teams": [maak_team().pk],
    } | values


def test_a_new_colleague_chooses_a_password_through_the_mail(baas: Client) -> None:
    assert baas.post("/beheer/accounts/nieuw", account_form()).status_code == 302
    jobs.drain()
    mail = next(m for m in post.console_messages(limit=20) if m.address == "m.visser@gemeente.example")
    assert "Beste Mia Visser," in mail.text
    link = re.search(r"/accounts/password/reset/key/\S+", mail.text)
    assert link
    newcomer = Client()
    form_path = newcomer.get(link[0], follow=True).redirect_chain[-1][0]
    secret = "vier woorden op een rij"
    assert newcomer.post(form_path, {"password1": secret, "password2": secret}).status_code == 302
    assert newcomer.post("/accounts/login/", {"login": "mvisser", "password": secret}).status_code == 302
    assert "Werkvoorraad" in newcomer.get("/beheer/").content.decode()


@pytest.mark.parametrize(
    ("change", "zegt"),
    [
        ({"username": "Coordinator1"}, "De naam Coordinator1 is al in gebruik."),
        ({"username": "met spatie"}, "Gebruik alleen letters, cijfers en de tekens"),
        ({"email": "geen adres"}, "Vul een e-mailadres in, zoals naam@gemeente.nl."),
        ({"teams": []}, "Zonder team ziet dit account niets."),
        ({"teams": [99999]}, "Dit team bestaat niet."),
        ({"rol": "superuser"}, "Kies een geldige keuze"),
        ({"achternaam": ""}, "Een account is van een persoon."),
    ],
)
def test_a_wrong_account_is_refused_at_its_field(baas: Client, change: dict[str, Any], zegt: str) -> None:
    before = Gebruiker.objects.count()
    content = baas.post("/beheer/accounts/nieuw", account_form(**change)).content.decode()
    assert "<title>Fout: " in content
    assert zegt in content or zegt == "Kies een geldige keuze"
    assert Gebruiker.objects.count() == before


def test_extra_fields_give_no_extra_rights(baas: Client) -> None:
    baas.post("/beheer/accounts/nieuw", account_form(is_superuser="on", is_staff="on", password="geheim"))
    account = Gebruiker.objects.get(username="mvisser")
    assert (account.is_superuser, account.is_staff, account.has_usable_password()) == (False, False, False)


def test_rights_count_at_once(baas: Client, wereld: Wereld) -> None:
    colleague = ingelogd("medewerker1")
    assert colleague.get("/beheer/").status_code == 403
    form = account_form(rol="coordinator", achternaam="Bakker", email="m1@gemeente.example")
    baas.post(f"/beheer/accounts/{wereld.account.pk}", form)
    assert colleague.get("/beheer/").status_code == 200
    assert colleague.get("/beheer/werkvoorraad/").status_code == 200
    baas.post(f"/beheer/accounts/{wereld.account.pk}", form | {"rol": "medewerker"})
    assert colleague.get("/beheer/").status_code == 403


def test_a_beheerder_keeps_the_own_role(baas: Client) -> None:
    me = Gebruiker.objects.get(username="beheerder")
    maak_gebruiker("beheerder2", rol=Rol.BEHEERDER)
    form = account_form(achternaam="Baas", email="baas@gemeente.example", rol="medewerker")
    content = baas.post(f"/beheer/accounts/{me.pk}", form).content.decode()
    assert "U kunt uw eigen rol van beheerder niet wegnemen." in content
    baas.post(f"/beheer/accounts/{me.pk}/sluiten")
    me.refresh_from_db()
    assert me.is_active
    assert me.rol == Rol.BEHEERDER.value


def test_closing_an_account_logs_its_owner_out(baas: Client, wereld: Wereld) -> None:
    colleague = ingelogd("medewerker1")
    url = f"/beheer/accounts/{wereld.account.pk}/sluiten"
    assert "wordt meteen uitgelogd" in baas.get(url).content.decode()
    baas.post(url)
    assert colleague.get("/beheer/").status_code == 302
    sessions = [session.get_decoded().get("_auth_user_id") for session in Session.objects.all()]
    assert str(wereld.account.pk) not in sessions
    assert LogRegel.objects.get(actie="account.gesloten").details == {"sessies": 1}
    # No link for who may not get in.
    assert baas.post(f"/beheer/accounts/{wereld.account.pk}/link").status_code == 404
    baas.post(f"/beheer/accounts/{wereld.account.pk}/openen")
    wereld.account.refresh_from_db()
    assert wereld.account.is_active


def test_a_new_link_goes_to_the_account_and_nobody_else(baas: Client, wereld: Wereld) -> None:
    content = baas.post(f"/beheer/accounts/{wereld.account.pk}/link", follow=True).content.decode()
    assert "Dit account heeft geen e-mailadres." in content
    Gebruiker.objects.filter(pk=wereld.account.pk).update(email="m1@gemeente.example")
    baas.post(f"/beheer/accounts/{wereld.account.pk}/link")
    jobs.drain()
    kinds = {m.address for m in post.console_messages(limit=50) if "wachtwoord" in m.text}
    assert kinds == {"m1@gemeente.example"}


# --- Keys -----------------------------------------------------------------------------------------


def key_form(**values: Any) -> dict[str, Any]:
    return {"naam": "JCC", "scopes": ["afspraken:schrijven"], "bereik": "teams", "teams": [maak_team().pk]} | values


def test_a_key_is_shown_once_and_stopped_at_once(baas: Client) -> None:
    response = baas.post("/beheer/sleutels/nieuw", key_form(verloopt="2027-06-30"))
    found = re.search(r"vf_[a-z0-9]{8}_[\w-]{43}", response.content.decode())
    assert found
    assert "no-store" in response["Cache-Control"]
    row = beheer.zoek_api_sleutel(sleutel=found[0], now=NU)
    assert row is not None
    assert list(row.teams.all()) == [maak_team()]
    assert row.verloopt_op is not None
    assert row.verloopt_op.isoformat() == "2027-06-30T21:59:59+00:00"
    overview = baas.get("/beheer/sleutels/").content.decode()
    assert f"vf_{row.voorvoegsel}" in overview
    assert found[0] not in overview
    baas.post(f"/beheer/sleutels/{row.pk}/intrekken")
    assert beheer.zoek_api_sleutel(sleutel=found[0], now=NU) is None
    assert found[0] not in str(list(LogRegel.objects.values()))


@pytest.mark.parametrize(
    ("change", "zegt"),
    [
        ({"naam": ""}, "Vul een naam in"),
        ({"scopes": []}, "Kies wat deze sleutel mag."),
        ({"scopes": ["alles"]}, "Dit recht bestaat niet."),
        ({"teams": []}, "Kruis een of meer teams aan"),
        ({"bereik": "alle"}, "Kies een van de twee."),
        ({"bereik": ""}, "Kies voor welke teams de sleutel is."),
        ({"verloopt": "2020-01-01"}, "Kies een dag in de toekomst."),
    ],
)
def test_a_key_never_gets_more_than_was_meant(baas: Client, change: dict[str, Any], zegt: str) -> None:
    before = ApiSleutel.objects.count()
    assert zegt in baas.post("/beheer/sleutels/nieuw", key_form(**change)).content.decode()
    assert ApiSleutel.objects.count() == before


# --- Teams and medewerkers ------------------------------------------------------------------------


def test_a_team_is_made_renamed_and_kept_while_it_has_work(baas: Client, wereld: Wereld) -> None:
    assert baas.post("/beheer/teams/nieuw", {"naam": "Jeugd", "code": "jeugd"}).status_code == 302
    team = Team.objects.get(code="jeugd")
    assert (
        "Er is al een team met de code jeugd."
        in baas.post("/beheer/teams/nieuw", {"naam": "Jeugd", "code": "JEUGD"}).content.decode()
    )
    baas.post(f"/beheer/teams/{team.pk}", {"naam": "Jeugdteam"})
    team.refresh_from_db()
    assert (team.naam, team.actief, team.code) == ("Jeugdteam", False, "jeugd")
    busy = baas.post(f"/beheer/teams/{wereld.eigen.team.pk}", {"naam": "Wmo"}).content.decode()
    assert "Dit team heeft nog 1 afspraken." in busy


def test_names_of_a_planning_system_lead_to_a_person(baas: Client, wereld: Wereld) -> None:
    pk = wereld.medewerker.pk
    url = f"/beheer/medewerkers/{pk}"
    form = {"naam": "B. de Boer", "gebruiker": wereld.account.pk, "teams": [maak_team().pk]}
    assert baas.post(url, form).status_code == 302
    assert Medewerker.objects.get(pk=pk).gebruiker == wereld.account
    assert baas.post(f"{url}/naam", {"naam": "Boer,  B. de"}).status_code == 302
    assert baas.post(f"{url}/naam", {"bron": "jcc", "extern_id": "m-12"}).status_code == 302
    shown = baas.get(url).content.decode()
    assert "boer, b. de" in shown
    assert "nummer m-12 in jcc" in shown
    for empty in ({}, {"bron": "jcc"}, {"extern_id": "m-12"}):
        response = baas.post(f"{url}/naam", empty)
        assert "Vul een naam in, of een bron met een nummer." in response.content.decode()
        assert "<title>Fout: " in response.content.decode()
    baas.post(f"{url}/naam/{wereld.alias}/weg")
    assert not Medewerker.objects.get(pk=pk).aliassen.filter(pk=wereld.alias).exists()


def test_an_account_of_somebody_else_can_not_be_taken(baas: Client, wereld: Wereld) -> None:
    other = Medewerker.objects.create(naam="C. Mulder", gebruiker=wereld.account)
    form = {"naam": "B. de Boer", "gebruiker": wereld.account.pk, "teams": []}
    content = baas.post(f"/beheer/medewerkers/{wereld.medewerker.pk}", form).content.decode()
    assert "Dit account bestaat niet, of het hoort al bij een ander." in content
    other.refresh_from_db()
    assert other.gebruiker == wereld.account


def test_two_that_are_one_are_joined_after_a_page_that_says_so(baas: Client, wereld: Wereld) -> None:
    blijft = Medewerker.objects.create(naam="Bea de Boer")
    url = f"/beheer/medewerkers/{wereld.medewerker.pk}/samenvoegen"
    assert "2 afspraken gaan naar de medewerker die u kiest" in re.sub(r"\s+", " ", baas.get(url).content.decode())
    assert "Kies een medewerker." in baas.post(url, {}).content.decode()
    assert baas.post(url, {"blijft": wereld.medewerker.pk}).status_code == 200
    assert baas.post(url, {"blijft": blijft.pk}).status_code == 302
    assert blijft.afspraken.count() == 2


def test_names_that_bite_do_not(baas: Client, wereld: Wereld) -> None:
    Gebruiker.objects.update(last_name=EVIL)
    Medewerker.objects.update(naam=EVIL)
    Team.objects.update(naam=EVIL)
    ApiSleutel.objects.update(naam=EVIL)
    pk = wereld.medewerker.pk
    for path in (
        "",
        "accounts/",
        f"accounts/{wereld.account.pk}",
        f"accounts/{wereld.account.pk}/sluiten",
        "teams/",
        f"teams/{wereld.eigen.team.pk}",
        "medewerkers/",
        f"medewerkers/{pk}",
        f"medewerkers/{pk}/samenvoegen",
        "medewerkers/?zoek=%22%3E%3Cimg%20src=x",
        "sleutels/",
        f"sleutels/{wereld.sleutel}/intrekken",
    ):
        content = baas.get(f"/beheer/{path}").content.decode()
        assert "<img src=x" not in content, path


def test_lists_take_as_many_queries_for_many_rows(baas: Client, django_assert_num_queries: Any) -> None:
    for number in range(30):
        maak_gebruiker(f"g{number}")
        maak_team(f"team-{number}")
        Medewerker.objects.create(naam=f"M{number}").teams.add(maak_team())
    for path, many in (("accounts/", 5), ("teams/", 4), ("medewerkers/", 6), ("sleutels/", 5)):
        with django_assert_num_queries(many):
            baas.get(f"/beheer/{path}")
