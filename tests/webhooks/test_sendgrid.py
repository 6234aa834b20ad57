"""SendGrid's two addresses: only what SendGrid signed, recently, gets in."""

import json
import time
from typing import Any

import pytest

from notifications.domain.lifecycle import Channel, Status
from notifications.models import InboundEmail, Message, Receipt
from notifications.outbox.opt_outs import is_opted_out
from tests.double.calls import sendgrid_signature
from tests.double.state import Keys
from tests.webhooks.signing import (
    EVENTS_PATH,
    INBOUND_PATH,
    SIGNATURE,
    TIMESTAMP,
    Sender,
    accepted,
    event,
    stored,
)

pytestmark = pytest.mark.django_db


def _mail() -> Message:
    return accepted(Channel.EMAIL, vendor_id="abc")


def _status(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.status, message.reason


@pytest.mark.parametrize(
    ("name", "more", "status", "reason"),
    [
        ("processed", {}, Status.ACCEPTED, ""),
        ("deferred", {}, Status.ACCEPTED, ""),
        ("delivered", {}, Status.DELIVERED, ""),
        ("open", {}, Status.ACCEPTED, ""),
        ("bounce", {"bounce_classification": "Invalid Address"}, "undelivered", "mailbox_unknown"),
        ("bounce", {"bounce_classification": "Reputation"}, "undelivered", "filtered"),
        ("bounce", {"type": "blocked"}, "undelivered", "mail_refused"),
        ("bounce", {"type": "bounce", "status": "5.1.1"}, "undelivered", "mailbox_unknown"),
        ("bounce", {"type": "bounce", "status": "5.2.2"}, "undelivered", "mailbox_full"),
        ("bounce", {}, "undelivered", "mail_refused"),
        ("dropped", {"reason": "Bounced Address"}, "undelivered", "suppressed"),
        ("dropped", {"reason": "Invalid"}, "undelivered", "invalid_address"),
        ("dropped", {"reason": "iets nieuws"}, "undelivered", "refused"),
    ],
)
def test_what_an_event_means(sender: Sender, name: str, more: dict[str, Any], status: str, reason: str) -> None:
    message = _mail()
    assert sender.events(event(message.uuid, name, **more)).status_code == 204
    assert _status(message) == (status, reason)


def test_a_batch_is_taken_whole_and_once(sender: Sender) -> None:
    one, other = _mail(), _mail()
    batch = (
        event(one.uuid, sg_event_id="1"),
        event(other.uuid, "bounce", sg_event_id="2"),
        event(one.uuid, sg_event_id="1"),
    )
    for _ in range(2):
        assert sender.events(*batch).status_code == 204
    assert _status(one)[0] == "delivered"
    assert _status(other)[0] == "undelivered"
    assert Receipt.objects.count() == 2


def test_events_of_another_system_are_skipped(sender: Sender) -> None:
    message = _mail()
    strange: list[Any] = [
        {"event": "delivered", "sg_event_id": "x"},
        event(message.uuid) | {"message_uuid": "no uuid"},
        event(message.uuid) | {"sg_event_id": ""},
        "text",
        None,
    ]
    assert sender.events(*strange).status_code == 204
    assert stored() == (0, 0, 0)


@pytest.mark.parametrize("name", ["spamreport", "unsubscribe", "group_unsubscribe"])
def test_a_wish_is_remembered_and_moves_nothing(sender: Sender, name: str) -> None:
    message = _mail()
    sender.events(event(message.uuid, name))
    assert is_opted_out(channel=Channel.EMAIL, address="a@example.nl")
    assert _status(message)[0] == "accepted"


def test_one_changed_byte_is_refused(sender: Sender) -> None:
    message = _mail()
    body = json.dumps([event(message.uuid)]).encode()
    timestamp = str(int(time.time()))
    signed = sendgrid_signature(body, timestamp, sender.keys)
    changed = body.replace(b"delivered", b"processed")
    answer = sender.sendgrid(EVENTS_PATH, changed, headers={SIGNATURE: signed, TIMESTAMP: timestamp})
    assert answer.status_code == 403
    assert stored() == (0, 0, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {SIGNATURE: ""},
        {SIGNATURE: "bm8="},
        {SIGNATURE: "not base64!"},
        {TIMESTAMP: ""},
        {TIMESTAMP: "gisteren"},
        {TIMESTAMP: "1e99"},
        {TIMESTAMP: "99999999999999999999"},
    ],
)
def test_unsigned_or_wrongly_signed_stores_nothing(sender: Sender, headers: dict[str, str]) -> None:
    message = _mail()
    assert sender.events(event(message.uuid), headers=headers).status_code == 403
    assert sender.sendgrid(INBOUND_PATH, b"x", headers=headers).status_code == 403
    assert stored() == (0, 0, 0)
    assert _status(message)[0] == "accepted"


def test_another_key_is_not_theirs(sender: Sender) -> None:
    stranger = Keys(account_sid="", auth_token="", sendgrid_key="")
    assert sender.events(event(_mail().uuid), keys=stranger).status_code == 403


@pytest.mark.parametrize("key", ["", "nonsense", "bm8ga2V5"])
def test_without_a_good_key_nothing_is_genuine(sender: Sender, settings: object, key: str) -> None:
    settings.SENDGRID_WEBHOOK_PUBLIC_KEY = key  # type: ignore[attr-defined]
    assert sender.events(event(_mail().uuid)).status_code == 403


def test_a_key_may_come_as_pem(sender: Sender, settings: object) -> None:
    bare = sender.keys.public_key
    pem = f"-----BEGIN PUBLIC KEY-----\n{bare[:64]}\n{bare[64:]}\n-----END PUBLIC KEY-----\n"
    settings.SENDGRID_WEBHOOK_PUBLIC_KEY = pem  # type: ignore[attr-defined]
    assert sender.events(event(_mail().uuid)).status_code == 204


@pytest.mark.parametrize(("age", "code"), [(0, 204), (290, 204), (-290, 204), (360, 403), (-360, 403)])
def test_only_what_was_signed_lately(sender: Sender, age: float, code: int) -> None:
    assert sender.events(event(_mail().uuid), age=age).status_code == code


def test_the_window_can_be_wider(sender: Sender, settings: object) -> None:
    settings.SENDGRID_WEBHOOK_WINDOW_SECONDS = 86_400  # type: ignore[attr-defined]
    assert sender.events(event(_mail().uuid), age=80_000).status_code == 204


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"nonsense", b"\xff\xfe", b'"x"', b"[" * 200_000, b"[" + b"9" * 5000 + b"]"]
)
def test_signed_nonsense_is_answered_and_not_asked_for_again(sender: Sender, body: bytes) -> None:
    assert sender.sendgrid(EVENTS_PATH, body).status_code == 204
    assert stored() == (0, 0, 0)


def test_too_much_is_not_read(sender: Sender) -> None:
    assert sender.sendgrid(EVENTS_PATH, b"x" * (2 * 1024 * 1024 + 1)).status_code == 413


BOUNDARY = "xYzZY"


def _form(**fields: bytes | str) -> bytes:
    parts = []
    for name, value in fields.items():
        content = value if isinstance(value, bytes) else value.encode()
        disposition = f'Content-Disposition: form-data; name="{name}"'.encode()
        parts.append(b"--xYzZY\r\n" + disposition + b"\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + b"--xYzZY--\r\n"


def _reply(sender: Sender, **fields: bytes | str) -> InboundEmail:
    body = _form(**fields)
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    assert sender.sendgrid(INBOUND_PATH, body, content_type=kind).status_code == 200
    return InboundEmail.objects.order_by("-pk")[0]


def _fields(**changes: bytes | str) -> dict[str, bytes | str]:
    return {
        "from": "A. Jansen <a@example.nl>",
        "to": "antwoord@antwoord.gemeente.test",
        "subject": "Re: Uw gesprek",
        "text": "Ik neem op.\nGroet",
        "headers": "Message-ID: <1@example.nl>\nFrom: a@example.nl\n",
    } | changes


def test_a_reply_is_bound_to_its_message(sender: Sender) -> None:
    message = _mail()
    row = _reply(sender, **_fields(to=f"Antwoord <antwoord+{message.uuid.hex}@antwoord.test>"))
    assert row.message_uuid == message.uuid
    assert (row.sender, row.title) == ("a@example.nl", "Re: Uw gesprek")
    assert row.text == "Ik neem op.\nGroet"
    assert row.automatic is False


def test_the_same_reply_counts_once(sender: Sender) -> None:
    _reply(sender, **_fields())
    _reply(sender, **_fields())
    assert stored() == (0, 0, 1)
    _reply(sender, **_fields(headers="Message-ID: <2@example.nl>\n"))
    assert stored() == (0, 0, 2)


def test_it_is_read_in_its_own_character_set(sender: Sender) -> None:
    row = _reply(
        sender,
        **_fields(text="cliënt".encode("latin-1"), charsets='{"text": "iso-8859-1"}'),
    )
    assert row.text == "cliënt"


def test_a_mail_in_html_only_becomes_text(sender: Sender) -> None:
    fields = _fields(html="<p>Ja &amp; graag</p><script>alert(1)</script>")
    del fields["text"]
    assert _reply(sender, **fields).text == "Ja & graag"


def test_a_raw_mail_is_read_too(sender: Sender) -> None:
    raw = (
        "From: A <a@example.nl>\r\nTo: antwoord@antwoord.test\r\nSubject: Re: x\r\n"
        "Message-ID: <9@example.nl>\r\nAuto-Submitted: auto-replied\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nIk ben weg"
    )
    row = _reply(sender, email=raw, **{"from": "a@example.nl", "to": "x@y.nl", "subject": "Re: x"})
    assert row.text.strip() == "Ik ben weg"
    assert row.automatic is True


@pytest.mark.parametrize(
    ("headers", "automatic"),
    [
        ("Auto-Submitted: auto-replied\n", True),
        ("Auto-Submitted: no\n", False),
        ("Precedence: bulk\n", True),
        ("X-Auto-Response-Suppress: All\n", True),
        ("Subject: Auto-Submitted: x\n", False),
    ],
)
def test_machines_are_recognised(sender: Sender, headers: str, automatic: bool) -> None:
    assert _reply(sender, **_fields(headers=headers)).automatic is automatic


def test_attachments_are_not_kept(sender: Sender) -> None:
    body = _form(**_fields()).removesuffix(b"--xYzZY--\r\n") + (
        b'--xYzZY\r\nContent-Disposition: form-data; name="attachment1"; filename="x.exe"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\nMZ\x00\x01\r\n--xYzZY--\r\n"
    )
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    assert sender.sendgrid(INBOUND_PATH, body, content_type=kind).status_code == 200
    assert InboundEmail.objects.get().text == "Ik neem op.\nGroet"


@pytest.mark.parametrize("body", [b"", b"nonsense", b"--xYzZY\r\n\r\n\r\n--xYzZY--"])
def test_a_form_without_a_sender_is_answered_and_not_stored(sender: Sender, body: bytes) -> None:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    assert sender.sendgrid(INBOUND_PATH, body, content_type=kind).status_code == 200
    assert stored() == (0, 0, 0)
