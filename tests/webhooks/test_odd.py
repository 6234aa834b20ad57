"""What providers, networks and strangers do to a webhook besides the usual."""

import json
import socket
import time
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from notifications import api
from notifications.domain.lifecycle import Channel, Status
from notifications.models import InboundSms, Message, Receipt
from notifications.outbox import receipts
from notifications.outbox.opt_outs import is_opted_out
from tests.double.calls import sendgrid_signature, twilio_signature
from tests.webhooks.signing import (
    EVENTS_PATH,
    PUBLIC,
    SIGNATURE,
    SMS_PATH,
    TIMESTAMP,
    Sender,
    accepted,
    event,
    sms_form,
    status_form,
    status_path,
    stored,
)

pytestmark = pytest.mark.django_db


def _mail() -> Message:
    return accepted(Channel.EMAIL, vendor_id="abc")


def _status(message: Message) -> Status:
    message.refresh_from_db()
    return Status(message.status)


BROKEN: list[Any] = [
    None,
    "text",
    7,
    [],
    {},
    {"event": None},
    {"event": ["delivered"]},
    {"event": "delivered", "message_uuid": {"a": 1}, "sg_event_id": "x"},
    {"event": "delivered", "message_uuid": "\x00", "sg_event_id": "x"},
]


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_broken_event_does_not_hold_up_the_others(sender: Sender, broken: Any, place: int) -> None:
    one, other = _mail(), _mail()
    batch = [event(one.uuid, sg_event_id="1"), event(other.uuid, "bounce", sg_event_id="2")]
    batch.insert(place, broken)
    assert sender.events(*batch).status_code == 204
    assert (_status(one), _status(other)) == (Status.DELIVERED, Status.UNDELIVERED)


@pytest.mark.parametrize(
    "strange",
    [
        {"sg_event_id": "a\x00b"},
        {"sg_event_id": "a\ud800b"},
        {"sg_event_id": "x" * 5000},
        {"sg_event_id": 12345},
        {"sg_message_id": "\x00\udfff"},
        {"sg_message_id": ["a"]},
        {"status": "\x00", "type": {"a": "b"}},
        {"status": "5.1.1" * 1000},
        {"timestamp": "tomorrow"},
        {"timestamp": 1e300},
        {"timestamp": -62135596801},
        {"timestamp": 253402300800},
        {"timestamp": [1]},
        {"reason": "é" * 100_000},
        {"event": "DELIVERED"},
    ],
)
def test_strange_values_are_stored_as_far_as_they_go(sender: Sender, strange: dict[str, Any]) -> None:
    one, other = _mail(), _mail()
    batch = [event(one.uuid) | strange, event(other.uuid, sg_event_id="the other")]
    for _ in range(2):
        assert sender.events(*batch).status_code == 204
    assert (_status(one), _status(other)) == (Status.DELIVERED, Status.DELIVERED)
    assert Receipt.objects.count() == 2


def test_a_nul_in_a_text_does_not_make_twilio_come_back_for_ever(sender: Sender) -> None:
    assert sender.twilio(SMS_PATH, sms_form(Body="JA\x00 7K", From="+316\x0012345678")).status_code == 200
    assert InboundSms.objects.get().body == "JA 7K"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"]
)
def test_the_signature_counts_and_not_what_the_type_says(sender: Sender, content_type: str) -> None:
    message = _mail()
    body = json.dumps([event(message.uuid)]).encode()
    assert sender.sendgrid(EVENTS_PATH, body, content_type=content_type).status_code == 204
    assert _status(message) is Status.DELIVERED


def test_json_where_a_form_is_signed_is_not_genuine(sender: Sender) -> None:
    message = accepted()
    path = status_path(message.uuid)
    signed = twilio_signature(PUBLIC + path, status_form(), "the-token")
    answer = sender.client.post(
        path, json.dumps(status_form()), content_type="application/json", headers={"X-Twilio-Signature": signed}
    )
    assert answer.status_code == 403
    assert stored() == (0, 0, 0)


def test_an_old_request_again_changes_nothing(sender: Sender) -> None:
    """Twilio signs no moment: a copy stays genuine, and so must mean nothing the second time."""
    message = accepted()
    sent, delivered = status_form("sent"), status_form("delivered")
    for form in (sent, delivered, sent, delivered, sent):
        assert sender.twilio(status_path(message.uuid), form).status_code == 204
    assert _status(message) is Status.DELIVERED
    assert Receipt.objects.count() == 1
    sender.twilio(SMS_PATH, sms_form())
    InboundSms.objects.update(handed_on_at=timezone.now())
    sender.twilio(SMS_PATH, sms_form())
    assert InboundSms.objects.get().handed_on_at is not None


def test_a_copy_for_another_message_is_a_forgery(sender: Sender) -> None:
    one, other = accepted(), accepted()
    signed = twilio_signature(PUBLIC + status_path(one.uuid), status_form(), "the-token")
    assert sender.twilio(status_path(other.uuid), status_form(), signature=signed).status_code == 403
    assert stored() == (0, 0, 0)


@pytest.mark.parametrize(
    "order", [("delivered", "sent"), ("undelivered", "sent"), ("sent", "delivered", "undelivered")]
)
def test_the_first_end_stands_whatever_comes_later(sender: Sender, order: tuple[str, ...]) -> None:
    message = accepted()
    for reported in order:
        sender.twilio(status_path(message.uuid), status_form(reported))
    assert _status(message) is (Status.UNDELIVERED if order[0] == "undelivered" else Status.DELIVERED)


def test_a_report_that_is_earlier_than_our_own_record_waits_for_it(sender: Sender) -> None:
    message = accepted(vendor_id="")
    Message.objects.filter(pk=message.pk).update(status=Status.SENDING.value, in_flight=True)
    assert sender.twilio(status_path(message.uuid), status_form("delivered")).status_code == 204
    assert _status(message) is Status.SENDING
    assert Receipt.objects.get().applied_at is None

    Message.objects.filter(pk=message.pk).update(
        status=Status.ACCEPTED.value, in_flight=False, vendor_id="SM" + "2" * 32
    )
    assert receipts.apply_left_over(now=timezone.now()) == 1
    assert _status(message) is Status.DELIVERED


def test_a_report_settles_a_call_whose_answer_was_lost(sender: Sender) -> None:
    for channel in Channel:
        message = accepted(channel, vendor_id="")
        Message.objects.filter(pk=message.pk).update(status=Status.UNKNOWN.value)
        if channel is Channel.SMS:
            sender.twilio(status_path(message.uuid), status_form("sent"))
        else:
            sender.events(event(message.uuid, "deferred", response="450 try again later", attempt="2"))
        assert _status(message) is Status.ACCEPTED
        assert message.vendor_id == {Channel.SMS: "SM" + "2" * 32, Channel.EMAIL: "abc"}[channel]


def test_reports_about_somebody_who_was_erased_bring_nothing_back(sender: Sender) -> None:
    text, mail = accepted(), _mail()
    api.erase([text.subject, mail.subject])
    assert sender.twilio(status_path(text.uuid), status_form("delivered")).status_code == 204
    assert sender.events(event(mail.uuid, "spamreport"), event(mail.uuid, "bounce")).status_code == 204
    for message in (text, mail):
        message.refresh_from_db()
        assert (message.address, message.address_index, message.text) == ("", "", "")
    assert is_opted_out(channel=Channel.EMAIL, address="") is False


def test_a_report_about_a_sid_that_is_not_this_messages(sender: Sender) -> None:
    """Two copies of one message may be at the provider; the failure of one says nothing about the other."""
    message = accepted()
    form = status_form("undelivered", MessageSid="SM" + "9" * 32, ErrorCode="30003")
    assert sender.twilio(status_path(message.uuid), form).status_code == 204
    assert _status(message) is Status.ACCEPTED


@pytest.mark.parametrize("uuid", ["99999999-0000-4000-8000-000000000000", "00000000-0000-0000-0000-000000000000"])
def test_what_is_signed_but_unknown_is_not_asked_for_again(sender: Sender, uuid: str) -> None:
    assert sender.twilio(status_path(uuid), status_form()).status_code == 204
    assert sender.events(event(UUID(uuid))).status_code == 204
    assert stored() == (0, 0, 0)


@pytest.mark.parametrize("age", [-3600, 3600, -(10**12), 10**12])
def test_a_moment_that_is_not_now_is_refused(sender: Sender, age: float) -> None:
    assert sender.events(event(_mail().uuid), age=age).status_code == 403
    assert stored() == (0, 0, 0)


class Wire:
    """Requests written by hand, for what no client library sends."""

    def __init__(self, live_server: LiveServer) -> None:
        self._place = urlsplit(live_server.url)

    def send(self, path: str, headers: list[tuple[str, str]], body: bytes, *, length: int | None = None) -> int:
        """The status of the answer; 0 when the connection was closed without one."""
        lines = [f"POST {path} HTTP/1.1", f"Host: {self._place.netloc}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers]
        lines.append(f"Content-Length: {len(body) if length is None else length}")
        with socket.create_connection((self._place.hostname or "", self._place.port or 0), timeout=30) as line:
            line.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            line.shutdown(socket.SHUT_WR)
            answer = b""
            while part := line.recv(4096):
                answer += part
        return int(answer.split(b" ", 2)[1]) if answer else 0


@pytest.fixture
def wire(live_server: LiveServer, sender: Sender) -> Wire:
    return Wire(live_server)


FORM = ("Content-Type", "application/x-www-form-urlencoded")


def test_a_request_that_breaks_off_stores_nothing(wire: Wire) -> None:
    body = urlencode(sms_form()).encode()
    signed = ("X-Twilio-Signature", twilio_signature(PUBLIC + SMS_PATH, sms_form(), "the-token"))
    assert wire.send(SMS_PATH, [FORM, signed], body[:-9], length=len(body)) in {0, 400, 403}
    assert stored() == (0, 0, 0)
    assert wire.send(SMS_PATH, [FORM, signed], body) == 200
    assert stored() == (0, 1, 0)


@pytest.mark.parametrize("other", ["bogus", "same"])
def test_two_signatures_are_none(wire: Wire, other: str) -> None:
    good = twilio_signature(PUBLIC + SMS_PATH, sms_form(), "the-token")
    bad = good if other == "same" else other
    body = urlencode(sms_form()).encode()
    for pair in ((good, bad), (bad, good)):
        headers = [FORM, *(("X-Twilio-Signature", each) for each in pair)]
        assert wire.send(SMS_PATH, headers, body) == 403
    assert stored() == (0, 0, 0)


def test_two_moments_are_none(wire: Wire, sender: Sender) -> None:
    body = json.dumps([event(_mail().uuid)]).encode()
    now = str(int(time.time()))
    signed = (SIGNATURE, sendgrid_signature(body, now, sender.keys))
    assert wire.send(EVENTS_PATH, [signed, (TIMESTAMP, now), (TIMESTAMP, now)], body) == 403
    assert wire.send(EVENTS_PATH, [signed, signed, (TIMESTAMP, now)], body) == 403
    assert wire.send(EVENTS_PATH, [signed, (TIMESTAMP, now)], body) == 204


def test_another_host_in_the_request_is_not_believed(wire: Wire) -> None:
    """Signed for a stranger's address, and the stranger's name in every header that could carry it."""
    signed = twilio_signature("https://evil.example" + SMS_PATH, sms_form(), "the-token")
    headers = [
        FORM,
        ("X-Twilio-Signature", signed),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "https"),
        ("X-Original-URL", "https://evil.example" + SMS_PATH),
    ]
    assert wire.send(SMS_PATH, headers, urlencode(sms_form()).encode()) == 403
    assert stored() == (0, 0, 0)


@pytest.mark.parametrize("length", [-1, 10**15])
def test_a_length_that_cannot_be(wire: Wire, length: int) -> None:
    assert wire.send(SMS_PATH, [FORM], b"x", length=length) in {0, 400, 403, 413}
    assert stored() == (0, 0, 0)
