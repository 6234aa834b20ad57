"""The real worker command with all its processes, whose members are killed one by one.

`python -m tests.crash.cluster`, with the environment of the run.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Be the worker."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("worker")


class Cluster:
    """For the supervisor: starts it, kills a member, starts it again."""

    def __init__(self, folder: Path, slot: int, log: int) -> None:
        self._env = os.environ | {"CRASH_SLOT": str(slot), "CRASH_DIR": str(folder)}
        self._mark = f"CRASH_DIR={folder}\0".encode(), f"CRASH_SLOT={slot}\0".encode()
        self._log = log
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.cluster"],
            cwd=ROOT,
            env=self._env,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def members(self) -> list[int]:
        """Everything that was started from it, whoever its parent is now."""
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                environ = path.read_bytes() + b"\0"
            except OSError:
                continue
            if all(mark in environ for mark in self._mark):
                found.append(int(path.parent.name))
        return sorted(found)

    def kill_one(self, pid: int) -> None:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._process.poll()

    def end(self) -> None:
        """Kill all that is left of it."""
        while members := self.members():
            for pid in members:
                self.kill_one(pid)
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                continue
        self._process.wait()

    def restart(self) -> None:
        self.end()
        self._start()


if __name__ == "__main__":
    main()
