"""Texts as people send them, and what each comes down to."""

from __future__ import annotations

import pytest

from afspraken.domain.reply import Woord, read
from afspraken.domain.voornemen import Antwoord, Doel, Soort

JA = [
    "Ja",
    "ja",
    "JA",
    " ja ",
    "Ja.",
    "ja!!!",
    "Jaaa",
    "Ja hoor!",
    "ja hoor, bedankt",
    "Ja graag",
    "Ja, graag. Groetjes Fatima",
    "Ja is goed",
    "ja prima",
    "Ja 👍",
    "ja 😊😊",
    "JA!!! 🙏🏽",
    "Ja, dat wil ik graag",
    "Ja ik wil opnemen",
    "Ja, ik wil het gesprek opnemen.",
    "Goedemorgen, ja ik neem het gesprek op. Mvg A. Jansen",
    "Beste gemeente, ja. Met vriendelijke groet, Mohammed el Idrissi",
    "Ik wil het gesprek graag opnemen",
    "wil opnemen",
    "ik ga het opnemen",
    "ik neem op",
    "Ik neem het gesprek op",
    "jazeker",
    "jawel",
    "Jep",
    "zeker weten",
    "Tuurlijk!",
    "graag",
    "doe ik",
    "Ja, waarom niet",
    "Ja geen probleem",
    "Ja dankjewel tot dan",
    "Ja want ik hoor niet zo goed",
    "Ja, anders onthoud ik het niet",
    "Ja, maar ik ga het niet delen",
    "Nee sorry, ja",
    "nee, toch wel",
    "nee toch maar wel",
    "toch wel",
    "Toch opnemen",
    "nee wacht, ja",
    "ja ja",
    "Já",
    "Ja\n",
    "ＪＡ",
    "yes",
    "Yes please",
    "YES!!",
    "yeah sure",
    "Yep",
    "yes I want to record",
    "I will record the meeting",
    "I'd like to record it",
    "Of course",
    "evet",
    "Tak",
    "oui",
    "Sí",
    "نعم",
    "Так",
    "haa",
]
NEE = [
    "Nee",
    "nee",
    "NEE",
    "Nee.",
    "neee",
    "neen",
    "Née",
    "nre",
    "Nee hoor",
    "nee, bedankt",
    "Nee dank u wel",
    "Nee, hoeft niet",
    "hoeft niet",
    "Dat hoeft voor mij niet hoor",
    "niet nodig",
    "Nee is niet nodig",
    "Liever niet",
    "nee liever niet",
    "nee geen probleem",
    "Ik neem niet op",
    "nee ik neem niet op",
    "Ik wil niet opnemen",
    "Ik ga het gesprek niet opnemen",
    "Wil ik niet",
    "doe ik niet",
    "geen opname",
    "zeker niet",
    "Absoluut niet!",
    "natuurlijk niet",
    "ben ik niet van plan",
    "toch niet",
    "toch maar niet",
    "Ja, toch maar niet",
    "ja wacht nee",
    "Ja. Oeps foutje, nee",
    "ja sorry ik bedoel nee",
    "Nee nooit",
    "ik stop met opnemen",
    "Ik stop toch maar met opnemen",
    "Ik wil stoppen met opnemen",
    "No",
    "no thanks",
    "No, thank you very much",
    "nope",
    "I won't record",
    "I don't want to record",
    "I am not going to record the meeting",
    "no need",
    "Definitely not",
    "hayır",
    "HAYIR",
    "non",
    "nein",
    "nie",
    "لا",
    "ні",
]
WEET_NIET = [
    "WEET NIET",
    "weet niet",
    "Weet ik nog niet",
    "weet ik niet",
    "weet het nog niet",
    "Ik weet het niet",
    "weetniet",
    "wet niet",
    "weet nie",
    "weet nit",
    "ik weet nog niet of ik ga opnemen",
    "geen idee",
    "Nog geen idee, sorry",
    "misschien",
    "Mischien",
    "misschien wel",
    "ja misschien",
    "misschien ja misschien nee",
    "Ja of nee, dat weet ik nog niet",
    "Ja weet ik nog niet",
    "nee weet ik nog niet",
    "Nog niet zeker",
    "twijfel nog",
    "Ik denk het wel",
    "denk het niet",
    "waarschijnlijk wel",
    "moet ik nog over nadenken",
    "ben er nog niet uit",
    "ik ben er nog niet uit",
    "hangt ervan af",
    "ik laat het nog weten",
    "don't know",
    "DO NOT KNOW",
    "I don't know yet",
    "not sure",
    "maybe",
    "dunno",
    "no idea",
    "bilmiyorum",
    "nie wiem",
    "je ne sais pas",
]
ONDUIDELIJK = [
    "ja nee",
    "Ja / nee",
    "ja of nee",
    "ja of nee?",
    "nee ja",
    "ja?",
    "nee?",
    "Ja toch niet",
    "ja niet",
    "ja echt niet",
    "Ja hoeft niet",
    "ja liever niet",
    "nee ik wil wel opnemen",
    "Ja ik neem niet op",
    "nee nee ja nee ja",
    "JA NEE WEET NIET",
    "JA, NEE of WEET NIET",
    "ok",
    "Oké",
    "👍",
    "prima",
    "neem",
    "mee",
    "niet",
    "geen",
    "ik",
    "Mag ik opnemen?",
    "mag ik filmen",
    "Mag dat?",
    "Wat kost dat",
    "Hallo",
    "Wie komt er?",
    "Ik kom",
    "Ja ik kom",
    "Ja hoor ik ben er",
    "ja ik kom met mijn advocaat",
    "Yes I will be there",
    "Nee ik kom niet",
    "Ik kan niet komen",
    "ik ben ziek",
    "Kan de afspraak verzet worden? Ik kan niet op dinsdag",
    "ik wil de afspraak verzetten",
    "cancel",
    "Ik wil contact opnemen met mijn advocaat",
    "Ik neem contact op",
    "Bel mij terug aub",
    "verkeerd nummer",
    "ik neem de telefoon niet op",
    "stop niet",
    "niet stoppen",
    "don't stop",
    "stop met opnemen",
    "ik stop",
    "ik wil stoppen",
    "ik heb geen sms meer gekregen",
    "Ik ga niet filmen",
    "ik wil dat u opneemt",
    "gaat u ook opnemen?",
    "wil de gemeente opnemen",
    "Antwoord JA, NEE of WEET NIET. Regels: antwoord REGELS",
    "Gemeente X: antwoord JA als u uw gesprek wilt opnemen. Antwoord REGELS voor de regels, STOP voor geen berichten meer.",
    "Weet niet wat dit is",
    "???",
    "...",
    "",
    "   ",
    "\u200b",
    "asdfgh",
    "lkjlkj 88",
    "1",
    "12",
    "test",
    "Ne",
    "jo",
    "'; DROP TABLE afspraak; --",
    "<script>alert(1)</script>",
    "{{7*7}} ((link))",
]
OPDRACHT = {
    Woord.STOP: [
        "STOP",
        "stop",
        "Stop!",
        "STOP aub",
        "stopp",
        "stpo",
        "Stop hiermee",
        "stop met sms",
        "Stop met berichten sturen a.u.b.",
        "stop met het sturen van sms'jes",
        "nee stop",
        "Nee. Stop met sms'en!",
        "geen sms meer",
        "Ik wil geen berichten meer",
        "stuur geen sms meer",
        "Stuur me niks meer",
        "uitschrijven",
        "unsubscribe",
        "STOPALL",
        "stop texting me",
        "no more messages please",
        "STOP 7K",
        "ik wil stoppen met sms",
    ],
    Woord.START: ["START", "start", "Start aub", "weer sms graag", "aanmelden"],
    Woord.REGELS: [
        "REGELS",
        "regels",
        "Regels?",
        "regels aub",
        "spelregels",
        "Wat zijn de regels?",
        "wat zijn de spelregels",
        "stuur de regels",
        "Mag ik de regels zien",
        "regls",
        "rules",
        "RULES please",
        "what are the rules?",
        "REGELS 7K",
    ],
    Woord.HULP: [
        "HULP",
        "hulp",
        "Hulp nodig",
        "help",
        "HELP!!",
        "info",
        "ik snap het niet",
        "Ik begrijp dit niet",
        "wat is dit?",
        "wie is dit",
        "Wat moet ik doen?",
        "hullp",
        "I don't understand",
        "who is this",
    ],
}


@pytest.mark.parametrize("text", JA)
def test_ja(text: str) -> None:
    assert read(text).woord is Woord.JA


@pytest.mark.parametrize("text", NEE)
def test_nee(text: str) -> None:
    assert read(text).woord is Woord.NEE


@pytest.mark.parametrize("text", WEET_NIET)
def test_weet_niet(text: str) -> None:
    assert read(text).woord is Woord.WEET_NIET


@pytest.mark.parametrize("text", ONDUIDELIJK)
def test_unclear_is_never_guessed(text: str) -> None:
    reading = read(text)
    assert (reading.woord, reading.antwoord) == (Woord.ONDUIDELIJK, None)


@pytest.mark.parametrize(("woord", "text"), [(woord, text) for woord, texts in OPDRACHT.items() for text in texts])
def test_commands(woord: Woord, text: str) -> None:
    assert read(text).woord is woord


@pytest.mark.parametrize(
    "text",
    [
        "ik hou me aan de regels",
        "ja ik ken de regels",
        "Ik krijg hulp van mijn dochter",
        "ja voor mijn hulp in de huishouding",
        "Ik heb geen sms gehad",
        "stop niet met sms",
        "Start u het gesprek om tien uur in zaal twee",
        "ik regel het zelf wel",
    ],
)
def test_a_word_inside_a_story_is_no_command(text: str) -> None:
    assert read(text).opdracht is None


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
        ("JA 7K 4P", "??"),
        ("ja om 10.30", ""),
    ],
)
def test_short_code(text: str, code: str) -> None:
    assert read(text).code == code


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
    ("text", "kaal"),
    [
        ("NEE", True),
        ("nee 7K", True),
        ("WEET NIET", True),
        ("weet niet 2", True),
        ("nee hoor", False),
        ("liever niet", True),
    ],
)
def test_the_bare_word(text: str, kaal: bool) -> None:
    assert read(text).kaal is kaal


@pytest.mark.parametrize(
    "text", ["Bedankt", "dank u wel!", "Thanks", "Groetjes Jan", "ok bedankt", "Goedemorgen", "tot dan"]
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
