"""The engine on its real database, with everything that can come between: for hypothesis to find an order that hurts.

Workers die at any named step, other workers and the janitor come in between any two transactions, calls end in
every way, receipts come early, late, twice and backwards, appointments move, people opt out, clocks are set.
Bounds that the engine relies on are kept: the provider lists what it took well within the horizon, and all clocks
together are off by less than the rest of it.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from notifications.domain.lifecycle import Channel, Event, Status
from notifications.domain.reasons import Reason
from notifications.gateways import registry
from notifications.gateways.base import Outgoing, Report
from notifications.models import Attempt, EngineFlag, Message, OptOut, Receipt
from notifications.outbox import bell, callers, context, deliver, flags, opt_outs, points, receipts, reconcile
from notifications.outbox import sweep as janitor
from notifications.outbox.enqueue import Recipient, cancel_pending, enqueue
from notifications.signals import delivery_changed
from notifications.wording import kinds
from tests.outbox.helpers import KIND
from tests.outbox.in_turn import InTurn
from tests.outbox.ledger import FATES, Clocks, JournalGateway, Killed, Truth

SUBJECTS = ("a/1", "a/2", "a/3", "tweeling/1", "tweeling/2")
ALIKE = frozenset({"tweeling/1", "tweeling/2"})
# Together less than the horizon of 300 seconds: a lag, our clock set, and what comes between.
LAG = 90
CLOCK_OFF = 45
STALL = 30

interruptions = st.lists(
    st.tuples(
        st.integers(0, 25),
        st.sampled_from(("die", "die", "drain", "sweep", "move", "cancel", "receipt", "time", "pause", "opt out")),
        st.integers(0, 9),
    ),
    max_size=3,
)
fates = st.lists(st.tuples(st.sampled_from(FATES), st.integers(0, LAG)), max_size=6)
events = st.sampled_from((Event.ACCEPT, Event.DELIVER, Event.RETURN))


class Engine(RuleBasedStateMachine):
    """One post room. ``wrongs`` collects what must never happen; the invariant shows it."""

    def __init__(self) -> None:
        super().__init__()
        for model in (Receipt, Attempt, Message, OptOut, EngineFlag):
            model.objects.all().delete()
        self.clocks = Clocks()
        self.truth = Truth(alike=ALIKE)
        self.sms = JournalGateway(Channel.SMS, self.clocks)
        self.mail = JournalGateway(Channel.EMAIL, self.clocks)
        self.wrongs: list[str] = []
        # Whether each attempt's message was still true when the attempt was written down.
        self.held: dict[tuple[int, int], bool] = {}
        self.told: dict[str, set[Event]] = {}
        self.plot: list[tuple[int, str, int]] = []
        self.depth = 0
        self.sure_out: set[str] = set()
        self.sure_paused = False
        self._wire()

    def _wire(self) -> None:
        self.patch = pytest.MonkeyPatch()
        for module in (deliver, callers, reconcile):
            self.patch.setattr(module, "time", self.clocks)
        self.patch.setattr(deliver, "Callers", InTurn)
        self.patch.setattr(kinds, "_kinds", {"proef": KIND})
        self.patch.setattr(context, "_providers", [(self.truth, None)])
        self.patch.setattr(registry, "_override", {Channel.SMS: self.sms, Channel.EMAIL: self.mail})
        self.patch.setattr(bell, "async_task", lambda task: None)
        self.patch.setattr(delivery_changed, "receivers", [])
        self.patch.setattr(points, "_hooks", [self._at_step])
        delivery_changed.sender_receivers_cache.clear()
        self.truth.meanwhile = lambda: self._at_step("context")
        self.sms.before_call = self.mail.before_call = self._about_to_call

    # What happens in between.

    def _at_step(self, step: str) -> None:
        if step == "attempts-marked":
            for row in Message.objects.filter(in_flight=True):
                self.held.setdefault((row.pk, row.attempts_made), self.truth.holds(row.subject, row.generation))
        self.plot = [(count - 1, action, number) for count, action, number in self.plot]
        for each in [each for each in self.plot if each[0] < 0]:
            _, action, number = each
            if action == "die":
                self.plot.remove(each)
                raise Killed(step)
            # Others see only what is committed, and on SQLite they wait for an open transaction.
            if not connection.in_atomic_block and self.depth < 2:
                self.plot.remove(each)
                self._meanwhile(action, number)

    def _meanwhile(self, action: str, number: int) -> None:
        actions: dict[str, Callable[[], object]] = {
            "drain": lambda: deliver.drain(clock=self.clocks.now),
            "sweep": lambda: janitor.sweep(now=self.clocks.now()),
            "move": lambda: self._change(SUBJECTS[number % 5], cancelled=False),
            "cancel": lambda: self._change(SUBJECTS[number % 5], cancelled=True),
            "receipt": lambda: self._receipt(number, (Event.ACCEPT, Event.DELIVER, Event.RETURN)[number % 3]),
            "time": lambda: self.clocks.passes(STALL * number / 9),
            "pause": lambda: flags.pause_sending(now=self.clocks.now(), by="test"),
            "opt out": lambda: self._opt_out(number),
        }
        self.depth += 1
        try:
            actions[action]()
        finally:
            self.depth -= 1

    def _about_to_call(self, outgoing: Outgoing) -> None:
        message = Message.objects.get(uuid=outgoing.uuid)
        attempt = Attempt.objects.get(message=message, number=message.attempts_made)
        if not self.held.get((message.pk, message.attempts_made), False):
            self.wrongs.append(f"stale: {message.subject} {message.generation}")
        if message.address in self.sure_out:
            self.wrongs.append(f"opted out: {message.subject}")
        if self.sure_paused:
            self.wrongs.append(f"sent while paused: {message.subject}")
        if attempt.started_at >= message.useful_until:
            self.wrongs.append(f"too late: {message.subject}")

    def _run(self, act: Callable[[], object], plot: list[tuple[int, str, int]]) -> None:
        """A process that does its work, and may die of it."""
        # What holds before it begins it must know; what changes meanwhile it may learn too late.
        self.sure_out = set(self._out())
        self.sure_paused = flags.sending_paused() is not None
        self.plot = list(plot)
        try:
            act()
        except Killed:
            pass
        finally:
            self.plot = []

    def _out(self) -> list[str]:
        pairs = set(OptOut.objects.values_list("channel", "address_index"))
        rows = Message.objects.all()
        return [row.address for row in rows if (row.channel, row.address_index) in pairs]

    def _change(self, subject: str, *, cancelled: bool) -> None:
        if subject not in self.truth.newest:
            return
        with transaction.atomic():
            cancel_pending(subject=subject, now=self.clocks.now())
        if cancelled:
            self.truth.gone.add(subject)
        else:
            self.truth.newest[subject] += 1

    def _receipt(self, number: int, event: Event) -> None:
        journal = self.sms.journal + self.mail.journal
        if not journal:
            return
        taken = journal[number % len(journal)]
        self.told.setdefault(str(taken.uuid), set()).add(event)
        report = Report(
            vendor="journal",
            event_id=f"{taken.vendor_id}/{event.value}",
            message_uuid=taken.uuid,
            vendor_id=taken.vendor_id,
            event=event,
            reason=Reason.UNREACHABLE if event is Event.RETURN else Reason.NONE,
        )
        receipts.take([report], now=self.clocks.now())

    def _opt_out(self, number: int) -> None:
        channel = (Channel.SMS, Channel.EMAIL)[number % 2]
        address = _recipient(channel, SUBJECTS[number % 5]).address
        opt_outs.opt_out(channel=channel, address=address, now=self.clocks.now(), source="test")

    # What hypothesis may do.

    @rule(
        subject=st.sampled_from(SUBJECTS),
        channels=st.sampled_from(((Channel.SMS,), (Channel.SMS,), (Channel.SMS, Channel.EMAIL), (Channel.EMAIL,))),
        mode=st.sampled_from(("first", "all")),
        minutes=st.sampled_from((2, 30, 90, 1440)),
        wait=st.sampled_from((0, 0, 20)),
        dies=st.booleans(),
    )
    def plan(self, subject: str, channels: tuple[Channel, ...], mode: Any, minutes: int, wait: int, dies: bool) -> None:
        if subject in self.truth.gone:
            return
        now = self.clocks.now()
        generation = self.truth.newest.setdefault(subject, 1)

        def put() -> None:
            with transaction.atomic():
                enqueue(
                    subject=subject,
                    kind="proef",
                    generation=generation,
                    recipients=[_recipient(channel, subject) for channel in channels],
                    mode=mode,
                    language="nl",
                    scope="",
                    due_at=now + timedelta(seconds=wait),
                    useful_until=now + timedelta(minutes=minutes),
                    now=now,
                )

        self._run(put, [(0, "die", 0)] if dies else [])
        if not dies:
            rows = Message.objects.filter(subject=subject, generation=generation)
            assert rows.exists() or OptOut.objects.exists(), "planned, and not there"

    @rule(ends=fates, plot=interruptions)
    def work(self, ends: list[tuple[str, float]], plot: list[tuple[int, str, int]]) -> None:
        self.sms.fates, self.mail.fates = list(ends), list(reversed(ends))
        self._run(lambda: deliver.drain(clock=self.clocks.now), plot)
        self.sms.fates, self.mail.fates = [], []

    @rule(plot=interruptions)
    def sweep(self, plot: list[tuple[int, str, int]]) -> None:
        self._run(lambda: janitor.sweep(now=self.clocks.now()), plot)

    @rule(seconds=st.sampled_from((1, 31, 121, 301, 1801, 7200)))
    def time_passes(self, seconds: int) -> None:
        self.clocks.passes(seconds)

    @rule(offset=st.integers(-CLOCK_OFF, CLOCK_OFF))
    def our_clock_is_set(self, offset: int) -> None:
        self.clocks.offset = timedelta(seconds=offset)

    @rule(number=st.integers(0, 20), event=events, plot=interruptions)
    def receipt_comes(self, number: int, event: Event, plot: list[tuple[int, str, int]]) -> None:
        self._run(lambda: self._receipt(number, event), plot)

    @rule(subject=st.sampled_from(SUBJECTS), cancelled=st.booleans())
    def change(self, subject: str, cancelled: bool) -> None:
        self._change(subject, cancelled=cancelled)

    @rule(number=st.integers(0, 9))
    def opt_out(self, number: int) -> None:
        self._opt_out(number)

    @rule(subject=st.sampled_from(SUBJECTS))
    def opt_in(self, subject: str) -> None:
        opt_outs.opt_in(channel=Channel.SMS, address=_recipient(Channel.SMS, subject).address)

    @rule()
    def pause(self) -> None:
        flags.pause_sending(now=self.clocks.now(), by="test")

    @precondition(lambda self: flags.sending_paused() is not None)
    @rule()
    def resume(self) -> None:
        flags.resume_sending(now=self.clocks.now())

    @rule(down=st.booleans())
    def the_list(self, down: bool) -> None:
        self.sms.list_is_down = down

    # What must hold.

    @invariant()
    def nothing_forbidden_happened(self) -> None:
        assert self.wrongs == []

    @invariant()
    def no_text_is_accepted_twice(self) -> None:
        twins = {row.uuid for row in Message.objects.filter(subject__in=ALIKE, channel=Channel.SMS.value)}
        apart = Counter(taken.uuid for taken in self.sms.journal if taken.uuid not in twins)
        assert not apart or max(apart.values()) == 1, "the same text was accepted twice"
        # With two alike, which of them the provider has cannot be told; how many it has can.
        assert sum(taken.uuid in twins for taken in self.sms.journal) <= len(twins)

    @invariant()
    def a_mail_goes_again_only_after_a_long_silence(self) -> None:
        last: dict[object, timedelta] = {}
        for taken in self.mail.journal:
            earlier = last.get(taken.uuid)
            assert earlier is None or taken.at - earlier >= timedelta(seconds=1800 - 2 * CLOCK_OFF - 3 * STALL)
            last[taken.uuid] = taken.at

    def teardown(self) -> None:
        try:
            self._let_it_come_to_rest()
            for row in Message.objects.all():
                self._check_rest(row)
            self.nothing_forbidden_happened()
            self.no_text_is_accepted_twice()
        finally:
            self.patch.undo()
            delivery_changed.sender_receivers_cache.clear()

    def _let_it_come_to_rest(self) -> None:
        """The faults end and time goes on."""
        self.sms.list_is_down = False
        self.clocks.offset = timedelta(0)
        flags.resume_sending(now=self.clocks.now())
        going = (Status.QUEUED.value, Status.SENDING.value, Status.UNKNOWN.value)
        for _ in range(80):
            self._run(lambda: janitor.sweep(now=self.clocks.now()), [])
            self._run(lambda: deliver.drain(clock=self.clocks.now), [])
            rows = list(Message.objects.filter(status__in=going))
            if not rows and not Message.objects.filter(untold=True).exists():
                return
            moments = [each for row in rows for each in (row.due_at, row.lease_until, row.check_at) if each is not None]
            wait = min(moments, default=self.clocks.now()) - self.clocks.now()
            self.clocks.passes(max(wait, timedelta(minutes=1)).total_seconds() + 1)
        raise AssertionError(f"stuck: {[(row.subject, row.status, row.reason) for row in rows]}")

    def _check_rest(self, row: Message) -> None:
        status, gateway = Status(row.status), self.sms if row.channel == Channel.SMS.value else self.mail
        texts = {(taken.address, taken.text) for taken in gateway.journal if taken.uuid == row.uuid}
        has_it = bool(texts) or (row.subject in ALIKE and bool(gateway.journal))
        said = self.told.get(str(row.uuid), set())
        still_true = self.truth.holds(row.subject, row.generation)
        fits = {
            Status.ACCEPTED: has_it,
            Status.DELIVERED: Event.DELIVER in said,
            Status.UNDELIVERED: Event.RETURN in said,
            Status.SUPERSEDED: not still_true,
            Status.EXPIRED: self.clocks.now() >= row.useful_until,
            Status.FAILED: row.uuid in gateway.refused or row.reason == Reason.OPTED_OUT,
        }
        assert fits.get(status, False), f"{row.subject}/{row.generation} is {status}, reason {row.reason!r}: why?"


def _recipient(channel: Channel, subject: str) -> Recipient:
    number = 9 if subject in ALIKE else SUBJECTS.index(subject)
    address = f"+3161234567{number}" if channel is Channel.SMS else f"client{number}@example.nl"
    return Recipient(channel=channel, address=address)
