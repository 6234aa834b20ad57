"""A post room of its own for each test."""

from collections.abc import Iterator

import pytest

from notifications.domain.lifecycle import Channel
from notifications.gateways import registry
from notifications.outbox import bell, context
from notifications.signals import DeliveryChange, delivery_changed
from notifications.wording import kinds
from tests.double.running import Double, running_double
from tests.outbox.helpers import KIND, FakeGateway, World


@pytest.fixture(autouse=True)
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """One kind of message and one context provider, taken away again afterwards."""
    made = World()
    monkeypatch.setattr(kinds, "_kinds", {"proef": KIND})
    monkeypatch.setattr(context, "_providers", [(made, None)])
    return made


@pytest.fixture(autouse=True)
def rings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that were handed to the queue; there is no queue in these tests."""
    calls: list[str] = []
    monkeypatch.setattr(bell, "async_task", calls.append)
    return calls


@pytest.fixture(autouse=True)
def news(monkeypatch: pytest.MonkeyPatch) -> list[DeliveryChange]:
    """What the storey above was told; its own receivers are not called."""
    told: list[DeliveryChange] = []

    def listen(sender: object, change: DeliveryChange, **_kwargs: object) -> None:
        told.append(change)

    monkeypatch.setattr(delivery_changed, "receivers", [])
    delivery_changed.sender_receivers_cache.clear()
    delivery_changed.connect(listen, weak=False)
    return told


@pytest.fixture
def sms() -> Iterator[FakeGateway]:
    gateway = FakeGateway(Channel.SMS)
    with registry.use(Channel.SMS, gateway):
        yield gateway


@pytest.fixture
def email() -> Iterator[FakeGateway]:
    gateway = FakeGateway(Channel.EMAIL, can_search=False)
    with registry.use(Channel.EMAIL, gateway):
        yield gateway


@pytest.fixture(scope="session")
def double_process() -> Iterator[Double]:
    with running_double() as running:
        yield running


@pytest.fixture
def double(double_process: Double, settings: object) -> Double:
    """Both channels at a real HTTP server; a lost call is looked up at once."""
    double_process.clear()
    quick = {"NOTIFICATIONS_GRACE_SECONDS": 0, "NOTIFICATIONS_HORIZON_SECONDS": 0}
    for name, value in (double_process.settings() | quick).items():
        setattr(settings, name, value)
    return double_process
