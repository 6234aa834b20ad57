"""The part of Twilio's API that we use: create, list and fetch messages."""

import base64
import secrets
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

from tests.double import calls, specs
from tests.double.answers import Answer
from tests.double.state import State


def addressee(body: bytes) -> str:
    """The number in a request, for faults aimed at one person."""
    return parse_qs(body.decode("utf-8", "replace")).get("To", [""])[0]


def handle(state: State, method: str, path: str, query: dict[str, list[str]], body: bytes, auth: str) -> Answer:
    if not _may(state, auth):
        return _error(401, 20003, "Authenticate")
    root = f"/2010-04-01/Accounts/{state.keys.account_sid}/Messages"
    if path == f"{root}.json" and method == "POST":
        return _create(state, parse_qs(body.decode(), keep_blank_values=True))
    if path == f"{root}.json" and method == "GET":
        return _list(state, path, query)
    if path.startswith(root + "/") and method == "GET":
        return _fetch(state, path.removeprefix(root + "/").removesuffix(".json"))
    return _error(404, 20404, "The requested resource was not found")


def set_status(state: State, sid: str, status: str, error_code: int | None) -> int:
    """Move a message on and report it; returns the status of our answer (0: none, or no callback)."""
    with state.lock:
        message = next((each for each in state.messages if each["sid"] == sid), None)
        if message is None:
            return 0
        message["status"] = status
        message["error_code"] = error_code
        message["date_updated"] = _now()
        if status not in {"queued", "accepted", "scheduled"}:
            message["date_sent"] = message["date_sent"] or _now()
        callback = state.callbacks.get(sid, "")
    if not callback:
        return 0
    return calls.post_form(callback, calls.status_form(message, status, error_code), state.keys)


def inbound(state: State, *, url: str, sender: str, to: str, body: str, sid: str = "") -> int:
    """A text from a phone, as Twilio posts it."""
    form = {
        "AccountSid": state.keys.account_sid,
        "ApiVersion": "2010-04-01",
        "Body": body,
        "From": sender,
        "FromCountry": "NL",
        "MessageSid": sid or _sid(),
        "NumMedia": "0",
        "NumSegments": "1",
        "To": to,
        "ToCountry": "NL",
    }
    form["SmsMessageSid"] = form["SmsSid"] = form["MessageSid"]
    return calls.post_form(url, form, state.keys)


def _may(state: State, auth: str) -> bool:
    expected = f"{state.keys.account_sid}:{state.keys.auth_token}".encode()
    return auth == "Basic " + base64.b64encode(expected).decode()


def _create(state: State, form: dict[str, list[str]]) -> Answer:
    wrong = specs.wrong_form(form, state.specs)
    if wrong:
        state.note("twilio", "refused", why=wrong)
        code = 21211 if "'To'" in wrong else 21617 if "1600" in wrong else 21604
        return _error(400, code, wrong)
    flat = {name: values[0] for name, values in form.items()}
    sid = _sid()
    message = _resource(state, sid, flat)
    with state.lock:
        state.messages.append(message)
        state.callbacks[sid] = flat.get("StatusCallback", "")
    state.note("twilio", "accepted", sid=sid, to=flat["To"], body=flat["Body"], form=flat)
    if state.deliver and flat.get("StatusCallback"):
        calls.deliver_later(state, message, flat["StatusCallback"])
    return Answer(201, message)


def _resource(state: State, sid: str, flat: dict[str, str]) -> dict[str, Any]:
    account = state.keys.account_sid
    uri = f"/2010-04-01/Accounts/{account}/Messages/{sid}"
    return {
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": flat["Body"],
        "date_created": _now(),
        # Empty until it has left: a filter on it hides what is still queued.
        "date_sent": None,
        "date_updated": _now(),
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": flat.get("From"),
        "messaging_service_sid": flat.get("MessagingServiceSid"),
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "sid": sid,
        "status": "queued",
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": flat["To"],
        "uri": f"{uri}.json",
    }


def _list(state: State, path: str, query: dict[str, list[str]]) -> Answer:
    size = int(query.get("PageSize", ["50"])[0])
    page = int(query.get("Page", ["0"])[0])
    to = query.get("To", [""])[0]
    with state.lock:
        found = [each for each in state.messages if to in {"", each["to"]}]
    if not state.listing:
        found = []
    if any(name.startswith("DateSent") for name in query):
        found = [each for each in found if each["date_sent"] is not None]
    found.reverse()
    part = found[page * size : (page + 1) * size]
    more = (page + 1) * size < len(found)
    kept = [(name, value[0]) for name, value in query.items() if name != "Page"]
    next_uri = f"{path}?{urlencode([*kept, ('Page', page + 1)])}" if more else None
    state.note("twilio", "listed", to=to, found=len(found))
    return Answer(
        200,
        {
            "messages": part,
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": page * size + len(part),
            "first_page_uri": f"{path}?{urlencode(kept)}",
            "next_page_uri": next_uri,
            "previous_page_uri": None,
            "uri": path,
        },
    )


def _fetch(state: State, sid: str) -> Answer:
    with state.lock:
        for message in state.messages:
            if message["sid"] == sid:
                return Answer(200, message)
    return _error(404, 20404, "The requested resource was not found")


def _error(status: int, code: int, text: str) -> Answer:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Answer(status, {"code": code, "message": text, "more_info": more, "status": status})


def _sid() -> str:
    return "SM" + secrets.token_hex(16)


def _now() -> str:
    return format_datetime(datetime.now(UTC))
