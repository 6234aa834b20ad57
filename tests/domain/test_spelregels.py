"""The rules sheet, to the letter."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from afspraken.domain import spelregels

TEKST = Path("afspraken/data/spelregels-1-nl.txt").read_text(encoding="utf-8")


def test_the_sheet_has_seven_rules_an_introduction_and_a_signing_block() -> None:
    delen = spelregels.parse(TEKST)
    assert delen.titel == "Spelregels opname gesprekken"
    assert [regel.nummer for regel in delen.regels] == [1, 2, 3, 4, 5, 6, 7]
    assert len(delen.inleiding) == 2
    assert delen.kop == "Spelregels geluids- en video-opnamen"
    assert delen.onderschrift[0].startswith("Datum:")
    assert [line for line in delen.onderschrift if not line.startswith((".", "Datum"))] == [
        "Naam cliënt",
        "Handtekening cliënt",
        "Naam medewerker",
        "Handtekening medewerker",
    ]


def test_no_word_of_the_sheet_is_lost_or_changed() -> None:
    delen = spelregels.parse(TEKST)
    whole = "\n".join(
        [delen.titel, *delen.inleiding, delen.kop]
        + [f"{regel.nummer}. {regel.tekst}" for regel in delen.regels]
        + list(delen.onderschrift)
    )
    assert whole.split() == TEKST.split()


def test_the_third_rule_is_the_one_about_toestemming() -> None:
    assert "zonder toestemming van de medewerker" in spelregels.parse(TEKST).regels[2].tekst


def test_the_fingerprint_does_not_depend_on_line_ends_but_on_every_letter() -> None:
    assert spelregels.fingerprint(TEKST) == spelregels.fingerprint(TEKST.replace("\n", "\r\n"))
    assert spelregels.fingerprint(TEKST) != spelregels.fingerprint(TEKST.replace("netjes", "netter"))


def test_a_sheet_that_is_not_fit_says_why() -> None:
    assert [fout.code for fout in spelregels.check("")] == ["leeg"]
    assert [fout.code for fout in spelregels.check("Titel\nzomaar tekst")] == ["geen_regels"]
    assert [fout.code for fout in spelregels.check("Titel\n1. een\n3. drie")] == ["nummering"]
    assert spelregels.check(TEKST) == ()


@given(st.text())
def test_parsing_never_fails(text: str) -> None:
    spelregels.parse(text)
    spelregels.check(text)
