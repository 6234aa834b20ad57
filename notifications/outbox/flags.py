"""Facts that all workers share: the kill switch, a resting channel, the bell, the turns, the heartbeat."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from notifications.domain.lifecycle import Channel
from notifications.models import EngineFlag

PAUSED = "paused"
BELL = "bell"
_NODE = "node:"
_TURN = "turn:"
_RATE = "rate:"
_MISSED = "missed"
# A node that has been silent for this long is no longer told about.
_NODE_FORGOTTEN = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class SendingPaused:
    """Who stopped all sending, and when."""

    by: str
    since: datetime


def pause_sending(*, now: datetime, by: str) -> None:
    """Stop all sending: every worker sees it before its next group of messages."""
    _put(PAUSED, by or "?", now)


def resume_sending(*, now: datetime) -> None:
    """Let sending go on."""
    _put(PAUSED, "", now)


def sending_paused() -> SendingPaused | None:
    """The kill switch, or None when sending goes on."""
    row = EngineFlag.objects.filter(name=PAUSED).exclude(value="").first()
    return None if row is None else SendingPaused(by=row.value, since=row.changed_at)


def closed_channels(now: datetime) -> set[Channel]:
    """The channels that may not send now: all when paused, else those that rest."""
    rows = EngineFlag.objects.filter(name__in=[PAUSED, *map(_halt, Channel)]).exclude(value="")
    closed: set[Channel] = set()
    for row in rows:
        if row.name == PAUSED:
            return set(Channel)
        if row.until is not None and row.until > now:
            closed.add(Channel(row.name.removeprefix("halt:")))
    return closed


def halt_channel(channel: Channel, *, now: datetime, pause: timedelta) -> bool:
    """Let a channel rest; True when it was not resting yet, so that one alarm is raised."""
    return _take(_halt(channel), now, pause, value="halted")


def take_alarm(name: str, *, now: datetime, hold: timedelta) -> bool:
    """True for the one caller that raises this alarm; for the others it was raised already."""
    return _take(f"alarm:{name}"[:40], now, hold, value="raised")


def take_bell(*, now: datetime, hold: timedelta) -> bool:
    """True for the one caller that must ring; the others know that somebody already did."""
    return _take(BELL, now, hold, value="rung")


def drop_bell(*, now: datetime) -> None:
    """A drain begins: what comes from now on needs a new ring."""
    EngineFlag.objects.filter(name=BELL).exclude(value="").update(value="", changed_at=now)


def miss_bell(*, now: datetime, hold: timedelta) -> None:
    """Somebody came for the bell and could not be helped; until the next drain begins, or ``hold`` is over."""
    changes = {"value": _MISSED, "until": now + hold, "changed_at": now}
    EngineFlag.objects.update_or_create(name=BELL, defaults=changes)


def bell_missed() -> bool:
    """Whether a drain was turned away since the last one began."""
    return EngineFlag.objects.filter(name=BELL, value=_MISSED).exists()


def take_turn(name: str, *, now: datetime, hold: timedelta, holder: str) -> bool:
    """True for the one process that has this turn to drain; a turn that was not given back lapses."""
    return _take(_TURN + name, now, hold, value=holder)


def turn_holder(name: str) -> str:
    """Who took a turn; empty when nobody has it."""
    return EngineFlag.objects.filter(name=_TURN + name).values_list("value", flat=True).first() or ""


def clear_turn(name: str, *, holder: str) -> None:
    """Take a turn away from somebody who is gone; nothing when another has it by now."""
    EngineFlag.objects.filter(name=_TURN + name, value=holder).delete()


def leave_turn(name: str, *, now: datetime) -> None:
    """Give a turn back. Those of nodes that were killed are cleared away too."""
    lapsed = Q(name=_TURN + name) | Q(until__lte=now)
    EngineFlag.objects.filter(lapsed, name__startswith=_TURN).delete()


def tidy(*, now: datetime) -> None:
    """Forget alarms that were raised long ago, and nodes that are gone."""
    EngineFlag.objects.filter(name__startswith="alarm:", until__lt=now).delete()
    _forget_nodes(now)


def rate_until(channel: Channel, *, now: datetime) -> datetime:
    """Until when a channel's rate is used up; the row is locked until the caller's transaction ends."""
    name = _RATE + channel.value
    row = EngineFlag.objects.select_for_update().filter(name=name).first()
    if row is None:
        _ensure([name], now)
        row = EngineFlag.objects.select_for_update().get(name=name)
    return row.until or now


def set_rate_until(channel: Channel, moment: datetime, *, now: datetime) -> None:
    """Write it down; the caller holds the lock of :func:`rate_until`."""
    EngineFlag.objects.filter(name=_RATE + channel.value).update(until=moment, changed_at=now)


@dataclass(frozen=True, kw_only=True)
class Node:
    """One worker node: how long ago it last worked, in seconds, and how often it was restarted since it began."""

    name: str
    age: float
    restarts: int


def beat(*, now: datetime, node: str, restarts: int = 0) -> None:
    """A worker node works; one statement, but for its first time."""
    row = _node(node)
    changes = {"value": f"{restarts} {node}"[:200], "until": now + _NODE_FORGOTTEN, "changed_at": now}
    if not EngineFlag.objects.filter(name=row).update(**changes):
        EngineFlag.objects.update_or_create(name=row, defaults=changes)
        _forget_nodes(now)


def leave(*, node: str) -> None:
    """A worker node stopped as it was asked to."""
    EngineFlag.objects.filter(name=_node(node)).delete()


def nodes(now: datetime) -> list[Node]:
    """The worker nodes that were not stopped, by name; one that died is forgotten after an hour or more."""
    found = []
    for row in EngineFlag.objects.filter(name__startswith=_NODE):
        restarts, _, name = row.value.partition(" ")
        age = max(0.0, (now - row.changed_at).total_seconds())
        found.append(Node(name=name, age=age, restarts=int(restarts)))
    return sorted(found, key=lambda node: node.name)


def heartbeat_age(now: datetime) -> float | None:
    """Seconds since any worker last did a heartbeat task; None when none did lately."""
    return min((node.age for node in nodes(now)), default=None)


def _forget_nodes(now: datetime) -> None:
    EngineFlag.objects.filter(name__startswith=_NODE, until__lte=now).delete()


def _node(name: str) -> str:
    """The row of a node. A digest, because a host name may be longer than the column."""
    return _NODE + hashlib.blake2s(name.encode(), digest_size=8).hexdigest()


def _halt(channel: Channel) -> str:
    return f"halt:{channel.value}"


def _put(name: str, value: str, now: datetime) -> None:
    EngineFlag.objects.update_or_create(name=name, defaults={"value": value[:200], "until": None, "changed_at": now})


def _take(name: str, now: datetime, hold: timedelta, *, value: str) -> bool:
    """Compare-and-swap: only one caller finds the flag free."""
    free = Q(value="") | Q(until__lte=now)
    changes = {"value": value, "until": now + hold, "changed_at": now}
    if EngineFlag.objects.filter(free, name=name).update(**changes):
        return True
    if EngineFlag.objects.filter(name=name).exists():
        return False
    _ensure([name], now)
    return bool(EngineFlag.objects.filter(free, name=name).update(**changes))


def _ensure(names: Iterable[str], now: datetime) -> None:
    EngineFlag.objects.bulk_create([EngineFlag(name=name, changed_at=now) for name in names], ignore_conflicts=True)
