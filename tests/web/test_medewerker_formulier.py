"""The form in the browser of a medewerker: three taps in the plain case, calm ends in the others."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine as clock

from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Kanaal
from afspraken.flow import sign
from afspraken.models import Formulier, Gebruiker, Handtekening, SpelregelsVersie, Voornemen
from afspraken.pdf import render
from tests.builders import NU, maak_gebruiker, maak_medewerker
from tests.flow.sign_steps import DELEN, KRUISJE, NEE, both_sign, client_signs, opened, say, told
from tests.web.client_steps import text_of
from tests.web.medewerker_steps import Bureau, path_of

pytestmark = pytest.mark.django_db

DAG = "/werk/daglijst/2026-11-27"
GETYPT = {"client-naam": "A. Jansen", "client-bevestigd": "on"}


@pytest.fixture(autouse=True)
def _clock(time_machine: clock.TimeMachineFixture) -> None:
    """At the table: five minutes into the conversation."""
    time_machine.move_to(NU, tick=False)


@pytest.fixture
def ik() -> Gebruiker:
    gebruiker = maak_gebruiker("ik", first_name="Bart", last_name="Boer")
    maak_medewerker("B. de Boer", gebruiker=gebruiker)
    return gebruiker


@pytest.fixture
def bureau(ik: Gebruiker) -> Bureau:
    return Bureau(ik)


def at(formulier: Formulier, what: str = "") -> str:
    return f"/werk/formulier/{formulier.pk}{'/' if what else ''}{what}"


def press(bureau: Bureau, formulier: Formulier, what: str, **values: Any) -> str:
    """Open the form and press one of its buttons; the HTML that follows."""
    html = bureau.open(at(formulier))
    return bureau.send(html, at(formulier, what), **values).content.decode()


def test_the_plain_case_is_three_taps(bureau: Bureau, ik: Gebruiker) -> None:
    """Open the form, the client signs, the medewerker signs."""
    afspraak = told()
    first = bureau.send(bureau.open(DAG), f"/werk/afspraak/{afspraak.pk}/formulier")
    formulier = Formulier.objects.get()
    second = bureau.send(first.content.decode(), at(formulier, "client-tekent"), **GETYPT)
    third = bureau.send(second.content.decode(), at(formulier, "tekenen"))
    formulier.refresh_from_db()
    assert formulier.status == "ondertekend"
    text = text_of(third.content.decode())
    for part in ("Klaar.", "Kopie voor de cliënt: gaat nog uit per e-mail", "Download het formulier (pdf)"):
        assert part in text, part
    roles = {row.rol: (row.naam, row.wijze, row.gebruiker) for row in Handtekening.objects.all()}
    assert roles["medewerker"] == ("B. de Boer", "typen", ik)
    assert roles["client"] == ("A. Jansen", "typen", ik)


def test_with_a_signature_from_home_it_is_two(bureau: Bureau) -> None:
    afspraak = told()
    client_signs(opened(afspraak), thuis=True)
    html = bureau.send(bureau.open(DAG), f"/werk/afspraak/{afspraak.pk}/formulier").content.decode()
    assert "vooraf thuis" in text_of(html)
    bureau.send(html, at(Formulier.objects.get(), "tekenen"))
    assert Formulier.objects.get().status == "ondertekend"


def test_everything_the_medewerker_needs_stands_on_one_page(bureau: Bureau) -> None:
    afspraak = told(Antwoordgegevens(antwoord=Antwoord.JA, doel=Doel.ANDERS, toelichting="<b>voor mij</b>"))
    html = bureau.open(at(opened(afspraak)))
    text = text_of(html)
    sheet = SpelregelsVersie.objects.get()
    for line in sheet.tekst.splitlines():
        if re.match(r"\d\. ", line):
            assert " ".join(line.split(". ", 1)[1].split()) in text
    assert "door de cliënt gegeven op de webpagina" in text
    assert "iets anders: &lt;b&gt;voor mij&lt;/b&gt;" in html
    assert "<b>voor mij" not in html


def test_drawing_with_the_box_and_a_cross(bureau: Bureau) -> None:
    formulier = opened(told())
    html = press(
        bureau, formulier, "client-tekent", **{"client-naam": "A. Jansen", "client-lijnen": json.dumps(KRUISJE)}
    )
    assert 'd="M10 10L60 60M60 10L10 60"' in html
    assert Handtekening.objects.get().wijze == "tekenen"
    html = bureau.send(
        html, at(formulier, "tekenen"), **{"medewerker-lijnen": json.dumps([[[1, 2], [3, 4]]])}
    ).content.decode()
    assert Handtekening.objects.get(rol="medewerker").lijnen == [[[1, 2], [3, 4]]]


@pytest.mark.parametrize(
    ("values", "melding"),
    [
        ({"client-naam": "A. Jansen"}, "Teken in het vak, of zet een vinkje"),
        ({"client-naam": "", "client-bevestigd": "on"}, "Vul de naam in van wie tekent."),
        ({"client-naam": "A. Jansen", "client-lijnen": "[[]]"}, "Het vak is nog leeg."),
        ({"client-naam": "A. Jansen", "client-lijnen": "<svg onload=alert(1)>"}, "kunnen de tekening niet lezen"),
        ({"client-naam": "A. Jansen", "client-lijnen": json.dumps([[[1, 1]]] * 61)}, "te groot"),
        ({"client-naam": "x" * 151, "client-bevestigd": "on"}, "maximaal 150 tekens"),
    ],
)
def test_a_signature_that_cannot_be_taken_is_explained(bureau: Bureau, values: dict[str, str], melding: str) -> None:
    formulier = opened(told())
    html = press(bureau, formulier, "client-tekent", **values)
    assert melding in text_of(html)
    assert "<title>Fout: " in html
    assert "svg onload" not in html
    assert not Handtekening.objects.exists()


def test_a_drawing_survives_a_forgotten_name(bureau: Bureau) -> None:
    html = press(bureau, opened(told()), "client-tekent", **{"client-naam": "", "client-lijnen": json.dumps(KRUISJE)})
    assert "[[[10, 10], [60, 60]], [[60, 10], [10, 60]]]" in html


# --- A page that is not what is kept any more --------------------------------------------------------


@pytest.mark.parametrize("what", ["client-tekent", "tekenen", "papier", "aanpassen"])
def test_a_stale_page_is_refused_and_shows_what_changed(bureau: Bureau, what: str) -> None:
    afspraak = told()
    formulier = opened(afspraak)
    if what == "tekenen":
        client_signs(formulier)
    html = bureau.open(at(formulier))
    say(afspraak, Antwoordgegevens(antwoord=Antwoord.JA, doel=Doel.DESKUNDIGE), kanaal=Kanaal.SMS)
    sign.open_formulier(afspraak_id=afspraak.pk, actor=sign_actor(), now=NU)
    response = bureau.send(html, at(formulier, what), **GETYPT, bevestigd="on", antwoord="nee")
    assert response.status_code == 409
    text = text_of(response.content.decode())
    assert "Het formulier is veranderd." in text
    assert "Doel van de opname: was thuis naluisteren , is nu laten horen aan een deskundige" in text
    assert not Handtekening.objects.filter(formulier__status="open").exists()


def sign_actor() -> Any:
    from afspraken.flow.log import CLIENT

    return CLIENT


def test_an_sms_that_came_in_between_is_on_the_page_that_follows(bureau: Bureau) -> None:
    """Nobody opened the form again, so its hash still fits; what the client said last still counts."""
    afspraak = told()
    formulier = opened(afspraak)
    html = bureau.open(at(formulier))
    say(afspraak, NEE, kanaal=Kanaal.SMS)
    response = bureau.send(html, at(formulier, "client-tekent"), **GETYPT)
    text = text_of(response.content.decode())
    assert "Opname: was Wil opnemen , is nu Neemt niet op" in text
    assert "Neemt de cliënt op?" in text


@pytest.mark.parametrize("momentopname", ["", "geen json", "[]", '{"Opname": 3}', '{"x": "<script>"}', "x" * 9_000])
def test_the_page_own_copy_is_only_for_the_eye(bureau: Bureau, momentopname: str) -> None:
    formulier = opened(told())
    response = bureau.post(at(formulier, "client-tekent"), inhoud_hash="0" * 64, momentopname=momentopname, **GETYPT)
    assert response.status_code == 409
    assert "<script>" not in response.content.decode().split("<main", 1)[1].split("</main>", 1)[0]


# --- Rule 3 ------------------------------------------------------------------------------------------


def test_rule_three_is_asked_before_anyone_signs_and_only_when_it_matters(bureau: Bureau) -> None:
    assert "Regel 3" not in text_of(bureau.open(at(opened(told()))))
    formulier = opened(told(DELEN))
    html = bureau.open(at(formulier))
    assert "Mag de cliënt de opname delen?" in text_of(html)
    assert "Cliënt tekent" not in text_of(html)
    assert not re.search(r'name="toestemming"[^>]*\bchecked', html)
    html = press(bureau, formulier, "toestemming", toestemming="voorwaarden", voorwaarden="")
    assert "Vul in welke voorwaarden u stelt." in text_of(html)
    html = press(bureau, formulier, "toestemming")
    assert "Kies een van de drie." in text_of(html)
    html = press(bureau, formulier, "toestemming", toestemming="voorwaarden", voorwaarden="zonder namen")
    assert "toestemming onder voorwaarden: zonder namen" in text_of(html)
    assert "Cliënt tekent" in text_of(html)


# --- Other answers, other ends -----------------------------------------------------------------------


def test_changing_what_the_client_says(bureau: Bureau) -> None:
    formulier = opened(told())
    html = press(bureau, formulier, "aanpassen", antwoord="ja", soorten=["video"], doel="deskundige", toelichting="")
    assert "laten horen aan een deskundige" in text_of(html)
    assert "door de cliënt verteld" in text_of(html)
    html = press(bureau, formulier, "aanpassen", antwoord="", toelichting="bsn 111222333")
    assert '<details class="fold" open>' in html
    assert "burgerservicenummer" in text_of(html)


def test_changing_after_the_client_signed_warns_and_makes_a_new_version(bureau: Bureau) -> None:
    formulier = opened(told())
    client_signs(formulier)
    assert "tekent de cliënt opnieuw" in text_of(bureau.open(at(formulier)))
    html = press(bureau, formulier, "aanpassen", antwoord="ja", doel="privekring", toelichting="")
    assert "Versie 2." in text_of(html)
    old = text_of(bureau.open(at(formulier)))
    assert "Vervallen." in old
    assert "Open versie 2" in old


@pytest.mark.parametrize(
    ("uitkomst", "woorden"),
    [
        ("client_tekent_niet", "Genoteerd: de cliënt tekent niet. Dat mag. Opnemen mag ook zonder handtekening."),
        ("geen_opname", "Genoteerd: er is toch geen opname."),
    ],
)
def test_calm_ends(bureau: Bureau, uitkomst: str, woorden: str) -> None:
    formulier = opened(told())
    html = press(bureau, formulier, "uitkomst", uitkomst=uitkomst)
    text = text_of(html)
    assert woorden in text
    assert "Er is een probleem" not in text
    assert "Cliënt tekent" not in text.replace("Cliënt tekent niet", "")


def test_an_unknown_outcome_changes_nothing(bureau: Bureau) -> None:
    formulier = opened(told())
    assert "Kies een van de uitkomsten." in text_of(press(bureau, formulier, "uitkomst", uitkomst="onderhandelen"))
    formulier.refresh_from_db()
    assert formulier.status == "open"


def test_on_paper_takes_a_tick_and_a_button(bureau: Bureau) -> None:
    formulier = opened(told())
    assert "Zet een vinkje" in text_of(press(bureau, formulier, "papier"))
    assert not Handtekening.objects.exists()
    text = text_of(press(bureau, formulier, "papier", bevestigd="on"))
    assert "Klaar." in text
    assert "op papier" in text


def test_a_correction_asks_why(bureau: Bureau, ik: Gebruiker) -> None:
    formulier = both_sign(told(), ik)
    assert "Vul in waarom" in text_of(press(bureau, formulier, "nieuwe-versie", reden=""))
    text = text_of(press(bureau, formulier, "nieuwe-versie", reden="Verkeerde datum."))
    assert "Reden van deze versie: Verkeerde datum." in text
    assert Formulier.objects.count() == 2


def test_a_colleague_who_was_first_is_said_plainly(bureau: Bureau, ik: Gebruiker) -> None:
    formulier = opened(told())
    client_signs(formulier)
    html = bureau.open(at(formulier))
    sign.sign_medewerker(
        formulier_id=formulier.pk,
        wijze="typen",
        naam="C. Vos",
        inhoud_hash=formulier.inhoud_hash,
        gebruiker_id=maak_gebruiker("vos").pk,
        actor=sign_actor(),
        now=NU,
    )
    response = bureau.send(html, at(formulier, "tekenen"))
    assert "al ondertekend door beiden" in text_of(response.content.decode())
    assert Handtekening.objects.get(rol="medewerker").naam == "C. Vos"


def test_a_cancelled_appointment_has_no_form_and_says_so(bureau: Bureau) -> None:
    from afspraken.flow import plan

    afspraak = told()
    plan.annuleer_met_hand(afspraak_id=afspraak.pk, actor=sign_actor(), now=NU)
    response = bureau.post(f"/werk/afspraak/{afspraak.pk}/formulier")
    assert path_of(response) == f"/werk/afspraak/{afspraak.pk}"
    assert "geannuleerd. Er is geen formulier nodig." in text_of(response.content.decode())


def test_the_meeting_ran_late_and_the_appointment_closed_itself(
    bureau: Bureau, ik: Gebruiker, time_machine: clock.TimeMachineFixture
) -> None:
    from afspraken.flow import plan

    afspraak = told()
    formulier = opened(afspraak)
    later = afspraak.eind_op + timedelta(hours=1)
    plan.rond_af(afspraak_id=afspraak.pk, actor=sign_actor(), now=later)
    time_machine.move_to(later, tick=False)
    bureau.browser.force_login(ik)
    html = press(bureau, formulier, "client-tekent", **GETYPT)
    bureau.send(html, at(formulier, "tekenen"))
    assert Formulier.objects.get().status == "ondertekend"


# --- Taking it along ---------------------------------------------------------------------------------


def test_the_pdf_comes_with_the_right_headers_and_the_very_bytes(bureau: Bureau, ik: Gebruiker) -> None:
    formulier = both_sign(told(client_naam='a";\r X: y.pdf'.replace("\r", "")), ik)
    response = bureau.get(at(formulier, "pdf"))
    assert response.content == bytes(Formulier.objects.get().pdf or b"")
    assert response.headers["Content-Type"] == "application/pdf"
    disposition = response.headers["Content-Disposition"]
    assert disposition == f'attachment; filename="formulier-opname-{formulier.afspraak_id}-versie-1.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]


def test_no_pdf_before_both_signed(bureau: Bureau) -> None:
    formulier = opened(told())
    assert bureau.get(at(formulier, "pdf")).status_code == 404
    assert "Download" not in text_of(bureau.open(at(formulier)))


def test_the_sheet_to_print(bureau: Bureau) -> None:
    response = bureau.get(at(opened(told()), "blad"))
    assert response.content.startswith(b"%PDF-")
    assert response.headers["Content-Disposition"].startswith("inline; filename=")


def test_a_sheet_that_cannot_be_made_is_said(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_values: object) -> bytes:
        raise render.RenderFout("no pango")

    formulier = opened(told())
    monkeypatch.setattr(render, "render_formulier", broken)
    assert "Waarschuw de beheerder" in text_of(bureau.open(at(formulier, "blad")))
    assert f"the sheet of form {formulier.pk} could not be made" in caplog.text
    client_signs(formulier)
    html = press(bureau, formulier, "tekenen")
    assert "Er is niets opgeslagen." in text_of(html)
    assert Voornemen.objects.count() == 1
