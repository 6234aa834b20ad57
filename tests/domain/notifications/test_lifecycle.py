"""The transition table: complete, one target per event, and a wrong move raises."""

from itertools import product

import pytest

from notifications.domain.lifecycle import (
    ENDED_BADLY,
    FINAL,
    TRANSITIONS,
    UNDER_WAY,
    Event,
    IllegalMove,
    Status,
    follows,
    move,
    sources,
)


@pytest.mark.parametrize(("status", "event"), list(product(Status, Event)))
def test_every_pair_moves_or_raises(status: Status, event: Event) -> None:
    if (status, event) in TRANSITIONS:
        assert move(status, event) is TRANSITIONS[status, event]
        assert follows(status, event)
        assert status in sources(event)
    else:
        assert not follows(status, event)
        with pytest.raises(IllegalMove) as caught:
            move(status, event)
        assert (caught.value.status, caught.value.event) == (status, event)


@pytest.mark.parametrize("event", list(Event))
def test_an_event_leads_to_one_state(event: Event) -> None:
    assert len({after for (_, happened), after in TRANSITIONS.items() if happened is event}) == 1


def test_every_state_can_be_reached_and_left_or_is_final() -> None:
    reached = set(TRANSITIONS.values())
    assert reached | {Status.QUEUED} == set(Status)
    left = {status for status, _ in TRANSITIONS}
    assert set(Status) - left == FINAL - {Status.DELIVERED, Status.EXPIRED}


def test_the_groups_do_not_contradict_each_other() -> None:
    assert ENDED_BADLY < FINAL
    assert not FINAL & UNDER_WAY
    assert set(Status) == FINAL | UNDER_WAY


@pytest.mark.parametrize("event", list(Event))
def test_what_is_superseded_or_failed_stays_so(event: Event) -> None:
    for status in (Status.SUPERSEDED, Status.FAILED, Status.UNDELIVERED):
        assert not follows(status, event)


def test_nothing_sends_an_unknown_message_but_a_requeue() -> None:
    back = {
        event for (status, event), after in TRANSITIONS.items() if status is Status.UNKNOWN and after is Status.QUEUED
    }
    assert back == {Event.REQUEUE}
    assert not follows(Status.UNKNOWN, Event.CLAIM)
