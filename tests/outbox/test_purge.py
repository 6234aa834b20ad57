"""Forgetting: addresses and texts go, states and counts stay."""

from datetime import timedelta

import pytest

from notifications import api as post
from notifications.domain.lifecycle import Channel, Status
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways.base import Outcome
from notifications.models import Attempt, ConsoleItem, InboundSms, Message
from notifications.outbox import inbound, purge
from tests.outbox.helpers import EMAIL, MOBILE, NOW, SMS, FakeGateway, drain, message, plan, status

pytestmark = pytest.mark.django_db


def _personal(row: Message) -> tuple[str, ...]:
    return (row.address, row.address_index, row.fallback, row.title, row.text)


def test_erase_forgets_the_person_and_keeps_the_count(sms: FakeGateway, email: FakeGateway) -> None:
    plan("a/1", recipients=[SMS, EMAIL])
    drain()
    plan("a/1", generation=2, recipients=[SMS, EMAIL])
    plan("a/2", recipients=[EMAIL])
    assert purge.erase(["a/1"], now=NOW) == 2
    rows = Message.objects.filter(subject="a/1")
    assert {row.status for row in rows} == {"accepted", "superseded"}
    assert all(_personal(row) == ("", "", "", "", "") for row in rows)
    assert set(Attempt.objects.filter(message__subject="a/1").values_list("body_digest", flat=True)) == {""}
    assert message("a/2", Channel.EMAIL).address
    assert post.statuses_for(["a/1"])["a/1"][0].masked_address == ""
    assert purge.erase(["a/1"], now=NOW) == 0


def test_texts_go_unless_somebody_else_uses_the_number(sms: FakeGateway) -> None:
    plan("a/1")
    plan("a/2")
    inbound.receive_sms(vendor="x", vendor_id="1", sender=MOBILE, recipient="", body="JA", now=NOW)
    purge.erase(["a/1"], now=NOW)
    assert InboundSms.objects.count() == 1
    purge.erase(["a/2"], now=NOW)
    assert InboundSms.objects.count() == 0


def test_the_demo_forgets_too() -> None:
    plan()
    drain()
    assert ConsoleItem.objects.count() == 1
    purge.erase(["a/1"], now=NOW)
    assert ConsoleItem.objects.count() == 0


def test_wipe_waits_for_the_term(sms: FakeGateway, email: FakeGateway) -> None:
    sms.outcomes = [Outcome(verdict=Verdict.PERMANENT, reason=Reason.NOT_MOBILE)]
    plan("ended")
    plan("accepted", recipients=[EMAIL])
    drain()
    plan("waiting", due_at=NOW + timedelta(days=50), useful_until=NOW + timedelta(days=60))
    assert purge.wipe(now=NOW + timedelta(days=29)) == 0
    assert purge.wipe(now=NOW + timedelta(days=32)) == 2
    assert message("ended").address == ""
    assert message("accepted", Channel.EMAIL).address == ""
    assert message("waiting").address == MOBILE
    assert status("ended") is Status.FAILED


def test_erased_during_the_call_does_not_come_back_by_fallback(sms: FakeGateway, email: FakeGateway) -> None:
    def erase(_outgoing: object) -> None:
        purge.erase(["a/1"], now=NOW)

    sms.on_network = False
    sms.outcomes = [Outcome(verdict=Verdict.PERMANENT, reason=Reason.NOT_MOBILE)]
    sms.during = erase
    plan(recipients=[SMS, EMAIL])
    drain()
    assert Message.objects.count() == 1
    assert message().address == ""
