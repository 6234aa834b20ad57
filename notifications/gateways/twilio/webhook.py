"""What Twilio posts to us: its signature checked, its form read."""

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.http import QueryDict
from twilio.request_validator import RequestValidator

from notifications.domain.lifecycle import Event
from notifications.domain.reasons import Reason
from notifications.gateways.base import ArrivedText, Report, storable
from notifications.gateways.twilio import codes

SIGNATURE_HEADER = "X-Twilio-Signature"
# The answer to an SMS: nothing to say here, replies are messages of their own.
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


def is_genuine(*, path: str, form: QueryDict, headers: Mapping[str, str]) -> bool:
    """Whether Twilio signed exactly this form for exactly this address of ours.

    The address is PUBLIC_URL plus the path with its query: what a proxy or a caller puts in Host or
    X-Forwarded-* plays no part. Without a token in the settings nothing is genuine.
    """
    signature = headers.get(SIGNATURE_HEADER, "")
    if not settings.TWILIO_AUTH_TOKEN or not signature:
        return False
    validator = RequestValidator(settings.TWILIO_AUTH_TOKEN)
    url = settings.PUBLIC_URL.rstrip("/") + path
    return bool(validator.validate(url, form, signature))


def read_status(uuid: UUID, form: QueryDict) -> Report | None:
    """A status callback as a report; None when it holds nothing we know."""
    status = (form.get("MessageStatus") or form.get("SmsStatus") or "").lower()
    sid = storable(form.get("MessageSid") or form.get("SmsSid") or "", 100)
    event = codes.STATUSES.get(status)
    if event is None or not sid:
        return None
    code = _number(form.get("ErrorCode"))
    return Report(
        vendor=codes.NAME,
        event_id=f"{sid}:{status}",
        message_uuid=uuid,
        vendor_id=sid,
        event=event,
        reason=codes.failure(code) if event is Event.RETURN else Reason.NONE,
        vendor_code=str(code or ""),
    )


def read_sms(form: QueryDict) -> ArrivedText | None:
    """An inbound SMS; None when it has no id or no sender."""
    sid = storable(form.get("MessageSid") or form.get("SmsSid") or "", 100)
    sender = storable(form.get("From") or "", 40)
    if not sid or not sender:
        return None
    return ArrivedText(
        vendor=codes.NAME,
        vendor_id=sid,
        sender=sender,
        recipient=storable(form.get("To") or "", 40),
        body=storable(form.get("Body") or "", 10_000),
        keyword=storable(form.get("OptOutType") or "", 20),
    )


def _number(text: str | None) -> int | None:
    try:
        return int(text or "")
    except ValueError:
        return None
