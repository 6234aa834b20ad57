"""What the supervisor tells its children and hears from them, in memory that outlives a killed process.

A process that was killed can't report. So every process keeps a line on this board: the last named step it
passed, and whether it died as ordered.
"""

import mmap
import os
import signal
import struct
from pathlib import Path

from notifications.outbox.points import STEPS

SLOTS = 32
NOTHING = 255
_HEAD = 64
# order, fired, last step, full; countdown, refusals for want of room; shift of the clock in seconds
_LINE = struct.Struct("<BBBBHHd")
_GOAL = struct.Struct("<I")
# In the head, behind the goal: how far the database's clock is off, in seconds.
_CLOCK = struct.Struct("<d")
_CLOCK_AT = 8


class Board:
    """A file that all processes of a run have mapped."""

    def __init__(self, path: Path, *, new: bool = False) -> None:
        size = _HEAD + SLOTS * _LINE.size
        if new:
            path.write_bytes(bytes(size))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), size)

    @property
    def goal(self) -> int:
        """So many subjects may have been planned by now."""
        return int(_GOAL.unpack_from(self._memory, 0)[0])

    @goal.setter
    def goal(self, value: int) -> None:
        _GOAL.pack_into(self._memory, 0, value)

    @property
    def clock(self) -> float:
        """How far the database's clock, which all go by, is off; in seconds."""
        return float(_CLOCK.unpack_from(self._memory, _CLOCK_AT)[0])

    @clock.setter
    def clock(self, value: float) -> None:
        _CLOCK.pack_into(self._memory, _CLOCK_AT, value)

    def slot(self, number: int) -> "Slot":
        return Slot(self._memory, _HEAD + number * _LINE.size)


class Slot:
    """One process's line."""

    def __init__(self, memory: mmap.mmap, offset: int) -> None:
        self._memory = memory
        self._offset = offset

    def begin(self, *, order: str = "", countdown: int = 1) -> None:
        """For a new process; ``order`` is the step at which it kills itself, when it gets there so many times."""
        step = STEPS.index(order) if order else NOTHING
        _LINE.pack_into(self._memory, self._offset, step, 0, NOTHING, 0, countdown, self.refusals, self.shift)

    def reached(self, step: str) -> None:
        """Note the step; die when that is the order. Called from several threads, hence no more than bytes."""
        number = STEPS.index(step)
        self._memory[self._offset + 2] = number
        if self._memory[self._offset] != number:
            return
        left = struct.unpack_from("<H", self._memory, self._offset + 4)[0] - 1
        struct.pack_into("<H", self._memory, self._offset + 4, max(0, left))
        if left <= 0:
            self._memory[self._offset + 1] = 1
            os.kill(os.getpid(), signal.SIGKILL)

    @property
    def order(self) -> str:
        step = self._memory[self._offset]
        return "" if step == NOTHING else STEPS[step]

    @property
    def fired(self) -> bool:
        return bool(self._memory[self._offset + 1])

    @property
    def last_step(self) -> str:
        step = self._memory[self._offset + 2]
        return "" if step == NOTHING else STEPS[step]

    @property
    def full(self) -> bool:
        """Whether this process finds no room on the disk."""
        return bool(self._memory[self._offset + 3])

    @full.setter
    def full(self, value: bool) -> None:
        self._memory[self._offset + 3] = int(value)

    @property
    def refusals(self) -> int:
        """How often something could not be written for want of room."""
        return int(struct.unpack_from("<H", self._memory, self._offset + 6)[0])

    def refuse(self) -> None:
        struct.pack_into("<H", self._memory, self._offset + 6, min(65_535, self.refusals + 1))

    @property
    def clock(self) -> float:
        """How far the clock is off that all go by, in seconds."""
        return float(_CLOCK.unpack_from(self._memory, _CLOCK_AT)[0])

    @property
    def shift(self) -> float:
        """How far this process's clock is off, in seconds."""
        return float(struct.unpack_from("<d", self._memory, self._offset + 8)[0])

    @shift.setter
    def shift(self, value: float) -> None:
        struct.pack_into("<d", self._memory, self._offset + 8, value)
