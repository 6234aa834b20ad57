"""The picture of the states is drawn from the tables, and is current."""

from afspraken.domain.lifecycle import TRANSITIONS, Status
from notifications.domain import lifecycle as message
from project.lifecycle_docs import TARGET, diagram, document


def test_the_committed_picture_is_current() -> None:
    assert TARGET.read_text(encoding="utf-8") == document()


def test_every_state_can_be_reached() -> None:
    reached = {Status.GEPLAND, *TRANSITIONS.values()}
    assert set(Status) - reached == set()
    assert set(message.Status) - {message.Status.QUEUED, *message.TRANSITIONS.values()} == set()


def test_events_between_the_same_states_share_an_arrow() -> None:
    drawn = diagram(message.TRANSITIONS, message.Status.QUEUED)
    assert "sending --> queued: release, postpone" in drawn
    assert drawn.count("sending --> queued") == 1
