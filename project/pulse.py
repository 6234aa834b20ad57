"""What the processes of a cluster tell the watchdog, and how they hear that they must stop.

Nothing here happens outside a cluster that a watchdog started: the web server's processes have no pulse.
"""

import os
import signal
import time
from contextlib import suppress
from types import FrameType

from project.watchdog import RECORD, Orders, Sign, die_with_parent

ROW_EVERY = 6
"""Of so many heartbeats one is also written to the database: once a minute, for /readyz and the metrics."""

# How much later than this process the watchdog may get a signal that was meant for all.
_TERM_SECONDS = 1.0


class Pulse:
    """The two pipes of one cluster, as each of its processes sees them."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self._next_beat = 0.0
        self._beats = 0
        self._next_guard = 0.0
        self._stop = False

    def tell(self, sign: Sign) -> None:
        """Say what happened. A watchdog that does not listen is no reason to wait or to fail."""
        with suppress(OSError):
            os.write(self.orders.signs, RECORD.pack(sign.value, os.getpid()))

    def tell_guard(self) -> None:
        """The sentinel says it twice for each heartbeat; it comes by twice a second."""
        if time.monotonic() >= self._next_guard:
            self._next_guard = time.monotonic() + self.orders.beat / 2
            self.tell(Sign.GUARD)

    def beat_due(self) -> bool:
        """Whether it is time for a heartbeat; once asked, the next one is a beat away."""
        if time.monotonic() < self._next_beat:
            return False
        self._next_beat = time.monotonic() + self.orders.beat
        self._beats += 1
        return True

    def row_due(self) -> bool:
        """Whether the present heartbeat is one to write down. The first is."""
        return self._beats % ROW_EVERY == 1

    def stop_asked(self) -> bool:
        """Whether the watchdog closed the life line, or is gone. A system call, until it is so."""
        if not self._stop:
            with suppress(BlockingIOError):
                self._stop = os.read(self.orders.life_line, 1) == b""
        return self._stop


_pulse: Pulse | None = None


def start(orders: Orders) -> Pulse:
    """From here on this process, and those it forks, belong to the watchdog's cluster."""
    global _pulse  # noqa: PLW0603 (a process belongs to one cluster; its forks find it here)
    _pulse = Pulse(orders)
    return _pulse


def current() -> Pulse | None:
    """The pulse of this process's cluster; None outside one."""
    return _pulse


def stand_under(watchdog: int) -> bool:
    """Have this process, the main one, stop when the watchdog is gone, and its forks end when it is gone.

    Otherwise a main process that is killed leaves workers behind that go on working, watched by nobody. What they
    were at becomes unknown, and is looked up. False: the watchdog is gone already.
    """
    die_with_parent(signal.SIGTERM)
    if os.getppid() != watchdog:
        return False
    main = parent = os.getpid()

    def remember() -> None:
        nonlocal parent
        parent = os.getpid()

    def tie() -> None:
        die_with_parent(signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        # A SIGTERM for all at once, as systemd sends it, is for the watchdog and the main process to act upon. A
        # sentinel that dies of it leaves the main process waiting in a lock that only it could open.
        if parent == main:
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        else:
            signal.signal(signal.SIGTERM, _on_term)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

    os.register_at_fork(before=remember, after_in_child=tie)
    return True


def _on_term(_number: int, _frame: FrameType | None) -> None:
    """Of the sentinel, to a process that is over its time: end. Together with everybody: finish, and stop in turn."""
    deadline = time.monotonic() + _TERM_SECONDS
    while time.monotonic() < deadline:
        if _pulse is not None and _pulse.stop_asked():
            return
        time.sleep(0.02)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)
