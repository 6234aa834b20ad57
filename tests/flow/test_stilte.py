"""A message was sent and nothing was heard of it: somebody calls, unless the client answered."""

from datetime import timedelta

import pytest

from afspraken.domain.lifecycle import Status
from afspraken.models import Afspraak, Werkpunt, WerkpuntSoort
from notifications import jobs
from notifications.models import Message
from tests.builders import NU, maak_afspraak

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(time_machine: object) -> None:
    time_machine.move_to(NU, tick=False)  # type: ignore[attr-defined]


def _invited_and_silent() -> Afspraak:
    """All invitations were taken by the provider a day ago, and no receipt came."""
    afspraak = maak_afspraak(start_op=NU + timedelta(days=3))
    messages = Message.objects.filter(subject=afspraak.onderwerp_sleutel)
    assert messages.exists()
    messages.update(status="accepted", accepted_at=NU - timedelta(days=1), check_at=NU)
    return afspraak


def test_a_person_calls_before_the_meeting() -> None:
    afspraak = _invited_and_silent()
    jobs.sweep()
    punt = Werkpunt.objects.get(afspraak=afspraak)
    assert punt.soort == WerkpuntSoort.BELLEN.value
    assert "Wij weten niet of het is aangekomen." in punt.reden
    jobs.sweep()
    assert Werkpunt.objects.count() == 1


def test_who_answered_has_read_it() -> None:
    afspraak = _invited_and_silent()
    Afspraak.objects.filter(pk=afspraak.pk).update(status=Status.BEANTWOORD.value)
    jobs.sweep()
    assert not Werkpunt.objects.exists()


def test_one_message_that_arrived_is_enough() -> None:
    afspraak = _invited_and_silent()
    first = Message.objects.filter(subject=afspraak.onderwerp_sleutel).earliest("pk")
    Message.objects.filter(pk=first.pk).update(status="delivered", check_at=None)
    jobs.sweep()
    assert not Werkpunt.objects.exists()
