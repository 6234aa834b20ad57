"""The part of Twilio's API that we use: create, list and fetch messages."""

import base64
import re
import secrets
import time
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from tests.double import calls, receipts, specs
from tests.double.answers import Answer, Request
from tests.double.state import State

# Our own id of the message, in the address that its receipts go to.
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def about(request: Request) -> tuple[str, str]:
    """Whom a request is for, and which message of ours it is ("" when it does not say)."""
    form = request.form if request.method == "POST" else request.query
    return form.get("To", [""])[0], _uuid(form.get("StatusCallback", [""])[0])


def handle(state: State, request: Request) -> Answer:
    if "twilio" in state.revoked or not _may(state, request.auth):
        return _error(401, 20003, "Authenticate")
    path, method = request.path, request.method
    root = f"/2010-04-01/Accounts/{state.keys.account_sid}/Messages"
    if path == f"{root}.json" and method == "POST":
        return _create(state, request.form)
    if path == f"{root}.json" and method == "GET":
        return _list(state, path, request.query)
    if path.startswith(root + "/") and method == "GET":
        return _fetch(state, path.removeprefix(root + "/").removesuffix(".json"))
    return _error(404, 20404, "The requested resource was not found")


def set_status(state: State, sid: str, status: str, error_code: int | None) -> int:
    """Move a message on and report it; returns the status of our answer (0: none, or no callback)."""
    with state.lock:
        message = state.by_sid.get(sid)
        if message is None:
            return 0
        calls.move(message, status, error_code)
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
    return auth == _basic(state.keys.account_sid, state.keys.auth_token)


@lru_cache(maxsize=4)
def _basic(name: str, word: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{word}".encode()).decode()


def _create(state: State, form: dict[str, list[str]]) -> Answer:
    wrong = specs.wrong_form(form, state.specs)
    if wrong:
        state.note("twilio", "refused", why=wrong)
        code = 21211 if "'To'" in wrong else 21617 if "1600" in wrong else 21604
        return _error(400, code, wrong)
    flat = {name: values[0] for name, values in form.items()}
    sid = _sid()
    message = _resource(state, sid, flat)
    callback = flat.get("StatusCallback", "")
    uuid = _uuid(callback)
    lag = state.weather.lag(uuid)
    with state.lock:
        state.messages.append(message)
        state.by_sid[sid] = message
        state.by_number[flat["To"]].append(message)
        state.callbacks[sid] = callback
        if lag:
            state.listed_from[sid] = time.monotonic() + lag
    state.note("twilio", "accepted", sid=sid, to=flat["To"], uuid=uuid, body=flat["Body"], form=flat)
    return Answer(201, message, letters=receipts.about_message(state, message, callback, uuid))


def _resource(state: State, sid: str, flat: dict[str, str]) -> dict[str, Any]:
    account = state.keys.account_sid
    now = calls.moment()
    uri = f"/2010-04-01/Accounts/{account}/Messages/{sid}"
    return {
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": flat["Body"],
        "date_created": now,
        # Empty until it has left: a filter on it hides what is still queued.
        "date_sent": None,
        "date_updated": now,
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
    now = time.monotonic()
    with state.lock:
        known = state.by_number.get(to, []) if to else state.messages
        found = [each for each in known if state.listed_from.get(each["sid"], 0.0) <= now] if state.listing else []
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
        message = state.by_sid.get(sid)
    return Answer(200, message) if message else _error(404, 20404, "The requested resource was not found")


def _error(status: int, code: int, text: str) -> Answer:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Answer(status, {"code": code, "message": text, "more_info": more, "status": status})


def _sid() -> str:
    return "SM" + secrets.token_hex(16)


def _uuid(callback: str) -> str:
    found = _UUID.search(callback)
    return found.group() if found else ""
