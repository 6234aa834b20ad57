"""Giving messages back, and what becomes of those whose worker is gone."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from notifications.domain.lifecycle import Event, Status
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.models import Attempt, Message
from notifications.outbox import points
from notifications.outbox.enqueue import URGENT_BEFORE
from notifications.outbox.shift import shift
from notifications.outbox.those import those

logger = logging.getLogger(__name__)


def release(messages: Sequence[Message], *, owner: str, now: datetime) -> int:
    """Put claimed messages back in the queue: nothing was sent."""
    rows = Message.objects.filter(pk__in=[message.pk for message in messages], lease_owner=owner, in_flight=False)
    return shift(rows, Event.RELEASE, now=now)


def expire_leases(*, now: datetime) -> tuple[int, int]:
    """Messages whose lease ran out: (put back, unknown).

    Before the Attempt row nothing was sent, so the message may simply go again. After it nobody
    knows: the provider is asked before anything else happens.
    """
    # They were due when they were claimed; of what waits for later nothing needs to be read.
    stale = those(Status.SENDING).filter(due_at__lte=now, lease_until__lt=now)
    back = shift(stale.filter(in_flight=False), Event.RELEASE, now=now)
    with transaction.atomic():
        lost = list(stale.filter(in_flight=True).select_for_update(skip_locked=True).order_by("pk"))
        for message in lost:
            Attempt.objects.filter(message=message, number=message.attempts_made, outcome="").update(
                outcome=Verdict.UNKNOWN.value, reason=Reason.NO_ANSWER.value, finished_at=now
            )
        points.reach("lease-expiring")
        unknown = shift(
            Message.objects.filter(pk__in=[each.pk for each in lost]),
            Event.LOSE,
            now=now,
            reason=Reason.NO_ANSWER,
            check_at=now,
        )
    if unknown:
        logger.warning("%d messages lost their worker during the call", unknown)
    return back, unknown


def expire_useless(*, now: datetime) -> int:
    """Queued messages that are too late to be of use; they are never sent."""
    rows = those(Status.QUEUED).filter(useful_until__lte=now)
    return shift(rows, Event.EXPIRE, now=now, reason=Reason.TOO_LATE)


def hurry(*, now: datetime) -> int:
    """Let messages that are due and would soon be useless go ahead of the others."""
    rows = those(Status.QUEUED).filter(urgent=False, due_at__lte=now, useful_until__lte=now + URGENT_BEFORE)
    return rows.update(urgent=True)
