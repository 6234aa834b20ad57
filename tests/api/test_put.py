"""PUT: new, the same, changed, older; and whatever is wrong, named at once."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest

from afspraken.models import Afspraak, Client, LogRegel
from notifications import api as post
from tests.api.conftest import PAD, Planning, bericht, fouten, lees

pytestmark = pytest.mark.django_db


def test_a_new_appointment_is_201_and_invites(planning: Planning) -> None:
    answer = planning.put(bericht())
    assert answer.status_code == 201, answer.content
    assert answer["Location"] == PAD
    body = lees(answer)
    assert body["uitkomst"] == "nieuw"
    assert {(b["soort"], b["kanaal"]) for b in body["berichten"]} == {("uitnodiging", "sms"), ("uitnodiging", "email")}
    afspraak = Afspraak.objects.select_related("client", "team", "medewerker").get()
    assert (afspraak.bron, afspraak.extern_id, afspraak.externe_versie) == ("jcc", "A-1", 3)
    assert afspraak.start_op == datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
    assert (afspraak.team.code, afspraak.vorm, afspraak.locatie_ruimte) == ("wmo", "balie", "2.14")
    assert (afspraak.client.mobiel, afspraak.client.extern_id) == ("+31612345678", "c-77")
    assert afspraak.medewerker is not None
    assert afspraak.medewerker.naam == "B. de Vries"
    assert post.statuses_for([afspraak.onderwerp_sleutel])[afspraak.onderwerp_sleutel]
    assert LogRegel.objects.get(actie="afspraak.gepland").oorsprong == "api"


def test_where_it_stands_is_written_as_an_address(planning: Planning) -> None:
    answer = planning.put(bericht(), pad="/api/v1/afspraken/jcc/z\u00e5ak 7")
    assert answer.status_code == 201, answer.content
    assert answer["Location"].isascii()
    assert " " not in answer["Location"]
    assert planning.get(answer["Location"]).status_code == 200


def test_the_same_again_is_200_and_changes_nothing(planning: Planning) -> None:
    planning.put(bericht())
    before = Afspraak.objects.values().get()
    answer = planning.put(bericht())
    assert (answer.status_code, lees(answer)["uitkomst"]) == (200, "gelijk")
    assert Afspraak.objects.values().get() == before


def test_a_change_is_200_and_names_the_fields_as_the_api_does(planning: Planning) -> None:
    planning.put(bericht())
    answer = planning.put(bericht(externeVersie=4, start="2026-12-03T10:00:00+01:00", locatie__naam="Wijkteam"))
    assert answer.status_code == 200
    assert lees(answer)["wijzigingen"] == ["locatie.naam"], "10:00 in winter is the same moment as 09:00Z"
    answer = planning.put(bericht(externeVersie=5, start="2026-12-03T08:30:00Z", client__bereikbaarVia=["sms"]))
    assert set(lees(answer)["wijzigingen"]) == {"start", "locatie.naam", "client.bereikbaarVia"}


def test_an_older_version_is_409_and_changes_nothing(planning: Planning) -> None:
    planning.put(bericht(externeVersie=5))
    answer = planning.put(bericht(externeVersie=4, onderwerp="iets ouds"))
    assert answer.status_code == 409
    assert lees(answer)["bekendeVersie"] == 5
    assert Afspraak.objects.get().onderwerp == "gesprek met de gemeente"


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
def test_any_order_ends_the_same(planning: Planning, order: tuple[int, ...]) -> None:
    for versie in order:
        planning.put(bericht(externeVersie=versie, locatie__ruimte=f"2.{versie}"))
    afspraak = Afspraak.objects.get()
    assert (afspraak.externe_versie, afspraak.locatie_ruimte) == (3, "2.3")


def test_a_cancelled_one_comes_back_only_with_a_higher_version(planning: Planning) -> None:
    planning.put(bericht(externeVersie=3))
    planning.annuleer({"externeVersie": 4})
    answer = planning.put(bericht(externeVersie=4))
    assert answer.status_code == 409
    assert "hogere externeVersie" in lees(answer)["detail"]
    answer = planning.put(bericht(externeVersie=5))
    assert (answer.status_code, lees(answer)["uitkomst"]) == (200, "herpland")


def test_what_may_be_absent_may_be_absent(planning: Planning) -> None:
    small = {
        "start": "2026-12-03T09:00:00Z",
        "eind": "2026-12-03T09:45:00Z",
        "onderwerp": "gesprek",
        "team": "wmo",
        "client": {"naam": "A. Jansen"},
    }
    assert planning.put(small).status_code == 201
    afspraak = Afspraak.objects.select_related("client").get()
    assert (afspraak.medewerker_id, afspraak.client.taal, afspraak.vorm) == (None, "nl", "balie")
    empty = small | {"client": {"naam": "A. Jansen", "mobiel": "", "email": None, "taal": ""}, "medewerker": None}
    assert planning.put(empty, pad="/api/v1/afspraken/jcc/A-2").status_code == 201


def test_every_wrong_field_is_named_at_once(planning: Planning) -> None:
    wrong = bericht(
        start="2026-12-03T09:00:00",
        team="jeugd",
        vorm="bij de koffie",
        client__mobiel="070-1234567",
        client__taal="klingon",
        client__bereikbaarVia=["fax"],
        locatie__verdieping=2,
        medewerker__naam="",
        kleur="rood",
        externeVersie="drie",
    )
    answer = planning.put(wrong)
    assert answer.status_code == 400
    assert fouten(answer) == {
        "start": "geen_tijdzone",
        "team": "onbekend_team",
        "vorm": "onbekende_waarde",
        "client.mobiel": "vast_nummer",
        "client.taal": "onbekende_taal",
        "client.bereikbaarVia.0": "onbekende_waarde",
        "locatie.verdieping": "onbekend_veld",
        "medewerker.naam": "leeg",
        "kleur": "onbekend_veld",
        "externeVersie": "geen_getal",
    }
    assert Afspraak.objects.count() == 0
    assert Client.objects.count() == 0


def test_the_rules_look_at_what_has_the_right_shape(planning: Planning) -> None:
    """The start is in the past and there is an unknown field: both are said."""
    answer = planning.put(bericht(start="2026-11-03T09:00:00Z", kleur="rood"))
    assert fouten(answer) == {"kleur": "onbekend_veld", "start": "voorbij", "eind": "te_lang"}


def test_a_wrong_start_says_nothing_about_the_end(planning: Planning) -> None:
    assert fouten(planning.put(bericht(start="morgen"))) == {"start": "geen_moment"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"start": None}, {"start": "ontbreekt"}),
        ({"client": None}, {"client": "ontbreekt"}),
        ({"client": "A. Jansen"}, {"client": "geen_object"}),
        ({"client__naam": None}, {"client.naam": "ontbreekt"}),
        ({"client__naam": "A\r\nBcc: x"}, {"client.naam": "stuurteken"}),
        ({"client__naam": "x" * 151}, {"client.naam": "te_lang"}),
        ({"client__naam": 7}, {"client.naam": "geen_tekst"}),
        ({"client__email": "geen adres"}, {"client.email": "geen_emailadres"}),
        ({"client__mobiel": "0900-1234"}, {"client.mobiel": "betaald_nummer"}),
        ({"client__mobiel": "+447911123456"}, {"client.mobiel": "ander_land"}),
        ({"client__bereikbaarVia": "sms"}, {"client.bereikbaarVia": "geen_lijst"}),
        ({"onderwerp": "   "}, {"onderwerp": "leeg"}),
        ({"onderwerp": "\ud800"}, {"onderwerp": "geen_tekst"}),
        ({"start": "2026-12-03 09:00:00Z"}, {"start": "geen_moment"}),
        ({"start": "2026-12-03T09:00:00-00:00"}, {"start": "geen_tijdzone"}),
        ({"start": "2026-02-30T09:00:00Z"}, {"start": "geen_moment"}),
        ({"start": 1796288400}, {"start": "geen_moment"}),
        ({"start": "9999-12-31T23:59:59-14:00"}, {"start": "geen_moment"}),
        ({"eind": "2026-12-03T09:00:00Z"}, {"eind": "einde_voor_begin"}),
        ({"externeVersie": True}, {"externeVersie": "geen_getal"}),
        ({"externeVersie": -1}, {"externeVersie": "te_klein"}),
        ({"externeVersie": 2**63}, {"externeVersie": "te_groot"}),
        ({"start": "2029-12-03T09:00:00Z", "eind": "2029-12-03T09:30:00Z"}, {"start": "te_ver"}),
    ],
)
def test_one_wrong_field(planning: Planning, change: dict[str, Any], expected: dict[str, str]) -> None:
    answer = planning.put(bericht(**change))
    assert (answer.status_code, fouten(answer)) == (400, expected)
    assert Afspraak.objects.count() == 0


def test_whole_numbers_and_offsets_in_every_notation(planning: Planning) -> None:
    answer = planning.put(bericht(externeVersie=3.0, start="2026-12-03T10:00:00.123456789+01:00"))
    assert answer.status_code == 201, answer.content
    assert Afspraak.objects.get().start_op == datetime(2026, 12, 3, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (b"", "ontbreekt"),
        (b"{", "komma"),
        (b"[]", "object"),
        (b"null", "object"),
        (b'"tekst"', "object"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"team": "wmo", "team": "x"}', "twee keer"),
        (b'{"externeVersie": NaN}', "komma"),
        (b"[" * 30_000, "komma"),
        (b'{"externeVersie": ' + b"9" * 9000 + b"}", "komma"),
    ],
)
def test_a_body_that_is_no_appointment(planning: Planning, body: bytes, hint: str) -> None:
    answer = planning.put(body)
    assert answer.status_code == 400
    assert hint in answer.content.decode(), answer.content.decode()


@pytest.mark.parametrize(
    ("pad", "veld"),
    [
        ("/api/v1/afspraken/met%20spatie/A-1", "bron"),
        ("/api/v1/afspraken/jcc/A%00B", "externId"),
        (f"/api/v1/afspraken/{'x' * 41}/A-1", "bron"),
        (f"/api/v1/afspraken/jcc/{'x' * 101}", "externId"),
    ],
)
def test_a_wrong_address_is_named_too(planning: Planning, pad: str, veld: str) -> None:
    answer = planning.put(bericht(kleur="rood"), pad=pad)
    assert answer.status_code == 400
    assert set(fouten(answer)) == {veld, "kleur"}
    assert planning.get(pad).status_code == 400


def test_a_signed_appointment_is_a_conflict(planning: Planning) -> None:
    planning.put(bericht())
    Afspraak.objects.update(status="ondertekend")
    answer = planning.put(bericht(externeVersie=4, onderwerp="anders"))
    assert answer.status_code == 409
    assert "ondertekend" in lees(answer)["detail"]


def test_what_no_one_sees_is_not_kept(planning: Planning) -> None:
    answer = planning.put(bericht(client__naam="\u202eA. Jansen\u200b", client__mobiel="\u202a0612345678\u202c"))
    assert answer.status_code == 201, answer.content
    client = Client.objects.get()
    assert (client.naam, client.mobiel) == ("A. Jansen", "+31612345678")
    assert fouten(planning.put(bericht(client__naam="\u202e\u200b"))) == {"client.naam": "leeg"}
    assert fouten(planning.put(bericht(client__naam="A.\x85Jansen"))) == {"client.naam": "stuurteken"}


def test_no_system_speaks_for_what_people_made_by_hand(planning: Planning) -> None:
    pad = "/api/v1/afspraken/hand/H-1"
    for answer in (planning.put(bericht(), pad=pad), planning.annuleer(pad=f"{pad}/annulering")):
        assert answer.status_code == 400
        assert fouten(answer) == {"bron": "eigen_bron"}
    assert not Afspraak.objects.exists()
