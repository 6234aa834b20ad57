"""What a beheerder sets about sending counts for the next group of messages, and costs no statement."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import api as post
from notifications.domain.budget import Filled, Limits, periods
from notifications.domain.lifecycle import Channel, Status
from notifications.domain.reasons import Reason
from notifications.models import AllowedPrefix, Budget, Message, Spent
from notifications.outbox import budget, limits, rules
from notifications.outbox.claim import claim
from notifications.outbox.enqueue import Recipient
from notifications.outbox.prepare import prepare
from notifications.wording.rendering import Book
from tests.outbox.helpers import EMAIL, MAIL, NOW, FakeGateway, drain, message, plan, plan_many, status

pytestmark = pytest.mark.django_db

BELGIAN = "+32470123456"
TO_BELGIUM = Recipient(channel=Channel.SMS, address=BELGIAN)


def allow(typed: str = "+32 4") -> limits.AddedPrefix:
    return limits.add_prefix(typed=typed, reason="Cliënten over de grens", by="beheerder", now=NOW)[0]


def fill(scope: str = "", channel: Channel = Channel.SMS, **filled: int | None) -> dict[str, int | None]:
    return limits.set_budget(scope=scope, channel=channel, filled=Filled(**filled), by="beheerder", now=NOW)


def send(count: int, *, scope: str = "wmo", start: int = 0, **more: Any) -> None:
    for number in range(start, start + count):
        to = Recipient(channel=Channel.SMS, address=f"+316{number:08d}")
        plan(f"{scope}/{number}", scope=scope, recipients=[to], **more)


def test_a_number_goes_as_long_as_its_start_is_allowed(sms: FakeGateway) -> None:
    plan("a/1", recipients=[TO_BELGIUM])
    drain()
    assert (status("a/1"), message("a/1").reason) == (Status.FAILED, Reason.NOT_ALLOWED.value)
    added = allow()
    plan("a/2", recipients=[TO_BELGIUM])
    drain()
    assert [each.address for each in sms.sent] == [BELGIAN]
    assert limits.remove_prefix(id=added.id) == "+324"
    plan("a/3", recipients=[TO_BELGIUM])
    drain()
    assert (status("a/3"), message("a/3").reason) == (Status.FAILED, Reason.NOT_ALLOWED.value)
    assert len(sms.sent) == 1


def test_what_waits_while_its_start_is_taken_away_goes_to_the_next_channel(
    sms: FakeGateway, email: FakeGateway
) -> None:
    added = allow()
    plan("a/1", recipients=[TO_BELGIUM, EMAIL])
    limits.remove_prefix(id=added.id)
    drain()
    assert (len(sms.sent), [each.address for each in email.sent]) == (0, [MAIL])


def test_the_door_and_the_engine_agree() -> None:
    with pytest.raises(post.AddressProblem) as caught:
        post.normalise_mobile("0032 470 12 34 56")
    assert caught.value.code == "not_allowed"
    added = allow()
    assert post.normalise_mobile("0032 470 12 34 56") == BELGIAN
    # A landline there is still no place for an SMS.
    with pytest.raises(post.AddressProblem):
        post.normalise_mobile("+32 2 234 56 78")
    limits.remove_prefix(id=added.id)
    with pytest.raises(post.AddressProblem):
        post.normalise_mobile(BELGIAN)


def test_a_dutch_number_is_looked_at_without_a_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        post.normalise_mobile("06 12345678")
    with django_assert_num_queries(1), pytest.raises(post.AddressProblem):
        post.normalise_mobile(BELGIAN)


def test_rules_of_old_do_not_open_what_never_may() -> None:
    """A row that was written past the check opens nothing."""
    for prefix in ("+881", "+31"):
        AllowedPrefix.objects.create(prefix=prefix, reason="x", added_by="x", added_at=NOW)
    allowed = rules.read([], around=periods(NOW))
    assert not allowed.allows("+881612345678")
    assert not allowed.allows("+3197010200000")
    assert not allowed.allows("+31900123456")


def test_adding_twice_adds_once() -> None:
    first, fresh = limits.add_prefix(typed="+32 4", reason="een", by="a", now=NOW)
    again, second = limits.add_prefix(typed="+324", reason="twee", by="b", now=NOW)
    assert (fresh, second, again) == (True, False, first)
    assert limits.remove_prefix(id=first.id) == "+324"
    assert limits.remove_prefix(id=first.id) == ""


def test_the_budget_of_one_team_stops_that_team_only(sms: FakeGateway) -> None:
    fill("wmo", hour=2)
    send(4)
    send(4, scope="schuld", start=100)
    drain()
    assert len(sms.sent) == 6
    assert set(Message.objects.filter(reason="budget").values_list("scope", flat=True)) == {"wmo"}


def test_a_budget_for_all_counts_for_each_team_that_has_none(sms: FakeGateway) -> None:
    fill(hour=2)
    fill("wmo", hour=3)
    send(4)
    send(4, scope="schuld", start=100)
    drain()
    assert len(sms.sent) == 5


def test_no_limit_for_one_team(sms: FakeGateway, settings: Any) -> None:
    settings.NOTIFICATIONS_BUDGET_SMS_HOUR = 2
    fill("wmo", hour=0, day=0, month=0)
    send(4)
    drain()
    assert len(sms.sent) == 4
    assert not Spent.objects.exists()


def test_a_budget_counts_where_the_settings_have_none(sms: FakeGateway, email: FakeGateway, settings: Any) -> None:
    for each in ("SMS_HOUR", "SMS_DAY", "EMAIL_HOUR", "EMAIL_DAY"):
        setattr(settings, f"NOTIFICATIONS_BUDGET_{each}", 0)
    fill("wmo", month=3)
    send(2)
    drain()
    send(4, start=10, useful_until=NOW + timedelta(days=60))
    drain()
    assert len(sms.sent) == 3
    fill("wmo", Channel.EMAIL, day=1)
    for number in range(3):
        to = Recipient(channel=Channel.EMAIL, address=f"a{number}@example.nl")
        plan(f"m/{number}", scope="wmo", recipients=[to])
    drain()
    assert len(email.sent) == 1


def test_answers_count_but_are_never_held_up(sms: FakeGateway, email: FakeGateway, settings: Any) -> None:
    settings.NOTIFICATIONS_BUDGET_EMAIL_HOUR = settings.NOTIFICATIONS_BUDGET_EMAIL_DAY = 0
    fill("wmo", Channel.EMAIL, hour=1)
    for number in range(3):
        to = Recipient(channel=Channel.EMAIL, address=f"a{number}@example.nl")
        plan(f"m/{number}", scope="wmo", recipients=[to], exempt_from_quiet_hours=True)
    drain()
    assert (len(email.sent), Spent.objects.get(channel="email").units) == (3, 3)


def test_more_room_lets_go_what_waits_for_it(sms: FakeGateway, rings: list[str]) -> None:
    fill("wmo", hour=1)
    send(4)
    send(3, scope="schuld", start=100)
    fill("schuld", hour=1)
    drain()
    assert len(sms.sent) == 2
    fill("wmo", hour=3)
    looked_at = Message.objects.filter(status="queued", due_at__lte=NOW).values_list("scope", flat=True)
    assert set(looked_at) == {"wmo"}
    drain()
    assert len(sms.sent) == 4
    # Less room changes nothing for what waits.
    fill("wmo", hour=2)
    assert set(Message.objects.filter(status="queued").values_list("due_at", flat=True)) == {NOW + timedelta(hours=1)}
    fill("wmo", hour=None)
    drain()
    assert len(sms.sent) == 5


def test_more_room_than_all_have_lets_go_what_waits(sms: FakeGateway) -> None:
    fill(hour=1)
    send(3)
    drain()
    fill("wmo", hour=2)
    drain()
    assert len(sms.sent) == 2
    fill("wmo")
    fill(hour=3)
    drain()
    assert len(sms.sent) == 3


def test_what_was_filled_in_and_what_counts(settings: Any) -> None:
    settings.NOTIFICATIONS_BUDGET_SMS_HOUR, settings.NOTIFICATIONS_BUDGET_SMS_DAY = 7, 70
    fill(day=50, month=500)
    fill("wmo", hour=0)
    Spent.objects.create(scope="wmo", channel="sms", hour=NOW, units=4)
    Spent.objects.create(scope="wmo", channel="sms", hour=NOW - timedelta(hours=2), units=5)
    Spent.objects.create(scope="wmo", channel="sms", hour=NOW - timedelta(days=1), units=6)
    Spent.objects.create(scope="wmo", channel="sms", hour=NOW - timedelta(days=3), units=100)
    found = limits.budgets(["wmo", "schuld"], now=NOW)
    wmo, schuld, shared = (found[scope, Channel.SMS] for scope in ("wmo", "schuld", ""))
    assert (wmo.limits, wmo.inherited) == (Limits(hour=0, day=50, month=500), Limits(hour=7, day=50, month=500))
    assert wmo.filled == Filled(hour=0)
    assert wmo.used == Limits(hour=4, day=9, month=15)
    assert (schuld.limits, schuld.used) == (Limits(hour=7, day=50, month=500), Limits())
    assert (shared.limits, shared.inherited) == (Limits(hour=7, day=50, month=500), Limits(hour=7, day=70))
    assert shared.used is None


def test_what_is_taken_out_leaves_no_row(settings: Any) -> None:
    assert fill("wmo") == {}
    assert fill("wmo", hour=5) == {"hour": None}
    assert fill("wmo", hour=5) == {}
    assert fill("wmo", hour=6, day=9) == {"hour": 5, "day": None}
    assert Budget.objects.count() == 1
    assert fill("wmo") == {"hour": 6, "day": 9}
    assert not Budget.objects.exists()


@pytest.mark.parametrize(
    ("mine", "theirs", "wider"),
    [
        (Limits(hour=2), Limits(hour=1), True),
        (Limits(hour=1), Limits(hour=1), False),
        (Limits(hour=1), Limits(hour=2), False),
        (Limits(), Limits(month=2), True),
        (Limits(hour=1), Limits(), False),
        (Limits(hour=1, day=5), Limits(hour=2, day=4), True),
    ],
)
def test_wider(mine: Limits, theirs: Limits, wider: bool) -> None:
    assert mine.is_wider_than(theirs) is wider


def _statements(count: int, *, start: int) -> int:
    """How many statements it takes to make so many messages of three teams ready."""
    for number in range(start, start + count):
        to = Recipient(channel=Channel.SMS, address=f"+316{number:08d}")
        plan(f"a/{number}", recipients=[to], scope=("wmo", "schuld", "jeugd")[number % 3])
    claimed = claim(owner="me", channels=[Channel.SMS], limit=count, now=NOW)
    with CaptureQueriesContext(connection) as queries:
        assert len(prepare(claimed, owner="me", book=Book(), now=NOW)) == count
    return len(queries)


def test_rules_cost_no_statement_for_a_group_of_any_size(sms: FakeGateway) -> None:
    _statements(3, start=0)
    without = _statements(64, start=3)
    assert _statements(6, start=67) == without
    allow()
    fill(hour=1000)
    for team in ("wmo", "schuld", "jeugd"):
        fill(team, hour=1000, day=5000, month=9000)
    assert _statements(64, start=73) == without
    assert sms.sent == []


def test_all_that_holds_a_group_back_is_one_statement(django_assert_num_queries: Any) -> None:
    allow()
    fill("wmo", hour=5)
    send(3)
    plan_many(2)
    waiting = list(Message.objects.all())
    with django_assert_num_queries(1):
        purse = budget.purse(waiting, now=NOW)
        assert purse.rules.allows(BELGIAN)
        assert purse.rules.limits("wmo", "sms").hour == 5
    with django_assert_num_queries(0):
        assert [each for each in waiting if not purse.rules.allows(each.address)] == []
        assert [each for each in waiting if purse.free_again(each)] == []
    with django_assert_num_queries(0):
        budget.purse([], now=NOW)
