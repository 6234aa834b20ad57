"""Rule 3, changes at the table, and the ends of a form that are no failure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from afspraken.domain.formulier import Inhoud
from afspraken.domain.lifecycle import Status
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Kanaal
from afspraken.flow import plan, sign
from afspraken.flow.log import CLIENT
from afspraken.models import Formulier, FormulierStatus, Gebruiker, Handtekening, LogRegel, Voornemen
from tests.builders import NU, TESTER, maak_gebruiker
from tests.flow.sign_steps import (
    DELEN,
    JA,
    NEE,
    actor_for,
    both_sign,
    client_signs,
    medewerker_signs,
    opened,
    refusal,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(time_machine: object) -> None:
    time_machine.move_to(NU, tick=False)  # type: ignore[attr-defined]


@pytest.fixture
def collega() -> Gebruiker:
    return maak_gebruiker("collega")


def test_sharing_waits_for_the_medewerker_and_both_sign_what_they_said(collega: Gebruiker) -> None:
    formulier = opened(told(DELEN))
    assert refusal(client_signs, formulier) == "toestemming_open"
    assert refusal(client_signs, formulier, thuis=True) == "toestemming_open"
    sign.update_formulier(
        formulier_id=formulier.pk,
        toestemming="voorwaarden",
        voorwaarden="  zonder   namen ",
        inhoud_hash=formulier.inhoud_hash,
        actor=actor_for(collega),
        now=NU,
    )
    formulier.refresh_from_db()
    assert (formulier.toestemming, formulier.voorwaarden) == ("voorwaarden", "zonder namen")
    client_signs(formulier)
    medewerker_signs(formulier, collega)
    assert Inhoud.from_dict(formulier.inhoud).voorwaarden == "zonder namen"


def test_toestemming_is_not_asked_where_rule_three_does_not(collega: Gebruiker) -> None:
    formulier = opened(told(JA))
    sign.update_formulier(
        formulier_id=formulier.pk,
        toestemming="nee",
        inhoud_hash=formulier.inhoud_hash,
        actor=actor_for(collega),
        now=NU,
    )
    formulier.refresh_from_db()
    assert formulier.toestemming == "nvt"
    client_signs(formulier)


@pytest.mark.parametrize(
    ("toestemming", "voorwaarden", "reden"),
    [("voorwaarden", " ", "voorwaarden_leeg"), ("misschien", "", "onbekende_keuze")],
)
def test_half_an_answer_to_rule_three_is_refused(toestemming: str, voorwaarden: str, reden: str) -> None:
    formulier = opened(told(DELEN))
    call: dict[str, Any] = {"formulier_id": formulier.pk, "inhoud_hash": formulier.inhoud_hash}
    call |= {"toestemming": toestemming, "voorwaarden": voorwaarden, "actor": TESTER, "now": NU}
    assert refusal(sign.update_formulier, **call) == reden


def change(formulier: Formulier, collega: Gebruiker, gegevens: Antwoordgegevens, **values: Any) -> Formulier:
    defaults: dict[str, Any] = {
        "formulier_id": formulier.pk,
        "antwoord": gegevens,
        "inhoud_hash": formulier.inhoud_hash,
        "actor": actor_for(collega),
        "now": NU,
    }
    return Formulier.objects.get(pk=sign.update_formulier(**(defaults | values)))


def test_what_the_client_says_at_the_table_is_a_spoken_answer_too(collega: Gebruiker) -> None:
    afspraak = told(NEE)
    fresh = change(opened(afspraak), collega, JA, now=afspraak.start_op + timedelta(minutes=3))
    row = Voornemen.objects.order_by("-volgnummer").first()
    assert row is not None
    assert (row.antwoord, row.kanaal, row.vastgelegd_door) == ("ja", "mondeling", collega)
    opname = Inhoud.from_dict(fresh.inhoud).opname
    assert (opname.antwoord, opname.kanaal, opname.volgnummer) == (Antwoord.JA, Kanaal.MONDELING, 2)
    client_signs(fresh, now=afspraak.start_op + timedelta(minutes=4))


def test_a_change_after_a_signature_is_a_new_version(collega: Gebruiker) -> None:
    first = opened(told())
    client_signs(first)
    second = change(first, collega, Antwoordgegevens(antwoord=Antwoord.JA, doel=Doel.DESKUNDIGE))
    first.refresh_from_db()
    assert (second.versie, second.status, first.status) == (2, "open", "vervallen")
    assert first.handtekeningen.count() == 1
    assert second.handtekeningen.count() == 0


def test_a_change_that_changes_nothing_keeps_the_signature(collega: Gebruiker) -> None:
    first = opened(told())
    client_signs(first)
    assert change(first, collega, JA).pk == first.pk
    first.refresh_from_db()
    assert first.status == FormulierStatus.CLIENT_GETEKEND.value


def test_a_change_from_a_stale_page_is_refused(collega: Gebruiker) -> None:
    formulier = opened(told())
    assert refusal(change, formulier, collega, NEE, inhoud_hash="0" * 64) == "veranderd"
    assert Voornemen.objects.count() == 1


def test_after_the_sweep_the_form_alone_holds_what_is_said(collega: Gebruiker) -> None:
    """No answer can be recorded any more on a finished appointment; the people at the table are still there."""
    afspraak = told(NEE)
    formulier = opened(afspraak)
    later = afspraak.eind_op + timedelta(hours=1)
    plan.rond_af(afspraak_id=afspraak.pk, actor=TESTER, now=later)
    fresh = change(formulier, collega, JA, now=later)
    assert Voornemen.objects.count() == 1
    assert opened(afspraak, now=later).inhoud_hash == fresh.inhoud_hash
    client_signs(fresh, now=later)
    medewerker_signs(fresh, collega, now=later)


@pytest.mark.parametrize("signed", [False, True])
def test_no_recording_after_all_is_a_normal_end(collega: Gebruiker, signed: bool) -> None:
    afspraak = told()
    formulier = opened(afspraak)
    if signed:
        client_signs(formulier)
    for _ in range(2):
        sign.geen_opname(formulier_id=formulier.pk, gebruiker_id=collega.pk, actor=actor_for(collega), now=NU)
    formulier.refresh_from_db()
    assert (formulier.status, formulier.afgesloten_door) == ("geen_opname", collega)
    assert list(Voornemen.objects.order_by("volgnummer").values_list("antwoord", flat=True)) == ["ja", "nee"]
    assert refusal(medewerker_signs, formulier, collega) == "geen_opname"
    assert opened(afspraak).pk == formulier.pk


def test_not_signing_is_a_normal_end_and_says_nothing_about_recording(collega: Gebruiker) -> None:
    afspraak = told()
    formulier = opened(afspraak)
    for _ in range(2):
        sign.client_tekent_niet(formulier_id=formulier.pk, gebruiker_id=collega.pk, actor=actor_for(collega), now=NU)
    formulier.refresh_from_db()
    assert formulier.status == "client_tekent_niet"
    assert list(Voornemen.objects.values_list("antwoord", flat=True)) == ["ja"]
    afspraak.refresh_from_db()
    assert afspraak.staat is Status.BEANTWOORD
    assert LogRegel.objects.filter(actie="formulier.client_tekent_niet").count() == 1


def test_who_signed_cannot_also_refuse(collega: Gebruiker) -> None:
    formulier = opened(told())
    client_signs(formulier)
    call = {"formulier_id": formulier.pk, "gebruiker_id": collega.pk, "actor": actor_for(collega), "now": NU}
    assert refusal(sign.client_tekent_niet, **call) == "al_getekend"


def test_a_correction_is_a_new_version_with_its_reason(collega: Gebruiker) -> None:
    afspraak = told()
    first = both_sign(afspraak, collega)
    call: dict[str, Any] = {"formulier_id": first.pk, "actor": actor_for(collega), "now": NU}
    assert refusal(sign.nieuwe_versie, **call, reden=" ") == "reden_leeg"
    assert refusal(sign.nieuwe_versie, **call, reden="x" * 301) == "reden_te_lang"
    pk = sign.nieuwe_versie(**call, reden="Verkeerde naam.")
    first.refresh_from_db()
    second = Formulier.objects.get(pk=pk)
    assert (first.status, second.versie, second.reden) == ("vervallen", 2, "Verkeerde naam.")
    assert first.pdf is not None
    assert refusal(sign.nieuwe_versie, **(call | {"formulier_id": pk}), reden="Nog een.") == "nog_open"
    # The second version can be signed too, and what the client says now stands on it.
    second = change(second, collega, Antwoordgegevens(antwoord=Antwoord.JA, doel=Doel.DESKUNDIGE))
    client_signs(second)
    medewerker_signs(second, collega)
    second.refresh_from_db()
    assert second.status == FormulierStatus.ONDERTEKEND.value
    assert Inhoud.from_dict(second.inhoud).opname.doel is Doel.DESKUNDIGE


def test_a_client_who_signs_has_no_account(collega: Gebruiker) -> None:
    formulier = opened(told())
    client_signs(formulier, actor=CLIENT)
    assert Handtekening.objects.get().gebruiker is None
