"""Messages in a state, asked for in the words of the indexes: without these a whole history is read."""

from django.db.models import QuerySet

from notifications.domain.lifecycle import Status
from notifications.models import Message
from notifications.models.message import OPEN, TAKEN


def those(status: Status) -> QuerySet[Message]:
    """Messages that are ``status``, one of those in which more is to come."""
    return Message.objects.filter(TAKEN if status is Status.ACCEPTED else OPEN, status=status.value)
