"""Defects to put into the engine on purpose: a harness that finds nothing may be blind.

Each is one that engines really have (a timed-out call simply repeated, a message marked before it was sent).
"""

from collections.abc import Callable, Sequence
from typing import Any


def resend() -> None:
    """A lost call is repeated without a look at what the provider has."""
    from notifications.outbox import reconcile

    reconcile._settle = lambda case, answer, now: reconcile._send_again(case.message, now)


def optimist() -> None:
    """A call whose answer does not come counts as sent."""
    from notifications.domain.retry import Verdict
    from notifications.gateways.base import Outcome
    from notifications.outbox import callers

    honest = callers._send

    def send(ready: Any) -> Outcome:
        outcome = honest(ready)
        if outcome.verdict is Verdict.UNKNOWN:
            return Outcome(verdict=Verdict.ACCEPTED, vendor_id="")
        return outcome

    callers._send = send


def unasked() -> None:
    """Nobody asks whether the message is still true."""
    from notifications.outbox import context
    from tests.crash import scene

    def ask(asked: Sequence[Any]) -> list[Any]:
        return [
            context.Rendering(values={"naam": each.subject, "link": scene.link(each.subject, each.generation)})
            for each in asked
        ]

    context.ask = ask


def forgetful() -> None:
    """Nobody looks after messages whose worker is gone."""
    from notifications.outbox import release

    release.expire_leases = lambda *, now: (0, 0)


def deaf() -> None:
    """News is ticked off before it is told."""
    from notifications.models import Message
    from notifications.outbox import news

    honest = news._tell

    def tell(keys: Sequence[int]) -> int:
        Message.objects.filter(pk__in=keys).update(untold=False)
        return honest(keys)

    news._tell = tell


MUTANTS: dict[str, Callable[[], None]] = {
    "resend": resend,
    "optimist": optimist,
    "unasked": unasked,
    "forgetful": forgetful,
    "deaf": deaf,
}
