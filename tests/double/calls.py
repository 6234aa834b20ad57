"""The double's own calls: signed receipts, events and inbound messages.

The signatures are made here by hand and not with the product's code: one misunderstanding shared by
both sides would otherwise pass every test.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urldefrag, urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.double.state import Keys, State


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


def deliver_later(state: State, message: Mapping[str, Any], callback: str) -> None:
    """With --deliver: report sent and delivered, from a thread of its own."""

    def run() -> None:
        for status in ("sent", "delivered"):
            time.sleep(0.02)
            post_form(callback, status_form(message, status, None), state.keys)

    threading.Thread(target=run, daemon=True).start()


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


def events_later(state: State, mail: Mapping[str, Any]) -> None:
    """With --deliver and --events-url: report processed and delivered."""

    def run() -> None:
        time.sleep(0.02)
        events = [event("processed", mail, 1), event("delivered", mail, 1)]
        post_events(state.events_url, events, state.keys)

    threading.Thread(target=run, daemon=True).start()


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0
