"""When a cluster is held to be stuck, and what the watchdog does with clusters that end, hang or never start."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from project import watchdog
from project.env import BASE_DIR
from project.watchdog import RECORD, Bounds, Clock, Life, Sign
from tests.worker.node import wait_for

BOUNDS = Bounds()


def life(*words: tuple[Sign, int, float]) -> Life:
    made = Life(began=0.0)
    for sign, pid, moment in words:
        made.note(sign, pid, moment)
    return made


@pytest.mark.parametrize(
    ("words", "now", "complaint"),
    [
        ((), 60, ""),
        ((), 61, "no heartbeat in the 61 seconds since its start"),
        # Its first task waits for a database that does not answer; but not for ever.
        (((Sign.BEGIN, 3, 50),), 140, ""),
        (((Sign.BEGIN, 3, 50),), 141, "no heartbeat in the 141 seconds since its start"),
        # The sentinel alone is no work done.
        (((Sign.GUARD, 1, 60),), 61, "no heartbeat in the 61 seconds since its start"),
        (((Sign.ROUND, 2, 10), (Sign.GUARD, 1, 50)), 55, ""),
        (((Sign.ROUND, 2, 10), (Sign.GUARD, 1, 50)), 56, "no heartbeat for 46 seconds, with nothing to do"),
        # A task may last a minute, on every process, and nothing comes back meanwhile.
        (((Sign.ROUND, 2, 10), (Sign.BEGIN, 3, 11), (Sign.GUARD, 1, 90)), 100, ""),
        (((Sign.ROUND, 2, 10), (Sign.BEGIN, 3, 11), (Sign.GUARD, 1, 90)), 101, "no heartbeat for 91 seconds, busy"),
        # It has finished and what it gave back did not arrive: nobody is busy any more.
        (
            ((Sign.ROUND, 2, 10), (Sign.BEGIN, 3, 11), (Sign.END, 3, 12), (Sign.GUARD, 1, 50)),
            56,
            "no heartbeat for 46 seconds, with nothing to do",
        ),
        # Killed in its task: it never says that it finished, and is not believed for ever.
        (
            ((Sign.BEGIN, 3, 1), (Sign.ROUND, 2, 50), (Sign.GUARD, 1, 95)),
            96,
            "no heartbeat for 46 seconds, with nothing",
        ),
        (((Sign.ROUND, 2, 100), (Sign.GUARD, 1, 55)), 100, ""),
        (((Sign.ROUND, 2, 100), (Sign.GUARD, 1, 54)), 100, "the sentinel has been silent for 46 seconds"),
        (((Sign.ROUND, 2, 60),), 61, "the sentinel has been silent for 61 seconds"),
    ],
)
def test_stuck_or_not(words: tuple[tuple[Sign, int, float], ...], now: float, complaint: str) -> None:
    found = life(*words).complaint(BOUNDS, now)
    assert found.startswith(complaint)
    assert bool(found) is bool(complaint)


def test_time_in_which_the_machine_stood_still_does_not_count() -> None:
    moments = iter([100.0, 100.5, 101.5, 4000.0, 4001.0])
    clock = Clock(lambda: next(moments))
    assert [clock.advance() for _ in range(4)] == [0.5, 1.5, 3.5, 4.5]


def test_the_bounds_leave_room_for_what_may_take_long() -> None:
    from django.conf import settings

    # A task, its last three seconds of grace, and the sentinel's next look.
    assert BOUNDS.busy > settings.Q_CLUSTER["timeout"] + 3 + 1
    # SQLite's wait for a lock, or PostgreSQL's for a connection, between two heartbeats.
    assert BOUNDS.idle > 20 + 2 * BOUNDS.beat
    # systemd waits 90 seconds and Kubernetes 30; a call to a provider lasts 20 at most.
    assert 20 < BOUNDS.stop < 30


# A cluster of one process, without Django: says what it is told to say, and stops as it is told to stop.
FAKE = """
import json, os, signal, struct, sys, time
how, orders = sys.argv[1], json.loads(sys.argv[3])
def say(word): os.write(orders["signs"], struct.pack(">cI", word, os.getpid()))
stopped = []
signal.signal(signal.SIGTERM, signal.SIG_IGN if how == "deaf" else lambda *_: stopped.append(1))
with open(sys.argv[2], "a") as log: print(os.getpid(), file=log)
if how == "mute": time.sleep(600)
if how == "gone": sys.exit(0)
say(b"g"), say(b"r")
if how == "once": sys.exit(0)
if how == "stuck": time.sleep(600)
if how == "orphan":
    if os.fork(): os._exit(3)
    time.sleep(600)
while not stopped: say(b"g"), say(b"r"), time.sleep(0.05)
# Both ways of telling it are used, the life line first.
assert os.read(orders["life_line"], 1) == b""
sys.exit(5 if how == "clumsy" else 0)
"""


class Guarded:
    """A watchdog over a fake cluster."""

    def __init__(self, folder: Path, how: str, **bounds: float) -> None:
        self.pids = folder / "pids"
        self.log = folder / "log"
        self.pids.touch()
        script = folder / "fake.py"
        script.write_text(FAKE)
        quick = {"start": 5, "idle": 1, "busy": 1, "stop": 5, "pause": 0.01, "longest_pause": 0.1, "failed_starts": 3}
        orders = {
            "command": [sys.executable, "-S", "-E", str(script), how, str(self.pids)],
            "name": "fake",
            "plain_log": False,
            "log_level": "INFO",
            "bounds": quick | bounds,
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", watchdog.__file__, json.dumps(orders)], cwd=BASE_DIR, stdout=log, stderr=log
            )

    def starts(self) -> list[int]:
        return [int(line) for line in self.pids.read_text().split()]

    def said(self) -> list[str]:
        return [json.loads(line)["event"] for line in self.log.read_text().splitlines()]

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(60)


def guarded(folder: Path, how: str, **bounds: float) -> Guarded:
    made = Guarded(folder, how, **bounds)
    wait_for(made.starts, "the first start")
    return made


def runs(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_cluster_that_works_is_left_alone_and_stops_clean(tmp_path: Path) -> None:
    dog = guarded(tmp_path, "fine", idle=4)
    time.sleep(5)  # longer than it may be silent
    assert len(dog.starts()) == 1
    assert dog.stop() == 0
    assert dog.said() == [f"fake:{dog.process.pid} stopped"]


@pytest.mark.parametrize(
    ("how", "why"), [("once", "it ended by itself with code 0"), ("orphan", "code 3"), ("stuck", "no heartbeat for")]
)
def test_it_is_started_again_and_nothing_of_it_stays(tmp_path: Path, how: str, why: str) -> None:
    dog = guarded(tmp_path, how)
    wait_for(lambda: len(dog.starts()) >= 3, "two restarts")
    first, second, *_ = dog.starts()
    assert not runs(first)
    assert not runs(second)
    assert why in dog.said()[0]
    dog.stop()
    assert not any(map(runs, dog.starts()))


@pytest.mark.parametrize(("how", "starts"), [("mute", 2), ("gone", 4)])
def test_starts_that_never_lead_to_work_are_given_up(tmp_path: Path, how: str, starts: int) -> None:
    dog = guarded(tmp_path, how, start=0.5, failed_starts=starts)
    assert dog.process.wait(60) == 1
    assert len(dog.starts()) == starts
    assert dog.said()[-1].endswith(f"failed {starts} starts in a row; giving up")
    assert not any(map(runs, dog.starts()))


def test_restarts_come_ever_later(tmp_path: Path) -> None:
    dog = guarded(tmp_path, "once", pause=0.2, longest_pause=600)
    time.sleep(3)
    # 0.2, 0.4, 0.8, 1.6: at most four restarts fit in three seconds.
    assert len(dog.starts()) <= 5
    # And a stop does not wait for the next.
    assert dog.stop() == 0


@pytest.mark.parametrize(("how", "why"), [("deaf", "not within 1 seconds"), ("clumsy", "code 5")])
def test_who_cannot_be_stopped_clean_is_killed_and_said(tmp_path: Path, how: str, why: str) -> None:
    dog = guarded(tmp_path, how, stop=1)
    assert dog.stop() == 1
    assert dog.said() == [f"fake:{dog.process.pid} did not stop clean ({why}) and was killed"]
    assert not any(map(runs, dog.starts()))


def test_asked_twice_it_does_not_wait(tmp_path: Path) -> None:
    dog = guarded(tmp_path, "deaf", stop=600)
    dog.process.send_signal(signal.SIGINT)
    assert dog.stop() == 1
    assert "asked twice" in dog.said()[-1]


# Writes down in which order a cluster whose first process is gone is signalled and taken leave of.
LEAVE = """
import os, sys, time
from project import watchdog

watchdog.prctl(36, 1)
done, wait, kill = [], os.waitpid, os.killpg

def waitpid(pid, options):
    found = wait(pid, options)
    done.append(("reap", found[0]))
    return found

def killpg(group, number):
    done.append(("kill" if number else "look", group))
    return kill(group, number)

os.waitpid, os.killpg = waitpid, killpg
orders = lambda signs, life_line: watchdog.Orders(
    node="n", restarts=0, beat=1, stop=5, watchdog=os.getpid(), signs=signs, life_line=life_line
)
cluster = watchdog.Cluster(sys.argv[1:], orders, 0.0)
while cluster.code is None:
    cluster.reap()
    time.sleep(0.01)
assert cluster.code == 3, cluster.code
first = cluster.child.pid
assert cluster.end()
assert [what for what, pid in done if what == "kill"] == ["kill"], done
assert done.index(("kill", first)) < done.index(("reap", first)), done
assert len({pid for what, pid in done if what == "reap" and pid}) == 2, done
"""


def test_a_number_that_may_be_somebody_elses_is_never_signalled(tmp_path: Path) -> None:
    """A group is killed while its first process still holds the number, though that one ended long ago."""
    script, pids = tmp_path / "fake.py", tmp_path / "pids"
    script.write_text(FAKE)
    fake = [sys.executable, "-S", "-E", str(script), "orphan", str(pids)]
    subprocess.run([sys.executable, "-c", LEAVE, *fake], cwd=BASE_DIR, check=True, timeout=60)
    (first,) = pids.read_text().split()
    with pytest.raises(ProcessLookupError):
        os.killpg(int(first), 0)


def test_a_word_that_is_cut_off_or_unread_harms_nobody() -> None:
    """The pipe takes five bytes whole or not at all; a full pipe drops them."""
    reader, writer = os.pipe()
    for handle in (reader, writer):
        os.set_blocking(handle, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writer, RECORD.pack(Sign.ROUND.value, 2**32 - 1))
    size = len(os.read(reader, 1_000_000))
    os.close(reader)
    os.close(writer)
    assert size % RECORD.size == 0
