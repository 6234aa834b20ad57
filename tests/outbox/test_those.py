"""The indexes ask for moments and not for states: the two must say the same, or a message is never found again."""

from datetime import timedelta

import pytest
from django.db import connection

from notifications.domain.lifecycle import FINAL, TRANSITIONS, Event, Status
from notifications.models import Message
from notifications.outbox.shift import shift
from notifications.outbox.those import those
from tests.outbox.helpers import NOW, FakeGateway, plan

pytestmark = pytest.mark.django_db

# Moments of a message as the engine leaves them in a state; the steps below start from these.
_ACCEPTED = frozenset({Status.ACCEPTED, Status.DELIVERED, Status.UNDELIVERED})
_FOUND = tuple(status for status in Status if status not in FINAL)


@pytest.mark.parametrize(("before", "event"), TRANSITIONS, ids=[f"{a}-{b}" for a, b in TRANSITIONS])
def test_a_step_leaves_a_message_where_it_is_looked_for(before: Status, event: Event, sms: FakeGateway) -> None:
    plan()
    Message.objects.update(
        status=before.value,
        accepted_at=NOW if before in _ACCEPTED else None,
        ended_at=NOW if before in FINAL else None,
    )
    assert shift(Message.objects.all(), event, now=NOW + timedelta(seconds=1)) == 1
    after = TRANSITIONS[before, event]
    assert [status for status in _FOUND if those(status).exists()] == ([after] if after in _FOUND else [])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL: how it changes a row")
def test_no_index_asks_for_what_a_claim_or_a_call_changes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT attname FROM pg_depend JOIN pg_index ON indexrelid = objid"
            " JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid"
            " WHERE indrelid = 'notifications_message'::regclass AND refobjid = indrelid AND refobjsubid > 0"
        )
        asked = {name for (name,) in cursor.fetchall()}
    assert "due_at" in asked
    assert not asked & {"status", "reason", "lease_owner", "lease_until", "in_flight", "attempts_made", "attempted_at"}
