"""Keys of planning systems: shown once, useless when stolen from the database, and stoppable."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from afspraken.flow import beheer
from afspraken.models import ApiSleutel, LogRegel
from tests.builders import NU, TESTER, maak_team

pytestmark = pytest.mark.django_db


def maak(**values: object) -> tuple[ApiSleutel, str]:
    given: dict[str, object] = {"naam": "JCC", "teams": [], "scopes": ["afspraken:schrijven"]}
    return beheer.maak_api_sleutel(**(given | values), actor=TESTER, now=NU)  # type: ignore[arg-type]


def test_the_key_is_shown_once_and_not_kept() -> None:
    row, sleutel = maak(teams=[maak_team("wmo")])
    assert re.fullmatch(r"vf_[a-z0-9]{8}_[A-Za-z0-9_-]{43}", sleutel)
    assert sleutel.split("_")[1] == row.voorvoegsel
    secret = sleutel.split("_", 2)[2]
    kept = [str(value) for value in ApiSleutel.objects.values_list().get()]
    logged = [str(value) for value in LogRegel.objects.values_list().get()]
    assert not [value for value in kept + logged if secret in value]


def test_a_key_opens_until_it_is_stopped_or_expires() -> None:
    row, sleutel = maak(verloopt_op=NU + timedelta(days=1))
    found = beheer.zoek_api_sleutel(sleutel=sleutel, now=NU)
    assert found is not None
    assert found.pk == row.pk
    assert beheer.zoek_api_sleutel(sleutel=sleutel, now=NU + timedelta(days=1)) is None
    assert beheer.trek_api_sleutel_in(sleutel_id=row.pk, actor=TESTER, now=NU)
    assert not beheer.trek_api_sleutel_in(sleutel_id=row.pk, actor=TESTER, now=NU)
    assert beheer.zoek_api_sleutel(sleutel=sleutel, now=NU) is None
    assert LogRegel.objects.filter(actie="api_sleutel.ingetrokken").count() == 1


def test_a_key_that_is_nearly_right_opens_nothing() -> None:
    _, sleutel = maak()
    _, other = maak()
    wrong_end = sleutel[:-1] + ("A" if sleutel[-1] != "A" else "B")
    swapped = f"{sleutel[:12]}{other[12:]}"
    for attempt in ("", "vf_", wrong_end, swapped, sleutel + "x", sleutel.upper(), "vf_aaaaaaaa_" + "A" * 43):
        assert beheer.zoek_api_sleutel(sleutel=attempt, now=NU) is None


def test_what_is_wrong_is_said_all_at_once() -> None:
    with pytest.raises(beheer.BeheerGeweigerd) as caught:
        maak(naam=" ", scopes=["alles"], verloopt_op=NU)
    assert {fout.veld for fout in caught.value.fouten} == {"naam", "scopes", "verloopt_op"}
    with pytest.raises(beheer.BeheerGeweigerd):
        maak(scopes=[])
    assert not ApiSleutel.objects.exists()
    assert not LogRegel.objects.exists()
