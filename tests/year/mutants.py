"""Defects to put into the service on purpose: a year that finds none of them has not looked.

Each is one that services like this really have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from unittest import mock

_HOUR = timedelta(hours=1)


@contextmanager
def _put(*patches: Any) -> Iterator[None]:
    with ExitStack() as stack:
        for patch in patches:
            stack.enter_context(patch)
        yield


@contextmanager
def night_owl() -> Iterator[None]:
    """Nobody looks at the hour."""
    from notifications.outbox import enqueue, fallback, prepare

    def at_once(moment: datetime, useful_until: datetime, *, exempt: bool) -> datetime:
        return moment

    with _put(*(mock.patch.object(module, "decent_moment", at_once) for module in (enqueue, fallback, prepare))):
        yield


@contextmanager
def no_sunday_rest() -> Iterator[None]:
    """Sundays and holidays are days like any other."""
    from notifications.domain import quiet_hours

    with _put(mock.patch.object(quiet_hours, "_is_quiet_day", return_value=False)):
        yield


@contextmanager
def unasked() -> Iterator[None]:
    """What waits is not withdrawn, and nobody asks whether it is still true."""
    from afspraken.flow.berichten import values
    from notifications import api

    with _put(
        mock.patch.object(values, "_still_true", return_value=True),
        mock.patch.object(api, "cancel_pending", return_value=0),
    ):
        yield


@contextmanager
def too_late() -> Iterator[None]:
    """A message is thought to be of use until an hour after the beginning."""
    from afspraken.domain import timing

    with _put(mock.patch.object(timing, "MINST_VOORAF", -_HOUR)):
        yield


@contextmanager
def resend() -> Iterator[None]:
    """A lost call is repeated without a look at what the provider has."""
    from notifications.outbox import reconcile

    with _put(
        mock.patch.object(reconcile, "_settle", lambda case, answer, now: reconcile._send_again(case.message, now))
    ):
        yield


@contextmanager
def nobody_calls() -> Iterator[None]:
    """A message that reached nobody goes neither to the next channel nor to a person."""
    from afspraken.flow import berichten
    from notifications.outbox import fallback

    with _put(
        mock.patch.object(fallback, "to_next_channel", return_value=False),
        mock.patch.object(berichten, "meld_onbereikbaar", return_value=None),
    ):
        yield


@contextmanager
def winter_time() -> Iterator[None]:
    """The clock is never put forward: an hour is always that of the winter."""
    from afspraken.domain import timing

    def fixed(day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=UTC) - _HOUR

    with _put(mock.patch.object(timing, "_local", fixed)):
        yield


@contextmanager
def summer_time() -> Iterator[None]:
    """The clock is never put back: an hour is always that of the summer."""
    from afspraken.domain import timing

    def fixed(day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=UTC) - 2 * _HOUR

    with _put(mock.patch.object(timing, "_local", fixed)):
        yield


@contextmanager
def spoken_in_utc() -> Iterator[None]:
    """The hour in a message is not that of the clock on the wall."""
    from afspraken.domain import datums

    with _put(mock.patch.object(datums, "AMSTERDAM", UTC)):
        yield


@contextmanager
def forgetful() -> Iterator[None]:
    """Nobody finds out what became of a lost call."""
    from notifications.models import Message
    from notifications.outbox import reconcile

    def forget(*, now: datetime) -> int:
        return Message.objects.filter(status="unknown", check_at__lte=now).update(check_at=None)

    with _put(mock.patch.object(reconcile, "reconcile", forget)):
        yield


@contextmanager
def no_reminder() -> Iterator[None]:
    """Reminders are put ready for people who answered, and for nobody else."""
    from afspraken.flow import remind

    with _put(mock.patch.object(remind, "_due", return_value=None)):
        yield


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A defect, the rule by which it must be found, and a small year in which it shows."""

    defect: Callable[[], AbstractContextManager[None]]
    rule: str
    appointments: int = 14
    seed: int = 5


MUTANTS = {
    "night_owl": Mutant(defect=night_owl, rule="quiet"),
    "no_sunday_rest": Mutant(defect=no_sunday_rest, rule="quiet"),
    "unasked": Mutant(defect=unasked, rule="stale"),
    "too_late": Mutant(defect=too_late, rule="late", appointments=30, seed=39),
    "resend": Mutant(defect=resend, rule="twice", appointments=30),
    "nobody_calls": Mutant(defect=nobody_calls, rule="lost"),
    "winter_time": Mutant(defect=winter_time, rule="tardy"),
    "summer_time": Mutant(defect=summer_time, rule="early"),
    "spoken_in_utc": Mutant(defect=spoken_in_utc, rule="stale"),
    "forgetful": Mutant(defect=forgetful, rule="stuck"),
    "no_reminder": Mutant(defect=no_reminder, rule="lost", appointments=30),
}
