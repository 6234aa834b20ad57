"""The janitor: every minute it mends whatever a crash, a lost ring or a silent provider left behind."""

import logging
from collections.abc import Callable
from datetime import datetime

from notifications.domain.lifecycle import Status
from notifications.models import Message
from notifications.outbox import bell, fallback, inbound, news, receipts, reconcile, release

logger = logging.getLogger(__name__)


def sweep(*, now: datetime) -> None:
    """All mending steps, each on its own: a fault in one must not keep the others from working."""
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


def ring_when_due(*, now: datetime) -> bool:
    """Ring when a message is due, for a ring that got lost or a message planned for now."""
    due = Message.objects.filter(status=Status.QUEUED.value, due_at__lte=now).exists()
    if due:
        bell.ring(now=now)
    return due
