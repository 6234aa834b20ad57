"""What a beheerder set about sending, laid over the settings: read once for each group of messages.

Never remembered longer than that, so a change counts from the next group on, in every worker.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import connection

from notifications.domain.budget import Filled, Limits, Periods
from notifications.domain.phone import may_text
from notifications.models import AllowedPrefix, Budget, Spent
from notifications.outbox import settings

# (team, channel); a team "" is every team.
Key = tuple[str, str]

_SPENT, _BUDGET, _PREFIX = "spent", "budget", "prefix"
_NOTHING = Filled()


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Where SMS may go, and what each team may send and has sent; what was not read is as the settings say."""

    prefixes: tuple[str, ...] = field(default_factory=settings.allowed_prefixes)
    filled: Mapping[Key, Filled] = field(default_factory=dict)
    spent: Mapping[Key, Limits] = field(default_factory=dict)
    _counting: dict[Key, Limits] = field(default_factory=dict)

    def allows(self, address: str) -> bool:
        """Whether SMS may go to a number in E.164."""
        return may_text(address, allowed=self.prefixes)

    def limits(self, scope: str, channel: str) -> Limits:
        """What counts for a team: its own, else what was set for every team, else the settings."""
        key = (scope, channel)
        found = self._counting.get(key)
        if found is None:
            below = self.limits("", channel) if scope else settings.budget(channel)
            found = self._counting[key] = self.filled.get(key, _NOTHING).over(below)
        return found


def read(scopes: Collection[str], *, around: Periods) -> Rules:
    """The rules for these teams, and what they sent in the hour, day and month around a moment; one statement.

    In SQL, because putting these three queries together costs more than everything else here.
    """
    teams = ["", *scopes]
    named = ", ".join(["%s"] * len(teams))
    sql = f"""
        SELECT '{_SPENT}', scope, channel,
            SUM(CASE WHEN "hour" >= %s THEN units ELSE 0 END),
            SUM(CASE WHEN "hour" >= %s THEN units ELSE 0 END),
            SUM(units)
        FROM {_table(Spent)} WHERE "hour" >= %s AND scope IN ({named}) GROUP BY scope, channel
        UNION ALL SELECT '{_BUDGET}', scope, channel, "hour", "day", "month"
        FROM {_table(Budget)} WHERE scope IN ({named})
        UNION ALL SELECT '{_PREFIX}', prefix, '', 0, 0, 0
        FROM {_table(AllowedPrefix)}"""  # noqa: S608  # only our own names stand in the text
    moments = [connection.ops.adapt_datetimefield_value(each) for each in (around.hour, around.day, around.month)]
    prefixes: list[str] = []
    filled: dict[Key, Filled] = {}
    spent: dict[Key, Limits] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [*moments, *teams, *teams])
        for what, first, channel, hour, day, month in cursor.fetchall():
            if what == _PREFIX:
                prefixes.append(first)
            elif what == _BUDGET:
                filled[first, channel] = Filled(hour=hour, day=day, month=month)
            else:
                spent[first, channel] = Limits(hour=hour, day=day, month=month)
    return Rules(prefixes=(*settings.allowed_prefixes(), *sorted(prefixes)), filled=filled, spent=spent)


def allowed_prefixes() -> tuple[str, ...]:
    """Where SMS may go: the settings, and what was added; one query."""
    return (*settings.allowed_prefixes(), *AllowedPrefix.objects.order_by("prefix").values_list("prefix", flat=True))


def _table(model: type[Spent] | type[Budget] | type[AllowedPrefix]) -> str:
    return connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001  # documented, for all its name
