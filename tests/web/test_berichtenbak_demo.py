"""The demo's data: made by the flow, complete on every day of the week, and safe to ask for again."""

from __future__ import annotations

import csv
import re
import stat
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from afspraken.domain.datums import local_date
from afspraken.management.demo import days, people, sample
from afspraken.models import Afspraak, Formulier, Gebruiker, LogRegel, Medewerker, Voornemen, Werkpunt
from notifications import api as post
from tests.builders import NU

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demo(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DEMO = True
    settings.VAR_DIR = tmp_path
    with time_machine.travel(NU, tick=False):
        yield


def demo() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def small(monkeypatch: pytest.MonkeyPatch, *, back: int = 0, ahead: int = 1) -> None:
    monkeypatch.setattr(days, "TERUG", back)
    monkeypatch.setattr(days, "VOORUIT", ahead)


def per_day() -> Counter[str]:
    return Counter(local_date(moment).isoformat() for moment in Afspraak.objects.values_list("start_op", flat=True))


@pytest.mark.slow
def test_two_weeks_in_every_state_then_nothing_twice_then_a_week_later() -> None:
    demo()
    answers = set(Voornemen.objects.values_list("antwoord", flat=True))
    assert answers == {"ja", "nee", "weet_niet", "ingetrokken"}
    purposes = set(Voornemen.objects.values_list("doel", flat=True))
    assert purposes >= {"naluisteren", "deskundige", "privekring", "delen", "anders", "liever_niet"}
    assert set(Voornemen.objects.values_list("kanaal", flat=True)) == {"sms", "web", "mondeling"}
    assert set(Afspraak.objects.values_list("status", flat=True)) == {
        "gepland", "uitgenodigd", "beantwoord", "ondertekend", "afgerond", "niet_verschenen", "geannuleerd",
    }  # fmt: skip
    assert set(Formulier.objects.values_list("status", flat=True)) >= {
        "client_getekend", "ondertekend", "client_tekent_niet", "geen_opname",
    }  # fmt: skip
    assert all(form.pdf for form in Formulier.objects.filter(status="ondertekend"))
    assert Afspraak.objects.filter(inloop=True).exists()
    assert Afspraak.objects.filter(medewerker__isnull=True).exists()
    assert Afspraak.objects.filter(verplaatst_op__isnull=False, voornemens__isnull=False).exists()
    assert {"bellen", "brief", "onduidelijk"} == set(Werkpunt.objects.values_list("soort", flat=True))
    assert LogRegel.objects.filter(actie="voornemen.gezien").exists()
    board = post.counts(scopes=None, since=NU - timedelta(days=40))
    assert not {status for _, status in board} & {post.Status.FAILED, post.Status.EXPIRED, post.Status.UNKNOWN}
    assert all(message.sent_at <= NU for message in post.console_messages(limit=2000))
    spread = per_day()
    assert spread[NU.date().isoformat()] >= 10
    assert len([day for day in spread if day < "2026-11-25"]) == 5
    assert len([day for day in spread if day > "2026-11-25"]) == 9

    rows, started = Afspraak.objects.count(), time.process_time()
    demo()
    assert Afspraak.objects.count() == rows
    assert time.process_time() - started < 3

    with time_machine.travel(NU + timedelta(days=7), tick=False):
        demo()
    later = per_day()
    assert all(later[day] == count for day, count in spread.items())
    assert len([day for day in later if day > "2026-12-02"]) == 9


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 28, 13, 0, tzinfo=UTC),  # Saturday
        datetime(2026, 11, 24, 23, 30, tzinfo=UTC),  # half past midnight
        datetime(2026, 12, 25, 9, 0, tzinfo=UTC),  # Christmas
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),  # the hour after the clock jumped
    ],
)
def test_today_is_never_empty(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    with time_machine.travel(now, tick=False):
        demo()
    assert per_day()[local_date(now).isoformat()] >= 4


def test_the_accounts_can_log_in_with_the_password_that_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch, ahead=0)
    printed = re.search(r"wachtwoord van alle accounts: (\S+)\)", demo())
    assert printed is not None
    assert stat.S_IMODE(people.password_file().stat().st_mode) == 0o600
    assert len(printed[1]) >= 15
    teams = {}
    for login in people.LOGINS:
        assert login.username in demo()
        assert Client().login(username=login.username, password=printed[1])
        account = Gebruiker.objects.get(username=login.username)
        teams[login.username] = sorted(account.teams.values_list("code", flat=True))
    assert teams["medewerker1"] == ["wmo"]
    assert teams["medewerker2"] == ["werk-en-inkomen"]
    assert teams["coordinator1"] == teams["coordinator2"] == ["werk-en-inkomen", "wmo"]


def test_a_lost_password_file_gives_a_new_password_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch, ahead=0)
    demo()
    people.password_file().unlink()
    demo()
    fresh, _ = people.password()
    assert Client().login(username="beheerder", password=fresh)


def test_the_names_of_the_file_belong_to_the_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch, ahead=0)
    demo()
    linked = dict(Medewerker.objects.values_list("naam", "gebruiker__username"))
    assert linked == {
        "B. de Boer": "medewerker1",
        "S. Peters": "medewerker2",
        "C. Aydin": "coordinator1",
        "L. Gerrits": "coordinator2",
        "M. van Dijk": "beheerder",
    }


def test_the_file_to_import_has_days_that_still_come_and_is_otherwise_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch, ahead=0)
    assert str(sample.target()) in demo()
    original, made = sample.SOURCE.read_bytes(), sample.target().read_bytes()
    assert b"\xeb" in made, "still in the encoding of the spreadsheet it came from"
    rows = [list(csv.reader(StringIO(raw.decode("cp1252")), delimiter=";")) for raw in (original, made)]
    assert len(rows[0]) == len(rows[1]) == 181
    column = rows[0][0].index("Datum")
    new_days = {row[column].replace("/", "-") for row in rows[1][1:]}
    assert new_days == {"30-11-2026", "01-12-2026", "02-12-2026", "03-12-2026", "04-12-2026"}
    assert [len(row) for row in rows[0]] == [len(row) for row in rows[1]]
    assert {row[4] for row in rows[1][1:]} == {"wmo", "werk-en-inkomen"}
    with time_machine.travel(datetime(2026, 12, 21, 9, 0, tzinfo=UTC), tick=False):
        demo()
    assert b"28-12-2026" in sample.target().read_bytes()


def test_it_can_be_downloaded_in_the_demo(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.web.demo_urls"
    assert Client().get("/berichtenbak/afspraken-demo.csv").status_code == 404
    small(monkeypatch, ahead=0)
    demo()
    answer = Client().get("/berichtenbak/afspraken-demo.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="afspraken-demo.csv"'
    assert answer.getvalue() == sample.target().read_bytes()


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"DEMO": False, "DEBUG": False}, "make run"),
        ({"TWILIO_ACCOUNT_SID": "AC1"}, "aanbieder"),
        ({"SENDGRID_API_KEY": "SG.1"}, "aanbieder"),
    ],
)
def test_it_refuses_where_real_people_could_be_reached(values: dict[str, Any], word: str, settings: Any) -> None:
    for name, value in values.items():
        setattr(settings, name, value)
    with pytest.raises(CommandError, match=word):
        demo()
    assert Gebruiker.objects.count() == 0
    assert not people.password_file().exists()
