"""A rate per sender that all workers share."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from notifications.domain.lifecycle import Channel, Status
from notifications.models import EngineFlag, Message
from notifications.outbox import deliver, shaping
from tests.outbox.helpers import EMAIL, NOW, FakeGateway, World, drain, plan, plan_many

pytestmark = pytest.mark.django_db


def _accepted() -> int:
    return Message.objects.filter(status=Status.ACCEPTED.value).count()


def test_a_second_holds_no_more_than_the_rate(sms: FakeGateway, settings: Any) -> None:
    settings.NOTIFICATIONS_RATE_SMS = 10
    plan_many(35)
    drain()
    assert len(sms.sent) == 10
    drain()
    assert len(sms.sent) == 10, "another worker at the same moment gets no more"
    drain(NOW + timedelta(seconds=0.5))
    assert len(sms.sent) == 15
    drain(NOW + timedelta(seconds=60))
    assert len(sms.sent) == 25, "a long silence does not save up"
    assert (_accepted(), Message.objects.filter(status=Status.QUEUED.value).count()) == (25, 10)


def test_a_text_of_two_segments_counts_twice(sms: FakeGateway, world: World, settings: Any) -> None:
    settings.NOTIFICATIONS_RATE_SMS = 10
    world.values = {"naam": "x" * 200, "link": "http://testserver/v/abc"}
    plan_many(40)
    drain()
    assert len(sms.sent) == 10
    drain(NOW + timedelta(seconds=1))
    assert len(sms.sent) == 10, "what went cost twice as much"
    drain(NOW + timedelta(seconds=2))
    assert len(sms.sent) == 20


def test_what_was_not_sent_costs_nothing(sms: FakeGateway, world: World, settings: Any) -> None:
    settings.NOTIFICATIONS_RATE_SMS = 10
    plan_many(20)
    world.superseded = {f"a/{number}" for number in range(8)}
    drain()
    # Ten were claimed, eight of them withdrawn; their room goes to the next ones.
    assert len(sms.sent) == 10


def test_the_other_channel_does_not_wait(sms: FakeGateway, email: FakeGateway, settings: Any) -> None:
    settings.NOTIFICATIONS_RATE_SMS = 1
    plan_many(5)
    plan("m/1", recipients=[EMAIL])
    drain()
    assert (len(sms.sent), len(email.sent)) == (1, 1)


def test_less_than_one_a_second_still_sends(sms: FakeGateway, settings: Any) -> None:
    settings.NOTIFICATIONS_RATE_SMS = 0.5
    plan_many(3)
    for seconds, sent in ((0, 1), (1, 1), (2, 2), (3, 2), (4, 3)):
        drain(NOW + timedelta(seconds=seconds))
        assert len(sms.sent) == sent, seconds


def test_without_a_rate_nothing_is_kept(sms: FakeGateway) -> None:
    plan_many(3)
    drain()
    assert not EngineFlag.objects.filter(name__startswith="rate:").exists()


def test_a_drain_waits_for_its_rate(sms: FakeGateway, settings: Any) -> None:
    """The real clock: what does not fit in this second goes in the next, in the same drain."""
    from django.utils import timezone

    settings.NOTIFICATIONS_RATE_SMS = 20
    plan_many(30)
    Message.objects.update(
        useful_until=timezone.now() + timedelta(days=1), exempt_from_quiet_hours=True, due_at=timezone.now()
    )
    deliver.drain(clock=timezone.now, linger=timedelta(seconds=20))
    assert len(sms.sent) == 30


@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rate=st.sampled_from([0.5, 1, 7, 100]),
    steps=st.lists(st.tuples(st.floats(0, 3), st.integers(1, 200), st.integers(0, 3)), min_size=1, max_size=30),
)
def test_never_more_than_the_rate_over_any_stretch(
    settings: Any, rate: float, steps: list[tuple[float, int, int]]
) -> None:
    settings.NOTIFICATIONS_RATE_SMS = rate
    EngineFlag.objects.all().delete()
    now = NOW
    taken: list[tuple[Any, float]] = []
    for pause, wanted, unused in steps:
        now += timedelta(seconds=pause)
        granted = shaping.take(Channel.SMS, wanted, now=now)
        back = min(unused, granted)
        shaping.give_back(Channel.SMS, back, now=now)
        assert 0 <= granted <= wanted
        taken.append((now, granted - back))
    for first, (start, _) in enumerate(taken):
        for end, _ in taken[first:]:
            units = sum(count for moment, count in taken if start <= moment <= end)
            # What fits in the time, and the second that may go at once; one at least.
            assert units <= ((end - start).total_seconds() + 1) * rate + 1 + 1e-6
