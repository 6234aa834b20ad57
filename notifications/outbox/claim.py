"""Taking due messages: one statement decides which worker has them."""

import os
import secrets
import socket
from collections.abc import Collection
from datetime import datetime

from notifications.domain.lifecycle import Channel, Event, Status
from notifications.domain.reasons import Reason
from notifications.models import Message
from notifications.outbox import commits, points, settings
from notifications.outbox.shift import shift
from notifications.outbox.those import those

# What happened to it before, and what the claim writes itself: read for a thousand messages, it adds up.
_UNREAD = (
    "status",
    "reason",
    "lease_owner",
    "lease_until",
    "in_flight",
    "attempted_at",
    "check_at",
    "vendor",
    "vendor_id",
    "untold",
    "due_at",
    "created_at",
    "accepted_at",
    "delivered_at",
    "ended_at",
    "wiped_at",
)


def worker_name() -> str:
    """A name that no other worker has, now or after a restart."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def claim(*, owner: str, channels: Collection[Channel], limit: int, now: datetime) -> list[Message]:
    """Claim at most ``limit`` due messages under a lease; urgent ones first, then the oldest.

    PostgreSQL skips rows that another worker is just taking. SQLite has no such clause and needs
    none: its writers stand in line.
    """
    lease_until = now + settings.lease()
    with commits.atomic():
        chosen = list(
            those(Status.QUEUED)
            .filter(
                due_at__lte=now,
                channel__in=[channel.value for channel in channels],
            )
            .defer(*_UNREAD)
            .order_by("-urgent", "due_at", "pk")
            .select_for_update(skip_locked=True)[:limit]
        )
        points.reach("claim-locked")
        if chosen:
            mine = Message.objects.filter(pk__one_of={message.id for message in chosen})
            shift(mine, Event.CLAIM, now=now, lease_owner=owner, lease_until=lease_until, in_flight=False)
    points.reach("claimed")
    status, reason = Status.SENDING.value, Reason.NONE.value
    for message in chosen:
        # As the statement wrote them; the rows were locked, so nothing else has changed.
        message.status, message.reason = status, reason
        message.lease_owner, message.lease_until, message.in_flight = owner, lease_until, False
    return chosen


def soonest(channels: Collection[Channel]) -> datetime | None:
    """When the next message of these channels is due; None when none waits."""
    rows = those(Status.QUEUED).filter(channel__in=[channel.value for channel in channels])
    # Urgent ones and others apart: each is then the first entry of the index.
    firsts = (
        rows.filter(urgent=urgent).order_by("due_at").values_list("due_at", flat=True).first()
        for urgent in (True, False)
    )
    return min((moment for moment in firsts if moment is not None), default=None)
