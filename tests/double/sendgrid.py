"""The part of SendGrid's API that we use: one mail."""

import secrets
from typing import Any

from tests.double import receipts, specs
from tests.double.answers import Answer, Request
from tests.double.state import State


def about(request: Request) -> tuple[str, str]:
    """Whom a request is for, and which message of ours it is ("" when it does not say)."""
    try:
        person = request.document["personalizations"][0]
        return str(person["to"][0]["email"]), str(person.get("custom_args", {}).get("message_uuid", ""))
    except (KeyError, IndexError, TypeError, AttributeError):
        return "", ""


def handle(state: State, request: Request) -> Answer:
    if "sendgrid" in state.revoked or request.auth != f"Bearer {state.keys.sendgrid_key}":
        return _errors(401, "The provided authorization grant is invalid, expired, or revoked")
    if request.path != "/v3/mail/send":
        return _errors(404, "not found")
    if request.method != "POST" or request.query:
        return _errors(405, "method not allowed")
    mail = request.document
    if mail is None:
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
    uuid = str(kept["custom_args"].get("message_uuid", ""))
    with state.lock:
        state.mails[kept["id"]] = kept
    state.note("sendgrid", "accepted", id=kept["id"], to=kept["to"], uuid=uuid, mail=mail)
    return Answer(202, None, {"X-Message-Id": kept["id"]}, letters=receipts.about_mail(state, kept, uuid))


def _errors(status: int, text: str) -> Answer:
    return Answer(status, {"errors": [{"message": text, "field": None, "help": None}]})
