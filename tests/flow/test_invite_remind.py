"""The clock: invitations whose day has come, and at most one reminder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from afspraken import jobs as afspraken_jobs
from afspraken.domain.lifecycle import Status
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Kanaal
from afspraken.flow import answer, invite, plan, remind
from afspraken.flow.log import CLIENT
from afspraken.models import Afspraak, TeamInstellingen, Werkpunt
from notifications import api as post
from notifications import jobs
from tests.builders import NU, TESTER, maak_afspraak, maak_team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(time_machine: object) -> None:
    time_machine.move_to(NU, tick=False)  # type: ignore[attr-defined]


def kinds(afspraak: Afspraak) -> list[tuple[str, str]]:
    subject = afspraak.onderwerp_sleutel
    return sorted((m.kind, m.status.value) for m in post.statuses_for([subject]).get(subject, []))


def test_who_is_due_is_invited_once() -> None:
    afspraak = maak_afspraak(start_op=NU + timedelta(days=40))
    assert invite.run(now=NU) == 0
    later = NU + timedelta(days=30)
    assert invite.run(now=later) == 1
    assert invite.run(now=later) == 0
    afspraak.refresh_from_db()
    assert afspraak.staat is Status.UITGENODIGD


def test_who_has_no_address_goes_on_the_worklist_once() -> None:
    maak_afspraak(start_op=NU + timedelta(days=40), client_mobiel="", client_email="")
    later = NU + timedelta(days=30)
    invite.run(now=later)
    invite.run(now=later)
    assert Werkpunt.objects.count() == 1


def test_one_reminder_and_no_second() -> None:
    afspraak = maak_afspraak(start_op=NU + timedelta(days=6))
    jobs.drain()
    moment = NU + timedelta(days=4, hours=23)
    assert remind.run(now=moment) == 1
    assert remind.run(now=moment + timedelta(hours=1)) == 0
    assert [kind for kind, _ in kinds(afspraak)].count("herinnering") == 1


def test_no_reminder_after_an_answer() -> None:
    afspraak = maak_afspraak(start_op=NU + timedelta(days=6))
    answer.record_antwoord(
        afspraak_id=afspraak.pk,
        gegevens=Antwoordgegevens(antwoord=Antwoord.NEE),
        kanaal=Kanaal.WEB,
        taal="nl",
        actor=CLIENT,
        now=NU,
    )
    assert remind.run(now=NU + timedelta(days=5)) == 0


def test_a_reminder_that_waits_is_superseded_by_a_move_and_may_come_again() -> None:
    afspraak = maak_afspraak(start_op=NU + timedelta(days=6))
    jobs.drain()
    remind.run(now=NU + timedelta(days=4))
    plan.verplaats_afspraak(
        afspraak_id=afspraak.pk,
        start_op=NU + timedelta(days=13),
        eind_op=NU + timedelta(days=13, hours=1),
        actor=TESTER,
        now=NU + timedelta(days=4),
    )
    assert ("herinnering", "superseded") in kinds(afspraak)
    assert remind.run(now=NU + timedelta(days=12)) == 1


def test_a_team_may_choose_no_reminder() -> None:
    maak_afspraak(start_op=NU + timedelta(days=6))
    TeamInstellingen.objects.create(team=maak_team("wmo"), herinnering_aan=False)
    assert remind.run(now=NU + timedelta(days=5)) == 0


def test_what_is_over_is_closed_as_a_normal_end(time_machine: object) -> None:
    afspraak = maak_afspraak()
    time_machine.move_to(NU + timedelta(days=3), tick=False)  # type: ignore[attr-defined]
    assert afspraken_jobs.finish() == 1
    afspraak.refresh_from_db()
    assert afspraak.staat is Status.AFGEROND
    assert afspraken_jobs.finish() == 0


def test_an_invitation_that_waited_for_the_morning_is_not_followed_by_a_reminder_at_once() -> None:
    """Planned in the night before Monday: the invitation leaves at eight, and so would the reminder."""
    night = datetime(2026, 11, 29, 3, 55, tzinfo=UTC)
    afspraak = maak_afspraak(now=night, start_op=datetime(2026, 11, 30, 13, 30, tzinfo=UTC))
    for moment in (night + timedelta(minutes=5), datetime(2026, 11, 30, 7, 1, tzinfo=UTC)):
        assert remind.run(now=moment) == 0
    assert [kind for kind, _ in kinds(afspraak)].count("herinnering") == 0


def test_looking_who_is_due_costs_two_questions_however_many_teams(django_assert_num_queries: Any) -> None:
    for number in range(6):
        maak_afspraak(team=f"team-{number}", start_op=NU + timedelta(days=40))
        maak_afspraak(team=f"team-{number}", start_op=NU + timedelta(days=9))
    for run in (invite.run, remind.run):
        with django_assert_num_queries(2):
            assert run(now=NU) == 0
