"""Changes of an appointment whose invitation was made ready and had not left yet, or that is off already."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from afspraken.domain.lifecycle import Status
from afspraken.flow import invite, plan
from afspraken.models import Afspraak
from notifications import api as post
from notifications import jobs
from tests.builders import NU, TESTER, maak_afspraak, maak_medewerker

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_night(time_machine: Any) -> None:
    time_machine.move_to(NIGHT, tick=False)


def move(afspraak: Afspraak, start: datetime) -> Afspraak:
    plan.verplaats_afspraak(
        afspraak_id=afspraak.pk, start_op=start, eind_op=start + timedelta(minutes=45), actor=TESTER, now=NIGHT
    )
    return Afspraak.objects.get(pk=afspraak.pk)


def waiting(afspraak: Afspraak) -> set[tuple[str, int]]:
    subject = afspraak.onderwerp_sleutel
    rows = post.statuses_for([subject])[subject]
    return {(row.kind, row.generation) for row in rows if row.status is post.Status.QUEUED}


def test_moved_out_of_reach_before_the_invitation_left_is_invited_when_it_is_time() -> None:
    afspraak = maak_afspraak(now=NIGHT, start_op=NIGHT + timedelta(days=2))
    assert (afspraak.staat, waiting(afspraak)) == (Status.UITGENODIGD, {("uitnodiging", 1)})

    afspraak = move(afspraak, NIGHT + timedelta(days=40))
    assert (afspraak.staat, afspraak.uitgenodigd_op, waiting(afspraak)) == (Status.GEPLAND, None, set())

    near = afspraak.start_op - timedelta(days=7)
    assert invite.run(now=near) == 1
    afspraak.refresh_from_db()
    assert (afspraak.staat, waiting(afspraak)) == (Status.UITGENODIGD, {("uitnodiging", 2)})


def test_moved_within_reach_before_the_invitation_left_is_invited_at_once() -> None:
    afspraak = move(maak_afspraak(now=NIGHT, start_op=NIGHT + timedelta(days=2)), NIGHT + timedelta(days=3))
    assert (afspraak.staat, afspraak.uitgenodigd_op) == (Status.UITGENODIGD, NIGHT)
    assert waiting(afspraak) == {("uitnodiging", 2)}


def test_who_was_told_stays_invited_however_far_it_moves(time_machine: Any) -> None:
    time_machine.move_to(NU, tick=False)
    afspraak = maak_afspraak(now=NU)
    jobs.drain()
    time_machine.move_to(NIGHT, tick=False)
    afspraak = move(afspraak, NIGHT + timedelta(days=40))
    assert (afspraak.staat, afspraak.uitgenodigd_op) == (Status.UITGENODIGD, NU)
    assert waiting(afspraak) == {("verplaatst", 2)}


def test_another_medewerker_for_what_is_off_leaves_the_cancellation_in_place(time_machine: Any) -> None:
    time_machine.move_to(NU, tick=False)
    afspraak = maak_afspraak(now=NU)
    jobs.drain()
    time_machine.move_to(NIGHT, tick=False)
    plan.annuleer_met_hand(afspraak_id=afspraak.pk, actor=TESTER, now=NIGHT)
    assert waiting(afspraak) == {("geannuleerd", 2)}

    other = maak_medewerker("S. Peters")
    plan.wijs_toe(afspraak_id=afspraak.pk, medewerker_id=other.pk, actor=TESTER, now=NIGHT)
    afspraak.refresh_from_db()
    assert (afspraak.medewerker_id, afspraak.staat) == (other.pk, Status.GEANNULEERD)
    assert waiting(afspraak) == {("geannuleerd", 2)}
