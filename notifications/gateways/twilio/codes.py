"""Twilio's numbers and words, in our vocabulary. Source: Twilio's error and warning dictionary."""

from dataclasses import dataclass

from notifications.domain.lifecycle import Event
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict

NAME = "twilio"


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What a code says about a message; ``halt``: the fault is in our account or settings."""

    reason: Reason
    verdict: Verdict = Verdict.PERMANENT
    halt: bool = False


def _final(reason: Reason) -> Meaning:
    return Meaning(reason=reason)


def _later(reason: Reason) -> Meaning:
    return Meaning(reason=reason, verdict=Verdict.TEMPORARY)


# Wrong keys must not burn a whole day of messages as failed: they wait, and somebody is alarmed.
_OURS = Meaning(reason=Reason.ACCOUNT, verdict=Verdict.TEMPORARY, halt=True)

CODES: dict[int, Meaning] = {
    # Our account, keys and sender.
    10001: _OURS,  # account not active
    20003: _OURS,  # authentication failed
    20005: _OURS,  # account not active
    20006: _OURS,  # access denied
    20404: _OURS,  # account or service not found
    21212: _OURS,  # invalid From
    21267: _OURS,  # a name as sender, on a trial account
    21603: _OURS,  # From missing
    21606: _OURS,  # From is not ours for this destination
    21609: _OURS,  # invalid StatusCallback
    21657: _OURS,  # a sender that is not supported there
    21659: _OURS,  # From is not a number of Twilio's
    21660: _OURS,  # From does not belong to this account
    21661: _OURS,  # From can't send SMS
    21701: _OURS,  # messaging service does not exist
    21703: _OURS,  # messaging service has no sender
    21704: _OURS,
    21705: _OURS,  # messaging service is invalid
    30002: _OURS,  # account suspended
    # Too fast: nothing was done, or the carrier's queue is full.
    20429: _later(Reason.RATE_LIMITED),
    21611: _later(Reason.QUEUE_FULL),  # our number's own queue is full
    30001: _later(Reason.QUEUE_FULL),
    30017: _later(Reason.QUEUE_FULL),  # carrier network congestion
    30022: _later(Reason.QUEUE_FULL),  # US rate limits
    30023: _later(Reason.QUEUE_FULL),  # US daily cap
    # The number.
    21211: _final(Reason.INVALID_ADDRESS),
    21265: _final(Reason.NOT_ALLOWED),  # To is a short code
    21266: _final(Reason.INVALID_ADDRESS),  # To is our own number
    21408: _final(Reason.REGION_OFF),
    21604: _final(Reason.INVALID_ADDRESS),  # To missing
    21608: _final(Reason.SENDER_NOT_REGISTERED),  # trial account, or no compliance profile yet
    21610: _final(Reason.OPTED_OUT),
    21612: _final(Reason.UNROUTABLE),
    21614: _final(Reason.NOT_MOBILE),
    21635: _final(Reason.NOT_MOBILE),  # landline
    30003: _final(Reason.UNREACHABLE),
    30004: _final(Reason.BLOCKED),
    30005: _final(Reason.UNKNOWN_NUMBER),
    30006: _final(Reason.NOT_MOBILE),  # landline or unreachable carrier
    # The message.
    21602: _final(Reason.INCOMPLETE),  # no body
    21617: _final(Reason.TOO_LONG),
    21619: _final(Reason.INCOMPLETE),  # no body, no media
    30007: _final(Reason.FILTERED),
    30019: _final(Reason.TOO_LONG),  # for this carrier
    30036: _final(Reason.VALIDITY_EXPIRED),
    30038: _final(Reason.FILTERED),
    30044: _final(Reason.TOO_LONG),  # for a trial account
    # Registration of the sender.
    30018: _final(Reason.SENDER_NOT_REGISTERED),
    30024: _final(Reason.SENDER_NOT_REGISTERED),  # not provisioned at this carrier
    30032: _final(Reason.SENDER_NOT_REGISTERED),
    30033: _final(Reason.SENDER_NOT_REGISTERED),
    30034: _final(Reason.SENDER_NOT_REGISTERED),
    30035: _final(Reason.SENDER_NOT_REGISTERED),
    30040: _final(Reason.SENDER_NOT_REGISTERED),
    30042: _final(Reason.SENDER_NOT_REGISTERED),  # blocked as too general
    # On the way.
    30008: _final(Reason.CARRIER_ERROR),
    30410: _final(Reason.CARRIER_ERROR),  # timeout at a carrier; not repeated by Twilio, lest it comes twice
    30500: _final(Reason.PROVIDER_ERROR),
    60005: _final(Reason.CARRIER_ERROR),
}

STATUSES: dict[str, Event] = {
    "accepted": Event.ACCEPT,
    "scheduled": Event.ACCEPT,
    "queued": Event.ACCEPT,
    "sending": Event.ACCEPT,
    "sent": Event.ACCEPT,
    # Some parts arrived; the provider reports the end separately.
    "partially_delivered": Event.ACCEPT,
    "delivered": Event.DELIVER,
    "read": Event.DELIVER,
    "undelivered": Event.RETURN,
    "failed": Event.RETURN,
    "canceled": Event.RETURN,
}


def refusal(*, status: int, code: int | None) -> Meaning | None:
    """What an error answer to our request means; ``status`` is the HTTP status.

    None: it carries no code, and so is not Twilio's own. It says nothing about what was done.
    """
    if code is not None and code in CODES:
        return CODES[code]
    if status in {401, 403, 404, 405, 407}:
        return _OURS
    if status == 429:
        return _later(Reason.RATE_LIMITED)
    return None if code is None else _final(Reason.REFUSED)


def failure(code: int | None) -> Reason:
    """Why a message that was taken did not arrive."""
    meaning = CODES.get(code) if code is not None else None
    return meaning.reason if meaning else Reason.CARRIER_ERROR
