"""What a beheerder set about sending, laid over the settings: read once for each group of messages.

Never remembered longer than that, so a change counts from the next group on, in every worker.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import QuerySet, Value

from notifications.domain.budget import Filled, Limits
from notifications.domain.phone import may_text
from notifications.models import AllowedPrefix, Budget, Spent
from notifications.outbox import settings

_SPENT, _BUDGET, _PREFIX = "spent", "budget", "prefix"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Where SMS may go and how much each team may send; without rows that is what the settings say."""

    prefixes: tuple[str, ...] = ()
    budgets: Mapping[tuple[str, str], Filled] = field(default_factory=dict)

    def allows(self, address: str) -> bool:
        """Whether SMS may go to a number in E.164."""
        return may_text(address, allowed=(*settings.allowed_prefixes(), *self.prefixes))

    def limits(self, scope: str, channel: str) -> Limits:
        """What counts for a team: its own, else what was set for every team, else the settings."""
        shared = self.budgets.get(("", channel), _NOTHING).over(settings.budget(channel))
        return self.budgets.get((scope, channel), _NOTHING).over(shared) if scope else shared


_NOTHING = Filled()


class Found(NamedTuple):
    """The rules, and what was asked for beside them: per team and channel three sums."""

    rules: Rules
    beside: dict[tuple[str, str], tuple[int, int, int]]


def read(*, beside: QuerySet[Spent, Any], scopes: Collection[str] | None) -> Found:
    """The rules for these teams (None: all), together with the rows of ``beside``, in one statement.

    A statement of their own would be one more for every group of messages.
    """
    budgets = Budget.objects.all() if scopes is None else Budget.objects.filter(scope__in={"", *scopes})
    no, what = Value(0), Value(_PREFIX)
    rows = beside.annotate(what=Value(_SPENT)).union(
        budgets.annotate(what=Value(_BUDGET)).values_list("scope", "channel", "hour", "day", "month", "what"),
        AllowedPrefix.objects.annotate(none=Value(""), a=no, b=no, c=no, what=what).values_list(
            "prefix", "none", "a", "b", "c", "what"
        ),
        all=True,
    )
    prefixes = []
    filled: dict[tuple[str, str], Filled] = {}
    sums: dict[tuple[str, str], tuple[int, int, int]] = {}
    for first, channel, hour, day, month, what in rows:
        if what == _PREFIX:
            prefixes.append(first)
        elif what == _BUDGET:
            filled[first, channel] = Filled(hour=hour, day=day, month=month)
        else:
            sums[first, channel] = (hour, day, month)
    return Found(Rules(prefixes=tuple(sorted(prefixes)), budgets=filled), sums)


def allowed_prefixes() -> tuple[str, ...]:
    """Where SMS may go: the settings, and what was added; one query."""
    return (*settings.allowed_prefixes(), *AllowedPrefix.objects.order_by("prefix").values_list("prefix", flat=True))
