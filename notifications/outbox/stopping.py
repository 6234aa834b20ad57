"""Whether this process was asked to stop: a drain ends early and gives back what it had claimed.

The engine does not know who asks; whoever starts the worker says how to find out.
"""

from collections.abc import Callable

_askers: list[Callable[[], bool]] = []


def stop_asked() -> bool:
    """Whether no new work may begin in this process; cheap enough to ask before every call."""
    return any(asker() for asker in _askers)


def ask_with(asker: Callable[[], bool] | None) -> None:
    """How to find out; None: never asked to stop."""
    _askers[:] = [] if asker is None else [asker]
