"""CSV files: what is wrong with the whole of one, encodings, delimiters, and row numbers."""

from __future__ import annotations

import codecs

import pytest

from afspraken.sources import base
from tests.sources.files import GOED, KOP, csv_of, faults, one, read, row, xlsx_of


def refusal(data: bytes) -> tuple[str, str]:
    result = read(data)
    assert result.bestandsfout is not None
    assert (result.rijen, result.foutrijen) == ((), ())
    assert result.bestandsfout.oplossing.strip()
    return result.bestandsfout.code, str(result.bestandsfout)


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "leeg", "leeg"),
        (b" \r\n \r\n", "leeg", "leeg"),
        (b"%PDF-1.7\n%\xe2\xe3", "geen_tabel", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500, "geen_tabel", ".xls"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "geen_tabel", "geen CSV"),
        (b"<html><table><tr><td>Afspraaknummer", "geen_tabel", "webpagina"),
        (b'[{"Afspraaknummer": 1}]', "geen_tabel", "gegevensbestand"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0", "geen_tabel", "agenda"),
        (b"\x1f\x8b\x08\x00", "geen_tabel", "ingepakt"),
        ("Afspraaknummer;Datum\r\n".encode("utf-16-le"), "nul", "nul"),
        (csv_of(row()).replace(b"A. Jansen", b"A. Jan\x00sen"), "nul", "nul"),
        (b"Afspraaknummer;Datum\r\nA1;\x81\x8d", "codering", "letters"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8\x41\x00", "codering", "letters"),
        (csv_of(), "geen_rijen", "geen enkele rij"),
        (csv_of({}, {}), "geen_rijen", "geen enkele rij"),
    ],
)
def test_a_file_that_can_not_be_read_says_why_and_what_to_do(data: bytes, code: str, words: str) -> None:
    found, text = refusal(data)
    assert found == code
    assert words in text


def test_too_many_bytes() -> None:
    assert refusal(b"a" * (base.MAX_BYTES + 1)) == (
        "te_groot",
        "Het bestand is groter dan 10 MB. Laat alleen de kolommen over die nodig zijn, of splits het bestand.",
    )


def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("afspraken.sources.load.MAX_RIJEN", 2)
    assert len(read(csv_of(row(Afspraaknummer="1"), row(Afspraaknummer="2"))).rijen) == 2
    code, text = refusal(csv_of(*(row(Afspraaknummer=str(n)) for n in range(3))))
    assert (code, "meer dan 2 rijen" in text) == ("te_veel_rijen", True)


def test_the_stated_most_is_20_000_rows() -> None:
    assert (base.MAX_RIJEN, base.MAX_BYTES) == (20_000, 10 * 1024 * 1024)


def test_missing_columns_are_named_with_what_is_there_and_what_is_needed() -> None:
    code, text = refusal(csv_of(row(), kop=[name for name in KOP if name not in ("Team", "Mobiel")]))
    assert code == "kolommen_ontbreken"
    assert "Deze kolommen ontbreken: Team, Mobiel." in text
    assert "In het bestand staan: Afspraaknummer, Datum" in text
    assert "nodig zijn: Afspraaknummer, Datum, Begintijd, Duur (min), Team" in text


def test_double_columns_are_named() -> None:
    data = csv_of(row()).replace(b"Adres", b"e mail")
    code, text = refusal(data)
    assert (code, "E-mail" in text) == ("dubbele_kolommen", True)


def test_a_file_without_a_header_repeats_nothing_of_a_person() -> None:
    data = csv_of(row(BSN="999922084"), row()).split(b"\r\n", 1)[1]
    code, text = refusal(data)
    assert code == "geen_kolomnamen"
    for private in ("999922084", "Jansen", "example.nl", "12345678"):
        assert private not in text


def test_too_many_columns() -> None:
    assert refusal(csv_of(row(), kop=[*KOP, *(f"X{n}" for n in range(120))]))[0] == "te_veel_kolommen"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    data = csv_of(row(**{"Naam cliënt": "Daniëlle Özdemir, de oudere; lid"}), delimiter=delimiter, encoding=encoding)
    result = read(data)
    assert result.bestandsfout is None
    assert [rij.gegevens.client.naam for rij in result.rijen] == ["Daniëlle Özdemir, de oudere; lid"]


def test_letters_outside_windows_1252_survive_in_utf_8() -> None:
    result = one(**{"Naam cliënt": "Yılmaz Łukasiewicz"})
    assert [rij.gegevens.client.naam for rij in result.rijen] == ["Yılmaz Łukasiewicz"]
    assert [w.code for w in result.waarschuwingen] == ["bsn_overgeslagen"]


@pytest.mark.parametrize(
    "name",
    ["Naam cliënt", "naam client", "NAAM CLIËNT", " Naam  Cliënt ", "Naam_cliënt", "Naam cli?nt", "Naam cliÃ«nt"],
)
def test_header_names_are_tolerant(name: str) -> None:
    kop = [name if column == "Naam cliënt" else column for column in KOP]
    result = read(csv_of({**row(), name: "A. Jansen"}, kop=kop))
    assert [rij.gegevens.client.naam for rij in result.rijen] == ["A. Jansen"]


def test_other_names_and_another_order() -> None:
    kop = [{"E-mail": "EMAIL", "Duur (min)": "duur", "Mobiel": "Telefoonnummer"}.get(n, n) for n in reversed(KOP)]
    values = {**row(), "EMAIL": GOED["E-mail"], "duur": GOED["Duur (min)"], "Telefoonnummer": GOED["Mobiel"]}
    assert read(csv_of(values, kop=kop)).rijen[0].gegevens == read(csv_of(row())).rijen[0].gegevens


def test_columns_we_do_not_know_are_named_and_not_read() -> None:
    result = read(csv_of({**row(), "Opmerking": "geheim"}, kop=[*KOP, "Opmerking"]))
    notes = {w.code: w.melding for w in result.waarschuwingen}
    assert notes["kolommen_overgeslagen"] == "We gebruiken niet alle kolommen. Niet gelezen: Opmerking."
    assert "geheim" not in repr(result)


def test_a_line_that_names_the_delimiter() -> None:
    result = read(b"sep=,\r\n" + csv_of(row(Datum="x"), delimiter=","))
    assert faults(result) == [(3, "Datum", "geen_datum")]


def test_row_numbers_count_as_a_spreadsheet_does() -> None:
    """The header is row 1, an empty line counts, and a cell with line breaks is one row of several lines."""
    good, wrong = csv_of(row(Adres="Markt 1\r\n2e etage\r\nbel aan"), row(Afspraaknummer="A2", Datum="x")).split(
        b"A2;", 1
    )
    data = b"\r\n\r\n" + good + b"\r\nA2;" + wrong
    result = read(data)
    assert result.rijen[0].gegevens.locatie_adres == "Markt 1 2e etage bel aan"
    assert [(rij.rij, rij.regel) for rij in result.rijen] == [(4, 4)]
    assert [(rij.rij, rij.regel) for rij in result.foutrijen] == [(6, 8)]


def test_only_carriage_returns_as_line_ends() -> None:
    assert faults(read(csv_of(row(), row(Afspraaknummer="A2", Datum="x")).replace(b"\r\n", b"\r"))) == [
        (3, "Datum", "geen_datum")
    ]


@pytest.mark.parametrize("cell", ['"A. Jansen', '"A." Jansen'])
def test_a_loose_quotation_mark_names_its_line(cell: str) -> None:
    data = csv_of(row(), row(Afspraaknummer="A2")).replace(b"A2;", b"A2;" + cell.encode() + b";")
    code, text = refusal(data)
    assert (code, "Vanaf regel 3" in text) == ("aanhalingstekens", True)


def test_a_quotation_mark_inside_a_name_is_no_problem() -> None:
    assert [r.gegevens.client.naam for r in one(**{"Naam cliënt": 'Jan "Sjaan" Smit'}).rijen] == ['Jan "Sjaan" Smit']


def test_a_row_with_too_many_cells_is_refused_without_its_cells() -> None:
    data = csv_of(row(), row(Afspraaknummer="A2", BSN="999922084")).replace(b"A2;", b"A2;te veel;")
    result = read(data)
    assert faults(result) == [(3, "Afspraaknummer", "te_veel_cellen")]
    assert "999922084" not in repr(result)


def test_a_short_row_has_empty_cells() -> None:
    data = csv_of(row(), kop=KOP).rstrip(b"\r\n").removesuffix(b";gepland").removesuffix(b";")
    result = read(data)
    assert faults(result) == []
    assert len(result.rijen) == 1


def test_the_name_of_a_file_says_nothing_its_contents_do() -> None:
    """A workbook called .csv and a CSV called .xlsx are both read as what they are."""
    assert read(csv_of(row())).soort == "csv"
    assert read(xlsx_of([KOP, [GOED[name] for name in KOP]])).soort == "xlsx"
