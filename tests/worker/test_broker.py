"""The queue with a heartbeat of its own: no database for it, patience with one that is away, no endless tasks."""

import os
import pydoc
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django import db
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from notifications import jobs
from project import broker_redis, heartbeat, pulse
from project.broker import OrmBroker
from project.watchdog import RECORD, Orders, Sign
from tests.crash.databases import free_port

pytestmark = pytest.mark.django_db

CATCH_UP = "project.heartbeat.catch_up"


class Here(pulse.Pulse):
    """This process as a member of a cluster, whose watchdog is the test."""

    def __init__(self) -> None:
        self.ear, signs = os.pipe()
        life_line, self.hand = os.pipe()
        for handle in (self.ear, life_line):
            os.set_blocking(handle, False)
        super().__init__(Orders(node="n", restarts=2, beat=1000, stop=5, watchdog=1, signs=signs, life_line=life_line))

    def heard(self) -> list[Sign]:
        return [Sign(word) for word, _ in RECORD.iter_unpack(os.read(self.ear, 1000))]

    def let_go(self) -> None:
        os.close(self.hand)
        self.hand = -1

    def close(self) -> None:
        for handle in (self.ear, self.hand, self.orders.signs, self.orders.life_line):
            if handle >= 0:
                os.close(handle)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    made = Here()
    monkeypatch.setattr(pulse, "_pulse", made)
    yield made
    made.close()


def at_work(broker: OrmBroker) -> OrmBroker:
    """The first heartbeat, and what a node does unasked at its start, are behind it."""
    while broker.dequeue():
        pass
    return broker


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def test_the_web_server_gets_no_heartbeats(pauses: list[float]) -> None:
    assert OrmBroker().dequeue() is None
    async_task("os.getcwd")
    ((pk, package),) = OrmBroker().dequeue() or []
    assert OrmQ.objects.get().pk == pk
    assert SignedPackage.loads(package)["func"] == "os.getcwd"


def test_a_heartbeat_costs_no_query_and_leaves_no_row(here: Here, pauses: list[float]) -> None:
    broker = OrmBroker()
    with CaptureQueriesContext(connection) as queries:
        ((ack, package),) = broker.dequeue() or []
        task = SignedPackage.loads(package)
        broker.acknowledge(ack)
        broker.fail(ack)
    assert len(queries) == 0
    assert (task["func"], task["args"]) == ("project.heartbeat.beat", ("n", 2, True))
    assert not OrmQ.objects.exists()
    # The next one is a beat away.
    assert [SignedPackage.loads(package)["func"] for _, package in broker.dequeue() or []] == [CATCH_UP] * 2
    assert broker.dequeue() is None


def test_one_heartbeat_in_six_is_written_down(here: Here) -> None:
    written = []
    for _ in range(13):
        here._next_beat = 0
        assert here.beat_due()
        written.append(here.row_due())
    assert [number for number, row in enumerate(written) if row] == [0, 6, 12]


def test_a_look_at_an_empty_queue_is_one_query(here: Here, pauses: list[float]) -> None:
    broker = OrmBroker()
    broker.dequeue()
    broker.dequeue()
    with CaptureQueriesContext(connection) as queries:
        assert [broker.dequeue() for _ in range(5)] == [None] * 5
    assert len(queries) == 5
    assert pauses == [Conf.POLL] * 6


def test_a_queue_that_is_away_is_waited_for(
    here: Here, pauses: list[float], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where django-q2 ends the process; and the heartbeats go on meanwhile."""
    broker = OrmBroker()
    broker.dequeue()
    async_task("os.getcwd")
    with monkeypatch.context() as patch:
        patch.setattr(OrmQ.objects, "using", _raise)
        patch.setattr(OrmBroker, "get_connection", _raise)
        assert [broker.dequeue() for _ in range(3)] == [None] * 3
        here._next_beat = 0
        assert broker.dequeue() is not None
        broker.acknowledge(1)
    assert pauses == [1.0] * 3
    assert caplog.text.count("the task queue does not answer: OperationalError") == 1
    assert "geheim" not in caplog.text
    assert broker.dequeue() is not None


def test_what_was_rung_for_in_vain_is_made_up_for(
    here: Here, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ring that got lost while the queue was away would else be missed until the next sweep."""
    broker = at_work(OrmBroker())
    with monkeypatch.context() as patch:
        patch.setattr(OrmQ.objects, "using", _raise)
        assert broker.dequeue() is None
    taken = [(ack, SignedPackage.loads(package)) for ack, package in broker.dequeue() or []]
    assert [(task["func"], task["args"]) for _, task in taken] == [(CATCH_UP, ("sweep",)), (CATCH_UP, ("drain",))]
    for ack, task in taken:
        broker.acknowledge(ack)
        pydoc.locate(task["func"])(*task["args"])  # type: ignore[operator]
    assert not OrmQ.objects.exists()
    assert broker.dequeue() is None


def test_without_redis_a_node_looks_for_itself(
    here: Here, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The messages are in the database, and need no queue to go out."""
    moment = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    monkeypatch.setattr(here, "beat_due", lambda: False)
    monkeypatch.setattr(Conf, "REDIS", f"redis://127.0.0.1:{free_port()}/0")
    broker = broker_redis.RedisBroker()
    assert not broker.ping()
    looks = []
    for second in range(25):
        moment[0] = 100.0 + second
        looks.append(len(broker.dequeue() or []))
    assert [second for second, tasks in enumerate(looks) if tasks == 2] == [10, 20]
    assert sum(looks) == 4


def test_a_queue_can_be_had_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentinel that cannot have one ends at once, and after a few of those the node would be given up."""
    nobody = connection.copy()
    monkeypatch.setattr(nobody, "connect", _raise)
    with monkeypatch.context() as patch:
        patch.setattr(db, "connections", {"default": nobody})
        patch.setattr(transaction, "get_connection", lambda using=None: nobody)
        assert get_broker().ping()


def test_in_a_transaction_the_queue_keeps_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []
    monkeypatch.setattr("django.db.close_old_connections", lambda: closed.append(True))
    get_broker()
    assert closed == []


def test_catching_up_with_a_database_that_is_away_is_no_failed_task(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING")
    monkeypatch.setattr(jobs, "drain", _raise)
    heartbeat.catch_up("drain")
    assert "drain could not be caught up with: OperationalError" in caplog.text
    assert "geheim" not in caplog.text


def _raise(*_args: Any, **_kwargs: Any) -> Any:
    raise OperationalError("could not connect to host geheim.gemeente.test")


def test_after_a_stop_nothing_is_taken(here: Here, pauses: list[float]) -> None:
    async_task("os.getcwd")
    broker = OrmBroker()
    here.let_go()
    assert here.stop_asked()
    assert broker.dequeue() is None
    assert OrmQ.objects.get().lock <= timezone.now()


def test_a_task_that_kills_its_process_is_given_up(
    here: Here, pauses: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    """It never has a result, so that django-q2 does not count its attempts."""
    broker = at_work(OrmBroker())
    async_task("os.abort")
    for _ in range(Conf.MAX_ATTEMPTS):
        assert broker.dequeue()
        # Nobody acknowledged it.
        OrmQ.objects.update(lock=timezone.now())
    assert not broker.dequeue()
    assert not OrmQ.objects.exists()
    assert "came back 3 times without a result and is given up" in caplog.text


def test_two_nodes_do_not_take_the_same_task(here: Here, pauses: list[float]) -> None:
    first, second = at_work(OrmBroker()), at_work(OrmBroker())
    async_task("os.getcwd")
    assert first.dequeue()
    assert not second.dequeue()


def test_the_sentinel_is_heard_when_it_saves_its_figures(here: Here) -> None:
    broker = OrmBroker()
    broker.set_stat("key", "value", 3)
    broker.set_stat("key", "value", 3)
    assert here.heard() == [Sign.GUARD]


@pytest.mark.parametrize(
    ("address", "keepalive"), [("redis://127.0.0.1:6379/0", True), ("unix:///run/redis/redis.sock?db=0", None)]
)
def test_a_redis_may_be_behind_a_socket_of_this_machine(
    address: str, keepalive: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Conf, "REDIS", address)
    pool = broker_redis.RedisBroker.get_connection().connection_pool
    assert pool.connection_kwargs.get("socket_keepalive") is keepalive
    # Making one connects nothing yet, but refuses a word it does not know.
    pool.connection_class(**pool.connection_kwargs)
