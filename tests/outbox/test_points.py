"""The named steps: every name is reached somewhere in the engine, and none is reached that has no name."""

import re
from pathlib import Path

from notifications.outbox import points


def test_the_names_are_those_that_the_engine_reaches() -> None:
    engine = Path(points.__file__).parent
    reached = re.findall(r'points\.reach\("([a-z-]+)"\)', "".join(f.read_text() for f in sorted(engine.glob("*.py"))))
    assert sorted(reached) == sorted(points.STEPS)


def test_a_hook_is_told_of_every_step_until_it_is_taken_away() -> None:
    seen: list[str] = []
    points.hook_on(seen.append)
    points.reach("claimed")
    points.hook_on(None)
    points.reach("told")
    assert seen == ["claimed"]
