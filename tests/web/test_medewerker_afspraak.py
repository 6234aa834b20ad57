"""One appointment in the browser of a medewerker: reading, noting down, changing, making."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine as clock

from afspraken.domain.lifecycle import Status
from afspraken.flow import plan
from afspraken.models import Afspraak, Formulier, Gebruiker, Medewerker, Voornemen
from notifications import api as post
from notifications import jobs
from tests.builders import NU, TESTER, maak_afspraak, maak_gebruiker, maak_medewerker, maak_team
from tests.flow.sign_steps import DELEN, JA, NEE, both_sign, say, told
from tests.web.client_steps import text_of
from tests.web.medewerker_steps import Bureau, path_of

pytestmark = pytest.mark.django_db


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


def status_of(afspraak: Afspraak) -> Status:
    return Afspraak.objects.get(pk=afspraak.pk).staat


def kinds(afspraak: Afspraak) -> list[str]:
    return [m.kind for m in post.statuses_for([afspraak.onderwerp_sleutel])[afspraak.onderwerp_sleutel]]


# --- Reading -----------------------------------------------------------------------------------------


def test_the_page_tells_the_whole_story(bureau: Bureau) -> None:
    afspraak = told(NEE, client_naam="Anna de Wit")
    say(afspraak, DELEN)
    plan.verplaats_afspraak(
        afspraak_id=afspraak.pk,
        start_op=afspraak.start_op + timedelta(hours=2),
        eind_op=afspraak.eind_op + timedelta(hours=2),
        actor=TESTER,
        now=NU,
    )
    text = text_of(bureau.open(f"/werk/afspraak/{afspraak.pk}"))
    for part in (
        "Anna de Wit",
        "Wil opnemen",
        "delen met anderen of openbaar maken",
        "Gegeven voor de oude tijd",
        "Eerdere antwoorden",
        "Neemt niet op. Op de webpagina.",
        "was vrijdag 27 november 2026, 10.00 uur",
        "Uitnodiging",
        "06••••••78",
        "Bezorgd betekent niet: gelezen.",
    ):
        assert part in text, part
    assert "+31612345678" not in text


def test_a_client_nobody_can_reach_is_said_so(bureau: Bureau) -> None:
    afspraak = maak_afspraak(client_mobiel="", client_email="")
    text = text_of(bureau.open(f"/werk/afspraak/{afspraak.pk}"))
    assert "Er is geen mobiel nummer en geen e-mailadres bekend" in text
    assert "Stuur een brief." in text


# --- Noting down -------------------------------------------------------------------------------------


def test_a_spoken_answer_is_kept_with_who_and_when(bureau: Bureau, ik: Gebruiker) -> None:
    afspraak = maak_afspraak()
    path = f"/werk/afspraak/{afspraak.pk}/antwoord"
    response = bureau.post(
        path, antwoord="ja", soorten=["geluid", "foto"], doel="deskundige", toelichting=" mijn  zus "
    )
    row = Voornemen.objects.get()
    assert (row.antwoord, row.soorten, row.doel, row.toelichting) == (
        "ja",
        ["foto", "geluid"],
        "deskundige",
        "mijn zus",
    )
    assert (row.kanaal, row.vastgelegd_door, row.ontvangen_op) == ("mondeling", ik, NU)
    assert "vastgelegd door Bart de Boer" in text_of(response.content.decode())


@pytest.mark.parametrize(
    ("values", "melding"),
    [
        ({}, "Kies wat de cliënt zegt."),
        ({"antwoord": "stiekem"}, "Kies wat de cliënt zegt."),
        ({"antwoord": "ja", "toelichting": "x" * 501}, "maximaal 500 tekens"),
        ({"antwoord": "ja", "toelichting": "bsn 111222333"}, "burgerservicenummer"),
        ({"antwoord": "ja", "doel": "winst"}, "winst"),
    ],
)
def test_a_wrong_answer_is_explained_and_nothing_is_lost(bureau: Bureau, values: dict[str, Any], melding: str) -> None:
    afspraak = maak_afspraak()
    response = bureau.post(f"/werk/afspraak/{afspraak.pk}/antwoord", **values)
    html = response.content.decode()
    assert melding in text_of(html)
    assert "<title>Fout: " in html
    assert "Er is een probleem" in html
    if "toelichting" in values:
        assert values["toelichting"] in html
    assert not Voornemen.objects.exists()


def test_an_answer_on_a_cancelled_or_signed_appointment_is_refused_in_words(bureau: Bureau, ik: Gebruiker) -> None:
    cancelled = maak_afspraak()
    plan.annuleer_met_hand(afspraak_id=cancelled.pk, actor=TESTER, now=NU)
    response = bureau.post(f"/werk/afspraak/{cancelled.pk}/antwoord", antwoord="ja")
    assert "geannuleerd" in text_of(response.content.decode())
    signed = told()
    both_sign(signed, ik)
    response = bureau.post(f"/werk/afspraak/{signed.pk}/neemt-op")
    assert "nieuwe versie van het formulier" in text_of(response.content.decode())


# --- Changing ----------------------------------------------------------------------------------------


def test_moving_tells_beforehand_and_keeps_the_answer(bureau: Bureau) -> None:
    afspraak = maak_afspraak()
    jobs.drain()
    say(afspraak, JA)
    path = f"/werk/afspraak/{afspraak.pk}/verplaatsen"
    assert "De cliënt krijgt een sms: gesprek verplaatst." in text_of(bureau.open(path))
    response = bureau.post(path, datum="2026-11-30", begin="14.15", einde="15:00")
    afspraak.refresh_from_db()
    assert afspraak.start_op == datetime(2026, 11, 30, 13, 15, tzinfo=UTC)
    assert "maandag 30 november 2026, 14.15 uur" in text_of(response.content.decode())
    assert "verplaatst" in kinds(afspraak)
    assert Voornemen.objects.get().antwoord == "ja"


@pytest.mark.parametrize(
    ("datum", "begin", "einde", "veld", "melding"),
    [
        ("2026-11-20", "10.00", "11.00", "id_begin", "Deze tijd is voorbij"),
        ("2026-11-30", "11.00", "10.00", "id_einde", "niet na het begin"),
        ("2026-11-30", "08.00", "21.00", "id_einde", "hooguit 12 uur"),
        ("2027-03-28", "02.30", "03.30", "id_begin", "bestaat niet"),
        ("30 november", "10.00", "11.00", "id_datum", "dag-maand-jaar"),
        ("2026-11-30", "tien", "11.00", "id_begin", "uur.minuten"),
        ("", "", "", "id_datum", "Vul de datum in."),
        ("2029-11-30", "10.00", "11.00", "id_begin", "meer dan 2 jaar"),
    ],
)
def test_a_wrong_time_is_explained_at_its_field(
    bureau: Bureau, datum: str, begin: str, einde: str, veld: str, melding: str
) -> None:
    afspraak = maak_afspraak()
    path = f"/werk/afspraak/{afspraak.pk}/verplaatsen"
    html = bureau.post(path, datum=datum, begin=begin, einde=einde).content.decode()
    assert melding in text_of(html)
    assert f'href="#{veld}"' in html
    before = afspraak.start_op
    afspraak.refresh_from_db()
    assert afspraak.start_op == before


def test_of_a_time_that_exists_twice_the_first_is_taken_and_said(bureau: Bureau) -> None:
    afspraak = maak_afspraak()
    path = f"/werk/afspraak/{afspraak.pk}/verplaatsen"
    response = bureau.post(path, datum="2027-10-31", begin="02.30", einde="03.30")
    afspraak.refresh_from_db()
    assert afspraak.start_op == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert "twee keer voor" in text_of(response.content.decode())


def test_another_medewerker_of_the_team_and_of_no_other(bureau: Bureau) -> None:
    afspraak = maak_afspraak()
    vos = maak_medewerker("C. Vos")
    stranger = maak_medewerker("D. Ver", team="jeugd")
    path = f"/werk/afspraak/{afspraak.pk}/medewerker"
    bureau.post(path, medewerker=stranger.pk)
    afspraak.refresh_from_db()
    assert afspraak.medewerker != stranger
    bureau.post(path, medewerker=vos.pk)
    afspraak.refresh_from_db()
    assert afspraak.medewerker == vos


def test_cancelling_asks_first_and_says_who_hears_it(bureau: Bureau) -> None:
    afspraak = maak_afspraak()
    jobs.drain()
    say(afspraak, JA)
    path = f"/werk/afspraak/{afspraak.pk}/annuleren"
    assert "De cliënt krijgt een sms: gesprek geannuleerd." in text_of(bureau.open(path))
    assert status_of(afspraak) is Status.BEANTWOORD
    bureau.post(path)
    assert status_of(afspraak) is Status.GEANNULEERD
    assert "geannuleerd" in kinds(afspraak)


def test_cancelling_what_is_over_is_refused_in_words(bureau: Bureau) -> None:
    afspraak = maak_afspraak()
    plan.rond_af(afspraak_id=afspraak.pk, actor=TESTER, now=afspraak.eind_op)
    response = bureau.post(f"/werk/afspraak/{afspraak.pk}/annuleren")
    assert "Er is een probleem" in response.content.decode()


def test_who_hears_nothing_is_said_too(bureau: Bureau) -> None:
    silent = maak_afspraak(client_mobiel="", client_email="")
    assert "Er gaat nu ook geen bericht uit." in text_of(bureau.open(f"/werk/afspraak/{silent.pk}/annuleren"))
    early = maak_afspraak(start_op=NU + timedelta(days=60))
    assert "De uitnodiging gaat uit" in text_of(bureau.open(f"/werk/afspraak/{early.pk}/verplaatsen"))


def test_inviting_again_sends_once_more(bureau: Bureau) -> None:
    afspraak = maak_afspraak()
    jobs.drain()
    before = kinds(afspraak).count("uitnodiging")
    response = bureau.post(f"/werk/afspraak/{afspraak.pk}/uitnodigen")
    assert "De uitnodiging gaat opnieuw uit." in text_of(response.content.decode())
    assert kinds(afspraak).count("uitnodiging") == 2 * before
    say(afspraak, JA)
    response = bureau.post(f"/werk/afspraak/{afspraak.pk}/uitnodigen")
    assert "heeft al geantwoord" in text_of(response.content.decode())
    assert "Opnieuw uitnodigen" not in text_of(bureau.open(f"/werk/afspraak/{afspraak.pk}")).replace(
        "Opnieuw uitnodigen kan niet", ""
    )


def test_how_it_ended(bureau: Bureau, ik: Gebruiker, time_machine: clock.TimeMachineFixture) -> None:
    afspraak = maak_afspraak()
    path = f"/werk/afspraak/{afspraak.pk}/uitkomst"
    response = bureau.post(path, uitkomst="niet_verschenen")
    assert "nog niet begonnen" in text_of(response.content.decode())
    time_machine.move_to(afspraak.start_op + timedelta(minutes=20), tick=False)
    bureau.browser.force_login(ik)
    bureau.post(path, uitkomst="niet_verschenen")
    assert status_of(afspraak) is Status.NIET_VERSCHENEN
    # They came after all, late.
    bureau.post(path, uitkomst="afgerond")
    assert status_of(afspraak) is Status.AFGEROND
    assert "Kies hoe het gesprek" in text_of(bureau.post(path, uitkomst="gewonnen").content.decode())


# --- Making ------------------------------------------------------------------------------------------


def fields(**values: Any) -> dict[str, Any]:
    return {
        "team": maak_team().pk,
        "client_naam": "N. Nieuw",
        "client_mobiel": "06 12 34 56 78",
        "client_email": "",
        "client_taal": "nl",
        "datum": "2026-11-30",
        "begin": "10:00",
        "einde": "10:45",
        "medewerker": "",
        "vorm": "balie",
        "locatie_naam": "Stadhuis",
        "locatie_adres": "",
        "locatie_ruimte": "",
        **values,
    }


def test_a_new_appointment_is_planned_and_the_client_invited(bureau: Bureau) -> None:
    vos = maak_medewerker("C. Vos")
    response = bureau.post("/werk/nieuw", **fields(medewerker=vos.pk))
    afspraak = Afspraak.objects.get()
    assert path_of(response) == f"/werk/afspraak/{afspraak.pk}"
    assert (afspraak.bron, afspraak.medewerker, afspraak.client.mobiel) == ("hand", vos, "+31612345678")
    assert afspraak.start_op == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert kinds(afspraak) == ["uitnodiging"]


def test_two_people_of_one_name_are_two_people(bureau: Bureau) -> None:
    maak_medewerker("J. Jansen")
    second = Medewerker.objects.create(naam="J. Jansen")
    second.teams.add(maak_team())
    bureau.post("/werk/nieuw", **fields(medewerker=second.pk))
    assert Afspraak.objects.get().medewerker == second
    assert Medewerker.objects.filter(naam="J. Jansen").count() == 2


@pytest.mark.parametrize(
    ("values", "veld", "melding"),
    [
        ({"client_naam": " "}, "id_client_naam", "Vul de naam"),
        ({"client_naam": "\u202e\u200b"}, "id_client_naam", "Vul de naam"),
        ({"client_naam": "bsn 111222333"}, "id_client_naam", "burgerservicenummer"),
        ({"client_mobiel": "0900 1234"}, "id_client_mobiel", ""),
        ({"client_mobiel": "020 1234567"}, "id_client_mobiel", ""),
        ({"client_email": "geen adres"}, "id_client_email", ""),
        ({"datum": "0001-01-01", "begin": "00:00", "einde": "01:00"}, "id_begin", "jaartal"),
        ({"datum": "2026-11-01"}, "id_begin", "verleden"),
        ({"einde": "09:00"}, "id_einde", "niet na het begin"),
        ({"datum": "2027-03-28", "begin": "02:30", "einde": "04:00"}, "id_begin", "bestaat niet"),
        ({"vorm": "duif"}, "id_vorm", ""),
    ],
)
def test_a_wrong_field_is_explained_and_the_rest_is_kept(
    bureau: Bureau, values: dict[str, str], veld: str, melding: str
) -> None:
    html = bureau.post("/werk/nieuw", **fields(**values)).content.decode()
    assert f'href="#{veld}"' in html
    assert melding in text_of(html)
    assert 'value="Stadhuis"' in html
    if "client_mobiel" not in values:
        assert 'value="06 12 34 56 78"' in html
    assert not Afspraak.objects.exists()


def page_number(html: str) -> str:
    """The number of the page, which goes back with the form."""
    found = re.search(r'<input type="hidden" name="pagina" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


def test_a_double_click_makes_one_appointment(bureau: Bureau) -> None:
    sent = fields(pagina=page_number(bureau.open("/werk/nieuw")))
    first = path_of(bureau.post("/werk/nieuw", **sent))
    assert path_of(bureau.post("/werk/nieuw", **sent)) == first
    afspraak = Afspraak.objects.get()
    assert kinds(afspraak) == ["uitnodiging"]
    # Whatever became of it since: sending the old page again brings nothing back.
    bureau.post(f"/werk/afspraak/{afspraak.pk}/annuleren")
    bureau.post("/werk/nieuw", **sent)
    afspraak.refresh_from_db()
    assert afspraak.geannuleerd_op is not None


def test_another_client_or_another_page_is_another_appointment(bureau: Bureau) -> None:
    sent = fields(pagina=page_number(bureau.open("/werk/nieuw")))
    bureau.post("/werk/nieuw", **sent)
    bureau.post("/werk/nieuw", **{**sent, "client_naam": "A. Nders"})
    bureau.post("/werk/nieuw", **{**sent, "pagina": page_number(bureau.open("/werk/nieuw"))})
    assert Afspraak.objects.count() == 3


def test_a_double_click_makes_one_walk_in(bureau: Bureau) -> None:
    sent = {"team": maak_team().pk, "client_naam": "I. Nloop", "client_taal": "nl"}
    sent["pagina"] = page_number(bureau.open("/werk/inloop"))
    assert path_of(bureau.post("/werk/inloop", **sent)) == path_of(bureau.post("/werk/inloop", **sent))
    assert Afspraak.objects.count() == Formulier.objects.count() == 1


def test_a_number_pasted_with_marks_no_one_sees_is_understood(bureau: Bureau) -> None:
    bureau.post("/werk/nieuw", **fields(client_mobiel="\u202a06 12345678\u202c"))
    assert Afspraak.objects.get().client.mobiel == "+31612345678"


def test_no_appointment_for_another_team(bureau: Bureau) -> None:
    jeugd = maak_team("jeugd")
    response = bureau.post("/werk/nieuw", **fields(team=jeugd.pk))
    assert "Kies een van uw teams." in text_of(response.content.decode())
    bureau.post("/werk/inloop", team=jeugd.pk, client_naam="X", client_taal="nl")
    assert not Afspraak.objects.exists()


def test_a_walk_in_needs_a_name_and_opens_the_form(bureau: Bureau, ik: Gebruiker) -> None:
    html = bureau.open("/werk/inloop")
    team = maak_team()
    assert f'<input type="hidden" name="team" value="{team.pk}"' in html
    response = bureau.post("/werk/inloop", team=team.pk, client_naam="I. Nloop", client_taal="nl")
    afspraak = Afspraak.objects.get()
    formulier = Formulier.objects.get()
    assert path_of(response) == f"/werk/formulier/{formulier.pk}"
    assert (afspraak.inloop, afspraak.start_op, afspraak.medewerker) == (True, NU, ik.medewerker)
    assert kinds(afspraak) == []
    assert "Neemt de cliënt op?" in text_of(response.content.decode())


def test_a_walk_in_without_a_name_is_asked_for_it(bureau: Bureau) -> None:
    response = bureau.post("/werk/inloop", team=maak_team().pk, client_naam="", client_taal="nl")
    assert "Vul de naam van de cliënt in." in text_of(response.content.decode())


def test_without_a_team_there_is_nothing_to_make() -> None:
    alone = Bureau(maak_gebruiker("alleen", teams=()))
    for path in ("/werk/nieuw", "/werk/inloop"):
        assert "U zit nog niet in een team" in text_of(alone.open(path))
