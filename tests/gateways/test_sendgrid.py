"""SendGrid over the wire: what is sent, and what every kind of answer means."""

import base64
from typing import Any

import pytest

from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways import http
from notifications.gateways.base import Attachment, Outcome
from notifications.gateways.sendgrid import gateway as sendgrid
from tests.double.running import Double
from tests.gateways.outgoing import UUID_1, mail


def test_it_sends_what_the_provider_described(double: Double) -> None:
    outcome = sendgrid.from_settings().send(mail())

    (accepted,) = double.journal(api="sendgrid", what="accepted")
    assert outcome == Outcome(verdict=Verdict.ACCEPTED, vendor_id=accepted["id"])
    sent = accepted["mail"]
    assert sent["personalizations"] == [
        {
            "to": [{"email": "a.jansen@example.nl"}],
            "custom_args": {"message_uuid": str(UUID_1)},
        }
    ]
    assert sent["from"] == {"email": "afspraken@gemeente.test", "name": "Gemeente Voorbeeld"}
    assert sent["subject"] == "Uw gesprek"
    assert [part["type"] for part in sent["content"]] == ["text/plain", "text/html"]
    assert sent["reply_to"] == {"email": f"antwoord+{UUID_1.hex}@antwoord.gemeente.test"}


def test_nobody_is_watched_reading(double: Double) -> None:
    sendgrid.from_settings().send(mail())
    (accepted,) = double.journal(what="accepted")
    tracking = accepted["mail"]["tracking_settings"]
    assert tracking["click_tracking"] == {"enable": False, "enable_text": False}
    assert tracking["open_tracking"] == {"enable": False}
    assert tracking["subscription_tracking"] == {"enable": False}


def test_files_go_along(double: Double) -> None:
    calendar = Attachment(filename="gesprek.ics", content_type="text/calendar", content=b"BEGIN:VCALENDAR")
    sendgrid.from_settings().send(mail(attachments=(calendar,)))
    (accepted,) = double.journal(what="accepted")
    (file,) = accepted["mail"]["attachments"]
    assert file["filename"] == "gesprek.ics"
    assert file["type"] == "text/calendar"
    assert base64.b64decode(file["content"]) == b"BEGIN:VCALENDAR"


def test_without_an_inbound_domain_there_is_no_reply_address(double: Double, settings: Any) -> None:
    settings.SENDGRID_INBOUND_DOMAIN = ""
    sendgrid.from_settings().send(mail())
    (accepted,) = double.journal(what="accepted")
    assert "reply_to" not in accepted["mail"]


@pytest.mark.parametrize(
    ("kind", "more", "verdict", "reason", "reached"),
    [
        ("429", {"retry_after": "60"}, Verdict.TEMPORARY, Reason.RATE_LIMITED, 0),
        ("5xx-before", {}, Verdict.UNKNOWN, Reason.NO_ANSWER, 0),
        ("5xx-after", {}, Verdict.UNKNOWN, Reason.NO_ANSWER, 1),
        ("reset-before", {}, Verdict.UNKNOWN, Reason.NO_ANSWER, 0),
        ("reset-after", {}, Verdict.UNKNOWN, Reason.NO_ANSWER, 1),
        ("error", {"status": 400}, Verdict.PERMANENT, Reason.REFUSED, 0),
        ("error", {"status": 403}, Verdict.TEMPORARY, Reason.ACCOUNT, 0),
        ("error", {"status": 413}, Verdict.PERMANENT, Reason.TOO_LONG, 0),
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
    double.fault("sendgrid", kind, **more)
    outcome = sendgrid.from_settings().send(mail())

    assert (outcome.verdict, outcome.reason) == (verdict, reason)
    assert len(double.journal(what="accepted")) == reached
    assert outcome.retry_after == (60.0 if "retry_after" in more else None)
    assert outcome.halt is (more.get("status") == 403)


def test_an_address_that_the_provider_refuses(double: Double) -> None:
    outcome = sendgrid.from_settings().send(mail(address="geen-adres"))
    assert (outcome.verdict, outcome.reason) == (Verdict.PERMANENT, Reason.INVALID_ADDRESS)


def test_wrong_keys_do_not_burn_the_message(double: Double, settings: Any) -> None:
    settings.SENDGRID_API_KEY = "wrong"
    outcome = sendgrid.from_settings().send(mail())
    assert outcome == Outcome(verdict=Verdict.TEMPORARY, reason=Reason.ACCOUNT, vendor_code="401", halt=True)


def test_a_provider_that_says_nothing_is_unknown(double: Double, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "READ_SECONDS", 0.3)
    double.fault("sendgrid", "hang", seconds=1.0)
    assert sendgrid.from_settings().send(mail()).verdict is Verdict.UNKNOWN
