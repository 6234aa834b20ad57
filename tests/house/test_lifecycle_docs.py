"""The picture of the states is drawn from the tables, and is current."""

import re

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


def test_every_end_of_a_message_is_drawn_as_one() -> None:
    drawn = diagram(message.TRANSITIONS, message.Status.QUEUED, message.FINAL)
    ends = re.findall(r"^    (\w+) --> \[\*\]$", drawn, re.MULTILINE)
    assert set(ends) == {status.value for status in message.FINAL}


def test_every_line_is_an_arrow_that_mermaid_can_read() -> None:
    """A state called ``end`` or ``state``, or a colon in a label, would break the picture and not the build."""
    state = r"(?!(?:end|state|note|direction|class|style|fork|join|choice)\b)\w+"
    arrow = re.compile(rf"    (?:\[\*\] --> {state}|{state} --> \[\*\]|{state} --> {state}: [\w, ]+)")
    for block in re.findall(r"```mermaid\n(.*?)\n```", document(), re.DOTALL):
        first, *lines = block.split("\n")
        assert first == "stateDiagram-v2"
        assert lines
        assert [line for line in lines if not arrow.fullmatch(line)] == []
