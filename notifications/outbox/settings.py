"""The engine's own knobs, with their defaults; a settings file may set each of them.

They are read at every use, so that a test or an operator's override counts at once.
"""

from datetime import timedelta

from django.conf import settings

from notifications.domain.budget import Limits


def _number(name: str, default: float) -> float:
    return float(getattr(settings, name, default))


def threads() -> int:
    """How many calls to providers a drain keeps going at once."""
    return max(1, int(_number("NOTIFICATIONS_THREADS", 48)))


def drain_for() -> timedelta:
    """How long one drain task works on; with one more call of 25 s it stays under the task's timeout of a minute."""
    return timedelta(seconds=_number("NOTIFICATIONS_DRAIN_SECONDS", 30))


def linger() -> timedelta:
    """How long a drain waits for a message that is due soon, instead of leaving it to the next sweep."""
    return timedelta(seconds=_number("NOTIFICATIONS_LINGER_SECONDS", 10))


def rate(channel: str) -> float:
    """How many segments (SMS) or mails a second may go to a provider, of all workers together; 0: no limit."""
    return max(0.0, _number(f"NOTIFICATIONS_RATE_{channel.upper()}", 0))


def lease() -> timedelta:
    """How long a claimed message belongs to its worker. Longer than a drain plus one call."""
    return timedelta(seconds=_number("NOTIFICATIONS_LEASE_SECONDS", 120))


def grace() -> timedelta:
    """How long after a lost call the provider is first asked about it."""
    return timedelta(seconds=_number("NOTIFICATIONS_GRACE_SECONDS", 30))


def horizon() -> timedelta:
    """After this long a message that the provider does not list was never taken."""
    return timedelta(seconds=_number("NOTIFICATIONS_HORIZON_SECONDS", 300))


def silence() -> timedelta:
    """How long a lost e-mail call waits for an event before the mail is sent again."""
    return timedelta(seconds=_number("NOTIFICATIONS_SILENCE_SECONDS", 1800))


def halt_for() -> timedelta:
    """How long a channel rests when the provider refuses our account."""
    return timedelta(seconds=_number("NOTIFICATIONS_HALT_SECONDS", 300))


def rest_for() -> timedelta:
    """How long a channel rests when its provider does not answer."""
    return timedelta(seconds=_number("NOTIFICATIONS_REST_SECONDS", 60))


def daily_cap(channel: str) -> int:
    """How many messages one address may get in 24 hours; a brake on pumping and on loops."""
    return int(_number(f"NOTIFICATIONS_DAILY_CAP_{channel.upper()}", 25))


def budget(channel: str) -> Limits:
    """What each team may send per hour, day and month: segments of SMS, or mails; 0: no limit."""
    name = f"NOTIFICATIONS_BUDGET_{channel.upper()}"
    return Limits(
        hour=int(_number(f"{name}_HOUR", 0)),
        day=int(_number(f"{name}_DAY", 0)),
        month=int(_number(f"{name}_MONTH", 0)),
    )


def keep_for() -> timedelta:
    """How long addresses and texts are kept after a message ended."""
    return timedelta(days=_number("NOTIFICATIONS_RETENTION_DAYS", 30))


def allowed_prefixes() -> tuple[str, ...]:
    """Where SMS may go, as E.164 prefixes."""
    return tuple(getattr(settings, "NOTIFICATIONS_SMS_PREFIXES", ("+316",)))
