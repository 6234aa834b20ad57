"""The drain: what is sent, what is not sent any more, and what a failure leads to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections

from notifications.domain.lifecycle import Channel, Status
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways import registry
from notifications.gateways.base import Attachment, Outcome, Outgoing
from notifications.models import Attempt, ConsoleItem, Message
from notifications.outbox import deliver, flags
from notifications.outbox.enqueue import Recipient, cancel_pending, enqueue_text
from notifications.outbox.opt_outs import is_opted_out, opt_out
from notifications.outbox.ready import digest
from notifications.signals import DeliveryChange
from tests.outbox.helpers import (
    EMAIL,
    MAIL,
    MOBILE,
    NOW,
    SMS,
    FakeGateway,
    World,
    attempts,
    drain,
    message,
    plan,
    plan_many,
    status,
)

pytestmark = pytest.mark.django_db

TEMPORARY = Outcome(verdict=Verdict.TEMPORARY, reason=Reason.RATE_LIMITED)
PERMANENT = Outcome(verdict=Verdict.PERMANENT, reason=Reason.NOT_MOBILE, vendor_code="21614")
LOST = Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER)


def test_it_sends_what_the_world_says_now(sms: FakeGateway, world: World) -> None:
    plan()
    world.values["naam"] = "Bea"
    assert drain() == 1
    (sent,) = sms.sent
    assert (sent.address, sent.text) == (MOBILE, "Dag Bea, zie http://testserver/v/abc")
    assert sent.valid_for == 24 * 3600
    row = message()
    assert (row.status, row.vendor, row.vendor_id) == ("accepted", "fake", "fake-1")
    assert row.accepted_at == NOW
    attempt = Attempt.objects.get()
    assert (attempt.outcome, attempt.vendor_id, attempt.segments) == ("accepted", "fake-1", 1)
    assert attempt.body_digest == digest("Dag Bea, zie http://testserver/v/abc")


def test_files_go_with_the_mail_and_not_with_the_sms(sms: FakeGateway, email: FakeGateway, world: World) -> None:
    world.attachments = (Attachment(filename="kopie.pdf", content_type="application/pdf", content=b"%PDF"),)
    plan(recipients=[SMS, EMAIL], mode="all")
    drain()
    assert (sms.sent[0].attachments, email.sent[0].attachments) == ((), world.attachments)


def test_a_name_with_a_header_in_it_stays_in_the_subject(email: FakeGateway, world: World) -> None:
    world.values["naam"] = "Ali\r\nBcc: x@evil.example\u2028Cc: y@evil.example"
    plan(recipients=[EMAIL])
    drain()
    (sent,) = email.sent
    assert sent.subject == "Voor Ali Bcc: x@evil.example Cc: y@evil.example"
    assert "<script" not in sent.html


def test_a_name_that_is_a_program_is_a_name(sms: FakeGateway, email: FakeGateway, world: World) -> None:
    world.values["naam"] = "((link)) {{ x }} <script>alert(1)</script> https://evil.example/x"
    plan(recipients=[SMS, EMAIL], mode="all")
    drain()
    assert sms.sent[0].text.startswith("Dag ((link)) {{ x }} <script>alert(1)</script>")
    assert "<script>" not in email.sent[0].html
    assert 'href="https://evil' not in email.sent[0].html


def test_neither_text_nor_link_is_stored(sms: FakeGateway) -> None:
    plan()
    drain()
    row = Message.objects.values().get()
    assert not any("Ali" in str(value) or "/v/" in str(value) for value in row.values())


def test_a_second_drain_sends_nothing(sms: FakeGateway) -> None:
    plan()
    assert (drain(), drain()) == (1, 0)
    assert len(sms.sent) == 1


def test_a_change_before_the_attempt_means_not_sent(sms: FakeGateway, world: World) -> None:
    plan()
    world.superseded.add("a/1")
    assert drain() == 0
    assert status() is Status.SUPERSEDED
    assert (sms.sent, attempts()) == ([], [])


def test_a_cancellation_between_claim_and_attempt_wins(sms: FakeGateway, world: World) -> None:
    plan("a/1")
    plan("a/2")

    def cancel(subject: str) -> None:
        if subject == "a/1":
            assert cancel_pending(subject="a/1", now=NOW) == 1

    world.meanwhile = cancel
    drain()
    assert status("a/1") is Status.SUPERSEDED
    assert [outgoing.uuid for outgoing in sms.sent] == [message("a/2").uuid]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_provider_thinks(sms: FakeGateway) -> None:
    seen: list[tuple[bool, bool]] = []
    here = connections["default"]

    def look(_outgoing: Outgoing) -> None:
        seen.append((here.in_atomic_block, here.get_autocommit()))

    sms.on_network = False
    sms.during = look
    plan()
    drain()
    assert seen == [(False, True)]


def test_the_attempt_is_written_before_the_call(sms: FakeGateway) -> None:
    seen: list[tuple[str, bool]] = []

    def look(_outgoing: Outgoing) -> None:
        seen.append((Attempt.objects.get().outcome, message().in_flight))

    sms.on_network = False
    sms.during = look
    plan()
    drain()
    assert seen == [("", True)]
    assert message().in_flight is False


def test_a_retry_waits_as_long_as_the_provider_asks(sms: FakeGateway) -> None:
    sms.outcomes = [Outcome(verdict=Verdict.TEMPORARY, reason=Reason.RATE_LIMITED, retry_after=90)]
    plan()
    drain()
    row = message()
    assert (row.status, row.reason, row.failures) == ("queued", "rate_limited", 1)
    assert NOW + timedelta(seconds=90) <= row.due_at <= NOW + timedelta(seconds=108)
    assert drain(NOW + timedelta(seconds=89)) == 0
    assert drain(NOW + timedelta(seconds=109)) == 1
    assert attempts() == ["temporary", "accepted"]


def test_an_unknown_outcome_is_never_sent_again_by_itself(sms: FakeGateway) -> None:
    sms.outcomes = [LOST]
    plan()
    drain()
    assert status() is Status.UNKNOWN
    for hours in range(1, 20):
        drain(NOW + timedelta(hours=hours))
    assert len(sms.sent) == 1


def test_a_call_that_stood_in_line_too_long_is_not_begun(sms: FakeGateway, settings: object) -> None:
    settings.NOTIFICATIONS_LEASE_SECONDS = 5  # type: ignore[attr-defined]
    plan()
    drain()
    assert (sms.sent, status(), attempts()) == ([], Status.QUEUED, ["temporary"])


def test_what_only_stood_in_line_goes_in_the_next_drain(sms: FakeGateway, settings: Any) -> None:
    """It did not fail, so it is not put off as one that did; nor is it too late because a pause would be."""
    settings.NOTIFICATIONS_LEASE_SECONDS = 5
    plan(useful_until=NOW + timedelta(seconds=20), exempt_from_quiet_hours=True)
    drain()
    assert (status(), message().failures) == (Status.QUEUED, 0)
    settings.NOTIFICATIONS_LEASE_SECONDS = 120
    drain(NOW + timedelta(seconds=1))
    assert (status(), len(sms.sent)) == (Status.ACCEPTED, 1)


def test_out_of_time_gives_the_rest_back(sms: FakeGateway, rings: list[str]) -> None:
    moments = iter([NOW] * 4)
    plan_many(3)
    deliver.drain(clock=lambda: next(moments, NOW + timedelta(minutes=1)))
    assert sms.sent == []
    rows = Message.objects.values_list("status", "lease_owner")
    assert list(rows) == [("queued", "")] * 3
    assert rings == ["notifications.jobs.drain"]


def test_a_gateway_that_raises_may_have_sent(sms: FakeGateway) -> None:
    def burst(_outgoing: Outgoing) -> None:
        raise RuntimeError("a defect")

    sms.during = burst
    plan()
    drain()
    assert (status(), attempts()) == (Status.UNKNOWN, ["unknown"])


def test_a_permanent_failure_moves_to_the_next_channel(
    sms: FakeGateway, email: FakeGateway, news: list[DeliveryChange]
) -> None:
    sms.outcomes = [PERMANENT]
    plan(recipients=[SMS, EMAIL])
    drain()
    assert status() is Status.FAILED
    assert message().reason == Reason.NOT_MOBILE
    (sent,) = email.sent
    assert (sent.address, sent.subject) == (MAIL, "Voor Ali")
    failed = next(each for each in news if each.status is Status.FAILED)
    assert failed.exhausted is False
    assert failed.reason_text.startswith("Dit is geen mobiel nummer")


def test_when_nothing_is_left_a_person_must_act(
    sms: FakeGateway, email: FakeGateway, news: list[DeliveryChange]
) -> None:
    sms.outcomes, email.outcomes = [PERMANENT], [PERMANENT]
    plan(recipients=[SMS, EMAIL])
    drain()
    drain()
    assert [(each.channel, each.exhausted) for each in news] == [
        (Channel.SMS, False),
        (Channel.EMAIL, True),
    ]


def test_a_failure_beside_a_mail_that_went_is_not_the_end(
    sms: FakeGateway, email: FakeGateway, news: list[DeliveryChange]
) -> None:
    sms.outcomes = [PERMANENT]
    plan(recipients=[SMS, EMAIL], mode="all")
    drain()
    assert next(each for each in news if each.status is Status.FAILED).exhausted is False


def test_an_opt_out_at_the_provider_is_remembered(sms: FakeGateway, email: FakeGateway) -> None:
    sms.outcomes = [Outcome(verdict=Verdict.PERMANENT, reason=Reason.OPTED_OUT)]
    plan(recipients=[SMS, EMAIL])
    drain()
    assert is_opted_out(channel=Channel.SMS, address=MOBILE)
    assert status(channel=Channel.EMAIL) is Status.ACCEPTED


def test_an_opt_out_after_planning_counts(sms: FakeGateway) -> None:
    plan()
    opt_out(channel=Channel.SMS, address=MOBILE, now=NOW, source="test")
    drain()
    assert (sms.sent, message().reason) == ([], "opted_out")


def test_too_late_is_never_sent(sms: FakeGateway, news: list[DeliveryChange]) -> None:
    plan(useful_until=NOW + timedelta(hours=1))
    drain(NOW + timedelta(hours=1))
    assert (status(), sms.sent) == (Status.EXPIRED, [])
    assert [(each.status, each.exhausted) for each in news] == [(Status.EXPIRED, True)]


def test_a_worker_that_was_down_does_not_catch_up_at_night(sms: FakeGateway) -> None:
    plan()
    night = datetime(2026, 12, 2, 22, 30, tzinfo=UTC)  # 23.30 in Amsterdam
    assert drain(night) == 0
    assert message().due_at == datetime(2026, 12, 3, 7, 0, tzinfo=UTC)
    assert drain(datetime(2026, 12, 3, 7, 0, tzinfo=UTC)) == 1


def test_a_number_that_is_not_allowed_is_not_called(sms: FakeGateway) -> None:
    plan(recipients=[Recipient(channel=Channel.SMS, address="+447911123456")])
    drain()
    assert (sms.sent, message().reason) == ([], "not_allowed")


def test_one_number_gets_only_so_many_a_day(sms: FakeGateway, settings: object) -> None:
    settings.NOTIFICATIONS_DAILY_CAP_SMS = 3  # type: ignore[attr-defined]
    for number in range(5):
        plan(f"a/{number}")
    drain()
    assert len(sms.sent) == 3
    reasons = Message.objects.filter(status=Status.FAILED.value).values_list("reason", flat=True)
    assert list(reasons) == ["capped", "capped"]
    plan("next day", now=NOW + timedelta(days=1, minutes=1), useful_until=NOW + timedelta(days=2))
    drain(NOW + timedelta(days=1, minutes=1))
    assert len(sms.sent) == 4


def test_a_missing_value_is_for_a_person(sms: FakeGateway, world: World) -> None:
    del world.values["naam"]
    plan()
    drain()
    assert (status(), message().reason, sms.sent) == (Status.FAILED, "incomplete", [])


def test_a_fault_above_us_loses_nothing(sms: FakeGateway, world: World) -> None:
    world.error = RuntimeError("a defect")
    plan()
    drain()
    row = message()
    assert (row.status, row.failures, attempts()) == ("queued", 1, [])
    assert row.due_at > NOW
    world.error = None
    drain(row.due_at)
    assert status() is Status.ACCEPTED


def test_wrong_keys_halt_the_channel_and_alarm_once(
    sms: FakeGateway, email: FakeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    refused = Outcome(verdict=Verdict.TEMPORARY, reason=Reason.ACCOUNT, vendor_code="20003", halt=True)
    sms.outcomes = [refused] * 40
    plan_many(40)
    drain()
    assert len(sms.sent) < 40, "the rest of the batch was not tried"
    assert Message.objects.filter(status=Status.QUEUED.value).count() == 40
    assert [record.levelname for record in caplog.records if "20003" in record.message] == ["ERROR"]
    sms.outcomes = []
    assert drain(NOW + timedelta(minutes=4)) == 0, "the channel rests"
    plan("mail", recipients=[EMAIL])
    assert drain(NOW + timedelta(minutes=4)) == 1, "the other channel does not"
    drain(NOW + timedelta(minutes=6))
    assert Message.objects.filter(status=Status.ACCEPTED.value).count() == 41


def test_the_kill_switch_stops_the_next_batch(sms: FakeGateway, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The switches are read again after half a second; here at once."""
    monkeypatch.setattr(deliver, "_FRESH", 0.0)
    plan_many(600)

    def pause(_subject: str) -> None:
        if len(world.asked) == 5:
            flags.pause_sending(now=NOW, by="beheerder")

    world.meanwhile = pause
    drain()
    assert 0 < len(sms.sent) <= deliver._GROUP
    left = Message.objects.filter(status=Status.QUEUED.value).count()
    assert left == 600 - len(sms.sent)
    assert drain() == 0
    flags.resume_sending(now=NOW)
    drain()
    assert len(sms.sent) == 600


def test_a_channel_that_was_switched_off_keeps_its_messages(sms: FakeGateway) -> None:
    plan()
    with registry.use(Channel.SMS, None):
        assert drain() == 0
    assert status() is Status.QUEUED


def test_a_ready_made_mail_is_wiped_when_the_provider_has_it(email: FakeGateway) -> None:
    enqueue_text(
        subject="account/1",
        recipient=EMAIL,
        title="Nieuw wachtwoord",
        text="Ga naar http://testserver/accounts/x",
        useful_until=NOW + timedelta(hours=2),
        now=NOW,
    )
    row = message("account/1", Channel.EMAIL)
    assert row.text.startswith("Ga naar")
    drain()
    (sent,) = email.sent
    assert sent.subject == "Nieuw wachtwoord"
    assert '<a href="http://testserver/accounts/x">' in sent.html
    row.refresh_from_db()
    assert (row.title, row.text, row.status) == ("", "", "accepted")


def test_the_console_keeps_and_delivers(news: list[DeliveryChange]) -> None:
    plan(recipients=[SMS, EMAIL], mode="all")
    drain()
    assert ConsoleItem.objects.count() == 2
    assert {each.status for each in news} == {Status.DELIVERED}
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, address FROM notifications_consoleitem")
        # Longer than what may stand in an encrypted text by chance.
        assert not any("Dag Ali" in text or "612345678" in address for text, address in cursor.fetchall())


def test_logs_hold_no_person(sms: FakeGateway, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    sms.outcomes = [LOST, PERMANENT, TEMPORARY]
    for number in range(4):
        plan(f"a/{number}")
    drain()
    assert "unknown" in caplog.text
    for personal in ("612345678", "jansen", "Ali", "/v/abc"):
        assert personal not in caplog.text
