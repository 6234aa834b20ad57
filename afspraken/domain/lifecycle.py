"""The life of an Afspraak: one table, and a wrong move raises.

Delivery of messages is another lifecycle (``notifications.domain.lifecycle``), shown beside this one
and never mixed into it. ``docs/lifecycle.md`` is drawn from this table.
"""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where an Afspraak stands."""

    GEPLAND = "gepland"
    UITGENODIGD = "uitgenodigd"
    BEANTWOORD = "beantwoord"
    ONDERTEKEND = "ondertekend"
    AFGEROND = "afgerond"
    NIET_VERSCHENEN = "niet_verschenen"
    GEANNULEERD = "geannuleerd"


class Event(StrEnum):
    """What can happen to an Afspraak."""

    INVITED = "invited"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    SIGNED = "signed"
    FINISHED = "finished"
    NOT_SHOWN = "not_shown"
    CANCELLED = "cancelled"
    PLANNED_AGAIN = "planned_again"


class WrongMove(Exception):
    """The event does not fit the state; nothing has changed."""

    def __init__(self, status: Status, event: Event) -> None:
        super().__init__(f"event {event.value!r} does not fit status {status.value!r}")
        self.status = status
        self.event = event


_OPEN = (Status.GEPLAND, Status.UITGENODIGD, Status.BEANTWOORD)

TRANSITIONS: dict[tuple[Status, Event], Status] = {
    (Status.GEPLAND, Event.INVITED): Status.UITGENODIGD,
    (Status.UITGENODIGD, Event.INVITED): Status.UITGENODIGD,
    (Status.BEANTWOORD, Event.INVITED): Status.BEANTWOORD,
    **{(status, Event.ANSWERED): Status.BEANTWOORD for status in _OPEN},
    # A client who signed at home may still change their mind; the form then starts afresh.
    (Status.ONDERTEKEND, Event.ANSWERED): Status.ONDERTEKEND,
    (Status.BEANTWOORD, Event.WITHDRAWN): Status.UITGENODIGD,
    **{(status, Event.SIGNED): Status.ONDERTEKEND for status in _OPEN},
    (Status.AFGEROND, Event.SIGNED): Status.ONDERTEKEND,
    **{(status, Event.FINISHED): Status.AFGEROND for status in (*_OPEN, Status.ONDERTEKEND)},
    (Status.NIET_VERSCHENEN, Event.FINISHED): Status.AFGEROND,
    **{(status, Event.NOT_SHOWN): Status.NIET_VERSCHENEN for status in (*_OPEN, Status.AFGEROND)},
    **{(status, Event.CANCELLED): Status.GEANNULEERD for status in _OPEN},
    (Status.GEANNULEERD, Event.PLANNED_AGAIN): Status.GEPLAND,
    # Changed before the invitation left: it starts afresh, and may not be due yet at the new time.
    (Status.UITGENODIGD, Event.PLANNED_AGAIN): Status.GEPLAND,
}

OPEN_STATES = frozenset(_OPEN)
"""States in which messages go out and the client can still answer."""

ANSWERABLE_STATES = frozenset((*_OPEN, Status.ONDERTEKEND))


def next_status(status: Status, event: Event) -> Status:
    """The state after ``event``; raises :class:`WrongMove` when the table has no such arrow."""
    try:
        return TRANSITIONS[(status, event)]
    except KeyError:
        raise WrongMove(status, event) from None


def allows(status: Status, event: Event) -> bool:
    """Whether the table has an arrow for ``event`` from ``status``."""
    return (status, event) in TRANSITIONS
