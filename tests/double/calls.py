"""The double's own calls: signed receipts, events and inbound messages.

The signatures are made here by hand and not with the product's code: one misunderstanding shared by
both sides would otherwise pass every test.
"""

import base64
import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urldefrag, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.double.state import Keys

# Twilio's own limit on an answer to a callback.
_PATIENCE = 15.0


def twilio_signature(url: str, form: Mapping[str, str], token: str) -> str:
    """HMAC-SHA1 over the address and the sorted form; the fragment is no part of the address."""
    text = urldefrag(url).url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def sendgrid_signature(body: bytes, timestamp: str, keys: Keys) -> str:
    """ECDSA over the timestamp and the raw bytes."""
    made = keys.signing_key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return base64.b64encode(made).decode()


def post_form(url: str, form: Mapping[str, str], keys: Keys) -> int:
    """A webhook of Twilio; returns the status of the answer, 0 when nobody answered."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "X-Twilio-Signature": twilio_signature(url, form, keys.auth_token),
    }
    return _post(urldefrag(url).url, urlencode(form).encode(), headers)


def post_signed(url: str, body: bytes, content_type: str, keys: Keys) -> int:
    """A webhook of SendGrid."""
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": content_type,
        "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
        "X-Twilio-Email-Event-Webhook-Signature": sendgrid_signature(body, timestamp, keys),
    }
    return _post(url, body, headers)


def post_events(url: str, events: list[dict[str, Any]], keys: Keys) -> int:
    """A batch of SendGrid events."""
    return post_signed(url, json.dumps(events).encode(), "application/json", keys)


def status_form(message: Mapping[str, Any], status: str, error_code: int | None) -> dict[str, str]:
    """The fields of a status callback."""
    form = {
        "AccountSid": str(message["account_sid"]),
        "ApiVersion": "2010-04-01",
        "From": str(message["from"] or ""),
        "To": str(message["to"]),
        "MessageSid": str(message["sid"]),
        "SmsSid": str(message["sid"]),
        "MessageStatus": status,
        "SmsStatus": status,
    }
    if error_code:
        form["ErrorCode"] = str(error_code)
    return form


def move(message: dict[str, Any], status: str, error_code: int | None) -> None:
    """Write in a message where it is now; it has a moment of sending from the day it left the queue."""
    message["status"] = status
    message["error_code"] = error_code
    message["date_updated"] = moment()
    if status not in {"queued", "accepted", "scheduled"}:
        message["date_sent"] = message["date_sent"] or moment()


def moment() -> str:
    """Now, as Twilio writes it."""
    return _second(int(time.time()))


@lru_cache(maxsize=2)
def _second(number: int) -> str:
    return format_datetime(datetime.fromtimestamp(number, UTC))


def event(name: str, mail: Mapping[str, Any], number: int, **more: Any) -> dict[str, Any]:
    """One SendGrid event about a mail of ours."""
    return {
        "event": name,
        "email": mail["to"],
        "timestamp": int(time.time()),
        "sg_event_id": f"ev-{mail['id']}-{name}-{number}",
        "sg_message_id": f"{mail['id']}.recvd-1",
        **mail["custom_args"],
        **more,
    }


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=_PATIENCE)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {**headers, "Connection": "close"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
