"""The client lets us know."""

from __future__ import annotations

from datetime import timedelta

import pytest

from afspraken.domain.lifecycle import Status
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Kanaal, Soort, given_for_old_time
from afspraken.flow import answer, plan
from afspraken.flow.log import CLIENT
from afspraken.models import Afspraak, Gezien, LogRegel, Voornemen
from notifications import api as post
from notifications import jobs
from tests.builders import NU, TESTER, maak_afspraak, maak_gebruiker

pytestmark = pytest.mark.django_db

JA = Antwoordgegevens(antwoord=Antwoord.JA, soorten=frozenset({Soort.GELUID}), doel=Doel.NALUISTEREN)
NEE = Antwoordgegevens(antwoord=Antwoord.NEE)


@pytest.fixture(autouse=True)
def _clock(time_machine: object) -> None:
    time_machine.move_to(NU, tick=False)  # type: ignore[attr-defined]


def say(afspraak: Afspraak, gegevens: Antwoordgegevens, kanaal: Kanaal = Kanaal.WEB, minutes: int = 0) -> int:
    return answer.record_antwoord(
        afspraak_id=afspraak.pk,
        gegevens=gegevens,
        kanaal=kanaal,
        taal="nl",
        actor=CLIENT,
        now=NU + timedelta(minutes=minutes),
    )


def test_an_answer_is_kept_with_channel_rules_and_the_time_it_was_given_for() -> None:
    afspraak = maak_afspraak()
    say(afspraak, JA, Kanaal.SMS)
    row = Voornemen.objects.get()
    assert (row.antwoord, row.soorten, row.doel, row.kanaal) == ("ja", ["geluid"], "naluisteren", "sms")
    assert row.spelregels is not None
    assert row.spelregels_vingerafdruk == row.spelregels.vingerafdruk
    assert len(row.spelregels_vingerafdruk) == 64
    afspraak.refresh_from_db()
    assert afspraak.staat is Status.BEANTWOORD
    assert row.gegeven_voor_op == afspraak.start_op


def test_a_change_is_a_new_row_and_the_old_one_stays() -> None:
    afspraak = maak_afspraak()
    say(afspraak, NEE)
    say(afspraak, JA, minutes=5)
    assert list(Voornemen.objects.order_by("volgnummer").values_list("antwoord", flat=True)) == ["nee", "ja"]


def test_the_same_answer_twice_is_one_row_and_one_receipt() -> None:
    afspraak = maak_afspraak()
    assert say(afspraak, JA) == say(afspraak, JA, minutes=1)
    subject = afspraak.onderwerp_sleutel
    receipts = [m for m in post.statuses_for([subject])[subject] if m.kind == "ontvangstbevestiging"]
    assert len(receipts) == 1


def test_an_answer_supersedes_the_reminder_and_the_older_receipt() -> None:
    afspraak = maak_afspraak()
    say(afspraak, JA)
    say(afspraak, NEE, minutes=1)
    subject = afspraak.onderwerp_sleutel
    states = {(m.kind, m.generation): m.status.value for m in post.statuses_for([subject])[subject]}
    assert states["ontvangstbevestiging", 1] == "superseded"
    assert states["ontvangstbevestiging", 2] == "queued"
    assert states["uitnodiging", 1] == "superseded"


@pytest.mark.parametrize("kanaal", [Kanaal.WEB, Kanaal.SMS])
def test_after_the_start_it_is_too_late(kanaal: Kanaal) -> None:
    afspraak = maak_afspraak(start_op=NU + timedelta(hours=1))
    with pytest.raises(answer.AntwoordNietMogelijk) as refused:
        say(afspraak, JA, kanaal, minutes=60)
    assert refused.value.reden == "voorbij"
    assert not Voornemen.objects.exists()


def test_a_spoken_answer_at_the_table_is_recorded_after_the_start() -> None:
    afspraak = maak_afspraak(start_op=NU + timedelta(hours=1))
    say(afspraak, JA, Kanaal.MONDELING, minutes=65)
    assert Voornemen.objects.get().kanaal == "mondeling"


def test_a_cancelled_appointment_takes_no_answer() -> None:
    afspraak = maak_afspraak()
    plan.annuleer_met_hand(afspraak_id=afspraak.pk, actor=TESTER, now=NU)
    with pytest.raises(answer.AntwoordNietMogelijk) as refused:
        say(afspraak, JA)
    assert refused.value.reden == "geannuleerd"


def test_withdrawing_keeps_the_history() -> None:
    afspraak = maak_afspraak()
    say(afspraak, JA)
    answer.withdraw(afspraak_id=afspraak.pk, kanaal=Kanaal.WEB, taal="nl", actor=CLIENT, now=NU)
    assert list(Voornemen.objects.order_by("volgnummer").values_list("antwoord", flat=True)) == ["ja", "ingetrokken"]
    afspraak.refresh_from_db()
    assert afspraak.staat is Status.UITGENODIGD


def test_after_a_move_the_answer_stays_and_is_for_the_old_time() -> None:
    afspraak = maak_afspraak()
    say(afspraak, JA)
    plan.verplaats_afspraak(
        afspraak_id=afspraak.pk,
        start_op=afspraak.start_op + timedelta(days=1),
        eind_op=afspraak.eind_op + timedelta(days=1),
        actor=TESTER,
        now=NU,
    )
    afspraak.refresh_from_db()
    row = Voornemen.objects.get()
    assert afspraak.staat is Status.BEANTWOORD
    assert given_for_old_time(gegeven_voor=row.gegeven_voor_op, start_op=afspraak.start_op)


def test_too_long_a_text_is_refused_and_nothing_is_kept() -> None:
    afspraak = maak_afspraak()
    with pytest.raises(answer.AntwoordGeweigerd):
        say(afspraak, Antwoordgegevens(antwoord=Antwoord.JA, toelichting="x" * 501))
    assert not Voornemen.objects.exists()


def test_seen_is_noted_once() -> None:
    afspraak = maak_afspraak()
    pk = say(afspraak, JA)
    gebruiker = maak_gebruiker()
    for _ in range(2):
        answer.mark_gezien(voornemen_id=pk, gebruiker_id=gebruiker.pk, actor=TESTER, now=NU)
    assert Gezien.objects.count() == 1
    assert LogRegel.objects.filter(actie="voornemen.gezien").count() == 1


def test_the_receipt_by_sms_is_sent_at_night_too(time_machine: object) -> None:
    night = NU + timedelta(hours=13, minutes=30)
    afspraak = maak_afspraak()
    jobs.drain()
    time_machine.move_to(night, tick=False)  # type: ignore[attr-defined]
    say(afspraak, JA, Kanaal.SMS, minutes=13 * 60 + 30)
    jobs.drain()
    subject = afspraak.onderwerp_sleutel
    receipt = next(m for m in post.statuses_for([subject])[subject] if m.kind == "ontvangstbevestiging")
    assert receipt.status in (post.Status.ACCEPTED, post.Status.DELIVERED)
