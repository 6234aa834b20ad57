"""The day list: one read, whatever the size of the day, and no more than the account's own teams."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from afspraken.domain.datums import local_date
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Kanaal, Soort
from afspraken.flow import answer, daglijst, plan, sign
from afspraken.flow.daglijst import Daglijst, Keuze, Moment, Rij, bezorging_of
from afspraken.flow.daglijst.row import initialen_of
from afspraken.models import Afspraak, Formulier, Gebruiker, LogRegel, Voornemen
from notifications import api as post
from tests.builders import NU, TESTER, maak_afspraak, maak_gebruiker, maak_medewerker, maak_team
from tests.flow.sign_steps import DELEN, JA, NEE, actor_for, both_sign, client_signs, opened, say, told

pytestmark = pytest.mark.django_db

DAG = NU + timedelta(days=2)
DATUM = local_date(DAG)


@pytest.fixture(autouse=True)
def _clock(time_machine: object) -> None:
    time_machine.move_to(NU, tick=False)  # type: ignore[attr-defined]


@pytest.fixture
def ik() -> Gebruiker:
    gebruiker = maak_gebruiker("ik")
    maak_medewerker("B. de Boer", gebruiker=gebruiker)
    return gebruiker


def read(gebruiker: Gebruiker, *, now: datetime = NU, datum: date = DATUM, **values: Any) -> Daglijst:
    return daglijst.read(datum=datum, gebruiker=gebruiker, now=now, **{"bereik": "mijn", **values})


def only(gebruiker: Gebruiker, **values: Any) -> Rij:
    (rij,) = read(gebruiker, **values).rijen
    return rij


# --- Size and cost -----------------------------------------------------------------------------------


def fill(count: int, gebruiker: Gebruiker) -> None:
    """A day with everything in it: answers, changes of mind, forms, messages, worklist points."""
    for index in range(count):
        start = datetime(2026, 11, 27, 7, 0, tzinfo=UTC) + timedelta(minutes=index)
        afspraak = maak_afspraak(
            start_op=start,
            client_naam=f"Cliënt {index:03}",
            client_mobiel="" if index % 5 == 4 else "+31612345678",
            client_email="" if index % 5 == 4 else "a@example.nl",
        )
        if index % 2 == 0:
            say(afspraak, NEE)
            pk = say(afspraak, JA)
            answer.mark_gezien(voornemen_id=pk, gebruiker_id=gebruiker.pk, actor=TESTER, now=NU)
        if index % 3 == 0:
            opened(afspraak)


@pytest.mark.slow
@pytest.mark.parametrize("count", [5, 300])
def test_at_most_twelve_queries_whatever_the_size(ik: Gebruiker, count: int) -> None:
    fill(count, ik)
    for bereik, team in (("mijn", None), ("team", None), ("team", "wmo")):
        with CaptureQueriesContext(connection) as queries:
            rijen = read(ik, bereik=bereik, team=team).rijen
        assert len(rijen) == count
        assert len(queries) <= 12
        written = [q["sql"] for q in queries if not q["sql"].startswith("SELECT")]
        assert written == []


def test_an_empty_day_costs_less_and_says_who_asked() -> None:
    nobody = maak_gebruiker("zonder")
    with CaptureQueriesContext(connection) as queries:
        lijst = read(nobody)
    assert len(queries) <= 4
    assert (lijst.rijen, lijst.heeft_medewerker) == ((), False)


def test_reading_writes_nothing(ik: Gebruiker) -> None:
    fill(4, ik)
    before = (LogRegel.objects.count(), Voornemen.objects.count(), Formulier.objects.count())
    read(ik, bereik="team")
    assert (LogRegel.objects.count(), Voornemen.objects.count(), Formulier.objects.count()) == before


# --- What is on it -----------------------------------------------------------------------------------


def test_by_time_and_only_that_day_in_amsterdam(ik: Gebruiker) -> None:
    """23.30 UTC is the next day in Amsterdam in winter."""
    late = maak_afspraak(start_op=datetime(2026, 11, 27, 22, 30, tzinfo=UTC))
    early = maak_afspraak(start_op=datetime(2026, 11, 26, 23, 30, tzinfo=UTC))
    maak_afspraak(start_op=datetime(2026, 11, 27, 23, 30, tzinfo=UTC))
    assert [rij.afspraak_id for rij in read(ik, datum=date(2026, 11, 27)).rijen] == [early.pk, late.pk]


def test_mine_is_mine_and_the_team_is_the_team(ik: Gebruiker) -> None:
    mine = maak_afspraak()
    other = maak_afspraak(medewerker="C. Vos")
    nobody = maak_afspraak(medewerker="")
    assert {rij.afspraak_id for rij in read(ik).rijen} == {mine.pk}
    assert {rij.afspraak_id for rij in read(ik, bereik="team").rijen} == {mine.pk, other.pk, nobody.pk}


def test_never_another_team(ik: Gebruiker) -> None:
    maak_afspraak(team="jeugd")
    for bereik, team in (("mijn", None), ("team", None), ("team", "jeugd")):
        assert read(ik, bereik=bereik, team=team).rijen == ()


def test_one_of_several_teams(ik: Gebruiker) -> None:
    ik.teams.add(maak_team("werk"))
    maak_afspraak()
    other = maak_afspraak(team="werk")
    lijst = read(ik, bereik="team", team="werk")
    assert [rij.afspraak_id for rij in lijst.rijen] == [other.pk]
    assert [code for code, _ in lijst.teams] == ["werk", "wmo"]
    assert len(read(ik, bereik="team").rijen) == 2


@pytest.mark.parametrize(
    ("antwoord", "keuze"),
    [
        (Antwoord.JA, Keuze.WIL_OPNEMEN),
        (Antwoord.NEE, Keuze.NEEMT_NIET_OP),
        (Antwoord.WEET_NIET, Keuze.WEET_NIET),
    ],
)
def test_the_answer_in_the_words_of_the_list(ik: Gebruiker, antwoord: Antwoord, keuze: Keuze) -> None:
    told(Antwoordgegevens(antwoord=antwoord))
    assert only(ik).keuze is keuze


def test_the_answer_with_all_that_belongs_to_it(ik: Gebruiker) -> None:
    afspraak = told(NEE)
    gegevens = Antwoordgegevens(
        antwoord=Antwoord.JA, soorten=frozenset({Soort.VIDEO, Soort.GELUID}), doel=Doel.DELEN, toelichting="op Facebook"
    )
    pk = say(afspraak, gegevens)
    rij = only(ik)
    assert (rij.keuze, rij.soorten, rij.eerder) == (Keuze.WIL_OPNEMEN, "geluid en video", "eerst: neemt niet op")
    assert (rij.doel, rij.toelichting, rij.delen) == ("delen met anderen of openbaar maken", "op Facebook", True)
    assert (rij.voornemen_id, rij.gezien, rij.ongezien) == (pk, False, True)
    answer.mark_gezien(voornemen_id=pk, gebruiker_id=ik.pk, actor=actor_for(ik), now=NU)
    rij = only(ik)
    assert (rij.gezien, rij.ongezien, rij.gezien_door) == (True, False, "ik")


def test_a_newer_answer_is_unseen_again(ik: Gebruiker) -> None:
    afspraak = told(NEE)
    pk = only(ik).voornemen_id
    assert pk is not None
    answer.mark_gezien(voornemen_id=pk, gebruiker_id=ik.pk, actor=TESTER, now=NU)
    say(afspraak, JA)
    assert only(ik).ongezien


def test_a_taken_back_answer_is_no_answer_and_no_refusal(ik: Gebruiker) -> None:
    afspraak = told(DELEN)
    answer.withdraw(afspraak_id=afspraak.pk, kanaal=Kanaal.WEB, taal="nl", actor=TESTER, now=NU)
    rij = only(ik)
    assert (rij.keuze, rij.delen) == (Keuze.INGETROKKEN, False)


def test_an_answer_for_the_old_time_is_marked(ik: Gebruiker) -> None:
    afspraak = told()
    assert not only(ik).oude_tijd
    plan.verplaats_afspraak(
        afspraak_id=afspraak.pk,
        start_op=afspraak.start_op + timedelta(hours=1),
        eind_op=afspraak.eind_op + timedelta(hours=1),
        actor=TESTER,
        now=NU,
    )
    rij = only(ik)
    assert (rij.oude_tijd, rij.verplaatst, rij.keuze) == (True, True, Keuze.WIL_OPNEMEN)


def test_a_cancelled_one_stays_readable_and_counts_for_nothing(ik: Gebruiker) -> None:
    afspraak = told()
    plan.annuleer_met_hand(afspraak_id=afspraak.pk, actor=TESTER, now=NU)
    lijst = read(ik)
    (rij,) = lijst.rijen
    assert rij.geannuleerd
    assert not rij.kan_opnemen
    assert not rij.ongezien
    assert all(teller.aantal == 0 for teller in lijst.tellers)


def test_past_now_next_and_later(ik: Gebruiker) -> None:
    starts = [DAG - timedelta(hours=2), DAG, DAG + timedelta(hours=1), DAG + timedelta(hours=2)]
    for start in starts:
        maak_afspraak(start_op=start)
    cancelled = maak_afspraak(start_op=DAG + timedelta(minutes=50))
    plan.annuleer_met_hand(afspraak_id=cancelled.pk, actor=TESTER, now=NU)
    moments = [rij.moment for rij in read(ik, now=DAG + timedelta(minutes=10)).rijen]
    assert moments == [Moment.VOORBIJ, Moment.NU, Moment.STRAKS, Moment.VOLGENDE, Moment.STRAKS]


def test_counters_count_and_filter(ik: Gebruiker) -> None:
    told()
    told(NEE)
    told(NEE)
    maak_afspraak()
    maak_afspraak(client_mobiel="", client_email="")
    lijst = read(ik)
    counted = {teller.code: teller.aantal for teller in lijst.tellers}
    assert counted == {
        "wil_opnemen": 1,
        "neemt_niet_op": 2,
        "weet_niet": 0,
        "geen_antwoord": 1,
        "niet_bereikt": 1,
        "ongezien": 3,
    }
    for code, aantal in counted.items():
        assert len(lijst.only(code).rijen) == aantal
    assert len(lijst.only("onzin").rijen) == 5
    assert lijst.only("neemt_niet_op").tellers != ()


def test_the_form_in_words_and_whether_it_still_holds(ik: Gebruiker) -> None:
    afspraak = told()
    assert only(ik).formulier is None
    formulier = opened(afspraak)
    woorden = []

    def note() -> None:
        form = only(ik).formulier
        assert form is not None
        woorden.append(form.woord)

    note()
    client_signs(formulier)
    note()
    say(afspraak, DELEN)
    note()
    other = told(client_naam="Z. Anders", start_op=DAG + timedelta(days=1))
    both_sign(other, ik)
    form = only(ik, datum=DATUM + timedelta(days=1)).formulier
    assert form is not None
    assert (form.woord, form.gesloten) == ("Getekend door beiden", True)
    assert woorden == ["Klaar om te tekenen", "Cliënt heeft getekend", "Getekend, daarna veranderd"]


def test_a_move_after_signing_shows_too(ik: Gebruiker) -> None:
    afspraak = told()
    client_signs(opened(afspraak))
    Afspraak.objects.update(start_op=DAG + timedelta(hours=1), eind_op=DAG + timedelta(hours=2))
    form = only(ik).formulier
    assert form is not None
    assert form.woord == "Getekend, daarna veranderd"


@pytest.mark.parametrize(
    ("uitkomst", "woord"),
    [(sign.geen_opname, "Toch geen opname"), (sign.client_tekent_niet, "Cliënt tekent niet")],
)
def test_ends_without_signatures(ik: Gebruiker, uitkomst: Any, woord: str) -> None:
    formulier = opened(told())
    uitkomst(formulier_id=formulier.pk, gebruiker_id=ik.pk, actor=actor_for(ik), now=NU)
    form = only(ik).formulier
    assert form is not None
    assert (form.woord, form.gesloten) == (woord, True)
    assert not only(ik).kan_opnemen


def test_a_client_without_any_address_is_not_reached(ik: Gebruiker) -> None:
    maak_afspraak(client_mobiel="", client_email="")
    rij = only(ik)
    assert rij.keuze is Keuze.NIET_BEREIKT
    assert rij.bezorging.woord == "Geen nummer en geen e-mailadres"
    assert rij.bezorging.raad


def test_who_answered_or_has_been_here_needs_no_call(ik: Gebruiker) -> None:
    told(client_mobiel="", client_email="")
    assert only(ik).bezorging.raad == ""
    maak_afspraak(client_mobiel="", client_email="", start_op=DAG + timedelta(days=1))
    tomorrow = DATUM + timedelta(days=1)
    assert only(ik, datum=tomorrow).bezorging.raad
    assert only(ik, datum=tomorrow, now=DAG + timedelta(days=2)).bezorging.raad == ""


# --- Delivery in one line ----------------------------------------------------------------------------


def message(
    status: post.Status, *, generation: int = 1, kind: str = "uitnodiging", **values: Any
) -> post.MessageStatus:
    defaults: dict[str, Any] = {
        "uuid": uuid4(),
        "subject": "afspraak/1",
        "kind": kind,
        "generation": generation,
        "channel": post.Channel.SMS,
        "status": status,
        "reason": "",
        "reason_text": "",
        "advice_text": "",
        "masked_address": "06••••••78",
        "scope": "wmo",
        "language": "nl",
        "due_at": NU,
        "useful_until": DAG,
        "accepted_at": None,
        "delivered_at": None,
    }
    return post.MessageStatus(**(defaults | values))


S = post.Status


@pytest.mark.parametrize(
    ("messages", "woord", "onbereikt"),
    [
        ([], "Nog niets verstuurd", False),
        ([message(S.DELIVERED)], "Bezorgd per sms", False),
        ([message(S.FAILED), message(S.DELIVERED, channel=post.Channel.EMAIL)], "Bezorgd per e-mail", False),
        ([message(S.ACCEPTED)], "Verstuurd per sms", False),
        ([message(S.SENDING)], "Wordt verstuurd", False),
        ([message(S.QUEUED)], "Wordt verstuurd", False),
        ([message(S.QUEUED, due_at=DAG)], "Gaat uit op vrijdag 27 november, 10.00", False),
        ([message(S.UNKNOWN)], "Onzeker of de sms is aangekomen", False),
        ([message(S.UNDELIVERED)], "Niet bezorgd", True),
        (
            [message(S.FAILED, reason_text="Het nummer bestaat niet.")],
            "Niet bezorgd: het nummer bestaat niet",
            True,
        ),
        ([message(S.EXPIRED)], "Niet bezorgd", True),
        ([message(S.EXPIRED, reason="lost")], "Onzeker of de sms is aangekomen", True),
        ([message(S.ACCEPTED, reason="silent")], "Verstuurd per sms, geen bevestiging", False),
        # After a move the old news says nothing about the new time.
        ([message(S.DELIVERED), message(S.FAILED, kind="verplaatst", generation=2)], "Niet bezorgd", True),
        ([message(S.SUPERSEDED)], "Nog niets verstuurd", False),
        ([message(S.DELIVERED, kind="ontvangstbevestiging")], "Nog niets verstuurd", False),
    ],
)
def test_messages_in_one_line(messages: list[post.MessageStatus], woord: str, onbereikt: bool) -> None:
    found = bezorging_of(messages, bereikbaar=True, inloop=False, te_bellen=False, now=NU)
    assert (found.woord, found.onbereikt) == (woord, onbereikt)


def test_every_status_has_words() -> None:
    for status in S:
        assert bezorging_of([message(status)], bereikbaar=True, inloop=False, te_bellen=False, now=NU).woord


@pytest.mark.parametrize(
    ("naam", "initialen"),
    [
        ("A. Jansen", "A.J."),
        ("Mohammed van den Berg-El Idrissi", "M.B.E.I."),
        ("Øystein Å", "Ø.Å."),
        ("jan", "?"),
        ("", "?"),
    ],
)
def test_initials_for_the_sheet_on_the_counter(naam: str, initialen: str) -> None:
    assert initialen_of(naam) == initialen
