"""Moments come out of the database as they went in, whoever reads them."""

import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.models import EngineFlag

pytestmark = pytest.mark.django_db

# Without a zone, as hypothesis wants its bounds.
FIRST, LAST = datetime(1900, 1, 2), datetime(2999, 12, 30)  # noqa: DTZ001
MOMENTS = st.datetimes(min_value=FIRST, max_value=LAST)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOMENTS, st.sampled_from([UTC, ZoneInfo("Europe/Amsterdam"), timezone(-timedelta(hours=11, minutes=30))]))
def test_a_moment_stays_the_same_and_comes_back_in_utc(moment: datetime, zone: Any) -> None:
    EngineFlag.objects.filter(name="proef").delete()
    EngineFlag.objects.create(name="proef", changed_at=moment.replace(tzinfo=zone))
    found = EngineFlag.objects.values_list("changed_at", flat=True).get(name="proef")
    assert found == moment.replace(tzinfo=zone).astimezone(UTC)
    assert found.tzinfo is UTC


def test_no_moment_stays_no_moment() -> None:
    EngineFlag.objects.create(name="proef", until=None, changed_at=datetime.now(UTC))
    assert EngineFlag.objects.values_list("until", flat=True).get(name="proef") is None


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL: how a moment is read")
def test_the_driver_reads_moments_itself() -> None:
    """In a connection that is kept and in one that was made anew, on every cursor of it."""
    from psycopg import adapters
    from psycopg.pq import Format

    oid = adapters.types["timestamptz"].oid
    quick = adapters.get_loader(oid, Format.TEXT)
    assert quick is not None
    with connection.cursor() as cursor:
        reader = cursor.adapters.get_loader(oid, Format.TEXT)
        assert reader is not None
        assert isinstance(reader(oid, cursor).load.__self__, quick)
        cursor.execute("SELECT now() AT TIME ZONE 'UTC', now()")
        naive, aware = cursor.fetchone()
    assert naive.replace(tzinfo=UTC) == aware
    assert abs(aware.timestamp() - time.time()) < 3600
