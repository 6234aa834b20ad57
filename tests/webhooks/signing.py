"""A provider's side of a webhook."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client

from notifications.domain.lifecycle import Channel, Status
from notifications.fields import blind_index
from notifications.models import InboundEmail, InboundSms, Message, Receipt
from tests.double.calls import sendgrid_signature, twilio_signature
from tests.double.state import Keys

NOW = datetime(2026, 12, 2, 13, 0, tzinfo=UTC)
PUBLIC = "https://vooraf.gemeente.test"
SMS_PATH = "/webhooks/twilio/sms"
EVENTS_PATH = "/webhooks/sendgrid/events"
INBOUND_PATH = "/webhooks/sendgrid/inbound"
SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


ADDRESSES = {Channel.SMS: "+31612345678", Channel.EMAIL: "a@example.nl"}


def status_path(uuid: object) -> str:
    return f"/webhooks/twilio/status/{uuid}"


def sms_form(**changes: str) -> dict[str, str]:
    return {
        "MessageSid": "SM" + "1" * 32,
        "From": "+31612345678",
        "To": "+3197010200000",
        "Body": "Ja hoor!",
    } | changes


def status_form(status: str = "delivered", **changes: str) -> dict[str, str]:
    return {"MessageSid": "SM" + "2" * 32, "MessageStatus": status} | changes


def accepted(channel: Channel = Channel.SMS, vendor_id: str = "SM" + "2" * 32) -> Message:
    """A message that the provider has."""
    return Message.objects.create(
        subject=f"a/{uuid4()}",
        kind="proef",
        channel=channel.value,
        address=ADDRESSES[channel],
        address_index=blind_index(ADDRESSES[channel]),
        due_at=NOW,
        useful_until=NOW + timedelta(days=400),
        created_at=NOW,
        status=Status.ACCEPTED.value,
        vendor_id=vendor_id,
    )


def stored() -> tuple[int, int, int]:
    """How much came in: receipts, texts, mails."""
    return (Receipt.objects.count(), InboundSms.objects.count(), InboundEmail.objects.count())


def event(uuid: UUID, name: str = "delivered", **changes: Any) -> dict[str, Any]:
    return {
        "event": name,
        "email": "a@example.nl",
        "timestamp": int(time.time()),
        "sg_event_id": f"ev-{name}",
        "sg_message_id": "abc.recvd-1",
        "message_uuid": str(uuid),
    } | changes


class Sender:
    """Posts to our webhooks with the signature of whoever it pretends to be."""

    def __init__(self) -> None:
        self.keys = Keys(account_sid="AC1", auth_token="the-token", sendgrid_key="k")
        self.client = Client(enforce_csrf_checks=True)

    def settings(self) -> dict[str, Any]:
        return {
            "PUBLIC_URL": PUBLIC,
            "TWILIO_AUTH_TOKEN": self.keys.auth_token,
            "SENDGRID_WEBHOOK_PUBLIC_KEY": self.keys.public_key,
            "SENDGRID_INBOUND_PUBLIC_KEY": self.keys.public_key,
        }

    def twilio(
        self,
        path: str,
        form: dict[str, str],
        *,
        signed_for: str = PUBLIC,
        token: str = "the-token",
        signature: str | None = None,
        **headers: str,
    ) -> HttpResponse:
        made = twilio_signature(signed_for + path, form, token)
        sent = {"X-Twilio-Signature": made if signature is None else signature} | headers
        return self.client.post(  # type: ignore[return-value]
            path,
            urlencode(form),
            content_type="application/x-www-form-urlencoded; charset=UTF-8",
            headers={name: value for name, value in sent.items() if value},
        )

    def sendgrid(
        self,
        path: str,
        body: bytes,
        *,
        age: float = 0,
        content_type: str = "application/json",
        keys: Keys | None = None,
        headers: dict[str, str] | None = None,
    ) -> HttpResponse:
        timestamp = str(int(time.time() - age))
        sent = {
            TIMESTAMP: timestamp,
            SIGNATURE: sendgrid_signature(body, timestamp, keys or self.keys),
        } | (headers or {})
        return self.client.post(  # type: ignore[return-value]
            path, body, content_type=content_type, headers=sent
        )

    def events(self, *events: dict[str, Any], **more: Any) -> HttpResponse:
        return self.sendgrid(EVENTS_PATH, json.dumps(events).encode(), **more)
