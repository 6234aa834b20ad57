"""The pages for everyone, and the languages of all client pages."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from afspraken.domain import spelregels as rules
from afspraken.models import SpelregelsStatus, SpelregelsVersie
from afspraken.web.client import regels, weergave
from afspraken.web.client.tekst import tekst
from afspraken.web.client.tekst_en import EN
from afspraken.web.client.tekst_nl import NL
from project.env import BASE_DIR
from tests.builders import NU, maak_afspraak, maak_team
from tests.web.client_steps import Phone, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(time_machine: object) -> None:
    time_machine.move_to(NU, tick=True)  # type: ignore[attr-defined]


TEMPLATES = sorted((BASE_DIR / "templates" / "client").rglob("*.html"))


def publish(tekst_: str, nummer: int, team_code: str | None = None) -> SpelregelsVersie:
    return SpelregelsVersie.objects.create(
        team=maak_team(team_code) if team_code else None,
        nummer=nummer,
        status=SpelregelsStatus.GEPUBLICEERD.value,
        tekst=tekst_,
        vingerafdruk=rules.fingerprint(tekst_),
        aangemaakt_op=NU,
        gepubliceerd_op=NU,
    )


def test_the_start_page_says_what_this_is_and_where_staff_log_in() -> None:
    html = Client().get("/").content.decode()
    page = text_of(html)
    assert "Hebt u een afspraak met Gemeente Voorbeeld? U mag het gesprek opnemen." in page
    assert 'href="/spelregels"' in html
    assert 'href="/accounts/login/"' in html
    assert "14 012" in page


def test_the_rules_are_published_to_the_letter() -> None:
    page = text_of(Client().get("/spelregels").content.decode())
    sheet = SpelregelsVersie.objects.get(team=None)
    lines = [" ".join(line.split()) for line in sheet.tekst.splitlines() if line.strip()]
    assert len(lines) > 15
    found = [page.find(line) for line in lines if set(line) != {"."}]
    assert -1 not in found
    assert "kunnen schade aan anderen kunnen toebrengen" in page
    assert "Uiteraard mag u de inhoud van het gesprek wel in privékring laten beluisteren." in page
    assert "De spelregels in het kort" in page


def test_the_newest_published_sheet_for_all_is_shown_and_a_draft_or_a_teams_own_is_not() -> None:
    publish("Nieuwe titel\n\nInleiding.\n\nKop\n\n1. Alleen deze regel.", 2)
    publish("Van een team\n\nInleiding.\n\nKop\n\n1. Teamregel.", 1, "wmo")
    SpelregelsVersie.objects.create(nummer=3, tekst="Concept\n\n1. Nog niet.", aangemaakt_op=NU)
    page = text_of(Client().get("/spelregels").content.decode())
    assert "1. Alleen deze regel." in page
    assert "Versie 2" in page
    assert "Teamregel" not in page
    assert "Nog niet." not in page
    phone = Phone(maak_afspraak(team="wmo"))
    assert "1. Teamregel." in text_of(phone.open("spelregels"))
    assert "1. Teamregel." in text_of(phone.open())


def test_without_a_sheet_the_pages_still_work() -> None:
    SpelregelsVersie.objects.all().delete()
    assert "Er staan nu geen spelregels op deze pagina." in text_of(Client().get("/spelregels").content.decode())
    phone = Phone(maak_afspraak())
    assert "Wilt u het gesprek opnemen?" in phone.open()
    assert "Uw keuze is doorgegeven" in phone.send(phone.answer("ja"))
    assert "Tekenen kan hier nu niet" in phone.open("tekenen")


def test_a_translation_is_marked_as_one_and_the_dutch_text_stays_beside_it() -> None:
    html = Client().get("/spelregels/en").content.decode()
    page = text_of(html)
    assert '<html lang="en" dir="ltr">' in html
    assert "This is a translation. Only the Dutch text is binding." in page
    assert "Het is verboden om te knippen en plakken in een opname" in page
    assert '<div class="official stack" lang="nl" dir="ltr">' in html
    assert '<div class="official stack" lang="en" dir="ltr">' in html
    assert 'href="/spelregels/nl"' in html


def test_a_language_from_right_to_left_runs_from_right_to_left() -> None:
    sheet = SpelregelsVersie.objects.get(team=None)
    sheet.vertalingen.create(taal="ar", tekst="العنوان\n\nمقدمة\n\nقواعد\n\n1. القاعدة", kort="يمكنك التسجيل.")
    html = Client().get("/spelregels/ar").content.decode()
    assert '<html lang="nl" dir="ltr">' in html
    assert '<div class="official stack" lang="ar" dir="rtl">' in html
    assert '<ul class="client-kort" lang="ar" dir="rtl">' in html


def test_an_unknown_language_is_not_found() -> None:
    assert Client().get("/spelregels/xx").status_code == 404
    assert Client().get("/spelregels/%3Cscript%3E").status_code == 404


def test_public_pages_keep_no_session() -> None:
    browser = Client()
    for path in ("/", "/?taal=en", "/spelregels", "/spelregels/en"):
        assert browser.get(path).cookies == {}
    assert not Session.objects.exists()


def test_the_language_of_the_client_comes_first_and_a_link_switches_it_for_this_browser() -> None:
    phone = Phone(maak_afspraak(client_taal="en"))
    html = phone.open()
    assert '<html lang="en" dir="ltr">' in html
    assert "Friday 27 November 2026, 10:00" in html
    assert 'href="?taal=nl"' in html
    phone.open(taal="nl")
    html = phone.open("opnemen")
    assert '<html lang="nl" dir="ltr">' in html
    assert phone.browser.get(phone.url())["Content-Language"] == "nl"
    assert phone.browser.get(phone.url(), {"taal": "xx"})["Content-Language"] == "nl"


def test_a_client_with_a_language_we_do_not_have_gets_dutch_whatever_the_browser_says() -> None:
    phone = Phone(maak_afspraak(client_taal="ti"))
    response = phone.browser.get(phone.url(), headers={"Accept-Language": "en"})
    assert b'<html lang="nl" dir="ltr">' in response.content


def test_the_whole_flow_in_english_has_no_dutch_left_but_the_official_text() -> None:
    phone = Phone(maak_afspraak(client_taal="en"))
    page = phone.post("opnemen")
    assert "<title>Error: Do you want to record the conversation?" in page
    check = phone.answer("ja", ("geluid",), "anders", "for my sister")
    done = phone.send(check)
    for html in (phone.open(), check, done):
        own = re.sub(r'<(\w+)[^>]* lang="nl".*?</\1>', "", html.split("<body", 1)[1], flags=re.DOTALL)
        assert not re.search(r"\b(?:het|een|niet|gesprek|afspraak op|uw)\b", text_of(own)), text_of(own)
    assert phone.afspraak.voornemens.get().taal == "en"


def test_both_languages_have_every_text_with_the_same_places() -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert NL.keys() == EN.keys()
    assert {key: places(NL[key]) for key in NL} == {key: places(EN[key]) for key in EN}
    same = {key for key in NL if NL[key] == EN[key]} - {"soort.video"}
    assert same == set()


def test_every_text_is_used_and_every_used_text_exists() -> None:
    used = {
        key
        for path in TEMPLATES
        for key in re.findall(r"""{%\s*tekst ["']([\w.]+)["']""", path.read_text(encoding="utf-8"))
    }
    code = "".join(path.read_text(encoding="utf-8") for path in Path(weergave.__file__).parent.glob("*.py"))
    in_code = {key for key in NL if f'"{key}"' in code.replace(f'"{key}":', "")}
    families = ("keuze.", "soort.", "doel.", "antwoord.via.")
    assert used <= NL.keys()
    assert {key for key in NL.keys() - used - in_code if not key.startswith(families)} == set()


def test_sentences_are_short_enough_for_everyone() -> None:
    long = [
        sentence
        for texts in (NL, EN)
        for text in texts.values()
        for sentence in re.split(r"(?<=[.?!:])\s", text)
        if len(sentence.split()) > 21
    ]
    assert long == []


@pytest.mark.parametrize("word", ["request", "approve", "refuse", "consent", "permission", "applica"])
def test_english_does_not_make_telling_a_favour_either(word: str) -> None:
    assert [text for text in EN.values() if word in text.lower()] == []


def test_a_missing_text_or_value_is_an_error_and_no_gap() -> None:
    with pytest.raises(KeyError):
        tekst("bestaat.niet", "nl")
    with pytest.raises(KeyError):
        tekst("afspraak.titel", "nl", gemente="x")
    assert tekst("afspraak.titel", "nl", gemeente="{x}") == "Uw gesprek met {x}"


@pytest.mark.parametrize(
    ("naam", "shown"),
    [
        ("A. Jansen", "A."),
        ("Fatima El Amrani", "Fatima"),
        ("mevrouw Fatima Ouazzani", "Fatima"),
        ("de heer J.P. de Boer", "J.P."),
        ("Jansen, A.", "A."),
        ("Jansen A.", "A."),
        ("de Vries", ""),
        ("Dhr. Jansen", ""),
        ("Jansen", ""),
        ("", ""),
    ],
)
def test_of_a_name_only_the_first_part_is_shown(naam: str, shown: str) -> None:
    assert weergave.voornaam(naam) == shown


def test_a_short_text_is_cut_at_its_lines_or_sentences() -> None:
    assert regels.zinnen("- Een.\n2. Twee.\n\n* Drie.") == ("Een.", "Twee.", "Drie.")
    assert regels.zinnen("Een. Twee? Drie!") == ("Een.", "Twee?", "Drie!")
    assert regels.zinnen("") == ()
