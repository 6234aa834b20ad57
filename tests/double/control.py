"""The double's own addresses, by which a test commands it and reads what happened.

```
GET    /_double/journal              everything that was asked and answered
POST   /_double/faults               a Fault as JSON, for the next request(s)
DELETE /_double                      forget everything
POST   /_double/status               {"sid", "status", "error_code"}: report it, signed
POST   /_double/inbound              {"url", "sender", "to", "body", "sid"}: a text from a phone
POST   /_double/events               {"url", "id", "name", ...}: an event about a mail
POST   /_double/listing              {"on": false}: the list of messages lags behind
```
"""

import json
from collections.abc import Callable
from typing import Any

from tests.double import calls, twilio
from tests.double.answers import Answer
from tests.double.state import Fault, State


def handle(state: State, method: str, path: str, body: bytes) -> Answer:
    """One command."""
    asked: dict[str, Any] = json.loads(body) if body else {}
    if method == "DELETE":
        state.clear()
        return Answer(204)
    command = _COMMANDS.get(path.removeprefix("/_double/"))
    if command is None:
        return Answer(404, {"message": "no such command"})
    return Answer(200, command(state, asked))


def _journal(state: State, _asked: dict[str, Any]) -> Any:
    with state.lock:
        return list(state.journal)


def _fault(state: State, asked: dict[str, Any]) -> Any:
    with state.lock:
        state.faults.append(Fault(**asked))


def _listing(state: State, asked: dict[str, Any]) -> Any:
    state.listing = bool(asked["on"])


def _status(state: State, asked: dict[str, Any]) -> Any:
    code = twilio.set_status(state, asked["sid"], asked["status"], asked.get("error_code"))
    return {"answered": code}


def _inbound(state: State, asked: dict[str, Any]) -> Any:
    return {"answered": twilio.inbound(state, **asked)}


def _event(state: State, asked: dict[str, Any]) -> Any:
    return {"answered": _events(state, **asked)}


def _events(state: State, *, url: str, id: str, name: str, number: int = 1, **more: Any) -> int:  # noqa: A002
    with state.lock:
        mail = next((each for each in state.mails if each["id"] == id), None)
    if mail is None:
        return 0
    return calls.post_events(url, [calls.event(name, mail, number, **more)], state.keys)


_COMMANDS: dict[str, Callable[[State, dict[str, Any]], Any]] = {
    "journal": _journal,
    "faults": _fault,
    "listing": _listing,
    "status": _status,
    "inbound": _inbound,
    "events": _event,
}
