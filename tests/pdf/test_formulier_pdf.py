"""The PDF: valid, tagged, the rules to the letter, and nothing in it that a name or text could smuggle in."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.contrib.staticfiles import finders

from afspraken.domain import formulier as regels
from afspraken.domain.formulier import Blad, Gesprek, Inhoud, Opname, Toestemming
from afspraken.domain.spelregels import fingerprint, parse
from afspraken.domain.voornemen import Antwoord, Doel, Kanaal, Soort
from afspraken.pdf import fonts
from afspraken.pdf.render import Ondertekening, RenderFout, render_formulier
from project.env import BASE_DIR

TEKST = (BASE_DIR / "afspraken" / "data" / "spelregels-1-nl.txt").read_text(encoding="utf-8")
OM = datetime(2026, 12, 3, 9, 5, tzinfo=UTC)
CLIENT = Ondertekening(rol="client", wijze="tekenen", naam="A. Jansen", getekend_op=OM, lijnen=[[[9, 9], [90, 90]]])
MEDEWERKER = Ondertekening(rol="medewerker", wijze="typen", naam="B. de Boer", getekend_op=OM)


def make(naam: str = "A. Jansen", toelichting: str = "", **values: Any) -> Inhoud:
    inhoud = regels.prefill(
        versie=1,
        gemeente="Gemeente Voorbeeld",
        gesprek=Gesprek(start_op=OM, client_naam=naam, medewerker_naam="B. de Boer", plaats="Stadhuis, Markt 1"),
        opname=Opname(
            antwoord=Antwoord.JA,
            soorten=frozenset({Soort.GELUID}),
            doel=values.pop("doel", Doel.ANDERS),
            toelichting=toelichting,
            kanaal=Kanaal.SMS,
            volgnummer=1,
        ),
        spelregels=Blad(versie=1, vingerafdruk=fingerprint(TEKST), tekst=TEKST),
    )
    return replace(inhoud, **values)


def render(inhoud: Inhoud | None = None, *signatures: Ondertekening) -> bytes:
    content = (inhoud or make()).as_dict()
    return render_formulier(
        inhoud=content, inhoud_hash=regels.content_hash(content), handtekeningen=signatures or (CLIENT, MEDEWERKER)
    )


def words(pdf: bytes, tmp_path: Path) -> str:
    tool = shutil.which("pdftotext")
    assert tool, "poppler-utils is missing: make dev"
    path = tmp_path / "f.pdf"
    path.write_bytes(pdf)
    done = subprocess.run([tool, str(path), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_the_rules_stand_in_it_to_the_letter(tmp_path: Path) -> None:
    text = words(render(), tmp_path)
    blad = parse(TEKST)
    squeezed = text.replace(" ", "")
    for part in (blad.titel, *blad.inleiding, blad.kop, *(regel.tekst for regel in blad.regels)):
        assert part.replace(" ", "") in squeezed, part
    for regel in blad.regels:
        assert f"{regel.nummer}. {regel.tekst[:20]}" in text


def test_names_dates_ways_of_signing_version_and_hash(tmp_path: Path) -> None:
    inhoud = make(toelichting="mijn dagboek")
    text = words(render(inhoud), tmp_path)
    for part in (
        "A. Jansen",
        "B. de Boer",
        "donderdag 3 december 2026, 10.05 uur",
        "iets anders: mijn dagboek",
        "bevestigd: dit is mijn handtekening",
        "Formulier versie 1",
        regels.content_hash(inhoud.as_dict()),
    ):
        assert part.replace(" ", "") in text.replace(" ", ""), part


def test_a_signature_at_home_and_one_on_paper_say_so(tmp_path: Path) -> None:
    at_home = replace(CLIENT, thuis=True)
    on_paper = replace(MEDEWERKER, wijze="papier")
    text = words(render(make(), at_home, on_paper), tmp_path)
    assert "vooraf getekend" in text
    assert "papieren versie" in text


@pytest.mark.parametrize(
    ("toestemming", "zin"),
    [
        (Toestemming.JA, "De medewerker geeft toestemming."),
        (Toestemming.NEE, "De medewerker geeft geen toestemming."),
        (Toestemming.VOORWAARDEN, "onder voorwaarden: zonder namen"),
    ],
)
def test_what_the_medewerker_says_about_rule_three(toestemming: Toestemming, zin: str, tmp_path: Path) -> None:
    inhoud = make(doel=Doel.DELEN, toestemming=toestemming, voorwaarden="zonder namen")
    assert zin in words(render(inhoud), tmp_path)


def test_it_is_one_standing_sheet_of_paper_tagged_and_in_our_own_fonts() -> None:
    with pikepdf.open(io.BytesIO(render())) as pdf:
        assert len(pdf.pages) == 1
        assert [round(float(value)) for value in pdf.pages[0].mediabox] == [0, 0, 595, 842]
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "nl"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        used = {str(font.BaseFont) for font in pdf.pages[0].Resources.Font.values()}
        assert all(re.fullmatch(r"/[A-Z]{6}\+Vooraf(-Ext)?(-Bold)?", name) for name in used), used
        xmp = pdf.Root.Metadata.read_bytes().decode()
    assert re.search(r'pdfaid:part="2"', xmp)
    assert re.search(r'pdfaid:conformance="A"', xmp)
    assert re.search(r'pdfuaid:part="1"', xmp)
    assert xmp.count("<rdf:RDF") == 1


def test_a_drawing_has_words_for_who_cannot_see_it() -> None:
    with pikepdf.open(io.BytesIO(render())) as pdf:
        alts = [str(o.Alt) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
    assert "Getekende handtekening van A. Jansen" in alts


def test_it_holds_nothing_active() -> None:
    with pikepdf.open(io.BytesIO(render(make(naam="<script>alert(1)</script>")))) as pdf:
        keys = {key for o in pdf.objects if isinstance(o, pikepdf.Dictionary) for key in o}
    assert not keys & {"/JS", "/JavaScript", "/OpenAction", "/AA", "/EmbeddedFiles", "/Launch", "/URI"}


def test_the_same_content_gives_the_same_bytes() -> None:
    assert render() == render()


@pytest.mark.slow
def test_qpdf_finds_no_fault(tmp_path: Path) -> None:
    tool = shutil.which("qpdf")
    assert tool, "qpdf is missing: make dev"
    path = tmp_path / "f.pdf"
    path.write_bytes(render())
    done = subprocess.run([tool, "--check", str(path)], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


SMUGGLED = (
    '<img src="file:///etc/passwd">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<style>@import "http://127.0.0.1:9/x.css"</style>',
    '"><svg><image href="http://127.0.0.1:9/x.png"/></svg>',
    "{{ inhoud }}{% include 'base.html' %}",
    "]]>&<!--",
)


@pytest.mark.parametrize("text", SMUGGLED)
def test_a_name_or_purpose_is_text_and_nothing_else(text: str, tmp_path: Path) -> None:
    pdf = render(make(naam=text, toelichting=text))
    assert text.replace(" ", "")[:12] in words(pdf, tmp_path).replace(" ", "")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert "/EmbeddedFiles" not in opened.Root.get("/Names", {})
        assert "/AF" not in opened.Root


def test_only_our_fonts_can_be_fetched() -> None:
    for address in ("file:///etc/passwd", "http://127.0.0.1/", "data:text/plain,x", "vooraf-font:../../settings"):
        with pytest.raises(KeyError):
            fonts.read(address)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Łukasz Öztürk-Șerban ÿ €", "Łukasz Öztürk-Șerban ÿ €"),
        ("e\u0301te\u0301 1\u20e3", "été 1"),
        ("mooi 👍🏽 zo", "mooi [thumbs up sign][emoji modifier fitzpatrick type-4] zo"),
        ("Иван Петров", "Иван Петров"),
        ("Ελένη", "Ελένη"),
        ("გიორგი", "[Georgisch schrift]"),
        ("ሰላም", "[Ethiopisch schrift]"),
        ("محمد", "[Arabisch schrift]"),
        ("李小龙", "[Chinees schrift]"),
        ("Nguyễn", "Nguyễn"),
        ("a\u0000b\u200bc\ue000d\u2028e", "abcd e"),
        ("ﬁets１", "fiets1"),
    ],
)
def test_what_the_fonts_lack_is_spelled_out(text: str, shown: str) -> None:
    assert fonts.printable(text) == shown
    assert fonts.printable(shown) == shown


def test_the_original_stays_in_the_content() -> None:
    inhoud = make(naam="ሰላም 👍")
    render(inhoud)
    assert Inhoud.from_dict(inhoud.as_dict()).gesprek.client_naam == "ሰላም 👍"


@pytest.mark.parametrize("naam", ["ሰላም 👍", "محمد", "Łukasz Öztürk", "x" * 150])
def test_any_name_keeps_the_fonts_complete(naam: str) -> None:
    with pikepdf.open(io.BytesIO(render(make(naam=naam)))) as pdf:
        fonts_used = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
    assert all("Vooraf" in name for name in fonts_used), fonts_used


def test_the_sheet_for_paper_has_empty_boxes_and_the_three_choices(tmp_path: Path) -> None:
    content = make(doel=Doel.DELEN).as_dict()
    pdf = render_formulier(inhoud=content, inhoud_hash=regels.content_hash(content))
    text = words(pdf, tmp_path)
    assert "De medewerker kruist aan" in text
    assert "om op papier te tekenen" in text
    assert "bevestigd: dit is mijn handtekening" not in text
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) == 1


def test_a_broken_content_is_one_kind_of_failure() -> None:
    """What the log keeps of it: tests/house/test_logs.py."""
    content = make().as_dict()
    content["opname"]["doel"] = "A. Jansen wil niet"
    with pytest.raises(RenderFout) as caught:
        render_formulier(inhoud=content, inhoud_hash="0" * 64)
    assert "Jansen" not in str(caught.value)


def test_missing_fonts_are_one_kind_of_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts.read_all.cache_clear()
    monkeypatch.setattr(finders, "find", lambda _name: None)
    with pytest.raises(RenderFout) as caught:
        render()
    assert isinstance(caught.value.__cause__, fonts.FontMissing)


@pytest.mark.parametrize("naam", ["Иван Петров", "Nguyễn Thị Ánh", "Ελένη Παππά"])
def test_a_name_in_other_letters_is_printed_as_it_is_written(naam: str, tmp_path: Path) -> None:
    # Where the letters come from two font files, the reading tool may see a gap.
    assert naam.replace(" ", "") in words(render(make(naam=naam)), tmp_path).replace(" ", "")
