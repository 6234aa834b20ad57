"""A provider that does not answer is given a rest, before it has swallowed the whole queue.

Each call whose answer does not come costs its message minutes: it has to be looked up before it may go
again. And while such calls are waited for, the other channel stands in line.
"""

import logging
import threading
from datetime import datetime

from notifications.domain.lifecycle import Channel
from notifications.domain.retry import Verdict
from notifications.outbox import flags, settings

logger = logging.getLogger(__name__)

# So many in a row is not the bad luck of a single connection.
_IN_A_ROW = 5


class Breaker:
    """What one drain learns of the providers. The calls' own threads count: the next call begins at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lost = dict.fromkeys(Channel, 0)

    def note(self, channel: Channel, verdict: Verdict) -> None:
        """A call ended; any answer at all shows that the provider is there."""
        with self._lock:
            if self._lost[channel] < _IN_A_ROW:
                self._lost[channel] = self._lost[channel] + 1 if verdict is Verdict.UNKNOWN else 0

    def is_open(self, channel: Channel) -> bool:
        """Whether calls may begin; once broken it stays so for the rest of this drain."""
        return self._lost[channel] < _IN_A_ROW

    def tell(self, *, now: datetime) -> None:
        """Let the channels that broke rest, for all workers; in the thread that has the database."""
        for channel in Channel:
            if not self.is_open(channel) and flags.halt_channel(channel, now=now, pause=settings.rest_for()):
                logger.warning(
                    "the %s provider did not answer %d calls in a row; sending rests for %d seconds",
                    channel.value,
                    _IN_A_ROW,
                    settings.rest_for().total_seconds(),
                )
