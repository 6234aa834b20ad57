"""GET: the appointment with the answer, the messages and the form; and cancelling."""

from __future__ import annotations

from datetime import timedelta

import pytest

from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Kanaal, Soort
from afspraken.flow import answer as answers
from afspraken.flow import log, sign
from afspraken.models import Afspraak, Formulier, Gebruiker, VroegeAnnulering
from notifications import jobs
from tests.api.conftest import PAD, Planning, bericht, lees
from tests.builders import NU, TESTER, maak_gebruiker

pytestmark = pytest.mark.django_db


def test_what_was_given_comes_back(planning: Planning) -> None:
    planning.put(bericht(start="2026-12-03T10:00:00+01:00"))
    answer = planning.get()
    assert answer.status_code == 200
    body = lees(answer)
    assert (body["start"], body["eind"]) == ("2026-12-03T09:00:00Z", "2026-12-03T09:45:00Z")
    assert body["client"] == {
        "naam": "A. Jansen",
        "mobiel": "+31612345678",
        "email": "a.jansen@example.nl",
        "taal": "nl",
        "externId": "c-77",
        "bereikbaarVia": ["sms", "email"],
    }
    assert body["locatie"] == {"naam": "Stadhuis", "adres": "Markt 1", "ruimte": "2.14"}
    assert (body["status"], body["externeVersie"], body["team"]) == ("uitgenodigd", 3, "wmo")
    assert body["voornemen"] is None
    assert body["formulier"] is None


def test_the_answer_and_where_the_messages_are(planning: Planning) -> None:
    planning.put(bericht())
    jobs.drain()
    afspraak = Afspraak.objects.get()
    row = answers.record_antwoord(
        afspraak_id=afspraak.pk,
        gegevens=Antwoordgegevens(antwoord=Antwoord.JA, soorten=frozenset({Soort.GELUID}), doel=Doel.DELEN),
        kanaal=Kanaal.WEB,
        taal="nl",
        actor=log.CLIENT,
        now=NU,
    )
    gebruiker: Gebruiker = maak_gebruiker()
    answers.mark_gezien(voornemen_id=row, gebruiker_id=gebruiker.pk, actor=TESTER, now=NU + timedelta(minutes=5))
    body = lees(planning.get())
    assert body["status"] == "beantwoord"
    assert body["voornemen"] == {
        "antwoord": "ja",
        "soorten": ["geluid"],
        "doel": "delen",
        "toelichting": None,
        "kanaal": "web",
        "taal": "nl",
        "ontvangenOp": "2026-11-25T09:00:00Z",
        "voorOudeTijd": False,
        "delenMetAnderen": True,
        "gezienOp": "2026-11-25T09:05:00Z",
    }
    sent = {(b["soort"], b["kanaal"]): b for b in body["berichten"]}
    assert sent["uitnodiging", "sms"]["status"] == "afgeleverd"
    assert sent["uitnodiging", "sms"]["adres"] == "06••••••78"
    assert sent["uitnodiging", "sms"]["afgeleverdOp"] == "2026-11-25T09:00:00Z"
    # After a move the answer stays, and says so.
    planning.put(bericht(externeVersie=4, start="2026-12-04T09:00:00Z", eind="2026-12-04T09:30:00Z"))
    body = lees(planning.get())
    assert body["voornemen"]["voorOudeTijd"] is True
    assert body["vorigeStart"] == "2026-12-03T09:00:00Z"


def test_the_form_and_who_signed_it(planning: Planning) -> None:
    planning.put(bericht())
    afspraak = Afspraak.objects.get()
    answers.record_antwoord(
        afspraak_id=afspraak.pk,
        gegevens=Antwoordgegevens(antwoord=Antwoord.JA),
        kanaal=Kanaal.WEB,
        taal="nl",
        actor=log.CLIENT,
        now=NU,
    )
    pk = sign.open_formulier(afspraak_id=afspraak.pk, actor=TESTER, now=NU)
    body = lees(planning.get())["formulier"]
    assert body == {
        "versie": 1,
        "status": "open",
        "toestemming": "nvt",
        "handtekeningen": [],
        "afgeslotenOp": None,
    }
    sign.sign_client(
        formulier_id=pk,
        wijze="typen",
        naam="A. Jansen",
        inhoud_hash=Formulier.objects.get(pk=pk).inhoud_hash,
        thuis=False,
        actor=TESTER,
        now=NU,
    )
    body = lees(planning.get())["formulier"]
    assert body["status"] == "client_getekend"
    assert body["handtekeningen"] == [{"rol": "client", "wijze": "typen", "getekendOp": "2026-11-25T09:00:00Z"}]


def test_an_unknown_one_is_404(planning: Planning) -> None:
    answer = planning.get()
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_cancelling_twice_is_twice_200(planning: Planning) -> None:
    planning.put(bericht())
    first, second = planning.annuleer({"externeVersie": 4}), planning.annuleer({"externeVersie": 4})
    assert [first.status_code, second.status_code] == [200, 200]
    assert [lees(first)["uitkomst"], lees(second)["uitkomst"]] == ["geannuleerd", "gelijk"]
    assert lees(planning.get())["status"] == "geannuleerd"


def test_cancelling_needs_no_body(planning: Planning) -> None:
    planning.put(bericht())
    assert planning.annuleer().status_code == 200
    assert Afspraak.objects.get().status == "geannuleerd"


def test_an_older_cancellation_is_409(planning: Planning) -> None:
    planning.put(bericht(externeVersie=5))
    assert planning.annuleer({"externeVersie": 4}).status_code == 409
    assert Afspraak.objects.get().geannuleerd_op is None


def test_a_cancellation_that_comes_first_is_remembered(planning: Planning) -> None:
    answer = planning.annuleer({"externeVersie": 4})
    assert (answer.status_code, lees(answer)["uitkomst"]) == (200, "grafsteen")
    assert VroegeAnnulering.objects.count() == 1
    late = planning.put(bericht(externeVersie=3))
    assert (late.status_code, lees(late)["uitkomst"], lees(late)["berichten"]) == (201, "geannuleerd", [])
    assert lees(planning.get())["status"] == "geannuleerd"
    assert planning.put(bericht(externeVersie=5)).status_code == 200


def test_a_finished_one_can_not_be_cancelled(planning: Planning) -> None:
    planning.put(bericht())
    Afspraak.objects.update(status="afgerond")
    assert planning.annuleer().status_code == 409


def test_a_wrong_cancellation_names_the_field(planning: Planning) -> None:
    answer = planning.annuleer({"externeVersie": "4", "reden": "ziek"})
    assert answer.status_code == 400
    assert [fout["pointer"] for fout in lees(answer)["fouten"]] == ["/externeVersie", "/reden"]


def test_reading_writes_nothing(planning: Planning, django_assert_max_num_queries: object) -> None:
    planning.put(bericht())
    before = Afspraak.objects.values().get()
    assert planning.get(PAD).status_code == 200
    assert Afspraak.objects.values().get() == before
