"""Holding what a team sends against its budget, so that one mistake does not become four thousand texts.

What is over the budget waits for the next hour, day or month; what would be too late by then goes to
the next channel, or to a person. Two workers may each be one group over: the count is read before a
group and written with its Attempt rows.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from notifications.domain.budget import Periods, free_again, periods
from notifications.domain.lifecycle import Channel
from notifications.models import Message, Spent
from notifications.outbox import flags, settings

logger = logging.getLogger(__name__)

_Key = tuple[str, str]


@dataclass(kw_only=True)
class Purse:
    """What the teams of one group of messages have spent; counts along while the group is made ready."""

    around: Periods
    spent: dict[_Key, tuple[int, int, int]] = field(default_factory=dict)
    going: Counter[_Key] = field(default_factory=Counter)

    def free_again(self, message: Message) -> datetime | None:
        """When this message may go; None when that is now, and then it is counted."""
        key = (message.scope, message.channel)
        limits = settings.budget(message.channel)
        if not limits or not _counts(message):
            return None
        hour, day, month = self.spent.get(key, (0, 0, 0))
        more = self.going[key]
        moment = free_again(limits, hour=hour + more, day=day + more, month=month + more, around=self.around)
        if moment is None:
            self.going[key] += 1
        return moment


def purse(messages: Sequence[Message], *, now: datetime) -> Purse:
    """What was spent so far by the teams of these messages; one query, none without budgets."""
    around = periods(now)
    limited = [each for each in messages if settings.budget(each.channel) and _counts(each)]
    if not limited:
        return Purse(around=around)
    rows = (
        Spent.objects.filter(
            scope__in={each.scope for each in limited},
            channel__in={each.channel for each in limited},
            hour__gte=around.month,
        )
        .values("scope", "channel")
        .annotate(
            in_hour=Coalesce(Sum("units", filter=Q(hour__gte=around.hour)), 0),
            in_day=Coalesce(Sum("units", filter=Q(hour__gte=around.day)), 0),
            in_month=Coalesce(Sum("units"), 0),
        )
        .order_by()
    )
    return Purse(
        around=around,
        spent={(row["scope"], row["channel"]): (row["in_hour"], row["in_day"], row["in_month"]) for row in rows},
    )


def spend(units: Counter[_Key], *, now: datetime) -> None:
    """Count what is about to be sent, in the transaction that writes the Attempt rows."""
    hour = periods(now).hour
    # In one order, so that two workers never wait for each other.
    for (scope, channel), count in sorted(units.items()):
        if not scope or not settings.budget(channel):
            continue
        row = Spent.objects.filter(scope=scope, channel=channel, hour=hour)
        if not row.update(units=F("units") + count):
            Spent.objects.bulk_create([Spent(scope=scope, channel=channel, hour=hour)], ignore_conflicts=True)
            row.update(units=F("units") + count)


def alarm(message: Message, until: datetime, *, now: datetime) -> None:
    """Say once that a team's budget is used up."""
    name = hashlib.blake2s(f"{message.scope}/{message.channel}".encode(), digest_size=8).hexdigest()
    if flags.take_alarm(f"budget:{name}", now=now, hold=max(until - now, timedelta(minutes=1))):
        logger.error(
            "the %s budget of team %r is used up; its messages wait until %s",
            Channel(message.channel).value,
            message.scope,
            until.isoformat(timespec="minutes"),
        )


def _counts(message: Message) -> bool:
    """Messages of a team that nobody waits for: the daily cap per address keeps the others in check."""
    return bool(message.scope) and not message.ready_made and not message.exempt_from_quiet_hours
