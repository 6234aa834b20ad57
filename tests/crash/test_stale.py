"""A change whose transaction is still open when a message comes back into the queue."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from notifications.domain.lifecycle import Status
from notifications.domain.retry import Verdict
from notifications.gateways.base import Outcome
from notifications.outbox import context, reconcile
from notifications.outbox.enqueue import cancel_pending
from tests.outbox.helpers import NOW, FakeGateway, World, drain, plan, status

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL: on SQLite writers stand in line")
def test_what_is_requeued_beside_an_open_change_is_not_sent_after_it(
    sms: FakeGateway, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change is committed between the question whether the message is still true and its Attempt row."""
    sms.outcomes = [Outcome(verdict=Verdict.UNKNOWN)]
    plan()
    drain()
    late = NOW + timedelta(hours=1)
    # Absent twice; the third look, beside the change, puts it back in the queue.
    for minutes in (5, 4):
        reconcile.reconcile(now=late - timedelta(minutes=minutes))
    assert status() is Status.UNKNOWN
    cancelled, asked, committed = threading.Event(), threading.Event(), threading.Event()

    def change() -> None:
        try:
            with transaction.atomic():
                cancel_pending(subject="a/1", now=NOW)
                cancelled.set()
                # As long as the engine needs, or until it turns out to wait for us.
                asked.wait(2)
            world.superseded.add("a/1")
            committed.set()
        finally:
            connection.close()

    def answer(subject: str, kind: str, generation: int) -> context.Rendering | None:
        found = world(subject, kind, generation)
        asked.set()
        assert committed.wait(10)
        return found

    monkeypatch.setattr(context, "_providers", [(answer, None)])
    thread = threading.Thread(target=change)
    thread.start()
    assert cancelled.wait(10)
    reconcile.reconcile(now=late)
    drain(late)
    thread.join()
    assert len(sms.sent) == 1, "sent after its change was committed"
    assert status() is Status.SUPERSEDED
