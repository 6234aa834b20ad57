"""The day list in the browser of a medewerker."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine as clock
from django.test import Client

from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel
from afspraken.flow import plan
from afspraken.models import Formulier, Gebruiker, Gezien, LogRegel, Voornemen
from tests.builders import NU, TESTER, maak_afspraak, maak_gebruiker, maak_medewerker
from tests.flow.sign_steps import DELEN, JA, NEE, say, told
from tests.web.client_steps import text_of
from tests.web.medewerker_steps import Bureau, path_of

pytestmark = pytest.mark.django_db

DAG = "/werk/daglijst/2026-11-27"


@pytest.fixture(autouse=True)
def _clock(time_machine: clock.TimeMachineFixture) -> None:
    time_machine.move_to(NU, tick=False)


@pytest.fixture
def ik() -> Gebruiker:
    gebruiker = maak_gebruiker("ik", first_name="Bart", last_name="de Boer")
    maak_medewerker("B. de Boer", gebruiker=gebruiker)
    return gebruiker


@pytest.fixture
def bureau(ik: Gebruiker) -> Bureau:
    return Bureau(ik)


def test_the_work_begins_with_today_and_mine(bureau: Bureau) -> None:
    response = bureau.get("/werk/")
    assert path_of(response) == "/werk/daglijst/2026-11-25"
    assert response.wsgi_request.GET["bereik"] == "mijn"  # type: ignore[attr-defined]


def test_an_account_without_conversations_of_its_own_begins_with_the_team() -> None:
    response = Bureau(maak_gebruiker("coord")).get("/werk/")
    assert response.wsgi_request.GET["bereik"] == "team"  # type: ignore[attr-defined]


def test_a_row_says_who_what_and_why_and_offers_the_form(bureau: Bureau) -> None:
    afspraak = told(DELEN, client_naam="Fatma Yılmaz", locatie_ruimte="2.14")
    text = text_of(bureau.open(DAG))
    for part in ("10.00", "Fatma Yılmaz", "kamer 2.14", "Wil opnemen", "Regel 3", "Formulier openen", "Gezien"):
        assert part in text, part
    assert f'action="/werk/afspraak/{afspraak.pk}/formulier"' in bureau.open(DAG)


def test_the_purpose_is_behind_something_to_open(bureau: Bureau) -> None:
    told(Antwoordgegevens(antwoord=Antwoord.JA, doel=Doel.ANDERS, toelichting="voor de rechter"))
    html = bureau.open(DAG)
    assert re.search(r"<details(?![^>]*\bopen\b)[^>]*>(?:(?!</details>).)*voor de rechter", html, re.DOTALL)
    assert html.count("voor de rechter") == 1


def test_choices_stand_in_every_address_of_the_page(bureau: Bureau) -> None:
    told()
    html = bureau.open(DAG, bereik="team", keuze="wil_opnemen")
    assert "/werk/daglijst/2026-11-26?bereik=team&amp;keuze=wil_opnemen" in html
    assert "/werk/daglijst/2026-11-28?bereik=team&amp;keuze=wil_opnemen" in html
    assert 'aria-current="true"' in html
    assert "U ziet 1 van de 1 gesprekken" in text_of(html)


def test_a_counter_filters(bureau: Bureau) -> None:
    told(client_naam="Ja Janssen")
    told(NEE, client_naam="Nee Nelissen")
    text = text_of(bureau.open(DAG, keuze="neemt_niet_op"))
    assert "Nee Nelissen" in text
    assert "Ja Janssen" not in text


def test_the_date_field_goes_to_the_day_and_keeps_the_choices(bureau: Bureau) -> None:
    response = bureau.get("/werk/daglijst", datum="2026-12-01", bereik="team")
    assert path_of(response) == "/werk/daglijst/2026-12-01"
    assert response.wsgi_request.GET["bereik"] == "team"  # type: ignore[attr-defined]
    assert path_of(bureau.get("/werk/daglijst", datum="gisteren")) == "/werk/daglijst/2026-11-25"


@pytest.mark.parametrize("path", ["/werk/daglijst/2026-13-01", "/werk/daglijst/2026-02-30", "/werk/daglijst/vandaag"])
def test_a_day_that_does_not_exist_is_no_page(bureau: Bureau, path: str) -> None:
    assert bureau.get(path).status_code == 404


@pytest.mark.parametrize(("dag", "status"), [("2000-01-01", 200), ("2099-12-31", 200), ("0001-01-01", 404)])
def test_the_ends_of_the_calendar(bureau: Bureau, dag: str, status: int) -> None:
    assert bureau.get(f"/werk/daglijst/{dag}").status_code == status
    assert path_of(bureau.get("/werk/daglijst", datum="9999-12-31")) == "/werk/daglijst/2026-11-25"


def test_an_empty_day_says_why_and_what_to_do(bureau: Bureau) -> None:
    mine = text_of(bureau.open(DAG))
    assert "U hebt op deze dag geen gesprekken" in mine
    assert "nieuwe afspraak" in mine
    assert "planning is ingelezen" in text_of(bureau.open(DAG, bereik="team"))
    without = Bureau(maak_gebruiker("zonder"))
    assert "niet gekoppeld aan een medewerker" in text_of(without.open(DAG))
    no_team = Bureau(maak_gebruiker("teamloos", teams=()))
    assert "U zit nog niet in een team" in text_of(no_team.open(DAG, bereik="team"))


def test_cancelled_is_struck_and_said(bureau: Bureau) -> None:
    afspraak = told(client_naam="Weg Wouters")
    plan.annuleer_met_hand(afspraak_id=afspraak.pk, actor=TESTER, now=NU)
    html = bureau.open(DAG)
    assert "<s>Weg Wouters</s>" in html
    assert "Geannuleerd" in text_of(html)
    assert f'action="/werk/afspraak/{afspraak.pk}/formulier"' not in html


def test_only_the_list_for_a_refresh(bureau: Bureau) -> None:
    told(client_naam="Live Lievers")
    response = bureau.browser.get(DAG, headers={"HX-Request": "true"})
    html = response.content.decode()
    assert "Live Lievers" in html
    assert "Bijgewerkt om 10.00" in html
    assert "<html" not in html
    assert "<h1" not in html
    assert "HX-Request" in response.headers["Vary"]
    assert "no-store" in response.headers["Cache-Control"]


def test_a_refresh_after_logging_out_brings_no_login_page() -> None:
    response = Client().get(DAG, headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response.content == b""
    assert "vooraf:uitgelogd" in response.headers["HX-Trigger"]


def test_reading_changes_nothing(bureau: Bureau) -> None:
    afspraak = told()
    before = (LogRegel.objects.count(), Voornemen.objects.count(), Gezien.objects.count(), Formulier.objects.count())
    for path in ("/werk/", DAG, f"{DAG}/afdruk", f"/werk/afspraak/{afspraak.pk}", "/werk/nieuw", "/werk/inloop"):
        bureau.open(path)
    after = (LogRegel.objects.count(), Voornemen.objects.count(), Gezien.objects.count(), Formulier.objects.count())
    assert after == before


# --- Gezien and "neemt toch op" ----------------------------------------------------------------------


def test_gezien_marks_and_goes_back_to_where_it_was_pressed(bureau: Bureau, ik: Gebruiker) -> None:
    afspraak = told()
    action = f"/werk/afspraak/{afspraak.pk}/gezien"
    html = bureau.open(DAG, bereik="team", keuze="ongezien")
    for _ in range(2):
        response = bureau.send(html, action)
        assert path_of(response) == DAG
        assert response.wsgi_request.GET["keuze"] == "ongezien"  # type: ignore[attr-defined]
    assert Gezien.objects.get().gebruiker == ik
    assert LogRegel.objects.filter(actie="voornemen.gezien").count() == 1
    assert "gezien door Bart de Boer" in text_of(bureau.open(DAG))


def test_gezien_is_about_the_answer_that_was_on_the_screen(bureau: Bureau) -> None:
    afspraak = told(NEE)
    html = bureau.open(DAG)
    say(afspraak, JA)
    response = bureau.send(html, f"/werk/afspraak/{afspraak.pk}/gezien")
    assert "intussen een ander antwoord" in text_of(response.content.decode())
    assert not Gezien.objects.exists()


@pytest.mark.parametrize("elsewhere", ["https://kwaad.example/", "//kwaad.example/werk/", "/accounts/logout/", ""])
def test_the_way_back_stays_in_the_house(bureau: Bureau, elsewhere: str) -> None:
    afspraak = told()
    pk = Voornemen.objects.get().pk
    response = bureau.browser.post(
        f"/werk/afspraak/{afspraak.pk}/gezien",
        {"csrfmiddlewaretoken": bureau.token(), "voornemen": pk, "terug": elsewhere},
    )
    assert response.headers["Location"].startswith("/werk/daglijst/2026-11-27")


@pytest.mark.parametrize("gegevens", [None, NEE, Antwoordgegevens(antwoord=Antwoord.WEET_NIET)])
def test_recording_after_all_is_one_tap_to_the_form(
    bureau: Bureau, ik: Gebruiker, gegevens: Antwoordgegevens | None, time_machine: clock.TimeMachineFixture
) -> None:
    afspraak = told(gegevens) if gegevens else maak_afspraak()
    time_machine.move_to(afspraak.start_op + timedelta(minutes=5), tick=False)
    bureau.browser.force_login(ik)
    html = bureau.open(DAG)
    response = bureau.send(html, f"/werk/afspraak/{afspraak.pk}/neemt-op")
    formulier = Formulier.objects.get()
    assert path_of(response) == f"/werk/formulier/{formulier.pk}"
    newest = Voornemen.objects.order_by("-volgnummer")[0]
    assert (newest.antwoord, newest.kanaal, newest.vastgelegd_door) == ("ja", "mondeling", ik)
    assert "Cliënt tekent" in text_of(response.content.decode())


# --- Paper -------------------------------------------------------------------------------------------


def test_the_sheet_says_who_printed_it_and_when(bureau: Bureau) -> None:
    told(DELEN, client_naam="Piet Papier")
    text = text_of(bureau.open(f"{DAG}/afdruk"))
    for part in (
        "Piet Papier",
        "Wil opnemen",
        "Regel 3",
        "delen met anderen",
        "Afgedrukt door Bart de Boer op woensdag",
    ):
        assert part in text, part


def test_the_privacy_sheet_has_initials_and_no_purpose(bureau: Bureau) -> None:
    told(
        Antwoordgegevens(antwoord=Antwoord.JA, doel=Doel.ANDERS, toelichting="voor de rechter"),
        client_naam="Piet Papier",
        vorm="huisbezoek",
        locatie_adres="Thuisstraat 7",
    )
    html = bureau.open(f"{DAG}/afdruk", privacy="1")
    assert "P.P." in html
    for part in ("Piet", "Papier", "rechter", "iets anders", "Thuisstraat"):
        assert part not in html, part
