"""A rate per sender, shared by all workers: segments per second for SMS, mails per second for e-mail.

The generic cell rate algorithm, with one row per channel: the moment at which everything that was
handed out so far will have been sent at the agreed rate. Room is taken before messages are claimed, so
that a message that has to wait does so in the queue, where a change can still overtake it; what a group
turns out to need more (a text of two segments) is charged afterwards.
"""

from datetime import datetime, timedelta

from django.db import transaction

from notifications.domain.lifecycle import Channel
from notifications.outbox import flags, settings

# So much may go at once after a silence: less would leave threads idle, more would be a burst.
_AHEAD = timedelta(seconds=1)


def take(channel: Channel, wanted: int, *, now: datetime) -> int:
    """Room for at most ``wanted`` units at this moment; how many were handed out. Needs a rate."""
    rate = settings.rate(channel.value)
    with transaction.atomic():
        taken_until = max(flags.rate_until(channel, now=now), now)
        room = int((now + _AHEAD - taken_until).total_seconds() * rate + 1e-6)
        # A rate under one a second still sends: one, when all that went before has gone.
        if room < 1 and taken_until <= now:
            room = 1
        granted = max(0, min(wanted, room))
        if granted:
            flags.set_rate_until(channel, taken_until + timedelta(seconds=granted / rate), now=now)
    return granted


def give_back(channel: Channel, units: int, *, now: datetime) -> None:
    """Room that was not needed; a negative number is charged. Nothing happens without a rate."""
    rate = settings.rate(channel.value)
    if not units or not rate:
        return
    with transaction.atomic():
        taken_until = flags.rate_until(channel, now=now)
        flags.set_rate_until(channel, taken_until - timedelta(seconds=units / rate), now=now)
