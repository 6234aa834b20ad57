"""The whole engine against a provider that fails in every way: nothing lost, nothing twice."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from notifications.domain import retry
from notifications.domain.lifecycle import Channel, Status
from notifications.models import Attempt, InboundSms, Message
from notifications.outbox import deliver, reconcile, sweep
from notifications.outbox.enqueue import Recipient, enqueue
from tests.double.running import Double
from tests.outbox.helpers import EMAIL, SMS, message, status

pytestmark = pytest.mark.django_db(transaction=True)

FAULTS = ("429", "5xx-before", "5xx-after", "reset-before", "reset-after", "garbled")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST_PAUSE", timedelta(0))
    monkeypatch.setattr(reconcile, "_AGAIN", timedelta(0))


def _plan(subject: str, recipient: Recipient = SMS) -> None:
    now = timezone.now()
    enqueue(
        subject=subject,
        kind="proef",
        generation=1,
        recipients=[recipient],
        mode="first",
        language="nl",
        scope="",
        due_at=now,
        useful_until=now + timedelta(days=1),
        now=now,
        exempt_from_quiet_hours=True,
    )


def _open() -> bool:
    waiting = [Status.QUEUED.value, Status.SENDING.value, Status.UNKNOWN.value]
    return Message.objects.filter(status__in=waiting).exists()


def _work() -> None:
    deliver.drain(clock=timezone.now)
    reconcile.reconcile(now=timezone.now(), limit=500)


def test_nothing_lost_and_nothing_twice(double: Double, settings: object) -> None:
    # Which calls end one after the other is up to the threads: by chance five in a row may be lost ones.
    settings.NOTIFICATIONS_REST_SECONDS = 0  # type: ignore[attr-defined]
    dice = random.Random(20261125)
    people = 120
    for number in range(people):
        _plan(f"a/{number}", Recipient(channel=Channel.SMS, address=f"+316{number:08d}"))
    for _ in range(40):
        to = f"+316{dice.randrange(people):08d}"
        double.fault("twilio", dice.choice(FAULTS), to=to, retry_after="0")
    double.fault("twilio", "5xx-before", method="GET", times=3)
    stop_at = time.monotonic() + 60
    while _open() and time.monotonic() < stop_at:
        _work()
        # What stood in line when the channel was closed has its turn a second later.
        time.sleep(0.05)
    accepted = Counter(line["to"] for line in double.journal(api="twilio", what="accepted"))
    assert len(accepted) == people, "lost"
    assert set(accepted.values()) == {1}, "twice"
    assert Message.objects.filter(status=Status.ACCEPTED.value).count() == people
    assert len(double.journal(what="fault")) >= 40
    sids = set(Message.objects.values_list("vendor_id", flat=True))
    assert sids == {line["sid"] for line in double.journal(api="twilio", what="accepted")}


def test_a_list_that_lags_is_waited_for(double: Double, settings: object) -> None:
    settings.NOTIFICATIONS_HORIZON_SECONDS = 60  # type: ignore[attr-defined]
    double.listing(on=False)
    double.fault("twilio", "reset-after")
    _plan("a/1")
    _work()
    assert status() is Status.UNKNOWN
    double.listing(on=True)
    reconcile.reconcile(now=timezone.now() + timedelta(seconds=61))
    assert status() is Status.ACCEPTED
    assert len(double.journal(what="accepted")) == 1


def test_a_worker_that_is_really_killed_during_the_call(double: Double) -> None:
    """SIGKILL between "about to send" and the answer: unknown, then found, never sent again."""
    _plan("a/1")
    # Longer than the call may take: its answer must not come before the kill, however slow the machine is.
    double.fault("twilio", "hang", seconds=60.0)
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.outbox.victim"],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"VICTIM": json.dumps(_victim_settings())},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 240
        while not double.journal(what="accepted") and time.monotonic() < deadline:
            assert worker.poll() is None, worker.communicate()[1]
            time.sleep(0.02)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
    assert (status(), message().in_flight) == (Status.SENDING, True)
    assert Attempt.objects.get().outcome == ""
    later = timezone.now() + timedelta(seconds=121)
    sweep.sweep(now=later)
    assert status() is Status.ACCEPTED, "the sweep found it at the provider"
    deliver.drain(clock=lambda: later)
    assert len(double.journal(what="accepted")) == 1


def _victim_settings() -> dict[str, object]:
    names = [name for name in dir(django_settings) if name.startswith(("TWILIO_", "SENDGRID_"))]
    database = {key: connection.settings_dict[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    return {
        "database": {key: str(value) for key, value in database.items()},
        "settings": {name: getattr(django_settings, name) for name in names},
    }


def test_receipts_come_back_signed_over_http(double: Double, live_server: LiveServer, settings: object) -> None:
    settings.PUBLIC_URL = live_server.url  # type: ignore[attr-defined]
    _plan("a/1")
    _plan("a/2", EMAIL)
    deliver.drain(clock=timezone.now)
    sid = message("a/1").vendor_id
    assert double.report(sid, "sent") == 204
    assert status("a/1") is Status.ACCEPTED
    assert double.report(sid, "delivered") == 204
    assert status("a/1") is Status.DELIVERED
    events = f"{live_server.url}/webhooks/sendgrid/events"
    mail_id = message("a/2", Channel.EMAIL).vendor_id
    assert double.event(url=events, mail_id=mail_id, name="delivered") == 204
    assert status("a/2", Channel.EMAIL) is Status.DELIVERED


def test_a_receipt_settles_a_lost_call_at_once(double: Double, live_server: LiveServer, settings: object) -> None:
    settings.PUBLIC_URL = live_server.url  # type: ignore[attr-defined]
    double.fault("twilio", "reset-after")
    _plan("a/1")
    deliver.drain(clock=timezone.now)
    assert status() is Status.UNKNOWN
    (accepted,) = double.journal(what="accepted")
    assert double.report(accepted["sid"], "undelivered", 30003) == 204
    assert (status(), message().reason) == (Status.UNDELIVERED, "unreachable")


def test_a_text_comes_in_signed_over_http(double: Double, live_server: LiveServer, settings: object) -> None:
    settings.PUBLIC_URL = live_server.url  # type: ignore[attr-defined]
    url = f"{live_server.url}/webhooks/twilio/sms"
    for _ in range(2):
        answered = double.text(url=url, sender="+31612345678", to="+3197010200000", body="JA 7K", sid="SM1")
        assert answered == 200
    row = InboundSms.objects.get()
    assert (row.sender, row.body) == ("+31612345678", "JA 7K")
    assert double.text(url=url + "?x", sender="+31612345678", to="x", body="NEE") == 200
