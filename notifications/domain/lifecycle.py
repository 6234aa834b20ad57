"""The life of one message: which event may follow which state.

One table holds every legal move; anything else raises. Delivery receipts are the exception in tone,
not in kind: :func:`follows` asks the same table whether a receipt still means something.
"""

from enum import StrEnum


class Channel(StrEnum):
    """How a message travels."""

    SMS = "sms"
    EMAIL = "email"


class Status(StrEnum):
    """Where a message is."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


class Event(StrEnum):
    """What can happen to a message."""

    CLAIM = "claim"  # a worker takes it, under a lease
    RELEASE = "release"  # the worker gives it back: nothing was sent
    POSTPONE = "postpone"  # the provider said "not now": nothing was sent
    ACCEPT = "accept"  # the provider has it
    REFUSE = "refuse"  # it can never be sent like this
    LOSE = "lose"  # it may or may not have gone out
    REQUEUE = "requeue"  # established that it did not go out
    DELIVER = "deliver"  # the receipt says it arrived
    RETURN = "return"  # the receipt says it did not arrive
    EXPIRE = "expire"  # too late to be of use
    SUPERSEDE = "supersede"  # overtaken by a change: moved, cancelled, answered


TRANSITIONS: dict[tuple[Status, Event], Status] = {
    (Status.QUEUED, Event.CLAIM): Status.SENDING,
    (Status.QUEUED, Event.REFUSE): Status.FAILED,
    (Status.QUEUED, Event.EXPIRE): Status.EXPIRED,
    (Status.QUEUED, Event.SUPERSEDE): Status.SUPERSEDED,
    # A receipt for an earlier attempt arrives while the message waits for the next one.
    (Status.QUEUED, Event.ACCEPT): Status.ACCEPTED,
    (Status.QUEUED, Event.DELIVER): Status.DELIVERED,
    (Status.QUEUED, Event.RETURN): Status.UNDELIVERED,
    (Status.SENDING, Event.RELEASE): Status.QUEUED,
    (Status.SENDING, Event.POSTPONE): Status.QUEUED,
    (Status.SENDING, Event.ACCEPT): Status.ACCEPTED,
    (Status.SENDING, Event.REFUSE): Status.FAILED,
    (Status.SENDING, Event.LOSE): Status.UNKNOWN,
    (Status.SENDING, Event.EXPIRE): Status.EXPIRED,
    (Status.SENDING, Event.SUPERSEDE): Status.SUPERSEDED,
    (Status.UNKNOWN, Event.ACCEPT): Status.ACCEPTED,
    (Status.UNKNOWN, Event.DELIVER): Status.DELIVERED,
    (Status.UNKNOWN, Event.RETURN): Status.UNDELIVERED,
    (Status.UNKNOWN, Event.REQUEUE): Status.QUEUED,
    (Status.UNKNOWN, Event.EXPIRE): Status.EXPIRED,
    (Status.ACCEPTED, Event.DELIVER): Status.DELIVERED,
    (Status.ACCEPTED, Event.RETURN): Status.UNDELIVERED,
    # A mail server may take a mail and send it back an hour later (asynchronous bounce).
    (Status.DELIVERED, Event.RETURN): Status.UNDELIVERED,
    # Given up as unknown, and then the provider's signed word that it did arrive.
    (Status.EXPIRED, Event.DELIVER): Status.DELIVERED,
}

FINAL = frozenset({Status.DELIVERED, Status.UNDELIVERED, Status.FAILED, Status.EXPIRED, Status.SUPERSEDED})
# Nobody received it, and this row will not be tried again.
ENDED_BADLY = frozenset({Status.UNDELIVERED, Status.FAILED, Status.EXPIRED})
UNDER_WAY = frozenset({Status.QUEUED, Status.SENDING, Status.UNKNOWN, Status.ACCEPTED})


class IllegalMove(Exception):
    """An event that cannot follow this state: a defect in the caller."""

    def __init__(self, status: Status, event: Event) -> None:
        super().__init__(f"{event} cannot happen to a message that is {status}")
        self.status = status
        self.event = event


def move(status: Status, event: Event) -> Status:
    """The state after ``event``; raises :class:`IllegalMove` when the table has no such move."""
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise IllegalMove(status, event) from None


def follows(status: Status, event: Event) -> bool:
    """Whether a receipt still changes something; a late ``sent`` never overwrites ``delivered``."""
    return (status, event) in TRANSITIONS


def sources(event: Event) -> frozenset[Status]:
    """The states in which ``event`` may happen, for use in a WHERE clause."""
    return frozenset(status for status, happened in TRANSITIONS if happened is event)
