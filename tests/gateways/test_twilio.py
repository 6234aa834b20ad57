"""Twilio over the wire: what is sent, and what every kind of answer means."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways import http
from notifications.gateways.base import Outcome, Search
from notifications.gateways.twilio import gateway as twilio
from tests.double.running import Double
from tests.gateways.outgoing import UUID_1, sms


def _search(**changes: Any) -> Search:
    made: dict[str, Any] = {
        "address": "+31612345678",
        "since": datetime.now(UTC),
        "recognise": lambda body: body == sms().text,
        "taken": lambda sid: False,
    }
    return Search(**(made | changes))


def test_it_sends_what_the_provider_described(double: Double) -> None:
    outcome = twilio.from_settings().send(sms())

    (accepted,) = double.journal(api="twilio", what="accepted")
    assert outcome == Outcome(verdict=Verdict.ACCEPTED, vendor_id=accepted["sid"])
    assert accepted["form"] == {
        "To": "+31612345678",
        "From": "+3197010200000",
        "Body": "Gemeente Voorbeeld: u heeft een gesprek.",
        "ValidityPeriod": "7200",
        "StatusCallback": (f"http://testserver/webhooks/twilio/status/{UUID_1}#ct=4000&rt=10000&rc=5&rp=all"),
    }


@pytest.mark.parametrize(("valid_for", "sent"), [(1, "1"), (36_001, "36000"), (999_999, "36000")])
def test_the_validity_period_stays_within_bounds(double: Double, valid_for: int, sent: str) -> None:
    assert twilio.from_settings().send(sms(valid_for=valid_for)).verdict is Verdict.ACCEPTED
    (accepted,) = double.journal(what="accepted")
    assert accepted["form"]["ValidityPeriod"] == sent


def test_a_messaging_service_may_be_the_sender(double: Double, settings: Any) -> None:
    settings.TWILIO_FROM = ""
    settings.TWILIO_MESSAGING_SERVICE_SID = "MG" + "a" * 32
    assert twilio.from_settings().send(sms()).verdict is Verdict.ACCEPTED
    (accepted,) = double.journal(what="accepted")
    assert "From" not in accepted["form"]
    assert accepted["form"]["MessagingServiceSid"] == "MG" + "a" * 32


@pytest.mark.parametrize(
    ("kind", "more", "verdict", "reason", "reached"),
    [
        ("429", {"retry_after": "17"}, Verdict.TEMPORARY, Reason.RATE_LIMITED, 0),
        ("429", {}, Verdict.TEMPORARY, Reason.RATE_LIMITED, 0),
        ("5xx-before", {}, Verdict.UNKNOWN, Reason.NO_ANSWER, 0),
        ("5xx-after", {}, Verdict.UNKNOWN, Reason.NO_ANSWER, 1),
        ("reset-before", {}, Verdict.UNKNOWN, Reason.NO_ANSWER, 0),
        ("reset-after", {}, Verdict.UNKNOWN, Reason.NO_ANSWER, 1),
        ("garbled", {}, Verdict.UNKNOWN, Reason.NO_ANSWER, 1),
        ("slow", {"seconds": 0.2}, Verdict.ACCEPTED, Reason.NONE, 1),
        ("error", {"code": 21211}, Verdict.PERMANENT, Reason.INVALID_ADDRESS, 0),
        ("error", {"code": 21610}, Verdict.PERMANENT, Reason.OPTED_OUT, 0),
        ("error", {"code": 21614}, Verdict.PERMANENT, Reason.NOT_MOBILE, 0),
        ("error", {"code": 99999}, Verdict.PERMANENT, Reason.REFUSED, 0),
        ("error", {"status": 403}, Verdict.TEMPORARY, Reason.ACCOUNT, 0),
    ],
)
def test_what_an_answer_means(
    double: Double,
    kind: str,
    more: dict[str, Any],
    verdict: Verdict,
    reason: Reason,
    reached: int,
) -> None:
    double.fault("twilio", kind, **more)
    outcome = twilio.from_settings().send(sms())

    assert (outcome.verdict, outcome.reason) == (verdict, reason)
    assert len(double.journal(what="accepted")) == reached
    assert outcome.retry_after == (17.0 if more.get("retry_after") else None)
    assert outcome.halt is (more.get("status") == 403)


def test_a_provider_that_says_nothing_is_unknown_in_time(double: Double, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.3)
    double.fault("twilio", "hang", seconds=2.0)
    started = datetime.now(UTC)
    outcome = twilio.from_settings().send(sms())

    assert outcome.verdict is Verdict.UNKNOWN
    assert datetime.now(UTC) - started < timedelta(seconds=1.5)


def test_a_provider_that_is_not_there_got_nothing(settings: Any, double: Double) -> None:
    settings.TWILIO_API_URL = "http://127.0.0.1:9"
    outcome = twilio.from_settings().send(sms())
    assert (outcome.verdict, outcome.halt) == (Verdict.TEMPORARY, False)


def test_wrong_keys_do_not_burn_the_message(double: Double, settings: Any) -> None:
    settings.TWILIO_AUTH_TOKEN = "wrong"
    outcome = twilio.from_settings().send(sms())
    assert outcome == Outcome(verdict=Verdict.TEMPORARY, reason=Reason.ACCOUNT, vendor_code="20003", halt=True)


def test_an_api_key_may_send_for_the_account(double: Double, settings: Any) -> None:
    settings.TWILIO_API_KEY, settings.TWILIO_API_SECRET = "SK1", "secret"
    # The double knows the account's own token only: the refusal shows that the key was used.
    assert twilio.from_settings().send(sms()).vendor_code == "20003"


def test_too_long_a_text_does_not_leave(double: Double) -> None:
    outcome = twilio.from_settings().send(sms(text="x" * 1601))
    assert (outcome.verdict, outcome.reason) == (Verdict.PERMANENT, Reason.TOO_LONG)
    assert double.journal() == []


def test_a_lost_call_is_found_by_number_and_body(double: Double) -> None:
    gateway = twilio.from_settings()
    gateway.send(sms(text="iets anders"))
    double.fault("twilio", "reset-after")
    gateway.send(sms())
    gateway.send(sms(address="+31687654321"))

    lost = double.journal(what="accepted")[1]["sid"]
    assert gateway.search(_search()).vendor_id == lost
    assert gateway.search(_search()).found is True


def test_a_message_of_somebody_else_is_not_adopted(double: Double) -> None:
    gateway = twilio.from_settings()
    sid = gateway.send(sms()).vendor_id
    assert gateway.search(_search(taken=lambda known: known == sid)).found is False


def test_an_older_message_with_the_same_text_is_not_it(double: Double) -> None:
    gateway = twilio.from_settings()
    gateway.send(sms())
    assert gateway.search(_search(since=datetime.now(UTC) + timedelta(days=2))).found is False


def test_a_clock_that_is_hours_ahead_of_twilios_is_no_reason_to_overlook_it(double: Double) -> None:
    gateway = twilio.from_settings()
    sid = gateway.send(sms()).vendor_id
    assert gateway.search(_search(since=datetime.now(UTC) + timedelta(hours=3))).vendor_id == sid


def test_the_search_reads_on_past_one_page(double: Double) -> None:
    gateway = twilio.from_settings()
    gateway.send(sms())
    for number in range(60):
        gateway.send(sms(text=f"bericht {number}"))
    assert gateway.search(_search()).found is True


@pytest.mark.parametrize("kind", ["5xx-before", "reset-before", "429"])
def test_a_search_that_fails_says_so(double: Double, kind: str) -> None:
    double.fault("twilio", kind, method="GET")
    assert twilio.from_settings().search(_search()).found is None


def test_connections_are_kept_and_shared_by_threads(double: Double) -> None:
    gateway = twilio.from_settings()
    pool = gateway._client.http_client._pool

    def work() -> None:
        for _ in range(5):
            gateway.send(sms())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(double.journal(what="accepted")) == 20
    (one_host,) = [pool.pools[key] for key in pool.pools.keys()]  # noqa: SIM118
    assert one_host.num_requests == 20
    assert one_host.num_connections <= 4
