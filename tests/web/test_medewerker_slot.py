"""The screen in the client's hands: one form, and a lock on everything else."""

from __future__ import annotations

import pytest
import time_machine as clock

from afspraken.domain.voornemen import Antwoord, Antwoordgegevens
from afspraken.models import Formulier, Handtekening
from tests.builders import NU, maak_gebruiker, maak_medewerker
from tests.flow.sign_steps import opened, say, told
from tests.web.client_steps import text_of
from tests.web.medewerker_steps import Bureau, path_of

pytestmark = pytest.mark.django_db

GETYPT = {"client-naam": "A. Jansen", "client-bevestigd": "on"}


@pytest.fixture(autouse=True)
def _clock(time_machine: clock.TimeMachineFixture) -> None:
    time_machine.move_to(NU, tick=False)


@pytest.fixture
def bureau() -> Bureau:
    gebruiker = maak_gebruiker("ik", first_name="Bart", last_name="Boer")
    maak_medewerker("B. de Boer", gebruiker=gebruiker)
    return Bureau(gebruiker)


@pytest.fixture
def formulier() -> Formulier:
    return opened(told())


def hand_over(bureau: Bureau, formulier: Formulier) -> str:
    html = bureau.open(f"/werk/formulier/{formulier.pk}")
    response = bureau.send(html, f"/werk/formulier/{formulier.pk}/overhandigen")
    assert path_of(response) == f"/werk/formulier/{formulier.pk}/client"
    return response.content.decode()


def for_client(formulier: Formulier) -> str:
    return f"/werk/formulier/{formulier.pk}/client"


def test_the_client_sees_the_form_the_rules_and_nothing_else(bureau: Bureau, formulier: Formulier) -> None:
    told(client_naam="Iemand Anders")
    html = hand_over(bureau, formulier)
    text = text_of(html)
    assert "Tekenen mag, maar het hoeft niet." in text
    assert "Stiekem opnemen willen wij graag voorkomen." in text
    for part in ("Daglijst", "Inloop", "Iemand Anders", "Uitloggen", "Bart Boer", "/beheer/", "Afspraak bekijken"):
        assert part not in html, part


@pytest.mark.parametrize(
    "path",
    [
        "/werk/",
        "/werk/daglijst/2026-11-27",
        "/werk/nieuw",
        "/werk/inloop",
        "/werk/afspraak/{afspraak}",
        "/werk/formulier/{formulier}",
        "/werk/formulier/{formulier}/pdf",
        "/werk/formulier/{ander}/client",
        "/werk/formulier/{ander}",
        "/beheer/",
        "/accounts/password/change/",
    ],
)
def test_every_other_staff_page_asks_for_the_password(bureau: Bureau, formulier: Formulier, path: str) -> None:
    other = opened(told())
    hand_over(bureau, formulier)
    address = path.format(afspraak=formulier.afspraak_id, formulier=formulier.pk, ander=other.pk)
    for method in ("get", "post"):
        response = getattr(bureau.browser, method)(address, {"csrfmiddlewaretoken": bureau.token()})
        assert response.status_code == 302
        assert response.headers["Location"] == "/werk/slot"


def test_a_list_in_another_tab_is_told_and_not_filled(bureau: Bureau, formulier: Formulier) -> None:
    hand_over(bureau, formulier)
    response = bureau.browser.get("/werk/daglijst/2026-11-27", headers={"HX-Request": "true"})
    assert (response.status_code, response.content) == (401, b"")


def test_public_pages_stay_open(bureau: Bureau, formulier: Formulier) -> None:
    hand_over(bureau, formulier)
    assert bureau.get("/spelregels").status_code == 200


def test_the_client_signs_and_hands_it_back(bureau: Bureau, formulier: Formulier) -> None:
    html = hand_over(bureau, formulier)
    values = {"inhoud_hash": formulier.inhoud_hash, **GETYPT}
    assert formulier.inhoud_hash in html
    response = bureau.post(for_client(formulier), **values)
    assert "Geef het scherm terug aan de medewerker." in text_of(response.content.decode())
    assert Handtekening.objects.get().rol == "client"
    assert path_of(bureau.get("/werk/")) == "/werk/slot"


def test_a_client_who_rather_not_signs_hears_that_it_is_fine(bureau: Bureau, formulier: Formulier) -> None:
    hand_over(bureau, formulier)
    response = bureau.post(for_client(formulier), uitkomst="client_tekent_niet", inhoud_hash=formulier.inhoud_hash)
    text = text_of(response.content.decode())
    assert "Dat is goed. U mag het gesprek nog steeds opnemen." in text
    formulier.refresh_from_db()
    assert formulier.status == "client_tekent_niet"


def test_an_empty_signature_is_explained_on_the_clients_page(bureau: Bureau, formulier: Formulier) -> None:
    hand_over(bureau, formulier)
    response = bureau.post(for_client(formulier), inhoud_hash=formulier.inhoud_hash, **{"client-naam": "A. Jansen"})
    assert response.status_code == 400
    assert "Teken in het vak, of zet een vinkje" in text_of(response.content.decode())


def test_a_form_that_changed_meanwhile_is_shown_again(bureau: Bureau, formulier: Formulier) -> None:
    hand_over(bureau, formulier)
    say(formulier.afspraak, Antwoordgegevens(antwoord=Antwoord.JA, toelichting="voor mijn zoon"))
    response = bureau.post(for_client(formulier), inhoud_hash=formulier.inhoud_hash, **GETYPT)
    text = text_of(response.content.decode())
    assert "Lees het formulier nog een keer." in text
    assert "voor mijn zoon" in text
    assert not Handtekening.objects.exists()


def test_the_password_opens_the_way_back(bureau: Bureau, formulier: Formulier) -> None:
    hand_over(bureau, formulier)
    wrong = bureau.post("/werk/slot", wachtwoord="een ander wachtwoord")
    assert "Dit is niet uw wachtwoord." in text_of(wrong.content.decode())
    assert path_of(bureau.get("/werk/")) == "/werk/slot"
    right = bureau.post("/werk/slot", wachtwoord="een lang wachtwoord")
    assert path_of(right) == f"/werk/formulier/{formulier.pk}"
    assert bureau.get("/werk/nieuw").status_code == 200


def test_guessing_the_password_is_slowed_down(bureau: Bureau, formulier: Formulier) -> None:
    hand_over(bureau, formulier)
    answers = [bureau.post("/werk/slot", wachtwoord=f"gok {n}").status_code for n in range(12)]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert "te vaak geprobeerd" in text_of(bureau.post("/werk/slot", wachtwoord="gok").content.decode())


def test_logging_out_and_in_again_is_a_way_back_too(bureau: Bureau, formulier: Formulier) -> None:
    hand_over(bureau, formulier)
    bureau.post("/accounts/logout/")
    bureau.browser.force_login(bureau.gebruiker)
    assert path_of(bureau.get("/werk/")).startswith("/werk/daglijst/")


def test_the_clients_page_is_nothing_without_handing_over(bureau: Bureau, formulier: Formulier) -> None:
    assert path_of(bureau.get(for_client(formulier))) == f"/werk/formulier/{formulier.pk}"
    assert path_of(bureau.get("/werk/slot")).startswith("/werk/daglijst/")
    bureau.post(for_client(formulier), inhoud_hash=formulier.inhoud_hash, **GETYPT)
    assert not Handtekening.objects.exists()
