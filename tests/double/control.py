"""The double's own addresses, by which a test commands it and reads what happened.

```
GET    /_double/journal              everything that was asked and answered; each line has its place "n". In parts:
                                     ?from=<n>&limit=<lines>&api=twilio&what=accepted
GET    /_double/counts               {"twilio": {"accepted": 3, "fault:429": 1, "listed": 2, "receipt:sent": 1}, ...}
GET    /_double/accepted             {"+31612345678": 1, ...}: how often each was accepted;
                                     ?api=twilio|sendgrid&by=to|uuid (uuid: our own id of the message)
GET    /_double/waiting              {"letters": 7}: receipts that are still to come
POST   /_double/faults               a Fault as JSON, for the next request(s); kinds: tests/double/faults.py
GET    /_double/weather              what it is now
POST   /_double/weather              a share of everything that can go wrong, until the next weather ({} clears it up)
POST   /_double/latency              {"ms": 150, "sigma": 0.4}: fixed, or with sigma lognormal around ms; {} for none
POST   /_double/revoked              {"api": "twilio", "on": true}: its keys are refused from now on (401, 20003)
POST   /_double/listing              {"on": false}: the list of messages lags behind
POST   /_double/status               {"sid", "status", "error_code"}: report it, signed
POST   /_double/inbound              {"url", "sender", "to", "body", "sid"}: a text from a phone
POST   /_double/events               {"url", "id", "name", ...}: an event about a mail
DELETE /_double                      forget everything, weather included; the latency stays
```

Weather, with its defaults (shares are parts of 1; what is left over of them goes well):
```
{"seed": 1,                          the same seed treats the same messages alike, whatever the order
 "faults": {},                       {"429": 0.02, "5xx-before": 0.01, "reset-after": 0.02, ...}: requests to send
 "sendgrid": {},                     the same for mail alone; empty: as "faults"
 "search": {},                       requests to list or fetch; only kinds that strike before accepting
 "receipts": {},                     {"normal", "early" (before the answer to the request), "late", "doubled",
                                     "reversed", "never"}; what is left over: never
 "undelivered": 0,                   which share of the receipts ends badly (30003; bounce 5.1.1)
 "retry_after": "1",                 what a 429 says
 "seconds": 1.0,                     how long hang and slow last, and between the bytes of dribble
 "late_seconds": 2.0,                how late "late" is
 "lag_seconds": 0.0,                 a new message stays out of the list for up to so long
 "retry_seconds": 0.2,               first pause before a receipt that nobody took is sent again; doubles up to 2 s.
                                     Twilio sends it again as often as #rc= in the address asks, SendGrid goes on
 "events_url": ""}                   where SendGrid's events go
```
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from tests.double import calls, twilio
from tests.double.answers import Answer, Request
from tests.double.faults import Fault
from tests.double.state import State
from tests.double.weather import Latency, Weather

# These wait for an answer of the other side, and so do not belong in the event loop.
CALLS_OUT = frozenset({"status", "inbound", "events"})


def name_of(request: Request) -> str:
    """Which command it is."""
    return request.path.removeprefix("/_double/")


def handle(state: State, request: Request) -> Answer:
    """One command."""
    if request.method == "DELETE":
        state.clear()
        return Answer(204)
    command = _COMMANDS.get(name_of(request))
    if command is None:
        return Answer(404, {"message": "no such command"})
    if request.method == "GET" and command is _weather:
        return Answer(200, _seen(state.weather))
    asked: dict[str, Any] = {name: values[0] for name, values in request.query.items()}
    asked |= json.loads(request.body) if request.body else {}
    try:
        return Answer(200, command(state, asked))
    except (TypeError, ValueError, KeyError) as problem:
        return Answer(400, {"message": f"{type(problem).__name__}: {problem}"})


def _journal(state: State, asked: dict[str, Any]) -> Any:
    return state.journal.page(
        api=asked.get("api", ""),
        what=asked.get("what", ""),
        start=int(asked.get("from", 0)),
        limit=int(asked.get("limit", 0)),
    )


def _counts(state: State, _asked: dict[str, Any]) -> Any:
    return state.journal.counts()


def _accepted(state: State, asked: dict[str, Any]) -> Any:
    return state.journal.accepted(asked.get("api", "twilio"), asked.get("by", "to"))


def _waiting(state: State, _asked: dict[str, Any]) -> Any:
    return {"letters": state.letters}


def _fault(state: State, asked: dict[str, Any]) -> Any:
    with state.lock:
        state.faults.append(Fault(**asked))


def _weather(state: State, asked: dict[str, Any]) -> Any:
    found = Weather(**asked)
    with state.lock:
        state.weather = found
    return _seen(found)


def _seen(weather: Weather) -> dict[str, Any]:
    return {name: value for name, value in asdict(weather).items() if name != "offered"}


def _latency(state: State, asked: dict[str, Any]) -> Any:
    state.latency = Latency(**asked)


def _revoked(state: State, asked: dict[str, Any]) -> Any:
    (state.revoked.add if asked["on"] else state.revoked.discard)(asked["api"])


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
        mail = state.mails.get(id)
    if mail is None:
        return 0
    return calls.post_events(url, [calls.event(name, mail, number, **more)], state.keys)


_COMMANDS: dict[str, Callable[[State, dict[str, Any]], Any]] = {
    "journal": _journal,
    "counts": _counts,
    "accepted": _accepted,
    "waiting": _waiting,
    "faults": _fault,
    "weather": _weather,
    "latency": _latency,
    "revoked": _revoked,
    "listing": _listing,
    "status": _status,
    "inbound": _inbound,
    "events": _event,
}
