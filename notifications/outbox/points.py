"""Named steps of the engine, between any two statements that matter.

A process may be killed at any of them and nothing may be lost or sent twice. The crash harness puts a
hook here that ends the process at a chosen step; in production there is none.
"""

from collections.abc import Callable

Hook = Callable[[str], None]

# Every name that :func:`reach` is called with; the harness visits each of them.
STEPS = (
    "enqueue-saved",
    "bell-taken",
    "drain-begun",
    "claim-locked",
    "claimed",
    "attempts-marked",
    "attempts-opened",
    "call-begins",
    "call-ended",
    "recording",
    "recorded",
    "telling-at-once",
    "telling",
    "told",
    "lease-expiring",
    "reconcile-asked",
    "reconcile-adopted",
    "reconcile-requeued",
    "receipt-stored",
    "receipt-applied",
    "next-channel-planned",
)

_hooks: list[Hook] = []


def reach(step: str) -> None:
    """This step is reached; the hook, if there is one, may end the process here."""
    for hook in _hooks:
        hook(step)


def hook_on(hook: Hook | None) -> None:
    """Who is told of every step; None: nobody."""
    _hooks[:] = [] if hook is None else [hook]
