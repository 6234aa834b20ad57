"""One plain line: what no one sees is not kept."""

from __future__ import annotations

import pytest

from afspraken.domain.tekst import one_line
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, normalised


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  thuis \n nog eens\tluisteren ", "thuis nog eens luisteren"),
        ("\u202enetsiulretiaun\u202c", "netsiulretiaun"),
        ("\u200b\u2060\ufeff\u2066", ""),
        ("a\x01b\x1b[31m\x7f\x9f", "ab[31m"),
        ("a\x85b\u2028c", "a b c"),
        # Joiners make one picture of several, and keep letters of Farsi apart.
        ("👩\u200d👧 می\u200cخواهم", "👩\u200d👧 می\u200cخواهم"),
    ],
)
def test_one_line(text: str, kept: str) -> None:
    assert one_line(text) == kept


def test_an_answer_is_kept_without_what_no_one_sees() -> None:
    said = Antwoordgegevens(antwoord=Antwoord.JA, toelichting="voor\u202e mij\x01")
    assert normalised(said).toelichting == "voor mij"
