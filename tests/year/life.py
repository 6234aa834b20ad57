"""The year as the service lives it: its own flow, jobs, sweep and drain, at the moments at which they would run.

A step of the sweep that has nothing to do is left out, but for a whole one now and then; so is a run of a job at which
nobody can be due. When a step has, the database says: the same columns that it asks itself.
"""

from __future__ import annotations

import itertools
import logging
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any
from unittest import mock
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from afspraken import jobs
from afspraken.flow import berichten
from notifications.domain.lifecycle import Channel, Event
from notifications.gateways import registry
from notifications.gateways.base import Outgoing, Report
from notifications.outbox import (
    bell,
    callers,
    context,
    deliver,
    fallback,
    flags,
    inbound,
    news,
    purge,
    receipts,
    reconcile,
    release,
)
from notifications.outbox import sweep as janitor
from tests.outbox.in_turn import InTurn
from tests.year.agenda import Agenda
from tests.year.almanac import DAY, MINUTE, NOT_ON_ITS_HEELS, at, first_decent, invite_from, local, remind_from
from tests.year.facts import Case, Year
from tests.year.people import People
from tests.year.provider import Provider
from tests.year.scenario import FIRST_DAY, LAST_DAY, Script
from tests.year.weather import PAUSES

SECOND = timedelta(seconds=1)
# Where in its minute a sweep comes, and in its five minutes a job: schedules are never sharp.
_SWEEP_AT = 20
_JOB_AT = 7
# What is still under way so long after the year is stuck.
_GIVE_UP = at(LAST_DAY, time(0)) + 150 * DAY
# When each step of the sweep has anything to do. The states stand in the text, so that SQLite too sees that its
# partial indexes fit.
_DUE = {
    "bell": "min(due_at) FROM notifications_message WHERE status = 'queued'",
    "expire": "min(useful_until) FROM notifications_message WHERE status = 'queued'",
    "leases": "min(lease_until) FROM notifications_message WHERE status = 'sending'",
    "reconcile": "min(check_at) FROM notifications_message WHERE status = 'unknown'",
    "silence": "min(check_at) FROM notifications_message WHERE status = 'accepted' AND check_at IS NOT NULL",
    "all": """CASE WHEN (SELECT count(*) FROM notifications_message WHERE untold)
        + (SELECT count(*) FROM notifications_receipt WHERE applied_at IS NULL)
        + (SELECT count(*) FROM notifications_inboundsms WHERE handed_on_at IS NULL) > 0 THEN %s END""",
}
_LOOK = " UNION ALL ".join(f"SELECT {each}" for each in _DUE.values())


class Life:
    """One year, from its scripts to its facts."""

    def __init__(self, scripts: Sequence[Script], seed: int) -> None:
        self.year = Year(cases=[Case(script=script, mobile=script.person.mobile) for script in scripts])
        self.agenda = Agenda(at(FIRST_DAY, time(0)))
        self._due: dict[str, datetime] = {}
        self._dice = random.Random(f"life {seed}")
        self._seed = seed
        self._swept_at = self.agenda.now()
        self._planned_jobs: set[tuple[str, datetime]] = set()
        self._cases: dict[str, Case] = {}
        self._ambushed: set[int] = set()
        self._bundles: dict[datetime, list[Report]] = {}
        self._subjects: dict[UUID, str] = {}
        self.sms, self.email = self._provider(Channel.SMS), self._provider(Channel.EMAIL)
        self.people = People(self.year, self.agenda, self.sms, changed=self._look_who_is_due)
        self._prepare()

    def _provider(self, channel: Channel) -> Provider:
        made = Provider(
            channel,
            self.year,
            seed=self._seed,
            now=self.agenda.now,
            later=self._post,
            at_once=lambda report: self._receipts([report]),
        )
        made.on_taken = self._arrives
        return made

    def _prepare(self) -> None:
        for case in self.year.cases:
            person = case.script.person
            self.sms.fates[person.mobile], self.email.fates[person.email] = person.sms_fate, person.email_fate
        for moment, group in itertools.groupby(self.year.cases, key=lambda case: case.script.planned_at):
            self.agenda.add(moment, lambda cases=list(group): self._plan(cases))  # type: ignore[misc]
        for begin, end in PAUSES:
            self.agenda.add(begin, lambda: flags.pause_sending(now=self.agenda.now(), by="year"))
            self.agenda.add(end, lambda: flags.resume_sending(now=self.agenda.now()))
        self._schedule()

    def _schedule(self) -> None:
        """The runs of jobs at which somebody may be due, and others at which nobody may be found yet."""
        day = FIRST_DAY
        while day <= LAST_DAY:
            if day.weekday() % 3 == 0:
                name, job = self._dice.choice((("invite", jobs.invite), ("remind", jobs.remind)))
                self._job_at(name, at(day, time(0)) + self._dice.randrange(1440) * MINUTE, job)
            if day.weekday() == 0:
                self.agenda.add(at(day, time(3)), lambda: janitor.sweep(now=self.agenda.now()))
                self._job_at("wipe", at(day, time(3)), lambda: purge.wipe(now=self.agenda.now()))
            day += DAY
        for case in self.year.cases:
            steps = [*case.script.steps, *([case.script.ambush] if case.script.ambush else [])]
            for start in {case.script.start, *(step.start for step in steps if step.start is not None)}:
                self._job_at("invite", invite_from(start, case.script.team), jobs.invite)
                remind_at = remind_from(start, case.script.team)
                if remind_at is not None:
                    # They are put ready a day ahead, so that a coordinator sees them coming.
                    self._job_at("remind", remind_at - DAY, jobs.remind)
                self._job_at("finish", at(local(start).date() + 2 * DAY, time(3)), jobs.finish)

    def _job_at(self, name: str, moment: datetime, job: Callable[[], object]) -> None:
        """A job of the schedule runs at the first of its moments from here on; once, whoever asks for it."""
        late = timedelta(minutes=local(moment).minute % 5, seconds=moment.second - _JOB_AT)
        due = moment - late if late <= timedelta(0) else moment - late + 5 * MINUTE
        if due >= self.agenda.now() and (name, due) not in self._planned_jobs:
            self._planned_jobs.add((name, due))
            self.agenda.add(due, job)

    # What happens.

    def _plan(self, cases: Sequence[Case]) -> None:
        self.people.plan(cases)
        self._cases |= {f"afspraak/{case.afspraak_id}": case for case in cases}

    def _look_who_is_due(self, case: Case) -> None:
        """Somebody may have to be reminded now, or as soon as they were invited long enough ago."""
        now = self.agenda.now()
        if case.start < now + 7 * DAY:
            self._job_at("remind", now, jobs.remind)
            self._job_at("remind", first_decent(now, now + 7 * DAY) + NOT_ON_ITS_HEELS, jobs.remind)

    def _post(self, delay: timedelta, report: Report) -> None:
        """A provider posts its reports in bundles, twice a minute."""
        due = self.agenda.now() + delay
        bundle = due.replace(microsecond=0) + (29 - due.second % 30) * SECOND
        if bundle not in self._bundles:
            self._bundles[bundle] = []
            self.agenda.add(bundle, lambda: self._receipts(self._bundles.pop(bundle)))
        self._bundles[bundle].append(report)

    def _receipts(self, reports: Sequence[Report]) -> None:
        for report in reports:
            if report.event is Event.RETURN:
                self.year.returns.setdefault(report.message_uuid, self.agenda.now())
        receipts.take(reports, now=self.agenda.now())

    def _arrives(self, outgoing: Outgoing) -> None:
        case = self._cases.get(self._subjects[outgoing.uuid])
        if case is not None:
            self.people.hear(case, outgoing)

    def _ring(self, task: str) -> None:
        """A task was handed to the queue: a worker takes it a moment later."""
        tasks: dict[str, Callable[[], object]] = {
            "notifications.jobs.drain": self._drain,
            "notifications.jobs.hand_on_inbound": lambda: inbound.hand_on(now=self.agenda.now()),
        }
        self.agenda.add(self.agenda.now() + SECOND, tasks[task])

    def _drain(self) -> None:
        deliver.drain(clock=self.agenda.now)

    def _sweep(self) -> None:
        """Those of its steps that have anything to do, in its own order."""
        now = self._swept_at = self.agenda.now()
        due = {name for name, moment in self._due.items() if moment <= now}
        if "all" in due:
            janitor.sweep(now=now)
            return
        steps: tuple[tuple[str, Callable[[], object]], ...] = (
            ("expire", lambda: release.expire_useless(now=now)),
            ("leases", lambda: release.expire_leases(now=now)),
            ("reconcile", lambda: reconcile.reconcile(now=now)),
            ("silence", lambda: fallback.after_silence(now=now)),
            ("bell", lambda: release.hurry(now=now)),
        )
        for name, step in steps:
            if name in due:
                step()
        if due - {"bell"}:
            news.tell()
        janitor.ring_when_due(now=now)

    # Time.

    def live(self) -> Year:
        """The whole year, and as long after it as anything is still under way."""
        with self._in_this_world():
            while self.agenda.now() < _GIVE_UP:
                sweep_at, event_at = self._next_sweep(), self.agenda.next_at
                if sweep_at is not None and (event_at is None or sweep_at < event_at):
                    self.agenda.go_to(sweep_at)
                    self._sweep()
                elif event_at is not None:
                    self._happen(event_at)
                else:
                    break
        return self.year

    def _happen(self, first: datetime) -> None:
        """What happens within the next seconds; nothing can fall due that is not seen right after it."""
        until = first + SECOND
        while (moment := self.agenda.next_at) is not None and moment <= until:
            self.agenda.pop()()

    def _next_sweep(self) -> datetime | None:
        """The first minute, after the last sweep, at which one has anything to do."""
        with connection.cursor() as cursor:
            cursor.execute(_LOOK, [connection.ops.adapt_datetimefield_value(self.agenda.now())])
            found = zip(_DUE, [_moment(row[0]) for row in cursor.fetchall()], strict=True)
        self._due = {name: moment for name, moment in found if moment is not None}
        if not self._due:
            return None
        soonest = max(min(self._due.values()), self._swept_at + SECOND)
        sharp = soonest.replace(second=_SWEEP_AT, microsecond=0)
        return sharp if sharp >= soonest else sharp + MINUTE

    # The world around it.

    @contextmanager
    def _in_this_world(self) -> Iterator[None]:
        """The service's own code; only its clock, its queue, its providers and its threads are ours."""
        random.seed(self._seed)
        with ExitStack() as stack:
            put = stack.enter_context
            put(mock.patch.object(timezone, "now", self.agenda.now))
            for module in (deliver, callers, reconcile):
                put(mock.patch.object(module, "time", self.agenda))
            put(mock.patch.object(deliver, "Callers", self._callers()))
            put(mock.patch.object(bell, "async_task", self._ring))
            put(registry.use(Channel.SMS, self.sms))
            put(registry.use(Channel.EMAIL, self.email))
            put(mock.patch.object(context, "_providers", [(self._answer, self._answer_many)]))
            put(_listening(self.year.left))
            yield

    def _callers(self) -> type[InTurn]:
        subjects = self._subjects

        class Callers(InTurn):
            """Calls one after the other, of which we know whom they are about."""

            def hand_out(self, ready: Any, latest_start: float) -> None:
                subjects[ready.outgoing.uuid] = ready.message.subject
                super().hand_out(ready, latest_start)

        return Callers

    def _answer(self, subject: str, kind: str, generation: int) -> context.Rendering | None:
        return self._answer_many([context.Asked(subject=subject, kind=kind, generation=generation)])[0]

    def _answer_many(self, asked: Sequence[context.Asked]) -> Sequence[context.Rendering | None]:
        """Ours, with a change right before or right after it for whom it was meant."""
        self._fall_upon(asked, after=False)
        answers = berichten.contexts(asked)
        self._fall_upon(asked, after=True)
        return answers

    def _fall_upon(self, asked: Sequence[context.Asked], *, after: bool) -> None:
        for each in asked:
            case = self._cases.get(each.subject)
            if case is None or case.script.ambush is None or case.script.ambush_after is not after:
                continue
            if each.kind in ("uitnodiging", "herinnering", "verplaatst") and case.script.number not in self._ambushed:
                self._ambushed.add(case.script.number)
                self.people.take(case, case.script.ambush)


def _moment(value: datetime | str | None) -> datetime | None:
    """As the database gives it: SQLite knows no moments, and keeps them as text in UTC."""
    if value is None or isinstance(value, datetime):
        return value
    found = parse_datetime(value)
    assert found is not None
    return found.replace(tzinfo=UTC)


@contextmanager
def _listening(wrongs: list[str]) -> Iterator[None]:
    """What the service logs as broken is written down; the rest of its warnings are the weather's."""

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.exc_info:
                wrongs.append(f"broke: {record.getMessage()}: {record.exc_info[1]!r}")

    ear = Ear(logging.ERROR)
    loggers = [logging.getLogger(name) for name in ("notifications", "afspraken", "django")]
    with ExitStack() as stack:
        for logger in loggers:
            stack.enter_context(mock.patch.object(logger, "handlers", [ear]))
            stack.enter_context(mock.patch.object(logger, "propagate", False))
        yield
