"""A client answers a mail by mail: it lands with a person, once, and changes nothing by itself."""

from __future__ import annotations

import pytest

from afspraken.flow import mail_reply
from afspraken.models import LogRegel, Voornemen, Werkpunt
from notifications import api as post
from tests.builders import NU, maak_afspraak, maak_team

pytestmark = pytest.mark.django_db


def mail(**values: object) -> post.InboundMail:
    defaults: dict[str, object] = {
        "id": 1,
        "sender": "a.jansen@example.nl",
        "message_uuid": None,
        "message_subject": "",
        "title": "Re: uw gesprek",
        "text": "Ja, ik neem het op voor mijn advocaat.",
        "received_at": NU,
        "automatic": False,
    }
    return post.InboundMail(**(defaults | values))  # type: ignore[arg-type]


def test_the_answered_mail_says_which_appointment() -> None:
    maak_afspraak()
    meant = maak_afspraak(team="jeugd", client_email="ander@example.nl")
    mail_reply.handle(inbound=mail(message_subject=meant.onderwerp_sleutel), now=NU)
    point = Werkpunt.objects.get()
    assert (point.afspraak_id, point.team_id) == (meant.pk, maak_team("jeugd").pk)


def test_without_it_the_next_appointment_of_the_sender() -> None:
    afspraak = maak_afspraak()
    mail_reply.handle(inbound=mail(sender="A.Jansen@Example.NL"), now=NU)
    assert Werkpunt.objects.get().afspraak_id == afspraak.pk


def test_the_same_mail_twice_is_one_entry_and_no_answer_is_made_up() -> None:
    maak_afspraak()
    for _ in range(2):
        mail_reply.handle(inbound=mail(), now=NU)
    assert Werkpunt.objects.count() == 1
    assert not Voornemen.objects.exists()
    assert "advocaat" not in repr(list(LogRegel.objects.values()))


@pytest.mark.parametrize("values", [{"automatic": True}, {"sender": "vreemd@example.nl"}])
def test_machines_and_strangers_make_no_work(values: dict[str, object]) -> None:
    maak_afspraak()
    mail_reply.handle(inbound=mail(**values), now=NU)
    assert not Werkpunt.objects.exists()
