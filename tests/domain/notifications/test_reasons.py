"""Every reason has words, and every code of a provider has a reason."""

import json
from typing import Any

import pytest

from notifications.domain.keywords import Keyword, provider_keyword
from notifications.domain.lifecycle import Event
from notifications.domain.reasons import Reason, advice_text, reason_text
from notifications.domain.retry import Verdict
from notifications.gateways.sendgrid import codes as sendgrid
from notifications.gateways.twilio import codes as twilio
from tests.double.__main__ import _specs_beside


@pytest.mark.parametrize("reason", [each for each in Reason if each is not Reason.NONE])
def test_it_says_what_happened_and_what_to_do(reason: Reason) -> None:
    assert reason_text(reason).endswith(".")
    if reason is not Reason.WITHDRAWN:
        assert advice_text(reason).endswith(".")
    assert "�" not in reason_text(reason) + advice_text(reason)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (20003, Reason.ACCOUNT),
        (20005, Reason.ACCOUNT),
        (20429, Reason.RATE_LIMITED),
        (21211, Reason.INVALID_ADDRESS),
        (21408, Reason.REGION_OFF),
        (21610, Reason.OPTED_OUT),
        (21612, Reason.UNROUTABLE),
        (21614, Reason.NOT_MOBILE),
        (21617, Reason.TOO_LONG),
        (21635, Reason.NOT_MOBILE),
        (30001, Reason.QUEUE_FULL),
        (30002, Reason.ACCOUNT),
        (30003, Reason.UNREACHABLE),
        (30004, Reason.BLOCKED),
        (30005, Reason.UNKNOWN_NUMBER),
        (30006, Reason.NOT_MOBILE),
        (30007, Reason.FILTERED),
        (30008, Reason.CARRIER_ERROR),
        (30024, Reason.SENDER_NOT_REGISTERED),
        (30032, Reason.SENDER_NOT_REGISTERED),
        (30034, Reason.SENDER_NOT_REGISTERED),
        (30035, Reason.SENDER_NOT_REGISTERED),
        (30036, Reason.VALIDITY_EXPIRED),
        (30410, Reason.CARRIER_ERROR),
        (30500, Reason.PROVIDER_ERROR),
        (60005, Reason.CARRIER_ERROR),
    ],
)
def test_twilio(code: int, reason: Reason) -> None:
    assert twilio.failure(code) is reason
    refusal = twilio.refusal(status=400, code=code)
    assert refusal is not None
    assert refusal.reason is reason


def test_nothing_that_may_have_been_sent_is_repeated() -> None:
    """Of a message that Twilio took, no code says "again": a receipt moves it to the next channel."""
    again = {code for code, meaning in twilio.CODES.items() if meaning.verdict is Verdict.TEMPORARY}
    for code in (30003, 30004, 30005, 30006, 30007, 30008, 30036, 30410, 30500, 60005):
        assert code not in again


@pytest.mark.parametrize(
    ("status", "event"),
    [
        ("accepted", Event.ACCEPT),
        ("scheduled", Event.ACCEPT),
        ("queued", Event.ACCEPT),
        ("sending", Event.ACCEPT),
        ("sent", Event.ACCEPT),
        ("partially_delivered", Event.ACCEPT),
        ("delivered", Event.DELIVER),
        ("read", Event.DELIVER),
        ("undelivered", Event.RETURN),
        ("failed", Event.RETURN),
        ("canceled", Event.RETURN),
    ],
)
def test_twilios_words_for_where_a_message_is(status: str, event: Event) -> None:
    assert twilio.STATUSES[status] is event


def test_no_word_of_twilios_description_is_missing() -> None:
    """Held to the provider's own description where that is at hand."""
    folder = _specs_beside()
    if folder is None:
        pytest.skip("the provider's description is not on this machine")
    description = json.loads((folder / "twilio_messages_openapi.json").read_text(encoding="utf-8"))
    words = set(description["components"]["schemas"]["message_enum_status"]["enum"])
    # What comes in has a door of its own.
    assert words - {"receiving", "received"} == set(twilio.STATUSES)


def test_what_is_our_own_fault_never_burns_a_message() -> None:
    for meaning in twilio.CODES.values():
        assert meaning.halt == (meaning.reason is Reason.ACCOUNT)
        if meaning.halt:
            assert meaning.verdict is Verdict.TEMPORARY


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429])
def test_a_code_we_do_not_know(status: int) -> None:
    meaning = twilio.refusal(status=status, code=99_999)
    assert meaning is not None
    assert meaning.verdict in {Verdict.TEMPORARY, Verdict.PERMANENT}
    assert twilio.failure(99_999) is Reason.CARRIER_ERROR
    assert twilio.failure(None) is Reason.CARRIER_ERROR


@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_a_refusal_without_a_code_is_not_twilios(status: int) -> None:
    assert twilio.refusal(status=status, code=None) is None
    assert sendgrid.refusal(status=409, fields=None) is None


BOUNCE: dict[str, Any] = {"event": "bounce"}


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (BOUNCE, Reason.MAIL_REFUSED),
        (BOUNCE | {"bounce_classification": "Invalid Address"}, Reason.MAILBOX_UNKNOWN),
        (BOUNCE | {"bounce_classification": "Mailbox Unavailable"}, Reason.MAILBOX_UNAVAILABLE),
        (BOUNCE | {"bounce_classification": "Technical"}, Reason.MAIL_REFUSED),
        (BOUNCE | {"bounce_classification": "Technical Failure"}, Reason.MAIL_REFUSED),
        (BOUNCE | {"bounce_classification": "Content"}, Reason.FILTERED),
        (BOUNCE | {"bounce_classification": "Reputation"}, Reason.FILTERED),
        (BOUNCE | {"bounce_classification": "Frequency or Volume Too High"}, Reason.MAIL_DEFERRED),
        (BOUNCE | {"bounce_classification": "Frequency/Volume"}, Reason.MAIL_DEFERRED),
        (BOUNCE | {"bounce_classification": "Unclassified"}, Reason.MAIL_REFUSED),
        (BOUNCE | {"bounce_classification": "Unclassified", "type": "expired"}, Reason.MAIL_DEFERRED),
        (BOUNCE | {"type": "bounce"}, Reason.MAIL_REFUSED),
        (BOUNCE | {"type": "blocked"}, Reason.MAIL_REFUSED),
        ({"event": "blocked"}, Reason.MAIL_REFUSED),
        # A code says more than a class.
        (BOUNCE | {"bounce_classification": "Mailbox Unavailable", "status": "5.2.2"}, Reason.MAILBOX_FULL),
        (BOUNCE | {"bounce_classification": "Reputation", "status": "5.7.26"}, Reason.SENDER_NOT_REGISTERED),
        (BOUNCE | {"status": "5.1.1"}, Reason.MAILBOX_UNKNOWN),
        (BOUNCE | {"status": "5.3.4"}, Reason.TOO_LONG),
        # A domain without mail servers: no server, no code, no class.
        (
            BOUNCE
            | {
                "type": "blocked",
                "bounce_classification": "Unclassified",
                "reason": "unable to get mx info: failed to get IPs from PTR record",
            },
            Reason.MAILBOX_UNKNOWN,
        ),
        ({"event": "dropped", "reason": "Bounced Address"}, Reason.SUPPRESSED),
        ({"event": "dropped", "reason": "Unsubscribed Address"}, Reason.OPTED_OUT),
        ({"event": "dropped", "reason": "Group Unsubscribe"}, Reason.OPTED_OUT),
        ({"event": "dropped", "reason": "Spam Reporting Address"}, Reason.SPAM_REPORT),
        ({"event": "dropped", "reason": "Invalid"}, Reason.INVALID_ADDRESS),
        ({"event": "dropped", "reason": "Invalid SMTPAPI header"}, Reason.REFUSED),
        ({"event": "dropped", "reason": "Spam Content (if Spam Checker app is enabled)"}, Reason.FILTERED),
        ({"event": "dropped", "reason": "Recipient List over Package Quota"}, Reason.ACCOUNT),
        ({"event": "dropped", "reason": "something new"}, Reason.REFUSED),
    ],
)
def test_sendgrid(event: dict[str, Any], reason: Reason) -> None:
    assert sendgrid.failure(event) is reason


def test_every_event_of_sendgrid_is_known() -> None:
    """By its event reference; "blocked" is what a bounce of that type is called elsewhere."""
    assert set(sendgrid.EVENTS) | set(sendgrid.WISHES) | sendgrid.IGNORED == {
        *("processed", "deferred", "delivered", "bounce", "blocked", "dropped"),
        *("open", "click", "spamreport", "unsubscribe", "group_unsubscribe", "group_resubscribe"),
        "account_status_change",
    }
    assert sendgrid.about("deferred") is Reason.MAIL_DEFERRED
    assert sendgrid.about("spamreport") is Reason.SPAM_REPORT
    assert sendgrid.about("delivered") is Reason.NONE


def test_what_only_the_administrator_can_mend_says_so() -> None:
    for reason in (Reason.ACCOUNT, Reason.SENDER_NOT_REGISTERED, Reason.REGION_OFF, Reason.REFUSED, Reason.CHANNEL_OFF):
        assert "beheerder" in advice_text(reason)


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("STOP", Keyword.STOP),
        ("stopall", Keyword.STOP),
        ("Unsubscribe", Keyword.STOP),
        ("end", Keyword.STOP),
        ("QUIT", Keyword.STOP),
        ("revoke", Keyword.STOP),
        ("optout", Keyword.STOP),
        ("cancel", Keyword.STOP),
        ("yes", Keyword.START),
        ("START", Keyword.START),
        ("unstop", Keyword.START),
        ("help", Keyword.HELP),
        ("stop nu", Keyword.NONE),
        ("ja", Keyword.NONE),
        ("", Keyword.NONE),
    ],
)
def test_twilios_own_words(text: str, keyword: Keyword) -> None:
    assert provider_keyword("twilio", text) is keyword
    assert provider_keyword("console", text) is Keyword.NONE
