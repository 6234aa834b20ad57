"""The janitor: every minute it mends whatever a crash, a lost ring or a silent provider left behind."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from notifications.domain.lifecycle import Status
from notifications.models import InboundEmail, InboundSms, Message, Receipt
from notifications.outbox import bell, fallback, inbound, news, receipts, reconcile, release
from notifications.outbox.those import those

logger = logging.getLogger(__name__)


def sweep(*, now: datetime) -> None:
    """All mending steps, each on its own: a fault in one must not keep the others from working.

    In most minutes of a day there is nothing to mend, which one question to the database tells.
    """
    if not something_waits(now=now):
        return
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("expire", lambda: release.expire_useless(now=now)),
        ("leases", lambda: release.expire_leases(now=now)),
        ("receipts", lambda: receipts.apply_left_over(now=now)),
        ("reconcile", lambda: reconcile.reconcile(now=now)),
        ("silence", lambda: fallback.after_silence(now=now)),
        ("inbound", lambda: inbound.hand_on(now=now)),
        ("news", news.tell),
        ("hurry", lambda: release.hurry(now=now)),
        ("bell", lambda: ring_when_due(now=now)),
    )
    for name, step in steps:
        try:
            step()
        except Exception:
            logger.exception("sweep step %s failed", name)


def something_waits(*, now: datetime) -> bool:
    """Whether any step may have work: False only when none has. One statement."""
    try:
        asked = [rows.order_by().values("pk")[:1].query.sql_with_params() for rows in _waiting(now)]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT " + " OR ".join(f"EXISTS ({sql})" for sql, _ in asked),
                [value for _, values in asked for value in values],
            )
            (found,) = cursor.fetchone()
    except Exception:  # the steps that can do their work still do
        logger.exception("the sweep could not ask what waits")
        return True
    return bool(found)


def _waiting(now: datetime) -> tuple[QuerySet[Any], ...]:
    """What the steps act upon, or more than that; each has an index of its own to be found by."""
    queued = those(Status.QUEUED)
    return (
        queued.filter(due_at__lte=now),
        queued.filter(useful_until__lte=now),
        those(Status.SENDING).filter(due_at__lte=now, lease_until__lt=now),
        those(Status.UNKNOWN).filter(check_at__lte=now),
        those(Status.ACCEPTED).filter(check_at__lte=now),
        Message.objects.filter(untold=True),
        Receipt.objects.filter(applied_at__isnull=True),
        # Also those that are tried again later: they are few.
        InboundSms.objects.filter(handed_on_at__isnull=True),
        InboundEmail.objects.filter(handed_on_at__isnull=True),
    )


def ring_when_due(*, now: datetime) -> bool:
    """Ring when a message is due, for a ring that got lost or a message planned for now."""
    due = those(Status.QUEUED).filter(due_at__lte=now).exists()
    if due:
        bell.ring(now=now)
    return due
