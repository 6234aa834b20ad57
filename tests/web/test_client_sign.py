"""Signing at home: an offer that can be skipped, with a drawing or a typed name, without JavaScript too."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine as clock

from afspraken.flow import plan, sign
from afspraken.flow.log import Actor
from afspraken.models import Afspraak, Formulier, Handtekening
from tests.builders import NU, TESTER, maak_afspraak, maak_gebruiker
from tests.web.client_steps import Phone, text_of

pytestmark = pytest.mark.django_db

LINES = json.dumps([[[10, 20], [30, 40]], [[50, 60], [70, 80]]])


@pytest.fixture(autouse=True)
def _clock(time_machine: clock.TimeMachineFixture) -> None:
    time_machine.move_to(NU, tick=False)


@pytest.fixture
def phone() -> Phone:
    """Of a client who said yes."""
    phone = Phone(maak_afspraak())
    phone.send(phone.answer("ja", ("geluid",), "naluisteren"))
    return phone


def countersign(afspraak: Afspraak) -> None:
    """The medewerker signs at the meeting."""
    gebruiker = maak_gebruiker()
    actor = Actor(soort="gebruiker", id=gebruiker.username, gebruiker_id=gebruiker.pk)
    pk = sign.open_formulier(afspraak_id=afspraak.pk, actor=actor, now=NU)
    sign.sign_medewerker(
        formulier_id=pk,
        wijze="typen",
        naam="B. de Boer",
        inhoud_hash=Formulier.objects.get(pk=pk).inhoud_hash,
        gebruiker_id=gebruiker.pk,
        actor=actor,
        now=NU,
    )


def test_it_is_offered_after_yes_and_is_no_condition(phone: Phone) -> None:
    page = text_of(phone.open("klaar"))
    assert "Wilt u het formulier nu al tekenen? Dat mag, maar het hoeft niet." in page
    assert "Niet tekenen, terug naar mijn afspraak" in text_of(phone.open("tekenen"))


@pytest.mark.parametrize("antwoord", ["nee", "weet_niet"])
def test_it_is_not_offered_to_who_does_not_record(antwoord: str) -> None:
    phone = Phone(maak_afspraak())
    phone.send(phone.answer(antwoord))
    assert "Wilt u het formulier nu al tekenen?" not in phone.open("klaar")
    assert "Tekenen kan hier nu niet" in phone.open("tekenen")


def test_reading_the_form_makes_none(phone: Phone) -> None:
    page = text_of(phone.open("tekenen"))
    assert "Naam cliënt A. Jansen" in page
    assert "Doel van de opname thuis naluisteren" in page
    assert "7. Indien in strijd met deze spelregels wordt gehandeld" in page
    assert not Formulier.objects.exists()


def test_a_typed_name_is_a_signature(phone: Phone) -> None:
    page = phone.post("tekenen", naam=" A.  Jansen ", mijn_handtekening="on")
    assert "Dank u wel. U hebt het formulier getekend." in text_of(page)
    assert "De medewerker tekent bij het gesprek." in text_of(page)
    hand = Handtekening.objects.get()
    assert (hand.wijze, hand.naam, hand.lijnen, hand.thuis) == ("typen", "A. Jansen", [], True)
    assert "Wilt u het formulier nu al tekenen?" not in phone.open()


def test_a_drawing_is_kept_as_bare_points_in_the_box(phone: Phone) -> None:
    drawn = json.dumps([[{"x": 10.4, "y": 20, "time": 123, "pressure": 0.5}, {"x": 30, "y": 40}]])
    phone.post("tekenen", naam="A. Jansen", lijnen=drawn)
    hand = Handtekening.objects.get()
    assert (hand.wijze, hand.lijnen) == ("tekenen", [[[10, 20], [30, 40]]])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"naam": "", "mijn_handtekening": "on"}, "Vul uw naam in."),
        ({"naam": "A. Jansen"}, "Zet een vinkje bij ‘Dit is mijn handtekening’, of teken in het vak."),
        ({"naam": "A. Jansen", "lijnen": "[]"}, "Zet een vinkje bij ‘Dit is mijn handtekening’, of teken in het vak."),
        ({"naam": "A. Jansen", "lijnen": "niets"}, "Wij kunnen uw tekening niet lezen."),
        ({"naam": "A. Jansen", "lijnen": "[[[9999, 1]]]"}, "Wij kunnen uw tekening niet lezen."),
        ({"naam": "A. Jansen", "lijnen": "[" * 200_001}, "Wij kunnen uw tekening niet lezen."),
        ({"naam": "a" * 151, "mijn_handtekening": "on"}, "Uw naam is te lang voor dit veld."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    phone: Phone, values: dict[str, object], message: str
) -> None:
    html = phone.post("tekenen", values)
    assert "<title>Fout: Het formulier tekenen" in html
    assert message in text_of(html)
    assert f'value="{values["naam"]}"' in html
    assert not Handtekening.objects.exists()


def test_a_drawing_survives_an_error_in_the_name(phone: Phone) -> None:
    html = phone.post("tekenen", naam="", lijnen=LINES)
    assert phone.form(html)["lijnen"] == LINES
    phone.post("tekenen", opened=html, naam="A. Jansen")
    assert Handtekening.objects.get().wijze == "tekenen"


def test_a_double_click_signs_once(phone: Phone) -> None:
    opened = phone.open("tekenen")
    for _ in range(2):
        page = phone.post("tekenen", opened=opened, naam="A. Jansen", mijn_handtekening="on")
        assert "U hebt het formulier getekend" in page
    assert Handtekening.objects.count() == 1


def test_who_signs_another_answer_than_was_read_reads_it_again_first(phone: Phone) -> None:
    opened = phone.open("tekenen")
    phone.send(phone.answer("ja", ("video",), "naluisteren"))
    page = phone.post("tekenen", opened=opened, naam="A. Jansen", mijn_handtekening="on")
    assert "Het formulier is veranderd nadat u het opende." in text_of(page)
    assert not Handtekening.objects.exists()
    phone.post("tekenen", opened=page, naam="A. Jansen", mijn_handtekening="on")
    assert Handtekening.objects.get().formulier.inhoud["opname"]["soorten"] == ["video"]


def test_another_answer_lets_the_signature_lapse_and_the_page_says_so(phone: Phone) -> None:
    phone.post("tekenen", naam="A. Jansen", mijn_handtekening="on")
    assert "Dan telt die handtekening niet meer." in text_of(phone.open("opnemen"))
    phone.send(phone.answer("ja", ("video",), "naluisteren"))
    page = phone.open()
    assert "U hebt het formulier getekend" not in page
    assert "Wilt u het formulier nu al tekenen?" in page
    phone.post("tekenen", naam="A. Jansen", mijn_handtekening="on")
    assert [form.status for form in Formulier.objects.order_by("versie")] == ["vervallen", "client_getekend"]
    assert "U hebt het formulier getekend" in phone.open()


def test_a_move_lets_the_signature_lapse(phone: Phone) -> None:
    phone.post("tekenen", naam="A. Jansen", mijn_handtekening="on")
    later = phone.afspraak.start_op + timedelta(days=1)
    plan.verplaats_afspraak(
        afspraak_id=phone.afspraak.pk, start_op=later, eind_op=later + timedelta(minutes=30), actor=TESTER, now=NU
    )
    assert "U hebt het formulier getekend" not in phone.open()
    assert "zaterdag 28 november 2026" in text_of(phone.open("tekenen"))


def test_sharing_waits_for_the_conversation(phone: Phone) -> None:
    phone.send(phone.answer("ja", (), "delen"))
    assert "Wilt u het formulier nu al tekenen?" not in phone.open("klaar")
    assert "De medewerker zegt eerst of dat goed is." in text_of(phone.open("tekenen"))


def test_signed_by_both_is_read_only_and_gives_the_pdf(phone: Phone) -> None:
    phone.post("tekenen", naam="A. Jansen", mijn_handtekening="on")
    assert phone.browser.get(phone.url("formulier.pdf")).status_code == 404
    countersign(phone.afspraak)
    page = phone.open()
    assert "U en de medewerker hebben het formulier getekend." in text_of(page)
    assert "<form" not in page
    assert f'href="{phone.url("formulier.pdf")}"' in page
    pdf = phone.browser.get(phone.url("formulier.pdf"))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Content-Disposition"] == 'attachment; filename="formulier-opname.pdf"'
    assert pdf.content.startswith(b"%PDF")
    assert "no-store" in pdf["Cache-Control"]
    assert phone.open("tekenen") == page


def test_from_the_start_on_it_is_done_at_the_table(phone: Phone, time_machine: clock.TimeMachineFixture) -> None:
    time_machine.move_to(phone.afspraak.start_op - timedelta(minutes=1), tick=False)
    opened = phone.open("tekenen")
    time_machine.move_to(phone.afspraak.start_op, tick=False)
    page = phone.post("tekenen", opened=opened, naam="A. Jansen", mijn_handtekening="on")
    assert "Uw afspraak is begonnen" in page
    assert not Handtekening.objects.exists()
