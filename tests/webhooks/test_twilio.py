"""Twilio's two addresses: only what Twilio signed for our own address gets in."""

import pytest
from django.test import Client

from notifications.domain.lifecycle import Status
from notifications.models import InboundSms, Message, Receipt
from tests.double.calls import twilio_signature
from tests.webhooks.signing import (
    PUBLIC,
    SMS_PATH,
    Sender,
    accepted,
    sms_form,
    status_form,
    status_path,
    stored,
)

pytestmark = pytest.mark.django_db


def _status(message: Message) -> Status:
    message.refresh_from_db()
    return Status(message.status)


def test_a_text_is_stored_and_answered_with_nothing_to_say(sender: Sender) -> None:
    answer = sender.twilio(SMS_PATH, sms_form())
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/xml")
    assert answer.content.endswith(b"<Response></Response>")
    row = InboundSms.objects.get()
    assert (row.vendor, row.sender, row.body) == ("twilio", "+31612345678", "Ja hoor!")


def test_a_repeat_is_answered_the_same_and_stored_once(sender: Sender) -> None:
    first, second = (sender.twilio(SMS_PATH, sms_form()) for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert stored() == (0, 1, 0)


@pytest.mark.parametrize("signature", ["", "bogus", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "ë"])
def test_unsigned_or_wrongly_signed_stores_nothing(sender: Sender, signature: str) -> None:
    message = accepted()
    for path, form in ((SMS_PATH, sms_form()), (status_path(message.uuid), status_form())):
        assert sender.twilio(path, form, signature=signature).status_code == 403
    assert stored() == (0, 0, 0)
    assert _status(message) is Status.ACCEPTED


def test_another_token_is_not_ours(sender: Sender) -> None:
    assert sender.twilio(SMS_PATH, sms_form(), token="another").status_code == 403
    assert stored() == (0, 0, 0)


def test_without_a_token_nothing_is_genuine(sender: Sender, settings: object) -> None:
    settings.TWILIO_AUTH_TOKEN = ""  # type: ignore[attr-defined]
    assert sender.twilio(SMS_PATH, sms_form(), token="").status_code == 403
    assert stored() == (0, 0, 0)


def test_a_changed_field_breaks_the_signature(sender: Sender) -> None:
    signed = twilio_signature(PUBLIC + SMS_PATH, sms_form(), "the-token")
    for changed in (sms_form(Body="NEE"), sms_form(Extra="x"), sms_form(From="+31600000000")):
        assert sender.twilio(SMS_PATH, changed, signature=signed).status_code == 403
    assert stored() == (0, 0, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "localhost"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "http"},
        {"X-Forwarded-For": "203.0.113.9"},
        {"Forwarded": "host=evil.example;proto=http"},
    ],
)
def test_headers_of_a_caller_or_proxy_play_no_part(sender: Sender, headers: dict[str, str]) -> None:
    assert sender.twilio(SMS_PATH, sms_form(), **headers).status_code == 200
    assert stored() == (0, 1, 0)


@pytest.mark.parametrize("signed_for", ["https://evil.example", "http://vooraf.gemeente.test", "http://testserver"])
def test_a_signature_for_another_address_is_refused(sender: Sender, signed_for: str) -> None:
    answer = sender.twilio(SMS_PATH, sms_form(), signed_for=signed_for, Host="testserver")
    assert answer.status_code == 403
    assert stored() == (0, 0, 0)


def test_a_signature_for_one_message_is_not_good_for_another(sender: Sender) -> None:
    one, other = accepted(), accepted()
    signed = twilio_signature(PUBLIC + status_path(one.uuid), status_form(), "the-token")
    answer = sender.twilio(status_path(other.uuid), status_form(), signature=signed)
    assert answer.status_code == 403
    assert _status(other) is Status.ACCEPTED


def test_a_query_is_part_of_the_address(sender: Sender) -> None:
    assert sender.twilio(SMS_PATH + "?x=1&y=%20z", sms_form()).status_code == 200


@pytest.mark.parametrize(
    ("reported", "code", "status", "reason"),
    [
        ("delivered", "", Status.DELIVERED, ""),
        ("undelivered", "30003", Status.UNDELIVERED, "unreachable"),
        ("failed", "30005", Status.UNDELIVERED, "unknown_number"),
        ("undelivered", "31337", Status.UNDELIVERED, "carrier_error"),
        ("sent", "", Status.ACCEPTED, ""),
        ("canceled", "", Status.UNDELIVERED, "carrier_error"),
        ("something new", "", Status.ACCEPTED, ""),
    ],
)
def test_a_report_moves_the_message(sender: Sender, reported: str, code: str, status: Status, reason: str) -> None:
    message = accepted()
    form = status_form(reported) | ({"ErrorCode": code} if code else {})
    assert sender.twilio(status_path(message.uuid), form).status_code == 204
    assert (_status(message), message.reason) == (status, reason)


def test_reports_out_of_order_and_twice(sender: Sender) -> None:
    message = accepted()
    for reported in ("delivered", "sent", "queued", "delivered", "undelivered"):
        path = status_path(message.uuid)
        assert sender.twilio(path, status_form(reported)).status_code == 204
    assert _status(message) is Status.DELIVERED
    assert Receipt.objects.filter(event="deliver").count() == 1


def test_a_report_about_nothing_of_ours_is_forgotten(sender: Sender) -> None:
    path = status_path("99999999-0000-4000-8000-000000000000")
    assert sender.twilio(path, status_form()).status_code == 204
    assert stored() == (0, 0, 0)


@pytest.mark.parametrize("form", [{}, {"MessageSid": "SM1"}, {"From": "+316"}])
def test_signed_but_empty_is_answered_and_not_stored(sender: Sender, form: dict[str, str]) -> None:
    assert sender.twilio(SMS_PATH, form).status_code == 200
    assert sender.twilio(status_path(accepted().uuid), form).status_code == 204
    assert stored() == (0, 0, 0)


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head", "options"])
def test_only_post(method: str) -> None:
    for path in (SMS_PATH, status_path("99999999-0000-4000-8000-000000000000")):
        assert getattr(Client(), method)(path).status_code == 405


def test_an_unknown_provider_has_no_address() -> None:
    for path in ("/webhooks/spryng/sms", "/webhooks/twilio/status/not-a-uuid", "/webhooks/"):
        assert Client().post(path).status_code == 404


def test_too_much_is_not_read(sender: Sender) -> None:
    answer = sender.twilio(SMS_PATH, sms_form(Body="x" * 70_000))
    assert answer.status_code == 413
    assert stored() == (0, 0, 0)


def test_a_form_of_a_thousand_fields_is_refused(sender: Sender) -> None:
    form = sms_form(**{f"f{number}": "x" for number in range(1000)})
    assert sender.twilio(SMS_PATH, form).status_code == 403
    assert stored() == (0, 0, 0)


def test_emoji_and_accents_arrive_whole(sender: Sender) -> None:
    sender.twilio(SMS_PATH, sms_form(Body="ja, graag 😀 cliënt + & ="))
    assert InboundSms.objects.get().body == "ja, graag 😀 cliënt + & ="


def test_a_refusal_is_logged_without_its_contents(sender: Sender, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    sender.twilio(SMS_PATH, sms_form(Body='x\n{"actor": "x"}'), signature="no")
    assert "no valid signature" in caplog.text
    assert "612345678" not in caplog.text
    assert "actor" not in caplog.text
