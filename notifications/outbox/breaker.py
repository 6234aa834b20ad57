"""When calls of a channel may no longer begin, whatever stands in line for it.

A provider that does not answer is given a rest, before it has swallowed the whole queue: each call whose
answer does not come costs its message minutes, because it has to be looked up before it may go again.
An account that is refused, and the kill switch, close a channel at once.
"""

import logging
import threading
from collections.abc import Iterable
from datetime import datetime

from notifications.domain.lifecycle import Channel
from notifications.domain.retry import Verdict
from notifications.gateways.base import Outcome
from notifications.outbox import flags, settings

logger = logging.getLogger(__name__)

# So many in a row is not the bad luck of a single connection.
_IN_A_ROW = 5


class Breaker:
    """What one drain learns of the providers. The calls' own threads count: the next call begins at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lost = dict.fromkeys(Channel, 0)
        self._closed: set[Channel] = set()

    def note(self, channel: Channel, outcome: Outcome) -> None:
        """A call ended; any answer at all shows that the provider is there."""
        if outcome.halt:
            self._closed.add(channel)
        elif outcome.verdict is not Verdict.UNKNOWN and not self._lost[channel]:
            # The common case, without the lock.
            return
        with self._lock:
            if self._lost[channel] < _IN_A_ROW:
                self._lost[channel] = self._lost[channel] + 1 if outcome.verdict is Verdict.UNKNOWN else 0

    def close(self, channels: Iterable[Channel]) -> None:
        """Let no call of these channels begin any more in this drain."""
        self._closed.update(channels)

    def is_open(self, channel: Channel) -> bool:
        """Whether calls may begin; once broken or closed it stays so for the rest of this drain."""
        return channel not in self._closed and self._lost[channel] < _IN_A_ROW

    def tell(self, *, now: datetime) -> None:
        """Let the channels that broke rest, for all workers; in the thread that has the database."""
        for channel in Channel:
            broke = self._lost[channel] >= _IN_A_ROW
            if broke and flags.halt_channel(channel, now=now, pause=settings.rest_for()):
                logger.warning(
                    "the %s provider did not answer %d calls in a row; sending rests for %d seconds",
                    channel.value,
                    _IN_A_ROW,
                    settings.rest_for().total_seconds(),
                )
