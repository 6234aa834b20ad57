"""The answer and what belongs to it."""

from datetime import UTC, datetime, timedelta

import pytest

from afspraken.domain import voornemen
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Soort

FLAGGED = [
    (Antwoord.JA, Doel.DELEN, True),
    (Antwoord.WEET_NIET, Doel.DELEN, True),
    (Antwoord.NEE, Doel.DELEN, False),
    (Antwoord.JA, Doel.DESKUNDIGE, False),
    (Antwoord.JA, Doel.PRIVEKRING, False),
    (Antwoord.JA, Doel.NALUISTEREN, False),
    (Antwoord.JA, None, False),
]


@pytest.mark.parametrize(("antwoord", "doel", "flagged"), FLAGGED)
def test_rule_three_is_in_play_only_beyond_the_private_circle(
    antwoord: Antwoord, doel: Doel | None, *, flagged: bool
) -> None:
    assert voornemen.needs_toestemming(antwoord, doel) is flagged


def test_who_does_not_record_has_no_kind_and_no_purpose() -> None:
    given = Antwoordgegevens(
        antwoord=Antwoord.NEE, soorten=frozenset({Soort.VIDEO}), doel=Doel.DELEN, toelichting="voor later"
    )
    assert voornemen.normalised(given) == Antwoordgegevens(antwoord=Antwoord.NEE)


def test_own_words_without_a_purpose_are_the_purpose_anders() -> None:
    given = Antwoordgegevens(antwoord=Antwoord.JA, toelichting="  voor  mijn dossier ")
    assert voornemen.normalised(given).doel is Doel.ANDERS
    assert voornemen.normalised(given).toelichting == "voor mijn dossier"


def test_kind_and_purpose_may_stay_blank() -> None:
    assert voornemen.check(Antwoordgegevens(antwoord=Antwoord.JA)) == ()


def test_too_long_a_text_is_refused_with_the_maximum() -> None:
    fouten = voornemen.check(Antwoordgegevens(antwoord=Antwoord.JA, toelichting="x" * 501))
    assert [fout.veld for fout in fouten] == ["toelichting"]
    assert "500" in fouten[0].melding


def test_kinds_in_words_are_in_the_order_of_the_sheet() -> None:
    assert voornemen.describe_soorten(frozenset({Soort.FOTO, Soort.GELUID})) == "geluid en foto"
    assert voornemen.describe_soorten(frozenset()) == ""


def test_an_answer_is_for_the_time_it_was_given_for() -> None:
    start = datetime(2026, 12, 3, 9, tzinfo=UTC)
    assert not voornemen.given_for_old_time(gegeven_voor=start, start_op=start)
    assert voornemen.given_for_old_time(gegeven_voor=start, start_op=start + timedelta(hours=1))
