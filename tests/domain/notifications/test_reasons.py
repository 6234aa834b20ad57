"""Every reason has words, and every code of a provider has a reason."""

import pytest

from notifications.domain.keywords import Keyword, provider_keyword
from notifications.domain.reasons import Reason, advice_text, reason_text
from notifications.domain.retry import Verdict
from notifications.gateways.sendgrid import codes as sendgrid
from notifications.gateways.twilio import codes as twilio


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
        (20429, Reason.RATE_LIMITED),
        (21211, Reason.INVALID_ADDRESS),
        (21408, Reason.NOT_ALLOWED),
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
        (30034, Reason.SENDER_NOT_REGISTERED),
        (30035, Reason.SENDER_NOT_REGISTERED),
        (30036, Reason.VALIDITY_EXPIRED),
        (30500, Reason.PROVIDER_ERROR),
        (60005, Reason.CARRIER_ERROR),
    ],
)
def test_twilio(code: int, reason: Reason) -> None:
    assert twilio.failure(code) is reason
    assert twilio.refusal(status=400, code=code).reason is reason


def test_what_is_our_own_fault_never_burns_a_message() -> None:
    for meaning in twilio.CODES.values():
        assert meaning.halt == (meaning.reason is Reason.ACCOUNT)
        if meaning.halt:
            assert meaning.verdict is Verdict.TEMPORARY


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429])
def test_a_code_we_do_not_know(status: int) -> None:
    meaning = twilio.refusal(status=status, code=99_999)
    assert meaning.verdict in {Verdict.TEMPORARY, Verdict.PERMANENT}
    assert twilio.failure(99_999) is Reason.CARRIER_ERROR
    assert twilio.failure(None) is Reason.CARRIER_ERROR


def test_sendgrid_has_a_word_for_each_class_and_drop() -> None:
    for name in sendgrid.BOUNCE_CLASSES:
        assert sendgrid.failure({"event": "bounce", "bounce_classification": name.title()})
    for name in sendgrid.DROP_REASONS:
        assert sendgrid.failure({"event": "dropped", "reason": name.upper()})
    assert sendgrid.failure({"event": "bounce", "bounce_classification": "Unclassified"}) is Reason.MAIL_REFUSED


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
