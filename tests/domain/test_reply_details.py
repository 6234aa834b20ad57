"""What a text says beside its word: kinds, purpose, code, number, and who should read it."""

from __future__ import annotations

import pytest

from afspraken.domain.reply import Woord, read
from afspraken.domain.voornemen import Antwoord, Doel, Soort


@pytest.mark.parametrize(
    ("text", "soorten", "doel", "toelichting"),
    [
        ("JA 7K thuis naluisteren", [], Doel.NALUISTEREN, ""),
        ("ja ik wil filmen voor mijn advocaat", [Soort.VIDEO], Doel.DESKUNDIGE, ""),
        ("Ja geluid om thuis terug te luisteren", [Soort.GELUID], Doel.NALUISTEREN, ""),
        ("Ja, alleen audio, voor mezelf", [Soort.GELUID], Doel.NALUISTEREN, ""),
        ("ja alleen geluid geen video", [Soort.GELUID], None, ""),
        ("Ja, niet filmen maar wel geluid opnemen", [Soort.GELUID], None, ""),
        ("ja foto's en film", [Soort.FOTO, Soort.VIDEO], None, ""),
        ("Ja voor mijn jurist", [], Doel.DESKUNDIGE, ""),
        ("ja voor rechtsbijstand", [], Doel.DESKUNDIGE, ""),
        ("ja delen met mijn advocaat", [], Doel.DESKUNDIGE, ""),
        ("Ja voor mijn familie", [], Doel.PRIVEKRING, ""),
        ("ja mijn man wil het ook horen", [], Doel.PRIVEKRING, "mijn man wil het ook horen"),
        ("ja delen met mijn dochter", [], Doel.PRIVEKRING, ""),
        ("Ja, ik zet het op Facebook", [], Doel.DELEN, "zet"),
        ("ja voor youtube", [], Doel.DELEN, ""),
        ("Ja ik wil het delen", [], Doel.DELEN, ""),
        ("ja openbaar maken", [], Doel.DELEN, ""),
        ("Ja, maar niet op facebook", [], None, ""),
        ("ja voor thuis, niet op internet", [], Doel.NALUISTEREN, ""),
        ("Ja, zeg ik liever niet", [], Doel.LIEVER_NIET, ""),
        ("Ja maar dat gaat u niets aan", [], Doel.LIEVER_NIET, ""),
        ("Ja, dat wil ik niet zeggen", [], Doel.LIEVER_NIET, ""),
        ("yes, rather not say", [], Doel.LIEVER_NIET, ""),
        ("Ja, voor bewijs", [], Doel.ANDERS, "voor bewijs"),
        ("ja om het later in de klas te laten zien", [], Doel.ANDERS, "om het later in de klas te laten zien"),
        ("Ja want ik vergeet alles", [], Doel.ANDERS, "want ik vergeet alles"),
        ("Yes for my lawyer", [], Doel.DESKUNDIGE, ""),
        ("yes video to listen back at home", [Soort.VIDEO], Doel.NALUISTEREN, ""),
        ("yes, photos for facebook", [Soort.FOTO], Doel.DELEN, ""),
        ("Ja man", [], None, ""),
        ("Ja, Fatima el Idrissi", [], None, ""),
        ("Ja ik weet nog niet waarvoor", [], None, ""),
        ("misschien filmen voor mijn advocaat", [Soort.VIDEO], Doel.DESKUNDIGE, ""),
    ],
)
def test_kinds_and_purpose(text: str, soorten: list[Soort], doel: Doel | None, toelichting: str) -> None:
    reading = read(text)
    assert reading.antwoord in (Antwoord.JA, Antwoord.WEET_NIET)
    assert (reading.soorten, reading.doel) == (frozenset(soorten), doel)
    assert toelichting in reading.toelichting
    if not toelichting:
        assert reading.toelichting == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("JA 7K", "7K"),
        ("7k ja", "7K"),
        ("ja7k", "7K"),
        ("JA (7K)", "7K"),
        ("nee 4P bedankt", "4P"),
        ("WEET NIET 9Z", "9Z"),
        ("ja 7 k", "7K"),
        ("7K", "7K"),
        ("ja 3x gebeld", ""),
        ("Ja ik woon Kerkstraat 7b", ""),
        ("ja 1K", ""),
        ("ja 7A", ""),
        ("JA 7K 4P", "7K 4P"),
        ("JA 7K en 7k", "7K"),
        ("ja om 10.30", ""),
    ],
)
def test_short_code(text: str, code: str) -> None:
    assert " ".join(read(text).codes) == code


@pytest.mark.parametrize(
    ("text", "keuzes"),
    [
        ("2", (2,)),
        ("2.", (2,)),
        ("2 ja", (2,)),
        ("Ja 2", (2,)),
        ("2️⃣", (2,)),
        ("nummer 2", (2,)),
        ("optie 3 graag", (3,)),
        ("de tweede", (2,)),
        ("1 en 2", (1, 2)),
        ("2 ja voor mijn advocaat", (2,)),
        ("ja met 3 kinderen erbij", ()),
        ("10.30", ()),
        ("12", ()),
        ("3 december", (3,)),
    ],
)
def test_numbers_of_a_list(text: str, keuzes: tuple[int, ...]) -> None:
    assert read(text).keuzes == keuzes


@pytest.mark.parametrize("text", ["beide", "Allebei ja", "ja beide", "both"])
def test_all_of_a_list(text: str) -> None:
    assert read(text).alles


@pytest.mark.parametrize(
    ("text", "stellig"),
    [
        ("NEE", True),
        ("nee 7K", True),
        ("WEET NIET", True),
        ("weet niet 2", False),
        ("nee hoor", False),
        ("liever niet", False),
        ("hoeft niet", False),
        ("toch maar niet", True),
        ("ik stop met opnemen", True),
        ("nee ik neem niet op", True),
        ("ja nee", False),
    ],
)
def test_an_answer_that_can_only_be_about_recording(text: str, stellig: bool) -> None:
    assert read(text).stellig is stellig


@pytest.mark.parametrize(
    "text", ["Bedankt", "dank u wel!", "Thanks", "Groetjes Jan", "ok bedankt", "Goedemorgen, bedankt", "tot dan"]
)
def test_politeness_asks_for_nothing(text: str) -> None:
    reading = read(text)
    assert reading.beleefd or reading.instemming
    assert reading.woord is Woord.ONDUIDELIJK
    assert not reading.tegenstrijdig


@pytest.mark.parametrize(
    "text",
    [
        "Automatisch antwoord: ik ben afwezig tot maandag",
        "Auto-reply: I'm driving",
        "Ik ben aan het rijden, ik bel later",
        "Kan nu niet opnemen",
        "Ik kan nu niet praten. Wat is er?",
        "Can't talk right now",
        "Out of office",
        "Op dit bericht kunt u niet antwoorden. Niet op dit bericht antwoorden",
    ],
)
def test_a_machine_is_recognised(text: str) -> None:
    reading = read(text)
    assert reading.automatisch
    assert reading.antwoord is None


@pytest.mark.parametrize(
    "text", ["ik ben ziek", "Nee ik kan niet komen", "afspraak verzetten", "bel me terug", "verkeerd nummer", "cancel"]
)
def test_what_a_person_has_to_read(text: str) -> None:
    assert read(text).persoon


def test_an_answer_and_a_command_in_one_text() -> None:
    reading = read("Ja, en stuur de regels aub")
    assert (reading.antwoord, reading.opdracht) == (Antwoord.JA, Woord.REGELS)


def test_an_answer_and_a_question() -> None:
    reading = read("Ja! Mag ik ook mijn dochter meenemen?")
    assert (reading.antwoord, reading.vraag) == (Antwoord.JA, True)


def test_a_nee_has_no_purpose() -> None:
    reading = read("nee, dat hoeft niet voor mijn advocaat")
    assert (reading.antwoord, reading.doel, reading.toelichting) == (Antwoord.NEE, None, "")


def test_a_citizen_service_number_is_not_kept() -> None:
    reading = read("Ja voor de zaak 111222333 bij de rechter")
    assert "111222333" not in reading.toelichting
    assert "111222333" not in reading.tekst
    assert "rechter" in reading.toelichting


def test_texts_do_not_show_in_a_repr() -> None:
    assert "geheim" not in repr(read("Ja voor een geheim plan van mij"))
