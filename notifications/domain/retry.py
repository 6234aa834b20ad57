"""What to do after an attempt: a decision, not control flow.

Only two outcomes are repeated: the provider said "not now", or it was never reached. An attempt whose
fate is unknown is never repeated from here; it is looked up first (outbox/reconcile).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)
# A provider that asks for more than this is broken or means "tomorrow"; the sweep asks again.
LONGEST_RETRY_AFTER = timedelta(hours=1)


class Verdict(StrEnum):
    """How an attempt ended, as the gateway sees it."""

    ACCEPTED = "accepted"
    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    UNKNOWN = "unknown"


class Step(StrEnum):
    """What happens next to the message."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    POSTPONE = "postpone"
    EXPIRE = "expire"
    LOOK_UP = "look_up"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """``at`` is when to try again (POSTPONE) or to look it up (LOOK_UP); None otherwise."""

    step: Step
    at: datetime | None = None


def decide(
    *,
    verdict: Verdict,
    now: datetime,
    useful_until: datetime,
    failures: int,
    retry_after: float | None = None,
    jitter: float = 0.0,
    grace: timedelta = timedelta(seconds=30),
) -> Decision:
    """What follows an attempt.

    ``failures`` counts earlier postponements of this message (0 the first time), ``retry_after`` is
    the provider's own wish in seconds, ``jitter`` lies in [0, 1) and spreads repeats over a fifth
    of the pause so that a burst does not come back as a burst.
    """
    if verdict is Verdict.ACCEPTED:
        return Decision(step=Step.ACCEPT)
    if verdict is Verdict.PERMANENT:
        return Decision(step=Step.REFUSE)
    if verdict is Verdict.UNKNOWN:
        return Decision(step=Step.LOOK_UP, at=now + grace)
    at = now + pause(failures=failures, retry_after=retry_after, jitter=jitter)
    if at >= useful_until:
        return Decision(step=Step.EXPIRE)
    return Decision(step=Step.POSTPONE, at=at)


def pause(*, failures: int, retry_after: float | None = None, jitter: float = 0.0) -> timedelta:
    """How long to wait: at least what the provider asks, else doubling up to half an hour."""
    if retry_after is not None and retry_after > 0:
        asked = min(timedelta(seconds=retry_after), LONGEST_RETRY_AFTER)
        # Only later, never earlier: the provider's figure is a minimum.
        return asked * (1 + 0.2 * jitter)
    doubled = min(FIRST_PAUSE * (1 << min(failures, 16)), LONGEST_PAUSE)
    return doubled * (0.9 + 0.2 * jitter)
