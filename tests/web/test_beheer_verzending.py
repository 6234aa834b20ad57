"""Numbers that may get an SMS, and budgets, as a beheerder handles them."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pydantic import ValidationError

from afspraken.api.afspraak_in import ClientIn
from afspraken.flow import beheer
from afspraken.flow.beheer import Budget, check_budget
from afspraken.models import LogRegel, Team
from afspraken.sources.values import Celfout, read_mobile
from notifications import api as post
from notifications.models import Spent
from tests.builders import NU, maak_team
from tests.web.beheer_wereld import Wereld, actor, ingelogd, maak_wereld

EVIL = '"><img src=x onerror=alert(1)>'
NIEUW = "/beheer/nummers/nieuw"
WMO = "/beheer/budgetten/wmo/sms"


@pytest.fixture(autouse=True)
def wereld(time_machine: Any, db: None) -> Wereld:
    time_machine.move_to(NU, tick=False)
    return maak_wereld()


@pytest.fixture
def baas() -> Client:
    return ingelogd("beheerder")


def lees(client: Client, path: str) -> str:
    """What a page says, its white space made one."""
    return " ".join(client.get(path, follow=True).content.decode().split())


def laatste(actie: str) -> LogRegel:
    return LogRegel.objects.filter(actie=actie).latest("pk")


def verbruik(units: int, *, team: str = "wmo", kanaal: str = "sms", ago: timedelta = timedelta(0)) -> None:
    Spent.objects.create(scope=team, channel=kanaal, hour=NU - ago, units=units)


def test_both_pages_stand_on_the_start_page_of_a_beheerder_only(baas: Client) -> None:
    start = lees(baas, "/beheer/")
    assert 'href="/beheer/nummers/"' in start
    assert 'href="/beheer/budgetten/"' in start
    assert "nummers/" not in lees(ingelogd("coordinator1"), "/beheer/")


def test_numbers_are_added_with_who_when_and_why(baas: Client) -> None:
    response = baas.post(NIEUW, {"begin": "+32 4", "reden": "  Cliënten over   de grens "})
    assert (response.status_code, response["Location"]) == (302, "/beheer/nummers/")
    page = lees(baas, "/beheer/nummers/")
    assert "Vanaf nu mag een sms naar nummers die beginnen met +32 4." in page
    assert "06 (+31 6)" in page
    assert "Staat vast in de instellingen." in page
    assert "Cliënten over de grens" in page
    assert "door beheerder<br>" in page
    assert "woensdag 25 november 2026, 10.00 uur" in page
    line = laatste("nummers.toegestaan")
    assert (line.object_id, line.actor, line.oorsprong, line.details) == ("+324", "beheerder", "gebruiker", {})
    assert post.normalise_mobile("+32470123456") == "+32470123456"


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"begin": ""}, "begin", "Vul het begin van een nummer in"),
        ({"begin": "32 4"}, "begin", "Begin met een plus en het landnummer"),
        ({"begin": "0032 4"}, "begin", "schrijf +32 en niet 0032"),
        ({"begin": "+"}, "begin", "Begin met een plus"),
        ({"begin": "+31"}, "begin", "Dit is te kort"),
        ({"begin": "+999"}, "begin", "bestaat niet"),
        ({"begin": "+31 900"}, "begin", "betaalde nummers"),
        ({"begin": "+881"}, "begin", "satelliettelefoons"),
        ({"begin": "+31 97"}, "begin", "nummers voor apparaten"),
        ({"begin": "+31 6"}, "begin", "Dit mag al"),
        ({"begin": "+44 74"}, "begin", "valt onder +44 7"),
        ({"begin": "+32 2"}, "begin", "Mobiele nummers beginnen niet zo"),
        ({"begin": "+32470123456"}, "begin", "bijna een heel nummer"),
        ({"reden": ""}, "reden", "Schrijf kort waarom"),
        ({"reden": "   "}, "reden", "Schrijf kort waarom"),
        ({"reden": "x" * 201}, "reden", "200"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(baas: Client, change: dict[str, str], field: str, says: str) -> None:
    before = post.added_prefixes(), LogRegel.objects.count()
    content = baas.post(NIEUW, {"begin": "+32 4", "reden": "Over de grens"} | change).content.decode()
    assert "<title>Fout: " in content
    at_field = content.split(f'id="id_{field}_error"')[1].split("</div>")[0]
    assert says in at_field
    assert f'<a href="#id_{field}">' in content
    assert (post.added_prefixes(), LogRegel.objects.count()) == before


def test_the_flow_itself_lets_nothing_empty_or_long_through() -> None:
    for reden in (" ", "x" * 201):
        with pytest.raises(beheer.BeheerGeweigerd) as caught:
            beheer.sta_nummers_toe(begin="+32 4", reden=reden, actor=actor("beheerder"), now=NU)
        assert [fout.veld for fout in caught.value.fouten] == ["reden"]


def test_added_twice_is_added_once(baas: Client) -> None:
    for _ in range(2):
        assert baas.post(NIEUW, {"begin": "+32 4", "reden": "Over de grens"}).status_code == 302
    assert "Nummers die beginnen met +32 4 mochten al." in lees(baas, "/beheer/nummers/")
    assert [row.prefix for row in post.added_prefixes()] == ["+324", "+447"]
    assert LogRegel.objects.filter(actie="nummers.toegestaan", object_id="+324").count() == 1


def test_numbers_are_taken_away_after_a_page_that_says_what_that_does(baas: Client, wereld: Wereld) -> None:
    url = f"/beheer/nummers/{wereld.nummers}/weg"
    assert post.normalise_mobile("+447911123456")
    page = lees(baas, url)
    assert "Nummers met +44 7 weghalen" in page
    assert '<q class="breekbaar">Familie in Engeland</q>' in page
    for _ in range(2):
        assert baas.post(url).status_code == 302
    page = lees(baas, "/beheer/nummers/")
    assert "Naar nummers die beginnen met +44 7 gaat geen sms meer." in page
    assert "Deze nummers waren al weggehaald." in page
    assert baas.get(url).status_code == 404
    assert LogRegel.objects.filter(actie="nummers.weggehaald").count() == 1
    assert (laatste("nummers.weggehaald").object_id, laatste("nummers.weggehaald").actor) == ("+447", "beheerder")
    with pytest.raises(post.AddressProblem):
        post.normalise_mobile("+447911123456")


def test_a_number_counts_at_once_where_appointments_come_in(baas: Client) -> None:
    colleague = ingelogd("medewerker1")
    form = {"client_naam": "A. Peeters", "client_mobiel": "+32 470 12 34 56"}
    said = "Wij sturen alleen sms naar nummers die beginnen met 06 of +44 7."
    assert said in colleague.post("/werk/nieuw", form).content.decode()
    baas.post(NIEUW, {"begin": "+32 4", "reden": "Over de grens"})
    assert "Wij sturen alleen sms" not in colleague.post("/werk/nieuw", form).content.decode()


def test_a_file_and_the_api_follow_what_was_added(baas: Client) -> None:
    with pytest.raises(Celfout):
        read_mobile("+32470123456")
    with pytest.raises(ValidationError):
        ClientIn.model_validate({"naam": "A. Peeters", "mobiel": "+32470123456"})
    baas.post(NIEUW, {"begin": "+32 4", "reden": "Over de grens"})
    assert read_mobile("0032 470 12 34 56") == "+32470123456"
    assert ClientIn.model_validate({"naam": "A. Peeters", "mobiel": "+32 470 12 34 56"}).mobiel == "+32470123456"
    added = next(row for row in post.added_prefixes() if row.prefix == "+324")
    baas.post(f"/beheer/nummers/{added.id}/weg")
    with pytest.raises(Celfout):
        read_mobile("+32470123456")
    with pytest.raises(ValidationError):
        ClientIn.model_validate({"naam": "A. Peeters", "mobiel": "+32470123456"})


def test_texts_of_people_are_shown_as_text(baas: Client) -> None:
    Team.objects.filter(code="wmo").update(naam=EVIL)
    verbruik(1_900)
    baas.post(NIEUW, {"begin": "+32 4", "reden": EVIL})
    again = baas.post(NIEUW, {"begin": EVIL, "reden": EVIL}).content.decode()
    added = next(row for row in post.added_prefixes() if row.prefix == "+324")
    pages = [lees(baas, f"/beheer/{path}") for path in ("nummers/", f"nummers/{added.id}/weg", "budgetten/")]
    form = baas.post(WMO, {"uur": EVIL[:20]}).content.decode()
    for page in (again, *pages, form, lees(baas, WMO)):
        assert "<img src" not in page
        assert "&lt;img src" in page


def test_nothing_typed_ends_in_a_log(baas: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for begin in ("+32470123456", "+32 4"):
            baas.post(NIEUW, {"begin": begin, "reden": "Bel A. Jansen op 0612345678"})
    noted = json.dumps(list(LogRegel.objects.values("actie", "object_id", "details")))
    for text in (caplog.text, noted):
        assert "470123456" not in text
        assert "0612345678" not in text
        assert "Jansen" not in text


def test_what_is_used_stands_beside_what_may(baas: Client) -> None:
    verbruik(1_500)
    verbruik(2_600, ago=timedelta(hours=2))
    verbruik(100, team="werk-en-inkomen", kanaal="email")
    page = lees(baas, "/beheer/budgetten/")
    assert "Een team zonder eigen budget mag: <strong>2.000</strong> per uur, <strong>10.000</strong> per dag, " in page
    assert "geen grens per maand." in page
    assert "<strong>1.500</strong> van 2.000" in page
    assert "<strong>4.100</strong> van 10.000" in page
    assert '4.100<br><span class="small soft">geen grens</span>' in page
    assert "<strong>100</strong> van 2.000" in page
    assert "bijna op" not in page


@pytest.mark.parametrize(
    ("units", "badge", "says"),
    [
        (1_599, "", ""),
        (1_600, "badge--bijna-op", "80% van het budget voor sms van dit uur is gebruikt."),
        (1_999, "badge--bijna-op", "99% van het budget voor sms van dit uur is gebruikt."),
        (2_000, "badge--op", "het budget voor sms van dit uur is op. Uitnodigingen en herinneringen wachten."),
        (2_050, "badge--op", "het budget voor sms van dit uur is op."),
    ],
)
def test_a_warning_from_eighty_percent(baas: Client, units: int, badge: str, says: str) -> None:
    verbruik(units)
    page, start = lees(baas, "/beheer/budgetten/"), lees(baas, "/beheer/")
    assert (badge in page and says in page) if badge else "badge--" not in page
    assert ("1 budget is bijna op" in start) is bool(badge)


def test_a_budget_of_one_team(baas: Client) -> None:
    assert "Leeg: 2.000, zoals voor alle teams. Gebruikt dit uur: 0." in lees(baas, WMO)
    assert baas.post(WMO, {"uur": "500", "dag": "2.000", "maand": "0"}).status_code == 302
    page = lees(baas, "/beheer/budgetten/")
    assert "Het budget van Team wmo is bewaard. Het geldt meteen." in page
    assert page.count('<strong>0</strong> van 500<br><span class="small soft">eigen budget</span>') == 1
    assert page.count("<strong>0</strong> van 2.000") == 1 + 3
    line = laatste("budget.gewijzigd")
    assert (line.object_id, line.actor, line.team and line.team.code) == ("wmo/sms", "beheerder", "wmo")
    assert line.details == {
        "uur": {"was": None, "wordt": 500},
        "dag": {"was": None, "wordt": 2000},
        "maand": {"was": None, "wordt": 0},
    }
    assert post.budgets(["wmo"], now=NU)["wmo", post.Channel.SMS].limits == post.Limits(hour=500, day=2000)
    # Twice the same changes once; emptied, it follows the others again.
    baas.post(WMO, {"uur": "500", "dag": "2000", "maand": "0"})
    assert "Er was niets veranderd." in lees(baas, "/beheer/budgetten/")
    assert LogRegel.objects.filter(actie="budget.gewijzigd").count() == 1
    baas.post(WMO, {"uur": "", "dag": "", "maand": ""})
    assert 'soft">eigen budget' not in lees(baas, "/beheer/budgetten/")


def test_a_budget_for_all(baas: Client) -> None:
    url = "/beheer/budgetten/alle/email"
    assert "Leeg: 10.000, uit de instellingen." in lees(baas, url)
    baas.post(url, {"uur": "100", "dag": "", "maand": "20000"})
    assert "Het budget voor alle teams is bewaard." in lees(baas, "/beheer/budgetten/")
    assert "Leeg: 20.000, zoals voor alle teams." in lees(baas, "/beheer/budgetten/wmo/email")
    assert (laatste("budget.gewijzigd").object_id, laatste("budget.gewijzigd").team) == ("alle/email", None)


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"uur": "veel"}, "uur", "Vul een heel getal in, zoals 2000."),
        ({"uur": "-1"}, "uur", "Vul een heel getal in"),
        ({"uur": "1,5"}, "uur", "Vul een heel getal in"),
        ({"uur": "2.00"}, "uur", "Vul een heel getal in"),
        ({"uur": "1e3"}, "uur", "Vul een heel getal in"),
        ({"uur": "٣"}, "uur", "Vul een heel getal in"),
        ({"maand": "1000001"}, "maand", "van 0 tot en met 1.000.000"),
        ({"maand": "9999999999"}, "maand", "Vul een heel getal in"),
        ({"uur": "10", "dag": "9"}, "dag", "minder dan de grens per uur (10)"),
        ({"dag": "10", "uur": "5", "maand": "9"}, "maand", "minder dan de grens per dag (10)"),
        ({"uur": "10", "dag": "0", "maand": "9"}, "maand", "minder dan de grens per uur (10)"),
        ({"uur": "10001"}, "uur", "meer dan de grens per dag (10.000)"),
        ({"dag": "1999"}, "dag", "minder dan de grens per uur (2.000)"),
    ],
)
def test_a_wrong_budget_is_refused_at_its_field(baas: Client, typed: dict[str, str], field: str, says: str) -> None:
    content = baas.post(WMO, typed).content.decode()
    assert "<title>Fout: " in content
    assert says in content.split(f'id="id_{field}_error"')[1].split("</div>")[0]
    for name, value in typed.items():
        assert f'name="{name}" value="{value}"' in content
    assert not LogRegel.objects.filter(actie="budget.gewijzigd").exists()


@pytest.mark.parametrize(
    ("budget", "fields"),
    [
        ((1, 1, 1), []),
        ((0, 0, 0), []),
        ((None, None, None), []),
        ((5, 0, 5), []),
        ((0, 5, 4), ["maand"]),
        ((6, 5, 4), ["dag", "maand"]),
        ((None, 3, None), ["dag"]),
        ((11, None, None), ["uur"]),
        ((-1, 1_000_001, 5), ["uur", "dag"]),
        ((1_000_000, 1_000_000, 1_000_000), []),
    ],
)
def test_hour_day_and_month_rise(budget: tuple[int | None, ...], fields: list[str]) -> None:
    uur, dag, maand = budget
    counts = post.Limits(hour=4, day=10, month=0)
    fouten = check_budget(Budget(uur=uur, dag=dag, maand=maand), counts)
    assert [fout.veld for fout in fouten] == fields
    assert all(fout.melding.endswith(".") for fout in fouten)


def test_what_others_filled_in_wrong_stands_in_nobodys_way() -> None:
    counts = post.Limits(hour=12, day=10, month=0)
    assert check_budget(Budget(uur=None, dag=None, maand=20), counts) == []


def test_of_two_that_are_used_up_the_longest_is_named(baas: Client) -> None:
    verbruik(12_000)
    page = lees(baas, "/beheer/budgetten/")
    assert "Team wmo: het budget voor sms van vandaag is op." in page
    assert page.count("badge--op") == 2


@pytest.mark.parametrize("path", ["wmo/fax", "bestaat-niet/sms", "oud/sms", "alle/fax"])
def test_what_does_not_exist_is_not_found(baas: Client, path: str) -> None:
    maak_team("oud", actief=False)
    assert baas.get(f"/beheer/budgetten/{path}").status_code == 404
    assert baas.post(f"/beheer/budgetten/{path}", {"uur": "1"}).status_code == 404


def test_no_address_takes_what_it_should_not(baas: Client, wereld: Wereld) -> None:
    assert baas.post("/beheer/nummers/").status_code == 405
    assert baas.post("/beheer/budgetten/").status_code == 405
    assert baas.put(NIEUW).status_code == 405
    assert baas.get("/beheer/nummers/99999/weg").status_code == 404


def test_without_a_limit_nothing_is_counted_and_the_page_says_so(baas: Client) -> None:
    baas.post(WMO, {"uur": "0", "dag": "0", "maand": "0"})
    page = lees(baas, "/beheer/budgetten/")
    assert page.count("niet geteld: geen grens") == 3


def test_as_many_queries_for_many_teams(baas: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(5):
        baas.get("/beheer/budgetten/")
    for number in range(30):
        maak_team(f"team-{number}")
        baas.post(f"/beheer/budgetten/team-{number}/sms", {"uur": "10"})
        verbruik(9, team=f"team-{number}")
    # What the posts said is told once, and that costs queries of its own.
    baas.get("/beheer/budgetten/")
    with django_assert_max_num_queries(5):
        page = lees(baas, "/beheer/budgetten/")
    assert "30 budgetten zijn op of bijna op." in page
    for number in range(10):
        baas.post(NIEUW, {"begin": f"+49 15{number}", "reden": "Duitsland"})
    baas.get("/beheer/nummers/")
    with django_assert_max_num_queries(5):
        baas.get("/beheer/nummers/")
