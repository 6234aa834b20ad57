"""What the task queue calls, by dotted name and without arguments; each asks "what is due now?".

All are safe to run twice and at the same time: the rows decide, not the queue.
"""

from django.utils import timezone

from notifications.outbox import flags, inbound, purge, turn
from notifications.outbox import sweep as janitor
from notifications.outbox.clock import shared_clock


def drain() -> None:
    """Send what is due, unless enough processes of this node are at it already."""
    turn.drain(clock=shared_clock())


def sweep() -> None:
    """Mend what a crash, a lost ring or a silent provider left behind; every minute."""
    janitor.sweep(now=shared_clock()())


def hand_on_inbound() -> None:
    """Give stored texts and mails to whoever listens."""
    inbound.hand_on(now=timezone.now())  # a job is a clock


def heartbeat(node: str = "worker", restarts: int = 0) -> None:
    """Show that a worker node works, and how often it was restarted; readiness and metrics read it."""
    flags.beat(now=timezone.now(), node=node, restarts=restarts)  # a job is a clock


def wipe() -> None:
    """Forget addresses and texts whose term is over."""
    purge.wipe(now=timezone.now())  # a job is a clock
