"""What SendGrid posts to us: its signature checked over the raw bytes, then read."""

import base64
import binascii
import email
import email.policy
import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.message import Message as Mail
from functools import lru_cache
from typing import Any
from uuid import UUID

import nh3
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.conf import settings

from notifications.domain.lifecycle import Event
from notifications.gateways.base import ArrivedMail, Report, storable
from notifications.gateways.sendgrid import codes

SIGNATURE_HEADER = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP_HEADER = "X-Twilio-Email-Event-Webhook-Timestamp"
# How old or how far ahead a signed moment may be. A repeat inside it changes nothing either, because
# every event is taken once; SENDGRID_WEBHOOK_WINDOW_SECONDS makes it wider when the provider turns out
# to repeat old signatures after a long failure of ours.
_WINDOW_SECONDS = 300

_ADDRESS = re.compile(r"[^\s<>,;\"]+@[^\s<>,;\"]+")
_REPLY = re.compile(codes.REPLY_NAME + r"\+([0-9a-f]{32})@", re.IGNORECASE)
_AUTOMATIC = re.compile(
    r"^(auto-submitted:(?!\s*no\b)|x-auto-response-suppress:|x-autoreply:"
    r"|precedence:\s*(bulk|junk|auto_reply|list))",
    re.IGNORECASE | re.MULTILINE,
)
_MACHINES = ("mailer-daemon@", "postmaster@", "no-reply@", "noreply@")


def is_genuine(*, public_key: str, body: bytes, headers: Mapping[str, str], now: datetime) -> bool:
    """Whether SendGrid signed these bytes, recently. Without a key in the settings nothing is."""
    timestamp = headers.get(TIMESTAMP_HEADER, "")
    try:
        signature = base64.b64decode(headers.get(SIGNATURE_HEADER, ""), validate=True)
        moment = int(timestamp)
    except (binascii.Error, ValueError):
        return False
    key = _key(public_key)
    if key is None or not signature:
        return False
    window = float(getattr(settings, "SENDGRID_WEBHOOK_WINDOW_SECONDS", _WINDOW_SECONDS))
    if abs(now.timestamp() - moment) > window:
        return False
    try:
        key.verify(signature, timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=4)
def _key(text: str) -> ec.EllipticCurvePublicKey | None:
    """The key as SendGrid shows it (base64 of DER), with or without PEM lines around it."""
    bare = "".join(re.sub(r"-----[A-Z ]+-----", "", text).split())
    try:
        key = load_der_public_key(base64.b64decode(bare))
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, ec.EllipticCurvePublicKey) else None


def read_events(body: bytes) -> list[Report]:
    """The events about our own messages; raises ValueError when it is not a list of events.

    Other systems may share the account: what does not carry our argument is not ours.
    """
    try:
        events = json.loads(body)
    except RecursionError as problem:
        raise ValueError("nested too deeply") from problem
    if not isinstance(events, list):
        raise ValueError("not a list of events")  # noqa: TRY004  # one kind of "unreadable"
    return list(_reports(events))


def _reports(events: list[Any]) -> Iterator[Report]:
    for event in events:
        if not isinstance(event, dict):
            continue
        name = storable(event.get("event") or "", 40).lower()
        uuid = _uuid(event.get(codes.UUID_ARGUMENT))
        event_id = storable(event.get("sg_event_id") or "", 150)
        moves = codes.EVENTS.get(name)
        if uuid is None or not event_id or (moves is None and name not in codes.WISHES):
            continue
        reason = codes.failure(event) if moves is Event.RETURN else codes.about(name)
        yield Report(
            vendor=codes.NAME,
            event_id=event_id,
            message_uuid=uuid,
            # The part before the dot is what the answer to our request called X-Message-Id.
            vendor_id=storable(event.get("sg_message_id") or "", 200).split(".")[0],
            event=moves,
            reason=reason,
            vendor_code=storable(event.get("status") or event.get("type") or "", 40),
            occurred_at=_moment(event.get("timestamp")),
        )


def read_mail(body: bytes, content_type: str) -> ArrivedMail | None:
    """A reply by e-mail; None when it holds no sender. Attachments are not read."""
    fields = _fields(body, content_type)
    if "email" in fields and "text" not in fields:
        fields |= _raw(fields["email"])
    headers = fields.get("headers", "")
    found = _ADDRESS.search(fields.get("from", ""))
    if found is None:
        return None
    sender = found.group()
    text = fields.get("text") or _plain(fields.get("html", ""))
    message_id = re.search(r"^message-id:\s*(\S+)", headers, re.IGNORECASE | re.MULTILINE)
    identity = "\n".join([message_id[1] if message_id else "", sender, text]).encode("utf-8", "replace")
    reply = _REPLY.search(fields.get("to", "") + " " + fields.get("envelope", ""))
    return ArrivedMail(
        vendor=codes.NAME,
        vendor_id=hashlib.sha256(identity).hexdigest(),
        sender=storable(sender, 254),
        message_uuid=_uuid(reply[1]) if reply else None,
        title=storable(" ".join(fields.get("subject", "").split()), 1000),
        text=storable(text, 100_000),
        automatic=bool(_AUTOMATIC.search(headers)) or sender.lower().startswith(_MACHINES),
    )


def _fields(body: bytes, content_type: str) -> dict[str, str]:
    """The text fields of a multipart form, each decoded by the character set it came in."""
    header = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    form = email.message_from_bytes(header + body)
    raw: dict[str, bytes] = {}
    for part in form.walk():
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str) and part.get_filename() is None:
            payload = part.get_payload(decode=True)
            raw[name] = payload if isinstance(payload, bytes) else b""
    try:
        charsets = json.loads(raw.get("charsets", b"{}"))
    except ValueError:
        charsets = {}
    known = charsets if isinstance(charsets, dict) else {}
    return {name: _decode(value, str(known.get(name, "utf-8"))) for name, value in raw.items()}


def _raw(text: str) -> dict[str, str]:
    """The same fields from a whole message, when the provider is set to send it raw."""
    mail: Mail = email.message_from_string(text, policy=email.policy.default)
    body = mail.get_body(("plain", "html")) if hasattr(mail, "get_body") else None
    content = str(body.get_content()) if body is not None else ""
    kind = body.get_content_type() if body is not None else "text/plain"
    return {
        "text": _plain(content) if kind == "text/html" else content,
        "headers": "\n".join(f"{name}: {value}" for name, value in mail.items()),
        "from": str(mail.get("From", "")),
        "to": str(mail.get("To", "")),
        "subject": str(mail.get("Subject", "")),
    }


def _decode(value: bytes, charset: str) -> str:
    try:
        return value.decode(charset, "replace").removesuffix("\n").removesuffix("\r")
    except LookupError:
        return value.decode("utf-8", "replace")


def _plain(markup: str) -> str:
    return html.unescape(nh3.clean(markup, tags=set())).strip()


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(str(value)), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None
