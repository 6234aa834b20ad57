"""What people send: stored once, handed on exactly once, whatever is in it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks

from notifications.domain.lifecycle import Channel
from notifications.gateways.base import ArrivedMail
from notifications.models import InboundEmail, InboundSms, OptOut
from notifications.outbox import inbound
from notifications.outbox.opt_outs import is_opted_out, opt_out
from notifications.signals import InboundMail, InboundText, email_received, sms_received
from tests.outbox.helpers import EMAIL, MAIL, MOBILE, NOW, FakeGateway, message, plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[InboundText]:
    got: list[InboundText] = []
    monkeypatch.setattr(sms_received, "receivers", [])
    sms_received.sender_receivers_cache.clear()
    sms_received.connect(lambda sender, inbound, **kw: got.append(inbound), weak=False)
    return got


def _receive(body: str = "JA", vendor_id: str = "SM1", **changes: Any) -> bool:
    made: dict[str, Any] = {
        "vendor": "twilio",
        "vendor_id": vendor_id,
        "sender": MOBILE,
        "recipient": "+3197010200000",
        "body": body,
        "now": NOW,
    }
    return inbound.receive_sms(**(made | changes))


def test_it_is_handed_on_once(texts: list[InboundText]) -> None:
    assert _receive("Ja hoor!") is True
    assert _receive("Ja hoor!") is False
    assert texts == []
    assert (inbound.hand_on(now=NOW), inbound.hand_on(now=NOW)) == (1, 0)
    (text,) = texts
    assert (text.sender, text.body, text.received_at) == (MOBILE, "Ja hoor!", NOW)


def test_storing_calls_a_worker(
    rings: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        _receive()
        _receive()
    assert rings == ["notifications.jobs.hand_on_inbound"]


def test_in_the_order_in_which_they_came(texts: list[InboundText]) -> None:
    for number in range(5):
        _receive(f"tekst {number}", f"SM{number}")
    inbound.hand_on(now=NOW)
    assert [text.body for text in texts] == [f"tekst {number}" for number in range(5)]


def test_a_receiver_that_fails_gets_it_again_and_writes_once(texts: list[InboundText]) -> None:
    broken = [True]

    def receiver(sender: object, inbound: InboundText, **_kwargs: Any) -> None:
        opt_out(channel=Channel.EMAIL, address=f"{inbound.id}@x.nl", now=NOW, source="receiver")
        if broken:
            raise RuntimeError("a defect above us")

    sms_received.connect(receiver, weak=False)
    _receive("een", "SM1")
    assert inbound.hand_on(now=NOW) == 0
    assert OptOut.objects.count() == 0
    row = InboundSms.objects.get()
    assert (row.handed_on_at, row.failures) == (None, 1)
    assert inbound.hand_on(now=NOW) == 0, "not again at once"
    broken.clear()
    assert inbound.hand_on(now=NOW + timedelta(minutes=1)) == 1
    assert OptOut.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("{{7*7}} ((link)) %(x)s", "{{7*7}} ((link)) %(x)s"),
        ("ja\u202egnirts", "jagnirts"),
        ("een\r\ntwee\x00\x07", "een\ntwee"),
        ("x" * 10_000, "x" * 1600),
        ("😀 prima", "😀 prima"),
        ("", ""),
    ],
)
def test_text_stays_text(texts: list[InboundText], body: str, kept: str) -> None:
    _receive(body)
    inbound.hand_on(now=NOW)
    assert texts[0].body == kept


def test_it_is_unreadable_in_the_database() -> None:
    _receive("mijn geheime antwoord")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sender, body FROM notifications_inboundsms")
        ((sender, body),) = cursor.fetchall()
    assert "612345678" not in sender
    assert "geheim" not in body


@pytest.mark.parametrize(
    ("body", "keyword", "stops"),
    [
        ("STOP", "stop", True),
        (" stop ", "stop", True),
        ("Cancel", "stop", True),
        ("STOP met opnemen", "", False),
        ("ik stop ermee", "", False),
        ("JA", "", False),
        ("YES", "start", False),
    ],
)
def test_our_list_follows_what_the_provider_does(
    texts: list[InboundText], body: str, keyword: str, stops: bool
) -> None:
    _receive(body)
    inbound.hand_on(now=NOW)
    assert texts[0].provider_keyword == keyword
    assert is_opted_out(channel=Channel.SMS, address=MOBILE) is stops


def test_start_undoes_the_providers_stop_and_not_ours() -> None:
    _receive("STOP", "SM1")
    _receive("START", "SM2")
    assert not is_opted_out(channel=Channel.SMS, address=MOBILE)
    opt_out(channel=Channel.SMS, address=MOBILE, now=NOW, source="medewerker")
    _receive("YES", "SM3")
    assert is_opted_out(channel=Channel.SMS, address=MOBILE)


def test_the_demo_has_no_words_of_its_own(texts: list[InboundText]) -> None:
    _receive("STOP", vendor="console")
    inbound.hand_on(now=NOW)
    assert texts[0].provider_keyword == ""


def test_a_mail_knows_the_message_it_answers(email: FakeGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[InboundMail] = []
    monkeypatch.setattr(email_received, "receivers", [])
    email_received.sender_receivers_cache.clear()
    email_received.connect(lambda sender, inbound, **kw: got.append(inbound), weak=False)
    plan(recipients=[EMAIL])
    uuid = message(channel=Channel.EMAIL).uuid
    mail = ArrivedMail(
        vendor="sendgrid",
        vendor_id="1",
        sender=MAIL,
        message_uuid=uuid,
        title="Re: Uw gesprek",
        text="Ik neem op.",
        automatic=False,
    )
    assert inbound.receive_email(mail, now=NOW) is True
    assert inbound.receive_email(mail, now=NOW) is False
    inbound.hand_on(now=NOW)
    (one,) = got
    assert (one.message_uuid, one.message_subject, one.text) == (uuid, "a/1", "Ik neem op.")
    assert InboundEmail.objects.get().handed_on_at == NOW
