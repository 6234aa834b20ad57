"""What the double reports about what it took, and in which order: as asked, or as the weather has it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urldefrag

from tests.double import calls
from tests.double.answers import Letter
from tests.double.state import State

# Between an answer and the first report, and from one report to the next, in seconds.
_STEP = 0.02
# SendGrid goes on for a day; here as long as a test can wait.
_SENDGRID_TRIES = 40
_ORDER = ("queued", "sent", "delivered", "undelivered", "failed")


def about_message(state: State, message: dict[str, Any], callback: str, uuid: str) -> list[Letter]:
    """The status callbacks of one SMS; none without an address to send them to."""
    how = state.weather.receipt(uuid) or ("normal" if state.deliver else "never")
    if not callback or how == "never":
        return []
    last, code = ("undelivered", 30003) if state.weather.ends_badly(uuid) else ("delivered", None)
    reports: list[tuple[str, int | None]] = [("sent", None), (last, code)]
    if how == "reversed":
        reports.reverse()
    sends = [partial(_callback, state, message, callback, *report) for report in reports]
    return _letters(state, how, sends, tries=1 + _asked_retries(callback))


def about_mail(state: State, mail: dict[str, Any], uuid: str) -> list[Letter]:
    """The events of one mail."""
    url = state.weather.events_url or state.events_url
    how = state.weather.receipt(uuid) or ("normal" if state.deliver else "never")
    if not url or how == "never":
        return []
    events = [calls.event("processed", mail, 1), calls.event("delivered", mail, 1)]
    if state.weather.ends_badly(uuid):
        more = {"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 user unknown"}
        events[1] = calls.event("bounce", mail, 1, **more)
    if how == "reversed":
        events.reverse()
    sends = [partial(_event, state, url, each) for each in events]
    return _letters(state, how, sends, tries=_SENDGRID_TRIES)


def _letters(state: State, how: str, sends: Sequence[Callable[[], int]], *, tries: int) -> list[Letter]:
    start = state.weather.late_seconds if how == "late" else _STEP
    # Doubled: the whole row again, so that what was over begins anew.
    row = [*sends, *sends] if how == "doubled" else sends
    return [
        Letter(send=send, after=_STEP if place else start, early=how == "early", tries=tries)
        for place, send in enumerate(row)
    ]


def _callback(state: State, message: dict[str, Any], callback: str, status: str, code: int | None) -> int:
    with state.lock:
        if _ORDER.index(status) > _ORDER.index(message["status"]):
            calls.move(message, status, code)
    answered = calls.post_form(callback, calls.status_form(message, status, code), state.keys)
    state.note("twilio", "receipt", sid=message["sid"], status=status, answered=answered)
    return answered


def _event(state: State, url: str, event: dict[str, Any]) -> int:
    answered = calls.post_events(url, [event], state.keys)
    state.note("sendgrid", "receipt", id=event["sg_message_id"], status=event["event"], answered=answered)
    return answered


def _asked_retries(callback: str) -> int:
    """Twilio repeats a callback as often as the address asks (#rc=5), at most five times."""
    asked = parse_qs(urldefrag(callback).fragment).get("rc", ["0"])[0]
    return min(int(asked), 5) if asked.isdigit() else 0
