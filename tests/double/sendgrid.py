"""The part of SendGrid's API that we use: one mail."""

import json
import secrets
from typing import Any

from tests.double import calls, specs
from tests.double.answers import Answer
from tests.double.state import State


def addressee(body: bytes) -> str:
    """The address in a request, for faults aimed at one person."""
    try:
        return str(json.loads(body)["personalizations"][0]["to"][0]["email"])
    except (ValueError, KeyError, IndexError, TypeError):
        return ""


def handle(
    state: State,
    method: str,
    path: str,
    query: dict[str, list[str]],
    body: bytes,
    auth: str,
) -> Answer:
    if auth != f"Bearer {state.keys.sendgrid_key}":
        return _errors(401, "The provided authorization grant is invalid, expired, or revoked")
    if path != "/v3/mail/send":
        return _errors(404, "not found")
    if method != "POST" or query:
        return _errors(405, "method not allowed")
    try:
        mail = json.loads(body)
    except ValueError:
        return _errors(400, "Bad Request")
    wrong = specs.wrong_mail(mail, state.specs)
    if wrong:
        state.note("sendgrid", "refused", why=wrong)
        return Answer(400, {"errors": wrong})
    return _accept(state, mail)


def _accept(state: State, mail: dict[str, Any]) -> Answer:
    person = mail["personalizations"][0]
    kept = {
        "id": secrets.token_urlsafe(16),
        "to": person["to"][0]["email"],
        "custom_args": {**mail.get("custom_args", {}), **person.get("custom_args", {})},
        "subject": mail["subject"],
    }
    with state.lock:
        state.mails.append(kept)
    state.note("sendgrid", "accepted", id=kept["id"], to=kept["to"], mail=mail)
    if state.deliver and state.events_url:
        calls.events_later(state, kept)
    return Answer(202, None, {"X-Message-Id": kept["id"]})


def _errors(status: int, text: str) -> Answer:
    return Answer(status, {"errors": [{"message": text, "field": None, "help": None}]})
