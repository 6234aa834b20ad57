"""Answers that are no answer: each is UNKNOWN, in bounded time and memory, and never an exception or a success."""

import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from notifications.domain.lifecycle import Channel
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways import http
from notifications.gateways.base import Gateway, Outgoing, Search
from notifications.gateways.sendgrid import gateway as sendgrid
from notifications.gateways.twilio import gateway as twilio
from tests.double.running import Double
from tests.gateways.outgoing import mail, sms

# Far more than anything here takes on a slow machine, far less than the faults go on.
PATIENCE = 20.0

MAKERS: dict[str, tuple[Callable[[], Gateway], Callable[..., Outgoing]]] = {
    "twilio": (twilio.from_settings, sms),
    "sendgrid": (sendgrid.from_settings, mail),
}


@pytest.fixture(params=["twilio", "sendgrid"])
def provider(request: pytest.FixtureRequest, double: Double) -> str:
    return str(request.param)


def _send(provider: str) -> Any:
    make, message = MAKERS[provider]
    return make().send(message())


@pytest.mark.parametrize(
    ("kind", "reached"),
    [
        ("html", 1),
        ("html-before", 0),
        ("ok-with-error", 0),
        ("truncated", 1),
        ("garbled", 1),
        ("5xx-after", 1),
        ("hang-before", 0),
    ],
)
def test_it_is_unknown(double: Double, provider: str, kind: str, reached: int) -> None:
    double.fault(provider, kind, seconds=0.1)
    outcome = _send(provider)
    assert (outcome.verdict, outcome.reason) == (Verdict.UNKNOWN, Reason.NO_ANSWER)
    assert outcome.vendor_id == ""
    assert double.counts()[provider].get("accepted", 0) == reached


def test_the_next_call_is_not_affected(double: Double, provider: str) -> None:
    """A connection with the rest of an old answer in it would give one message the answer of another."""
    make, message = MAKERS[provider]
    gateway = make()
    for kind in ("garbled", "truncated", "html", "encoding", "reset-after", "hang-before"):
        double.fault(provider, kind, seconds=0.05)
        gateway.send(message())
        assert gateway.send(message()).verdict is Verdict.ACCEPTED, kind


def test_what_says_it_is_packed_is_not_unpacked(double: Double) -> None:
    double.fault("twilio", "encoding")
    assert _send("twilio").verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("kind", ["dribble", "dribble-head"])
def test_a_byte_at_a_time_is_not_waited_for(
    double: Double, provider: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.5)
    double.fault(provider, kind, seconds=0.02)
    started = time.monotonic()
    assert _send(provider).verdict is Verdict.UNKNOWN
    assert 0.4 < time.monotonic() - started < PATIENCE


def test_fifty_megabytes_are_not_read(double: Double, provider: str) -> None:
    double.fault(provider, "huge")
    tracemalloc.start()
    try:
        assert _send(provider).verdict is Verdict.UNKNOWN
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10 * 1024 * 1024


@pytest.mark.parametrize("kind", ["html-before", "ok-with-error", "5xx-before", "hang-before", "429"])
def test_a_search_that_gets_no_list_did_not_find_nothing(double: Double, kind: str) -> None:
    """ "Not there" would have the message sent again."""
    gateway = twilio.from_settings()
    gateway.send(sms())
    double.fault("twilio", kind, method="GET", seconds=0.1)
    search = Search(address=sms().address, since=datetime.now(UTC), recognise=bool, taken=lambda sid: False)
    assert gateway.search(search).found is None
    assert gateway.search(search).found is True


@pytest.mark.parametrize(("status", "halt"), [(401, True), (403, True), (404, True), (407, True)])
def test_a_refused_account_stops_the_channel_and_burns_nothing(
    double: Double, provider: str, status: int, halt: bool
) -> None:
    double.fault(provider, "error", status=status)
    outcome = _send(provider)
    assert (outcome.verdict, outcome.reason, outcome.halt) == (Verdict.TEMPORARY, Reason.ACCOUNT, halt)


def test_keys_that_are_taken_back(double: Double, provider: str) -> None:
    make, message = MAKERS[provider]
    gateway = make()
    assert gateway.send(message()).verdict is Verdict.ACCEPTED
    double.revoke(provider)
    outcome = gateway.send(message())
    assert (outcome.verdict, outcome.reason, outcome.halt) == (Verdict.TEMPORARY, Reason.ACCOUNT, True)
    assert outcome.vendor_code == {"twilio": "20003", "sendgrid": "401"}[provider]
    double.revoke(provider, on=False)
    assert gateway.send(message()).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(("header", "ahead"), [("X-RateLimit-Reset", 40), ("Retry-After", 40)])
def test_when_to_come_back_may_be_a_moment(double: Double, header: str, ahead: int) -> None:
    moment = time.time() + ahead
    value = (
        str(int(moment))
        if header == "X-RateLimit-Reset"
        else time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(moment))
    )
    double.fault("sendgrid", "429", headers={header: value})
    wait = _send("sendgrid").retry_after
    assert wait is not None
    assert 0 < wait <= ahead


def test_the_providers_own_wish_goes_before_the_end_of_its_minute(double: Double) -> None:
    double.fault("sendgrid", "429", retry_after="7", headers={"X-RateLimit-Reset": str(int(time.time()) + 40)})
    assert _send("sendgrid").retry_after == 7.0


def test_both_channels_are_covered() -> None:
    assert len(MAKERS) == len(Channel)
