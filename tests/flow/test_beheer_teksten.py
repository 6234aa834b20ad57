"""Texts and sheets: nothing wrong goes out, nothing is published by its own writer, nothing published changes."""

from __future__ import annotations

from typing import Any

import pytest

from afspraken.domain import spelregels
from afspraken.flow import beheer, berichten
from afspraken.flow.log import Actor
from afspraken.models import Gebruiker, LogRegel, Rol, SpelregelsStatus, SpelregelsVersie, Team
from notifications import api as post
from tests.builders import NU, maak_gebruiker, maak_team

pytestmark = pytest.mark.django_db

GOED = "((gemeente)): gesprek op ((dag)) om ((tijd)). Opnemen mag. Antwoord ((ja)) of ((nee)). ((link)) ((hulp))"
SLOT = ("uitnodiging", post.Channel.SMS, "nl", "wmo")


def actor(user: Gebruiker) -> Actor:
    return Actor(soort="gebruiker", id=user.username, gebruiker_id=user.pk)


@pytest.fixture
def een() -> Gebruiker:
    return maak_gebruiker("coordinator1", rol=Rol.COORDINATOR)


@pytest.fixture
def twee() -> Gebruiker:
    return maak_gebruiker("coordinator2", rol=Rol.COORDINATOR)


def bewaar(wie: Gebruiker, tekst: str = GOED, gezien: str = "") -> int:
    return beheer.bewaar_sjabloon(
        kind="uitnodiging",
        channel=post.Channel.SMS,
        taal="nl",
        team=maak_team(),
        onderwerp="",
        tekst=tekst,
        gezien=gezien,
        actor=actor(wie),
        now=NU,
    )


def publiceer(wie: Gebruiker, version_id: int) -> None:
    info, _ = post.templates.version(version_id)
    beheer.publiceer_sjabloon(
        version_id=version_id,
        team=maak_team(),
        gezien=beheer.sjabloon_kenmerk(info),
        actor=actor(wie),
        now=NU,
    )


def codes(caught: pytest.ExceptionInfo[beheer.BeheerGeweigerd]) -> set[str]:
    return {fout.code for fout in caught.value.fouten}


@pytest.mark.parametrize(
    ("tekst", "code", "zegt"),
    [
        (GOED + " ((bsn))", "unknown_placeholder", "((bsn))"),
        (GOED.replace("((hulp))", ""), "missing_placeholder", "((hulp))"),
        (GOED + " Uw aanvraag is goedgekeurd.", "forbidden_word", "aanvraag"),
        (GOED + " " + "lang " * 60, "too_many_segments", "sms'jes"),
        ("", "empty", "Vul een tekst in"),
    ],
)
def test_a_text_with_something_wrong_is_not_kept(een: Gebruiker, tekst: str, code: str, zegt: str) -> None:
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        bewaar(een, tekst)
    assert code in codes(caught)
    assert any(zegt in fout.melding for fout in caught.value.fouten)
    assert post.templates.draft(*SLOT) is None
    assert not LogRegel.objects.exists()


def test_who_wrote_it_does_not_publish_it_and_a_second_person_does(een: Gebruiker, twee: Gebruiker) -> None:
    version_id = bewaar(een)
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        publiceer(een, version_id)
    assert codes(caught) == {"vier_ogen"}
    assert post.templates.current(*SLOT).is_default
    publiceer(twee, version_id)
    assert post.templates.current(*SLOT).body == GOED
    assert list(LogRegel.objects.order_by("pk").values_list("actie", "actor")) == [
        ("sjabloon.concept_bewaard", "coordinator1"),
        ("sjabloon.gepubliceerd", "coordinator2"),
    ]


def test_one_person_may_do_both_only_when_the_setting_says_so(een: Gebruiker, settings: Any) -> None:
    settings.FOUR_EYES = False
    publiceer(een, bewaar(een))
    assert not post.templates.current(*SLOT).is_default


def test_what_changed_after_it_was_looked_at_is_not_published(een: Gebruiker, twee: Gebruiker) -> None:
    """Otherwise an author could swap the text between the colleague's reading and their click."""
    version_id = bewaar(een)
    seen = beheer.sjabloon_kenmerk(post.templates.version(version_id)[0])
    bewaar(een, GOED + " Tot dan.", gezien=seen)
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        beheer.publiceer_sjabloon(version_id=version_id, team=maak_team(), gezien=seen, actor=actor(twee), now=NU)
    assert codes(caught) == {"veranderd"}
    assert post.templates.current(*SLOT).is_default


def test_a_draft_is_not_overwritten_by_who_never_saw_it(een: Gebruiker, twee: Gebruiker) -> None:
    bewaar(een)
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        bewaar(twee, GOED + " Anders.", gezien="")
    assert codes(caught) == {"intussen_veranderd"}
    draft = post.templates.draft(*SLOT)
    assert draft is not None
    assert (draft.author, draft.body) == ("coordinator1", GOED)


def test_an_old_text_comes_back_as_a_draft_and_not_over_another_draft(een: Gebruiker, twee: Gebruiker) -> None:
    first = bewaar(een)
    publiceer(twee, first)
    publiceer(twee, bewaar(een, GOED + " Tot dan."))
    draft = beheer.zet_sjabloon_terug(version_id=first, team=maak_team(), actor=actor(een), now=NU)
    assert post.templates.current(*SLOT).body == GOED + " Tot dan."
    with pytest.raises(beheer.BeheerGeweigerd):
        beheer.zet_sjabloon_terug(version_id=first, team=maak_team(), actor=actor(een), now=NU)
    publiceer(twee, draft)
    assert post.templates.current(*SLOT).body == GOED
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        publiceer(twee, draft)
    assert codes(caught) == {"geen_concept"}


def test_a_one_way_sender_does_not_ask_for_an_answer(een: Gebruiker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.wording.checking.sender_can_receive", lambda: False)
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        bewaar(een)
    assert codes(caught) == {"one_way_sender"}


# --- Rules sheets ---------------------------------------------------------------------------------

BLAD = "Spelregels\n\nOpnemen mag.\n\nDe regels\n\n1. Vertel het vooraf.\n2. Deel niets zonder overleg.\n\nDatum: ....."


def blad(tekst: str = BLAD, **values: Any) -> beheer.Bladtekst:
    return beheer.Bladtekst(**({"tekst": tekst, "kort": {"nl": "U mag opnemen."}, "vertaling": {}} | values))


def schrijf(wie: Gebruiker, text: beheer.Bladtekst | None = None, team: Team | None = None, gezien: str = "") -> int:
    return beheer.bewaar_blad(team=team, blad=text or blad(), gezien=gezien, gebruiker=wie, actor=actor(wie), now=NU)


def stel_vast(wie: Gebruiker, pk: int) -> None:
    seen = beheer.blad_kenmerk(SpelregelsVersie.objects.get(pk=pk))
    beheer.publiceer_blad(versie_id=pk, gezien=seen, gebruiker=wie, actor=actor(wie), now=NU)


def test_a_sheet_is_published_by_a_second_person_and_then_frozen(een: Gebruiker, twee: Gebruiker) -> None:
    pk = schrijf(een)
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        stel_vast(een, pk)
    assert codes(caught) == {"vier_ogen"}
    stel_vast(twee, pk)
    row = SpelregelsVersie.objects.get(pk=pk)
    assert row.vingerafdruk == spelregels.fingerprint(BLAD)
    assert berichten.geldende_spelregels(None) == row
    # No way leads back: not by publishing again, throwing away, or writing; a new text is a new version.
    with pytest.raises(beheer.BeheerGeweigerd):
        stel_vast(een, pk)
    assert not beheer.gooi_blad_weg(versie_id=pk, actor=actor(een), now=NU)
    newer = schrijf(een, blad(BLAD.replace("vooraf", "op tijd")))
    assert newer != pk
    row.refresh_from_db()
    assert row.tekst == BLAD
    assert row.status == SpelregelsStatus.GEPUBLICEERD.value
    assert SpelregelsVersie.objects.get(pk=newer).nummer == row.nummer + 1


def test_a_sheet_is_kept_to_the_letter(een: Gebruiker) -> None:
    odd = "Titel  met twee spaties\r\n\r\nInleiding\r\n\r\n1. Regel «een» – é\r\n   met een tweede regel\r\n2. Twee"
    row = SpelregelsVersie.objects.get(pk=schrijf(een, blad(odd)))
    assert row.tekst == odd.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("text", "veld", "zegt"),
    [
        (blad("Titel\n\nGeen enkele regel."), "tekst", "geen genummerde regels"),
        (blad("Titel\n\n1. Een\n3. Drie"), "tekst", "1, 3"),
        (blad(kort={"nl": ""}), "kort_nl", "REGELS"),
        (blad(kort={"nl": "Dit is een lange zin over opnemen. " * 20}), "kort_nl", "ten hoogste 4"),
        (blad(kort={"nl": "U mag cliënten opnemen. " * 13}), "kort_nl", "'ë'"),
        (blad(vertaling={"en": "Rules\n\n1. One"}), "vertaling_en", "1 regels"),
        (blad(vertaling={"en": BLAD}), "kort_en", "korte tekst"),
    ],
)
def test_a_sheet_with_something_wrong_is_refused_by_name(
    een: Gebruiker, text: beheer.Bladtekst, veld: str, zegt: str
) -> None:
    before = SpelregelsVersie.objects.count()
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        schrijf(een, text)
    assert any(fout.veld == veld and zegt in fout.melding for fout in caught.value.fouten), caught.value.fouten
    assert SpelregelsVersie.objects.count() == before


def test_the_sheet_that_ships_fits_its_own_rules() -> None:
    row = SpelregelsVersie.objects.get(nummer=1, team=None)
    assert beheer.check_blad(blad=beheer.blad_van(row), team=None) == []
    assert beheer.check_blad(blad=beheer.blad_van(row), team=maak_team("wmo", clientondersteuning="Hulp")) == []


def test_the_short_text_counts_as_seen_too(een: Gebruiker, twee: Gebruiker) -> None:
    pk = schrijf(een)
    seen = beheer.blad_kenmerk(SpelregelsVersie.objects.get(pk=pk))
    schrijf(een, blad(kort={"nl": "U mag niet opnemen."}), gezien=seen)
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        beheer.publiceer_blad(versie_id=pk, gezien=seen, gebruiker=twee, actor=actor(twee), now=NU)
    assert codes(caught) == {"veranderd"}


def test_a_teams_own_sheet_goes_before_the_one_for_all(een: Gebruiker, twee: Gebruiker) -> None:
    team, other = maak_team(), maak_team("werk-en-inkomen")
    pk = schrijf(een, team=team)
    assert berichten.geldende_spelregels(team.pk) != SpelregelsVersie.objects.get(pk=pk)
    stel_vast(twee, pk)
    assert berichten.geldende_spelregels(team.pk) == SpelregelsVersie.objects.get(pk=pk)
    assert berichten.geldende_spelregels(other.pk) == SpelregelsVersie.objects.get(nummer=1, team=None)
