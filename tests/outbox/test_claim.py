"""Claiming: every message to one worker, urgent first, nothing that is not due."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from notifications.domain.lifecycle import Channel, Status
from notifications.models import Message
from notifications.outbox.claim import claim, worker_name
from tests.outbox.helpers import NOW, FakeGateway, message, plan, status

pytestmark = pytest.mark.django_db


def _claim(owner: str = "w1", limit: int = 50) -> list[str]:
    rows = claim(owner=owner, channels=[Channel.SMS], limit=limit, now=NOW)
    return [row.subject for row in rows]


def test_urgent_first_then_the_oldest(sms: FakeGateway) -> None:
    plan("later", due_at=NOW)
    Message.objects.filter(subject="later").update(due_at=NOW - timedelta(minutes=1))
    plan("early")
    Message.objects.filter(subject="early").update(due_at=NOW - timedelta(minutes=9))
    plan("urgent", urgent=True)
    assert _claim(limit=2) == ["urgent", "early"]
    assert _claim() == ["later"]


def test_what_is_not_due_or_on_a_closed_channel_stays(sms: FakeGateway) -> None:
    plan(due_at=NOW + timedelta(hours=2))
    assert _claim() == []
    plan("a/2")
    assert claim(owner="w", channels=[Channel.EMAIL], limit=9, now=NOW) == []
    assert claim(owner="w", channels=[], limit=9, now=NOW) == []
    assert status("a/2") is Status.QUEUED


def test_a_claim_names_its_worker_and_ends(sms: FakeGateway) -> None:
    plan()
    _claim("me")
    row = message()
    assert (row.status, row.lease_owner, row.in_flight) == (Status.SENDING.value, "me", False)
    assert row.lease_until == NOW + timedelta(seconds=120)
    assert _claim("other") == []


def test_no_two_workers_have_the_same_name() -> None:
    assert len({worker_name() for _ in range(50)}) == 50


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_share_the_work_and_never_a_message(sms: FakeGateway) -> None:
    for number in range(60):
        plan(f"a/{number}")
    taken: list[str] = []
    barrier = threading.Barrier(4)

    def work(owner: str) -> None:
        try:
            barrier.wait(60)
            while part := _claim(owner, limit=5):
                taken.extend(part)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = Counter(taken)
    assert len(counted) == 60
    assert set(counted.values()) == {1}
