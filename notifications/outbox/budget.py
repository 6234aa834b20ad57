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

from django.db.models import F

from notifications.domain.budget import Limits, Periods, free_again, periods
from notifications.domain.lifecycle import Channel
from notifications.models import Message, Spent
from notifications.outbox import flags, rules
from notifications.outbox.rules import Key, Rules

logger = logging.getLogger(__name__)

_NOTHING = Limits()


@dataclass(kw_only=True)
class Purse:
    """What the teams of one group of messages have spent and may spend; counts along while the group is made ready."""

    around: Periods
    rules: Rules = field(default_factory=Rules)
    going: Counter[Key] = field(default_factory=Counter)

    def free_again(self, message: Message) -> datetime | None:
        """When this message may go; None when that is now, and then it is counted."""
        key = (message.scope, message.channel)
        if not _counts(message):
            return None
        limits = self.rules.limits(*key)
        if not limits:
            return None
        spent, more = self.rules.spent.get(key, _NOTHING), self.going[key]
        moment = free_again(
            limits, hour=spent.hour + more, day=spent.day + more, month=spent.month + more, around=self.around
        )
        if moment is None:
            self.going[key] += 1
        return moment

    def spend(self, units: Counter[Key]) -> None:
        """Count what is about to be sent, in the transaction that writes the Attempt rows."""
        # In one order, so that two workers never wait for each other.
        for (scope, channel), count in sorted(units.items()):
            if not scope or not self.rules.limits(scope, channel):
                continue
            row = Spent.objects.filter(scope=scope, channel=channel, hour=self.around.hour)
            if not row.update(units=F("units") + count):
                fresh = Spent(scope=scope, channel=channel, hour=self.around.hour)
                Spent.objects.bulk_create([fresh], ignore_conflicts=True)
                row.update(units=F("units") + count)


def purse(messages: Sequence[Message], *, now: datetime) -> Purse:
    """What holds for this group: where SMS may go, what its teams may send and what they sent; one query."""
    around = periods(now)
    scopes = {each.scope for each in messages} - {""}
    if not scopes and not any(each.channel == Channel.SMS.value for each in messages):
        return Purse(around=around)
    return Purse(around=around, rules=rules.read(scopes, around=around))


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
