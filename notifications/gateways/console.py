"""The gateway of the demo: keeps the message where a page can show it, and calls it delivered.

It knows no table: the outbox gives it a function that keeps the message (``keep_with``), because
gateways and models are rooms that do not know each other.
"""

from collections.abc import Callable

from notifications.domain.lifecycle import Channel
from notifications.domain.retry import Verdict
from notifications.gateways.base import Finding, Outcome, Outgoing, Search

Keeper = Callable[[Outgoing, str], None]
_keepers: list[Keeper] = []


def keep_with(keeper: Keeper) -> None:
    """Who stores what the console gateway sends: ``keeper(outgoing, sender)``."""
    _keepers[:] = [keeper]


class ConsoleGateway:
    """Accepts everything and delivers at once."""

    on_network = False
    call_seconds = 1.0
    can_search = False

    def __init__(self, channel: Channel, sender: str) -> None:
        self.name = "console"
        self.channel = channel
        self._sender = sender

    def send(self, outgoing: Outgoing) -> Outcome:
        """Keep the message; never fails but for our own database."""
        for keeper in _keepers:
            keeper(outgoing, self._sender)
        return Outcome(verdict=Verdict.ACCEPTED, vendor_id=f"console-{outgoing.uuid}", delivered=True)

    def search(self, search: Search) -> Finding:  # the protocol's signature
        """Nothing outside our own database is ever in doubt."""
        return Finding(found=False)
