"""Reading and changing what a beheerder sets about sending; ``rules`` is how the engine reads it."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from notifications.domain.budget import Filled, Limits, periods
from notifications.domain.lifecycle import Channel, Status
from notifications.domain.prefixes import check_prefix
from notifications.domain.reasons import Reason
from notifications.models import AllowedPrefix, Budget
from notifications.outbox import bell, rules, settings
from notifications.outbox.those import those


@dataclass(frozen=True, kw_only=True)
class AddedPrefix:
    """The start of numbers that SMS may go to, why, and who said so."""

    id: int
    prefix: str
    reason: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True, kw_only=True)
class BudgetUse:
    """What one team, or with ``scope`` "" every team, may send over a channel, and what it sent.

    ``filled`` is what was filled in for it, ``limits`` what counts, ``inherited`` what would count with
    nothing filled in. ``used`` is None when nothing counts, and so nothing is counted.
    """

    scope: str
    channel: Channel
    filled: Filled
    limits: Limits
    inherited: Limits
    used: Limits | None


def fixed_prefixes() -> tuple[str, ...]:
    """Where SMS may go by the settings of the installation."""
    return settings.allowed_prefixes()


def added_prefixes() -> list[AddedPrefix]:
    """What was added, in the order of the numbers."""
    return [_added(row) for row in AllowedPrefix.objects.order_by("prefix")]


def added_prefix(*, id: int) -> AddedPrefix | None:  # noqa: A002  (the name it has in AddedPrefix)
    """One that was added; None when it is not there any more."""
    row = AllowedPrefix.objects.filter(pk=id).first()
    return None if row is None else _added(row)


def add_prefix(*, typed: str, reason: str, by: str, now: datetime) -> tuple[AddedPrefix, bool]:
    """Let SMS go to numbers that begin so, from the next group of messages on; False when that was so already.

    Raises :class:`PrefixProblem`.
    """
    others = tuple(AllowedPrefix.objects.order_by("prefix").values_list("prefix", flat=True))
    prefix = check_prefix(typed, fixed=fixed_prefixes(), added=others)
    made = {"reason": reason, "added_by": by, "added_at": now}
    row, fresh = AllowedPrefix.objects.get_or_create(prefix=prefix, defaults=made)
    return _added(row), fresh


def remove_prefix(*, id: int) -> str:  # noqa: A002  (the name it has in AddedPrefix)
    """Let no SMS go there any more; returns the prefix, empty when somebody took it away before."""
    row = AllowedPrefix.objects.filter(pk=id).first()
    if row is None or not AllowedPrefix.objects.filter(pk=id).delete()[0]:
        return ""
    return row.prefix


def budgets(scopes: Collection[str], *, now: datetime) -> dict[tuple[str, Channel], BudgetUse]:
    """What each of these teams, and "" for every team, may send and sent; one query."""
    wanted = set(scopes)
    found = rules.read(wanted, around=periods(now))
    made: dict[tuple[str, Channel], BudgetUse] = {}
    for scope in sorted({"", *wanted}):
        for channel in Channel:
            limits = found.limits(scope, channel.value)
            made[scope, channel] = BudgetUse(
                scope=scope,
                channel=channel,
                filled=found.filled.get((scope, channel.value), Filled()),
                limits=limits,
                inherited=found.limits("", channel.value) if scope else settings.budget(channel.value),
                used=found.spent.get((scope, channel.value), Limits()) if scope and limits else None,
            )
    return made


def set_budget(*, scope: str, channel: Channel, filled: Filled, by: str, now: datetime) -> dict[str, int | None]:
    """Fill in a budget; returns the periods that changed, with what stood there before.

    It counts from the next group of messages on. Messages that wait for the budget are looked at again
    when there is more room: who asked for it is waiting.
    """
    with transaction.atomic():
        made = {"changed_by": by, "changed_at": now}
        row, _ = Budget.objects.select_for_update().get_or_create(scope=scope, channel=channel.value, defaults=made)
        before = Filled(hour=row.hour, day=row.day, month=row.month)
        values = asdict(filled)
        changed = {name: old for name, old in asdict(before).items() if old != values[name]}
        if filled == Filled():
            row.delete()
        elif changed:
            Budget.objects.filter(pk=row.pk).update(**values, **made)
        if not changed:
            return {}
        shared = settings.budget(channel.value)
        if scope:
            shared = _shared(channel).over(shared)
        if filled.over(shared).is_wider_than(before.over(shared)):
            _look_again(scope, channel, now=now)
    return changed


def _shared(channel: Channel) -> Filled:
    row = Budget.objects.filter(scope="", channel=channel.value).first()
    return Filled() if row is None else Filled(hour=row.hour, day=row.day, month=row.month)


def _look_again(scope: str, channel: Channel, *, now: datetime) -> None:
    held = those(Status.QUEUED).filter(reason=Reason.BUDGET.value, channel=channel.value, due_at__gt=now)
    if scope:
        held = held.filter(scope=scope)
    if held.update(due_at=now):
        bell.ring_on_commit(now=now)


def _added(row: AllowedPrefix) -> AddedPrefix:
    return AddedPrefix(id=row.pk, prefix=row.prefix, reason=row.reason, added_by=row.added_by, added_at=row.added_at)
