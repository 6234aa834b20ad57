"""Drains take turns, so that a worker node always has a process left for what is not sending.

A provider that hangs holds a drain for most of a minute. When every process of a node is in a drain, an
inbound SMS, the sweep and the heartbeat stand in line behind it.
"""

import hashlib
import os
import socket
from datetime import datetime, timedelta

from django.conf import settings as django_settings

from notifications.outbox import bell, deliver, flags, settings
from notifications.outbox.deliver import Clock

# The time limit of a task: a turn that is held longer has no holder any more, whatever process has its number now.
_HOLD = timedelta(seconds=60)


def drain(*, clock: Clock) -> int:
    """Send what is due when it is our turn; returns the number of calls made.

    Who is turned away says so first and looks once more: one of the drains that hold the turns sees
    that after its own end, and rings again.
    """
    mine = _take(clock())
    if mine is None:
        flags.miss_bell(now=clock(), hold=bell.HOLD)
        mine = _take(clock())
    if mine is None:
        return 0
    try:
        calls = deliver.drain(clock=clock, linger=settings.linger())
    finally:
        flags.leave_turn(mine, now=clock())
    if flags.bell_missed():
        bell.call("notifications.jobs.drain")
    return calls


def _take(now: datetime) -> str | None:
    for name in _turns():
        if flags.take_turn(name, now=now, hold=_HOLD, holder=str(os.getpid())):
            return name
        holder = flags.turn_holder(name)
        if not _lives(holder):
            # Killed in its drain: nobody has to wait until its turn lapses.
            flags.clear_turn(name, holder=holder)
            if flags.take_turn(name, now=now, hold=_HOLD, holder=str(os.getpid())):
                return name
    return None


def _lives(holder: str) -> bool:
    """Whether a process of this node is still there. Who can't be asked about may well be."""
    try:
        os.kill(int(holder), 0)
    except ProcessLookupError:
        return False
    except (ValueError, OSError):
        return True
    return True


def _turns() -> list[str]:
    """The turns of this node: one fewer than it has processes, but at least one."""
    # The processes of a node have one parent; another node on this machine has another.
    node = hashlib.blake2s(f"{socket.gethostname()}:{os.getppid()}".encode(), digest_size=8).hexdigest()
    count = max(1, int(django_settings.Q_CLUSTER.get("workers", 1)) - 1)
    return [f"{node}:{number}" for number in range(count)]
