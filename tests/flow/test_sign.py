"""The form at the meeting: filled in, signed by both over one hash, or ended without."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from afspraken.domain import formulier as regels
from afspraken.domain.formulier import Inhoud
from afspraken.domain.lifecycle import Status
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Kanaal, Soort
from afspraken.flow import plan, sign
from afspraken.models import FormulierStatus, Gebruiker, Handtekening, LogRegel, SpelregelsVersie
from afspraken.pdf import render
from notifications import api as post
from tests.builders import NU, TESTER, maak_afspraak, maak_gebruiker
from tests.flow.sign_steps import (
    JA,
    KRUISJE,
    NEE,
    actor_for,
    both_sign,
    client_signs,
    medewerker_signs,
    opened,
    refusal,
    say,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(time_machine: object) -> None:
    time_machine.move_to(NU, tick=False)  # type: ignore[attr-defined]


@pytest.fixture
def collega() -> Gebruiker:
    return maak_gebruiker("collega")


# --- Opening -----------------------------------------------------------------------------------------


def test_opening_fills_in_the_answer_and_the_sheet_to_the_letter() -> None:
    afspraak = told(onderwerp="herkeuring bijstand")
    formulier = opened(afspraak)
    sheet = SpelregelsVersie.objects.get()
    inhoud = Inhoud.from_dict(formulier.inhoud)
    assert inhoud.spelregels.tekst == sheet.tekst
    assert inhoud.spelregels.vingerafdruk == sheet.vingerafdruk
    assert (inhoud.opname.antwoord, inhoud.opname.soorten) == (Antwoord.JA, frozenset({Soort.GELUID}))
    assert inhoud.opname.doel is Doel.NALUISTEREN
    assert inhoud.gesprek.client_naam == "A. Jansen"
    assert inhoud.gesprek.medewerker_naam == "B. de Boer"
    assert inhoud.gesprek.start_op == afspraak.start_op
    assert formulier.inhoud_hash == regels.content_hash(formulier.inhoud)
    assert afspraak.onderwerp not in regels.canonical(formulier.inhoud)


def test_opening_twice_is_one_form() -> None:
    afspraak = told()
    assert opened(afspraak).pk == opened(afspraak).pk
    assert LogRegel.objects.filter(actie="formulier.geopend").count() == 1


def test_an_open_form_follows_a_newer_answer_and_a_move() -> None:
    afspraak = told(NEE)
    first = opened(afspraak)
    say(afspraak, JA)
    plan.verplaats_afspraak(
        afspraak_id=afspraak.pk,
        start_op=afspraak.start_op + timedelta(days=1),
        eind_op=afspraak.eind_op + timedelta(days=1),
        actor=TESTER,
        now=NU,
    )
    again = opened(afspraak)
    inhoud = Inhoud.from_dict(again.inhoud)
    assert again.pk == first.pk
    assert inhoud.opname.antwoord is Antwoord.JA
    assert inhoud.gesprek.start_op == afspraak.start_op + timedelta(days=1)
    assert again.inhoud_hash != first.inhoud_hash


def test_a_cancelled_or_missed_appointment_opens_no_form() -> None:
    afspraak = told()
    plan.annuleer_met_hand(afspraak_id=afspraak.pk, actor=TESTER, now=NU)
    assert refusal(opened, afspraak) == "geannuleerd"
    missed = told()
    later = missed.start_op + timedelta(minutes=10)
    plan.meld_niet_verschenen(afspraak_id=missed.pk, actor=TESTER, now=later)
    assert refusal(opened, missed) == "niet_verschenen"


def test_without_published_rules_there_is_nothing_to_sign() -> None:
    afspraak = maak_afspraak()
    SpelregelsVersie.objects.update(status="concept")
    assert refusal(opened, afspraak) == "geen_spelregels"


# --- Signing -----------------------------------------------------------------------------------------


def test_both_sign_the_same_hash_and_everything_that_follows_happens(collega: Gebruiker) -> None:
    afspraak = told()
    formulier = both_sign(afspraak, collega)
    afspraak.refresh_from_db()
    assert formulier.status == FormulierStatus.ONDERTEKEND.value
    assert afspraak.staat is Status.ONDERTEKEND
    hashes = set(Handtekening.objects.values_list("inhoud_hash", flat=True))
    assert hashes == {formulier.inhoud_hash} == {regels.content_hash(formulier.inhoud)}
    assert formulier.pdf is not None
    pdf = bytes(formulier.pdf)
    assert pdf.startswith(b"%PDF-1.7")
    assert formulier.pdf_hash == hashlib.sha256(pdf).hexdigest()
    copies = post.statuses_for([afspraak.onderwerp_sleutel])[afspraak.onderwerp_sleutel]
    assert [m.kind for m in copies if m.status is post.Status.QUEUED].count("kopie_formulier") == 1
    assert formulier.afgesloten_door == collega


def test_the_log_says_what_happened_and_nothing_about_anyone(collega: Gebruiker) -> None:
    both_sign(told(), collega)
    lines = LogRegel.objects.filter(object_soort="formulier").order_by("pk")
    assert [line.actie for line in lines] == [
        "formulier.geopend",
        "formulier.client_getekend",
        "formulier.ondertekend",
    ]
    written = " ".join(f"{line.details} {line.actor}" for line in lines)
    assert "Jansen" not in written
    assert "geluid" not in written


def test_a_drawn_cross_is_kept_as_bare_points(collega: Gebruiker) -> None:
    formulier = opened(told())
    drawn = '[{"points": [{"x": 10, "y": 10, "time": 1700000000, "pressure": 0.4}, {"x": 60, "y": 60, "time": 2}]}]'
    client_signs(formulier, wijze="tekenen", lijnen=drawn)
    row = Handtekening.objects.get()
    assert row.lijnen == [[[10, 10], [60, 60]]]
    medewerker_signs(formulier, collega, wijze="tekenen", lijnen=KRUISJE)
    assert Handtekening.objects.get(rol="medewerker").gebruiker == collega


@pytest.mark.parametrize(
    ("values", "reden"),
    [
        ({"wijze": "tekenen", "lijnen": "[]"}, "lijnen_leeg"),
        ({"wijze": "tekenen", "lijnen": "kapot"}, "lijnen_onleesbaar"),
        ({"wijze": "tekenen", "lijnen": [[[1, 1]]] * 61}, "lijnen_te_groot"),
        ({"naam": "  "}, "naam_leeg"),
        ({"naam": "x" * 151}, "naam_te_lang"),
        ({"wijze": "stempel"}, "wijze"),
        ({"inhoud_hash": "0" * 64}, "veranderd"),
        ({"inhoud_hash": ""}, "veranderd"),
        ({"thuis": True, "wijze": "papier"}, "wijze"),
    ],
)
def test_what_cannot_be_signed_is_refused_and_leaves_nothing(values: dict[str, Any], reden: str) -> None:
    formulier = opened(told())
    assert refusal(client_signs, formulier, **values) == reden
    assert not Handtekening.objects.exists()
    formulier.refresh_from_db()
    assert formulier.status == FormulierStatus.OPEN.value


def test_nobody_signs_twice(collega: Gebruiker) -> None:
    formulier = opened(told())
    client_signs(formulier)
    assert refusal(client_signs, formulier) == "al_getekend"
    medewerker_signs(formulier, collega)
    assert refusal(medewerker_signs, formulier, collega) == "ondertekend"
    assert Handtekening.objects.count() == 2


def test_the_medewerker_signs_second(collega: Gebruiker) -> None:
    assert refusal(medewerker_signs, opened(told()), collega) == "client_eerst"


@pytest.mark.parametrize("gegevens", [NEE, Antwoordgegevens(antwoord=Antwoord.WEET_NIET)])
def test_who_does_not_say_to_record_has_nothing_to_sign(gegevens: Antwoordgegevens) -> None:
    assert refusal(client_signs, opened(told(gegevens))) == "geen_opname_gemeld"


def test_an_answer_by_sms_while_the_page_lies_open_stops_the_signature(collega: Gebruiker) -> None:
    """The page holds the hash of the form, and still the form is not what the client last said."""
    afspraak = told()
    formulier = opened(afspraak)
    say(afspraak, Antwoordgegevens(antwoord=Antwoord.JA, doel=Doel.DESKUNDIGE), kanaal=Kanaal.SMS)
    assert refusal(client_signs, formulier) == "veranderd"
    fresh = opened(afspraak)
    client_signs(fresh)
    say(afspraak, NEE, kanaal=Kanaal.SMS)
    assert refusal(medewerker_signs, fresh, collega) == "veranderd"


def test_a_signature_at_home_holds_at_the_meeting(collega: Gebruiker) -> None:
    afspraak = told()
    formulier = opened(afspraak)
    client_signs(formulier, thuis=True)
    assert Handtekening.objects.get().gebruiker is None
    at_the_table = afspraak.start_op + timedelta(minutes=5)
    assert opened(afspraak, now=at_the_table).pk == formulier.pk
    medewerker_signs(formulier, collega, now=at_the_table)
    formulier.refresh_from_db()
    assert formulier.status == FormulierStatus.ONDERTEKEND.value


def test_at_home_is_over_when_the_meeting_begins() -> None:
    afspraak = told()
    formulier = opened(afspraak)
    assert refusal(client_signs, formulier, thuis=True, now=afspraak.start_op) == "te_laat"


def test_another_answer_after_signing_at_home_starts_afresh() -> None:
    afspraak = told()
    first = opened(afspraak)
    client_signs(first, thuis=True)
    say(afspraak, Antwoordgegevens(antwoord=Antwoord.JA, doel=Doel.PRIVEKRING))
    second = opened(afspraak)
    first.refresh_from_db()
    assert (first.status, second.status, second.versie) == ("vervallen", "open", 2)
    assert "ander antwoord" in second.reden
    assert refusal(client_signs, first) == "vervallen"
    client_signs(second)


def test_a_sweep_that_closed_the_appointment_does_not_stop_the_second_signature(collega: Gebruiker) -> None:
    afspraak = told()
    formulier = opened(afspraak)
    client_signs(formulier)
    plan.rond_af(afspraak_id=afspraak.pk, actor=TESTER, now=afspraak.eind_op + timedelta(hours=1))
    medewerker_signs(formulier, collega, now=afspraak.eind_op + timedelta(hours=2))
    afspraak.refresh_from_db()
    assert afspraak.staat is Status.ONDERTEKEND


def test_a_pdf_that_fails_leaves_nothing_half_done(collega: Gebruiker, monkeypatch: pytest.MonkeyPatch) -> None:
    afspraak = told()
    formulier = opened(afspraak)
    client_signs(formulier)

    def broken(**_values: object) -> bytes:
        raise render.RenderFout("no pango")

    monkeypatch.setattr(render, "render_formulier", broken)
    assert refusal(medewerker_signs, formulier, collega) == "pdf_mislukt"
    afspraak.refresh_from_db()
    formulier.refresh_from_db()
    assert afspraak.staat is Status.BEANTWOORD
    assert formulier.status == FormulierStatus.CLIENT_GETEKEND.value
    assert not Handtekening.objects.filter(rol="medewerker").exists()
    assert "kopie_formulier" not in {
        m.kind for m in post.statuses_for([afspraak.onderwerp_sleutel])[afspraak.onderwerp_sleutel]
    }


def test_on_paper_both_are_noted_at_once_or_not_at_all(collega: Gebruiker) -> None:
    formulier = opened(told())
    values: dict[str, Any] = {
        "formulier_id": formulier.pk,
        "client_naam": "A. Jansen",
        "medewerker_naam": "B. de Boer",
        "gebruiker_id": collega.pk,
        "actor": actor_for(collega),
        "now": NU,
    }
    assert refusal(sign.sign_op_papier, **values, inhoud_hash="x") == "veranderd"
    assert not Handtekening.objects.exists()
    sign.sign_op_papier(**values, inhoud_hash=formulier.inhoud_hash)
    assert list(Handtekening.objects.values_list("wijze", flat=True)) == ["papier", "papier"]
