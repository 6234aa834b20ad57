"""Values that travel together arrive as they left, in both databases."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import given as examples
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from notifications.domain.lifecycle import Event, Status
from notifications.models import Attempt, Message
from notifications.outbox.given import given
from notifications.outbox.shift import shift_each
from tests.outbox.helpers import NOW, FakeGateway, drain, plan, plan_many

pytestmark = pytest.mark.django_db

# Text as databases take it: no NUL, no half of a pair.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


class TableTest(TestCase):
    """Hypothesis runs many examples in one transaction."""

    @examples(st.lists(st.tuples(st.integers(-(2**62), 2**62), TEXTS), max_size=20))
    def test_what_goes_in_comes_out(self, rows: list[tuple[int, str]]) -> None:
        assert _back({"id": int, "word": str}, rows) == sorted(rows)

    @examples(st.lists(MOMENTS, min_size=1, max_size=5))
    def test_a_moment_is_kept_to_the_microsecond(self, moments: list[datetime]) -> None:
        plan_many(len(moments))
        keys = list(Message.objects.order_by("pk").values_list("pk", flat=True))
        Message.objects.update(status=Status.SENDING.value)
        moved = shift_each(
            {key: (moment,) for key, moment in zip(keys, moments, strict=True)},
            Event.ACCEPT,
            now=NOW,
            columns={"check_at": datetime},
            where={},
        )
        assert moved == set(keys)
        assert list(Message.objects.order_by("pk").values_list("check_at", flat=True)) == moments


def _back(columns: dict[str, type], rows: list[tuple[int, str]]) -> list[tuple[int, str]]:
    table, parameters = given(columns, rows)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT given.id, given.word FROM {table}", parameters)
        return sorted(cursor.fetchall())


def test_each_row_gets_its_own_and_only_where_it_may(sms: FakeGateway) -> None:
    plan_many(4)
    one, two, three, four = Message.objects.order_by("pk")
    Message.objects.exclude(pk=four.pk).update(status=Status.SENDING.value, lease_owner="w")
    Message.objects.filter(pk=three.pk).update(lease_owner="other")
    moved = shift_each(
        {each.pk: (f"id-{each.pk}", None) for each in (one, two, three, four)},
        Event.ACCEPT,
        now=NOW,
        columns={"vendor_id": str, "check_at": datetime},
        where={"lease_owner": "w"},
        vendor="fake",
    )
    assert moved == {one.pk, two.pk}
    for each in (one, two):
        each.refresh_from_db()
        assert (each.status, each.vendor, each.vendor_id) == ("accepted", "fake", f"id-{each.pk}")
        assert (each.lease_owner, each.in_flight, each.accepted_at, each.check_at) == ("", False, NOW, None)
    three.refresh_from_db()
    four.refresh_from_db()
    assert (three.status, three.vendor_id, four.status, four.vendor_id) == ("sending", "", "queued", "")


def test_the_statement_that_opens_attempts_knows_every_column(sms: FakeGateway) -> None:
    """A new column gets its default, or is written on purpose; one that has neither fails here."""
    plan()
    drain()
    attempt = Attempt.objects.get()
    bare = {field.attname: getattr(attempt, field.attname) for field in Attempt._meta.concrete_fields}
    fresh = Attempt(message_id=attempt.message_id, number=1, vendor="fake", started_at=NOW)
    told = {"id", "outcome", "vendor_id", "finished_at", "body_digest", "segments"}
    unlike = {name for name, value in bare.items() if value != getattr(fresh, name)}
    assert unlike == told
