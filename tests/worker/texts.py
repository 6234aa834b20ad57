"""Texts that a node has to send: what tells that it works."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from notifications import api as post


def plan() -> UUID:
    """A text that may go out at any hour."""
    now = timezone.now()
    return post.enqueue_text(
        subject="proef",
        recipient=post.Recipient(channel=post.Channel.SMS, address="+31612345678"),
        title="",
        text="Dag",
        useful_until=now + timedelta(hours=1),
        now=now,
    )


def is_sent(uuid: UUID) -> bool:
    status = post.status_of(uuid)
    return status is not None and status.status in {post.Status.ACCEPTED, post.Status.DELIVERED}
