"""The life of an appointment, against the table in the design."""

import pytest

from afspraken.domain.lifecycle import (
    ANSWERABLE_STATES,
    OPEN_STATES,
    TRANSITIONS,
    Event,
    Status,
    WrongMove,
    next_status,
)

G, U, B, S, A, N, X = Status  # in the order of the enum

ARROWS = [
    (G, Event.INVITED, U),
    (G, Event.ANSWERED, B),
    (U, Event.ANSWERED, B),
    (B, Event.ANSWERED, B),
    (B, Event.WITHDRAWN, U),
    (B, Event.SIGNED, S),
    (G, Event.SIGNED, S),
    (U, Event.FINISHED, A),
    (S, Event.FINISHED, A),
    (U, Event.NOT_SHOWN, N),
    (A, Event.NOT_SHOWN, N),
    (G, Event.CANCELLED, X),
    (U, Event.CANCELLED, X),
    (B, Event.CANCELLED, X),
    (X, Event.PLANNED_AGAIN, G),
    (U, Event.PLANNED_AGAIN, G),
]


@pytest.mark.parametrize(("status", "event", "after"), ARROWS)
def test_an_arrow_leads_where_the_design_says(status: Status, event: Event, after: Status) -> None:
    assert next_status(status, event) is after


WRONG = [
    (X, Event.ANSWERED),
    (X, Event.INVITED),
    (X, Event.SIGNED),
    (X, Event.CANCELLED),
    (A, Event.ANSWERED),
    (A, Event.CANCELLED),
    (S, Event.CANCELLED),
    (N, Event.ANSWERED),
    (N, Event.SIGNED),
    (G, Event.PLANNED_AGAIN),
]


@pytest.mark.parametrize(("status", "event"), WRONG)
def test_a_wrong_move_raises_and_names_both(status: Status, event: Event) -> None:
    with pytest.raises(WrongMove) as raised:
        next_status(status, event)
    assert (raised.value.status, raised.value.event) == (status, event)


def test_every_state_can_be_reached_and_only_reached_by_an_arrow() -> None:
    reachable = {Status.GEPLAND}
    for _ in Status:
        reachable |= {after for (before, _), after in TRANSITIONS.items() if before in reachable}
    assert reachable == set(Status)


def test_a_cancelled_appointment_takes_no_answer() -> None:
    assert Status.GEANNULEERD not in OPEN_STATES | ANSWERABLE_STATES
