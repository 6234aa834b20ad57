"""The import page: upload, errors, preview, confirmation, progress and result."""

from __future__ import annotations

import csv
import io
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest

from afspraken.models import Afspraak, Importconcept
from afspraken.sources import base, process
from tests.builders import NU
from tests.sources.files import KOP, big_csv, csv_of, maak_teams, read, row, sample, sample_xlsx
from tests.web.import_steps import PAGE, browser_of, confirm, text_of, upload, waiting, wrong_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(time_machine: Any) -> None:
    time_machine.move_to(NU, tick=False)
    maak_teams()


@pytest.fixture
def mine() -> Any:
    return browser_of()


def test_the_page_explains_what_is_needed(mine: Any) -> None:
    answer = mine.get(PAGE)
    text = text_of(answer)
    assert answer.status_code == 200
    for column in KOP:
        assert column in text or column == "BSN"
    assert "10 MB en 20.000 rijen" in text
    assert "wmo (Wmo)" in text


def test_the_example_file_can_be_read(mine: Any) -> None:
    answer = mine.get(f"{PAGE}/voorbeeldbestand")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="voorbeeld-afspraken.csv"'
    result = read(answer.content)
    assert (result.bestandsfout, result.rijfouten, len(result.rijen)) == (None, (), 2)


def test_the_whole_road_of_the_sample(mine: Any) -> None:
    answer = upload(mine, sample(), follow=False)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{PAGE}/{waiting().pk}"
    text = text_of(mine.get(answer.headers["Location"]))
    assert "180 rijen in het bestand" in text
    assert "177 nieuw" in text
    assert "3 geannuleerd" in text
    assert "Uitnodiging sms 156" in text
    assert "16 waarschuwingen" in text
    assert "180 afspraken verwerken" in text
    assert not Afspraak.objects.exists()
    text = text_of(confirm(mine, waiting()))
    assert "180 afspraken zijn verwerkt" in text
    assert Afspraak.objects.count() == 177


def test_the_same_file_again_is_unchanged_and_warned_about(mine: Any) -> None:
    upload(mine, sample())
    confirm(mine, waiting())
    before = list(Afspraak.objects.order_by("pk").values())
    for data, known in ((sample(), True), (sample_xlsx(), False)):
        text = text_of(upload(mine, data))
        assert "180 ongewijzigd" in text
        assert "Verwerken verandert niets" in text
        assert ("precies dit bestand is al verwerkt op woensdag 25 november 2026, 10.00 uur" in text) is known
        confirm(mine, waiting())
    assert list(Afspraak.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Het bestand is leeg."),
        (b"%PDF-1.7", "Dit is een pdf. Maak in uw planning een export als CSV of als .xlsx."),
        (csv_of(row(), kop=[k for k in KOP if k != "Team"]), "Deze kolom ontbreekt: Team."),
        (b"PK\x03\x04" + b"x" * 100, "Dit Excel-bestand is beschadigd"),
    ],
)
def test_a_file_that_can_not_be_read(mine: Any, data: bytes, words: str) -> None:
    answer = upload(mine, data)
    assert answer.status_code == 400
    text = text_of(answer)
    assert words in text
    assert "Er is een probleem" in text
    assert "<title>Fout: " in answer.content.decode()
    assert not Importconcept.objects.exists()


def test_no_file(mine: Any) -> None:
    answer = mine.post(PAGE, {})
    assert answer.status_code == 400
    assert "Kies een bestand." in text_of(answer)


def test_a_file_that_is_too_big_is_not_kept(mine: Any) -> None:
    answer = upload(mine, b"x" * (base.MAX_BYTES + 1))
    assert answer.status_code == 413
    assert "groter dan 10 MB" in text_of(answer)
    assert not Importconcept.objects.exists()


def test_a_file_that_is_far_too_big_is_cut_off(mine: Any) -> None:
    answer = upload(mine, b"x" * (7 * base.MAX_BYTES))
    assert answer.status_code == 413


def test_an_upload_never_reaches_the_disk(mine: Any, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    def refuse(*_args: object, **_values: object) -> None:
        raise AssertionError("a temporary file was made")

    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", refuse)
    assert "180 rijen in het bestand" in text_of(upload(mine, sample()))


@pytest.mark.parametrize("name", ["../../x.csv", "x.xlsx", "a\r\nb.csv", "week 49 (kopie).csv"])
def test_the_name_of_the_file_is_of_no_interest(mine: Any, name: str) -> None:
    answer = upload(mine, csv_of(row()), name=name)
    assert "1 afspraak verwerken" in text_of(answer)
    assert name not in answer.content.decode()


def test_wrong_rows_come_first_with_the_message_in_the_cell(mine: Any) -> None:
    answer = upload(mine, wrong_file())
    body, text = answer.content.decode(), text_of(answer)
    assert answer.status_code == 200
    assert "<title>Fout: " in body
    assert "Er zijn 46 rijen met een fout" in text
    assert "Team &#x27;sport&#x27; bestaat niet: 45 rijen" in text
    assert body.index("Rijen met een fout") < body.index("Rij voor rij")
    cell = re.search(r'<td data-label="Mobiel" class="import-fout">(.*?)</td>', body, re.DOTALL)
    assert cell is not None
    assert "010-1234567" in cell[1]
    assert "Fout: Dit is een vast nummer." in cell[1]
    wrong = re.findall(r'<th scope="row" data-label="Rij" class="nowrap">(\d+)', body)
    assert wrong == [*(str(n) for n in range(2, 47)), "49"]
    assert "Upload opnieuw" in text
    assert "Alleen 4 goede rijen verwerken" in text
    assert "4 afspraken verwerken" not in text


def test_only_the_good_rows_and_the_rest_as_a_file(mine: Any) -> None:
    upload(mine, wrong_file())
    row_ = waiting()
    text = text_of(confirm(mine, row_, alleen_goede="on"))
    assert "4 afspraken zijn verwerkt" in text
    assert "46 rijen met een fout zijn overgeslagen" in text
    assert Afspraak.objects.count() == 4
    answer = mine.get(f"{PAGE}/{row_.pk}/fouten.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="fouten.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [r["Rij"] for r in rows] == [*(str(n) for n in range(2, 47)), "49"]
    assert rows[-1]["Wat is er mis"].startswith("Datum: Deze datum bestaat niet.")
    assert "BSN" not in rows[0]


def test_the_error_file_can_be_mended_and_uploaded(mine: Any) -> None:
    upload(mine, csv_of(row(), row(Afspraaknummer="A2", Datum="31-11-2026", Mobiel="+31612345678")))
    content = mine.get(f"{PAGE}/{waiting().pk}/fouten.csv").content
    mine.post(f"{PAGE}/{waiting().pk}/weggooien")
    text = text_of(upload(mine, content.replace(b"31-11-2026", b"30-11-2026")))
    assert "1 afspraak verwerken" in text
    assert "We gebruiken niet alle kolommen" not in text
    confirm(mine, waiting())
    assert Afspraak.objects.get(extern_id="A2").client.mobiel == "+31612345678"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
def test_the_error_file_runs_no_formula(mine: Any, start: str) -> None:
    evil = f'{start}HYPERLINK("http://x";"y")'
    upload(mine, csv_of(row(Datum=evil, **{"Naam cliënt": evil, "Adres": evil})))
    content = mine.get(f"{PAGE}/{waiting().pk}/fouten.csv").content.decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(content, newline=""), delimiter=";") for cell in line]
    assert any("HYPERLINK" in cell for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_what_stands_in_a_file_is_shown_as_text(mine: Any) -> None:
    evil = '"><img src=x onerror=alert(1)>{{ 7|add:7 }}'
    data = csv_of(row(**{"Naam cliënt": evil}), row(Afspraaknummer=evil, Datum=evil, Team=evil))
    body = upload(mine, data).content.decode()
    assert "<img" not in body
    assert "onerror=alert(1)&gt;" in body


def test_changed_rows_name_the_fields(mine: Any) -> None:
    upload(mine, csv_of(row(), row(Afspraaknummer="A2")))
    confirm(mine, waiting())
    data = csv_of(row(Begintijd="14.15 uur"), row(Afspraaknummer="A2", Status="geannuleerd"))
    text = text_of(upload(mine, data))
    assert "Gewijzigd begin, einde A1" in text
    assert "1 gewijzigd" in text
    assert "1 geannuleerd" in text
    only = text_of(mine.get(f"{PAGE}/{waiting().pk}?soort=Geannuleerd"))
    assert "A2" in only
    assert "A1" not in only


def test_rows_come_in_pages(mine: Any) -> None:
    upload(mine, sample())
    pk = waiting().pk
    assert "Bladzijde 1 van 2" in text_of(mine.get(f"{PAGE}/{pk}"))
    second = text_of(mine.get(f"{PAGE}/{pk}?pagina=2"))
    assert "A2026-0180" in second
    assert mine.get(f"{PAGE}/{pk}?pagina=x&soort=y").status_code == 200


def test_a_long_file_shows_its_progress(mine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(process, "STEP", 20)
    monkeypatch.setattr(process, "async_task", lambda _task, pk: asked.append(pk))
    upload(mine, big_csv(50))
    row_ = waiting()
    answer = confirm(mine, row_)
    assert "0 van 50 rijen verwerkt" in text_of(answer)
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in answer.content.decode()
    stand = f"{PAGE}/{row_.pk}/stand"
    assert mine.get(stand).json() == {"klaar": False, "tekst": "0 van 50 rijen verwerkt", "gedaan": 0}
    process.carry_on(asked.pop(), patience=-1)
    assert mine.get(stand).json()["tekst"] == "20 van 50 rijen verwerkt"
    process.carry_on(asked.pop())
    assert mine.get(stand).json()["klaar"] is True
    assert "50 afspraken zijn verwerkt" in text_of(mine.get(f"{PAGE}/{row_.pk}"))


def test_a_worker_that_is_off_is_said(mine: Any, monkeypatch: pytest.MonkeyPatch, time_machine: Any) -> None:
    monkeypatch.setattr(process, "STEP", 20)
    monkeypatch.setattr(process, "async_task", lambda _task, _pk: None)
    upload(mine, big_csv(50))
    assert "duurt langer" not in text_of(confirm(mine, waiting()))
    time_machine.move_to(NU + timedelta(minutes=2), tick=False)
    assert "duurt langer dan verwacht" in text_of(mine.get(f"{PAGE}/{waiting().pk}"))


def test_reading_tells_how_far_it_is(mine: Any) -> None:
    lezing = uuid.uuid4()
    address = f"{PAGE}/lezen/{lezing}"
    assert mine.get(address).json() == {"tekst": ""}
    upload(mine, big_csv(1200), lezing=str(lezing))
    assert mine.get(address).json() == {"tekst": "1.200 rijen vergeleken"}
    assert browser_of("coordinator2").get(address).json() == {"tekst": ""}
