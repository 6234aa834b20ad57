"""`manage.py import_afspraken`: report on stdout, progress on stderr, exit codes."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from afspraken.models import Afspraak, LogRegel
from tests.builders import NU
from tests.sources.files import SAMPLE, big_csv, csv_of, maak_teams, row, sample_xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world(time_machine: Any) -> None:
    time_machine.move_to(NU, tick=False)
    maak_teams()


def run(path: Path | str, *options: str) -> tuple[int, str, str]:
    """Exit code, stdout, stderr."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_afspraken", str(path), *options, stdout=out, stderr=err)
    except SystemExit as stop:
        return int(str(stop.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(data: bytes) -> Path:
        path = tmp_path / "bestand"
        path.write_bytes(data)
        return path

    return write


def test_the_sample() -> None:
    code, out, err = run(SAMPLE)
    assert code == 0
    assert all(line.startswith("180 rijen ") for line in err.splitlines())
    assert "180 rijen gelezen: 180 goed, 0 met fouten." in out
    assert "Vergeleken met wat er al is: 177 nieuw, 3 geannuleerd." in out
    assert "Berichten: 156 keer uitnodiging per sms, woensdag 25 november 2026, 10.00 uur" in out
    assert "Let op, rij 2, Naam cliënt (P. Y?lmaz): Er lijkt een letter verloren gegaan." in out
    assert "180 rijen verwerkt: 177 nieuw, 3 geannuleerd." in out
    assert Afspraak.objects.filter(bron="csv").count() == 177
    log = LogRegel.objects.get(actie="import.verwerkt")
    assert (log.actor, log.oorsprong, log.details["bron"]) == ("opdracht/csv", "import", "csv")


def test_twice_changes_nothing_and_says_so() -> None:
    run(SAMPLE)
    before = list(Afspraak.objects.order_by("pk").values())
    code, out, _ = run(SAMPLE)
    assert code == 0
    assert "Let op: dit bestand is al eerder verwerkt, op woensdag 25 november 2026, 10.00 uur." in out
    assert "180 rijen verwerkt: 180 ongewijzigd." in out
    assert list(Afspraak.objects.order_by("pk").values()) == before


def test_a_workbook_gives_the_same(file: Any) -> None:
    run(SAMPLE)
    code, out, _ = run(file(sample_xlsx()))
    assert (code, "180 ongewijzigd" in out) == (0, True)


def test_a_trial_writes_nothing() -> None:
    code, out, _ = run(SAMPLE, "--proef")
    assert code == 0
    assert "177 nieuw, 3 geannuleerd" in out
    assert "Dit was een proef: er is niets verwerkt." in out
    assert not Afspraak.objects.exists()
    assert not LogRegel.objects.exists()


def test_errors_in_rows_exit_1_and_write_nothing(file: Any) -> None:
    path = file(csv_of(row(), row(Afspraaknummer="A2", Datum="31-11-2026", Mobiel="010-1234567")))
    code, out, _ = run(path)
    assert code == 1
    assert "2 rijen gelezen: 1 goed, 1 met fouten." in out
    assert "Rij 3, Datum (31-11-2026): Deze datum bestaat niet. Controleer dag, maand en jaar." in out
    assert "Rij 3, Mobiel (010-1234567): Dit is een vast nummer." in out
    assert "Er is niets verwerkt." in out
    assert not Afspraak.objects.exists()
    assert run(path, "--proef")[0] == 1


def test_only_the_good_rows(file: Any) -> None:
    code, out, _ = run(file(csv_of(row(), row(Afspraaknummer="A2", Datum="x"))), "--alleen-goede-rijen")
    assert code == 0
    assert "Rij 3, Datum (x)" in out
    assert "1 rij verwerkt: 1 nieuw." in out
    assert "1 rij overgeslagen." in out
    assert [a.extern_id for a in Afspraak.objects.all()] == ["A1"]


def test_a_row_that_planning_refuses_is_a_row_error(file: Any) -> None:
    code, out, _ = run(file(csv_of(row(Datum="20-11-2026"))))
    assert code == 1
    assert "Rij 2, Datum (20-11-2026): Het begin ligt in het verleden." in out


def test_equal_errors_are_counted(file: Any) -> None:
    code, out, _ = run(file(csv_of(*(row(Afspraaknummer=str(n), Team="sport") for n in range(45)))))
    assert (code, "  Team 'sport' bestaat niet: 45 rijen" in out) == (1, True)


@pytest.mark.parametrize(
    ("data", "words"), [(b"", "leeg"), (b"%PDF-1.7", "pdf"), (b"a;b\n1;2", "kolomnamen"), (b"x" * 11_000_000, "10 MB")]
)
def test_a_file_that_can_not_be_read_exits_2(file: Any, data: bytes, words: str) -> None:
    code, out, err = run(file(data))
    assert (code, out) == (2, "")
    assert words in err


def test_a_file_that_is_not_there_exits_2(tmp_path: Path) -> None:
    code, _, err = run(tmp_path / "weg.csv")
    assert (code, "niet te openen" in err) == (2, True)
    assert run(tmp_path)[0] == 2


@pytest.mark.parametrize("bron", ["", "hand", "x" * 41])
def test_a_source_that_can_not_be(bron: str) -> None:
    assert run(SAMPLE, "--bron", bron)[0] == 2


def test_another_source_is_another_appointment(file: Any) -> None:
    path = file(csv_of(row()))
    run(path)
    assert "1 nieuw" in run(path, "--bron", "jcc")[1]
    assert sorted(Afspraak.objects.values_list("bron", flat=True)) == ["csv", "jcc"]


def test_progress_goes_to_stderr(file: Any, time_machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(10_000))
    monkeypatch.setattr("afspraken.management.commands.import_afspraken.time.monotonic", lambda: next(ticks))
    _, out, err = run(file(big_csv(1500)), "--proef")
    assert "500 rijen gelezen ..." in err
    assert "1500 rijen vergeleken ..." in err
    assert "..." not in out


def test_a_colleague_in_between_stops_it(file: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from afspraken.domain.voornemen import Veldfout
    from afspraken.flow import plan

    def refuse(**_values: Any) -> Any:
        raise plan.PlanGeweigerd(
            (Veldfout(veld="status", code="x", melding="Deze afspraak is al ondertekend."),), rij=1
        )

    monkeypatch.setattr(plan, "plan_afspraken", refuse)
    code, out, _ = run(file(csv_of(row(), row(Afspraaknummer="A2"))))
    assert code == 1
    assert "Rij 3: intussen veranderd. Deze afspraak is al ondertekend." in out
    assert "Er is niets verwerkt." in out
