"""Who may call: keys, rights, teams."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from afspraken.flow.beheer.sleutels import trek_api_sleutel_in
from afspraken.models import Afspraak, ApiSleutel
from tests.api.conftest import PAD, Planning, bericht, fouten, lees, maak_planning
from tests.builders import NU, TESTER, maak_team

pytestmark = pytest.mark.django_db


def refused(answer_headers: object, status: int) -> bool:
    return status == 401 and "Bearer" in str(answer_headers)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Basic dTpw", "Token abc", "Bearer vf_abcdefgh_" + "x" * 43],
)
def test_without_a_valid_key_nothing_opens(planning: Planning, header: str) -> None:
    planning.put(bericht())
    http = Client(headers={"Authorization": header} if header else {})
    for answer in (
        http.get(PAD),
        http.put(PAD, data=json.dumps(bericht()), content_type="application/json"),
        http.post(f"{PAD}/annulering", content_type="application/json"),
    ):
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith('Bearer realm="vooraf"')
        assert answer["Content-Type"] == "application/problem+json"


def test_the_right_prefix_with_another_secret(planning: Planning) -> None:
    prefix = planning.sleutel[:12]
    assert Planning(sleutel=prefix + "A" * 43).get().status_code == 401


@pytest.mark.parametrize("name", ["key", "api_key", "access_token", "Sleutel", "x"])
def test_a_key_in_the_address_is_401_even_beside_a_good_header(planning: Planning, name: str) -> None:
    planning.put(bericht())
    answer = planning.get(f"{PAD}?{name}={planning.sleutel}")
    assert answer.status_code == 401
    assert "intrekken" in lees(answer)["detail"]
    assert planning.sleutel not in answer.content.decode()
    assert Client().get(f"/api/v1/spelregels/actueel?{name}={planning.sleutel}").status_code == 401


def test_a_stopped_and_an_expired_key(planning: Planning) -> None:
    short = maak_planning(verloopt_op=NU + timedelta(hours=1))
    assert short.get().status_code == 404
    with time_machine.travel(NU + timedelta(hours=1), tick=False):
        assert short.get().status_code == 401
    trek_api_sleutel_in(sleutel_id=ApiSleutel.objects.earliest("pk").pk, actor=TESTER, now=NU)
    assert planning.get().status_code == 401


def test_rights(planning: Planning) -> None:
    reader, writer = maak_planning(scopes=("afspraken:lezen",)), maak_planning(scopes=("afspraken:schrijven",))
    assert writer.put(bericht()).status_code == 201
    assert reader.get().status_code == 200
    for answer in (reader.put(bericht()), reader.annuleer(), writer.get()):
        assert answer.status_code == 403
        assert "insufficient_scope" in answer["WWW-Authenticate"]
    assert Afspraak.objects.get().geannuleerd_op is None


def test_writing_tells_nothing_about_the_client(planning: Planning) -> None:
    writer = maak_planning(scopes=("afspraken:schrijven",))
    writer.put(bericht())
    assert b"Jansen" not in writer.put(bericht(externeVersie=4)).content


def test_another_teams_appointment_does_not_exist(planning: Planning) -> None:
    planning.put(bericht(team="werk-en-inkomen"))
    wmo = maak_planning(teams=("wmo",))
    unknown = wmo.get("/api/v1/afspraken/jcc/nergens")
    for answer in (wmo.get(), wmo.put(bericht()), wmo.annuleer()):
        assert answer.status_code == 404
        assert lees(answer)["detail"] == lees(unknown)["detail"]
    afspraak = Afspraak.objects.select_related("team").get()
    assert (afspraak.team.code, afspraak.geannuleerd_op) == ("werk-en-inkomen", None)


def test_a_team_the_key_is_not_for_is_403_and_named(planning: Planning) -> None:
    wmo = maak_planning(teams=("wmo",))
    answer = wmo.put(bericht(team="werk-en-inkomen", client__naam="x", eind="2026-12-03T08:00:00Z"))
    assert answer.status_code == 403
    assert fouten(answer) == {"team": "team_niet_toegestaan", "eind": "einde_voor_begin"}
    assert Afspraak.objects.count() == 0
    assert wmo.put(bericht()).status_code == 201
    moved = wmo.put(bericht(externeVersie=9, team="werk-en-inkomen"))
    assert moved.status_code == 403
    assert Afspraak.objects.select_related("team").get().team.code == "wmo"


def test_last_used_is_written_at_most_once_a_minute(planning: Planning) -> None:
    planning.get()
    assert ApiSleutel.objects.get().laatst_gebruikt_op == NU
    for seconds, expected in ((59, 0), (61, 61)):
        with time_machine.travel(NU + timedelta(seconds=seconds), tick=False):
            planning.get()
        assert ApiSleutel.objects.get().laatst_gebruikt_op == NU + timedelta(seconds=expected)


def test_the_command_prints_the_key_once_and_only_the_key() -> None:
    maak_team("wmo")
    out, err = StringIO(), StringIO()
    call_command("api_sleutel", "JCC", "--team", "wmo", "--scope", "afspraken:lezen", stdout=out, stderr=err)
    sleutel = out.getvalue().strip()
    row = ApiSleutel.objects.get()
    assert (row.naam, row.scopes, [team.code for team in row.teams.all()]) == ("JCC", ["afspraken:lezen"], ["wmo"])
    assert sleutel not in json.dumps(list(ApiSleutel.objects.values("naam", "voorvoegsel", "sleutel_hash")))
    assert sleutel not in err.getvalue()
    assert Planning(sleutel=sleutel).get().status_code == 404


@pytest.mark.parametrize(
    ("arguments", "word"),
    [(["JCC", "--team", "geen"], "geen"), (["JCC", "--scope", "alles"], "alles"), ([" "], "naam")],
)
def test_the_command_refuses_with_the_fix(arguments: list[str], word: str) -> None:
    with pytest.raises(CommandError, match=word):
        call_command("api_sleutel", *arguments)
    assert ApiSleutel.objects.count() == 0
