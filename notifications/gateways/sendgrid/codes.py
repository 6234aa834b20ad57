"""SendGrid's events and reasons, in our vocabulary, and by what we know our own mail again.

Source: its event webhook reference.
"""

from collections.abc import Mapping
from typing import Any

from notifications.domain.lifecycle import Event
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict

NAME = "sendgrid"
# By this our own id comes back in every event.
UUID_ARGUMENT = "message_uuid"
# A reply goes to this name at the inbound domain, with the id of the message behind the plus.
REPLY_NAME = "antwoord"

# Events that say where a message is. "deferred" says that SendGrid has it and goes on trying, for 72 hours.
EVENTS: dict[str, Event] = {
    "processed": Event.ACCEPT,
    "deferred": Event.ACCEPT,
    "delivered": Event.DELIVER,
    "bounce": Event.RETURN,
    "blocked": Event.RETURN,
    "dropped": Event.RETURN,
}

# Events about the person's wish; the message keeps its state.
WISHES: dict[str, Reason] = {
    "spamreport": Reason.SPAM_REPORT,
    "unsubscribe": Reason.OPTED_OUT,
    "group_unsubscribe": Reason.OPTED_OUT,
}

# Nobody is watched reading; and who wants mail again says so to a person, not in a list of SendGrid's.
IGNORED = frozenset({"open", "click", "group_resubscribe", "account_status_change"})

# The seven classes in which SendGrid sorts the answers of mail servers; the seventh is "unclassified".
BOUNCE_CLASSES: dict[str, Reason] = {
    "invalid address": Reason.MAILBOX_UNKNOWN,
    "mailbox unavailable": Reason.MAILBOX_UNAVAILABLE,
    "technical": Reason.MAIL_REFUSED,
    "technical failure": Reason.MAIL_REFUSED,
    "content": Reason.FILTERED,
    "reputation": Reason.FILTERED,
    "frequency or volume too high": Reason.MAIL_DEFERRED,
    "frequency/volume": Reason.MAIL_DEFERRED,
}

# The kind of bounce, where there is no class: "blocked" is a refusal for now, "bounce" for good.
BOUNCE_TYPES: dict[str, Reason] = {
    "bounce": Reason.MAIL_REFUSED,
    "blocked": Reason.MAIL_REFUSED,
    "expired": Reason.MAIL_DEFERRED,
}

# Why SendGrid took a mail and did not even try.
DROP_REASONS: dict[str, Reason] = {
    "bounced address": Reason.SUPPRESSED,
    "unsubscribed address": Reason.OPTED_OUT,
    "group unsubscribe": Reason.OPTED_OUT,
    "spam reporting address": Reason.SPAM_REPORT,
    "invalid": Reason.INVALID_ADDRESS,
    "invalid smtpapi header": Reason.REFUSED,
    "spam content": Reason.FILTERED,
    "spam content (if spam checker app is enabled)": Reason.FILTERED,
    "recipient list over package quota": Reason.ACCOUNT,
}

# Enhanced status codes (RFC 3463, 7372) that say more than a class does.
_STATUS_CODES: dict[str, Reason] = {
    "5.1.1": Reason.MAILBOX_UNKNOWN,
    "5.1.2": Reason.MAILBOX_UNKNOWN,
    "5.1.3": Reason.INVALID_ADDRESS,
    "5.1.6": Reason.MAILBOX_UNKNOWN,
    "5.1.10": Reason.MAILBOX_UNKNOWN,
    "5.2.1": Reason.MAILBOX_UNAVAILABLE,
    "5.2.2": Reason.MAILBOX_FULL,
    "4.2.2": Reason.MAILBOX_FULL,
    "5.2.3": Reason.TOO_LONG,
    "5.3.4": Reason.TOO_LONG,
    "5.4.1": Reason.MAILBOX_UNKNOWN,
    "5.4.4": Reason.MAILBOX_UNKNOWN,
    "5.7.1": Reason.FILTERED,
    # Our domain lacks what proves that a mail is ours (DKIM, SPF, DMARC): for the administrator.
    "5.7.20": Reason.SENDER_NOT_REGISTERED,
    "5.7.23": Reason.SENDER_NOT_REGISTERED,
    "5.7.25": Reason.SENDER_NOT_REGISTERED,
    "5.7.26": Reason.SENDER_NOT_REGISTERED,
    "5.7.509": Reason.SENDER_NOT_REGISTERED,
}

# SendGrid's own words where no mail server was reached, and so no code was given.
_PHRASES: dict[str, Reason] = {"unable to get mx info": Reason.MAILBOX_UNKNOWN}


def failure(event: Mapping[str, Any]) -> Reason:
    """Why a mail did not arrive, from the event that says so."""
    if event.get("event") == "dropped":
        return DROP_REASONS.get(_word(event, "reason"), Reason.REFUSED)
    by_status = _STATUS_CODES.get(_word(event, "status"))
    if by_status is not None:
        return by_status
    by_class = BOUNCE_CLASSES.get(_word(event, "bounce_classification"))
    if by_class is not None:
        return by_class
    said = _word(event, "reason")
    for phrase, reason in _PHRASES.items():
        if phrase in said:
            return reason
    return BOUNCE_TYPES.get(_word(event, "type"), Reason.MAIL_REFUSED)


def about(name: str) -> Reason:
    """What there is to say about an event that is no failure."""
    return Reason.MAIL_DEFERRED if name == "deferred" else WISHES.get(name, Reason.NONE)


def refusal(*, status: int, fields: str | None) -> tuple[Verdict, Reason, bool] | None:
    """What an error answer to our request means: verdict, reason, and whether the fault is ours.

    ``fields`` are the names of the fields that SendGrid complains about, with dots between; None when the
    answer is not SendGrid's. None: it says nothing about what was done.
    """
    if status in {401, 403, 404, 405, 407}:
        return Verdict.TEMPORARY, Reason.ACCOUNT, True
    if status == 413:
        return Verdict.PERMANENT, Reason.TOO_LONG, False
    if fields is None:
        return None
    names = fields.split(".")
    if "to" in names and "from" not in names:
        return Verdict.PERMANENT, Reason.INVALID_ADDRESS, False
    return Verdict.PERMANENT, Reason.REFUSED, False


def _word(event: Mapping[str, Any], name: str) -> str:
    return str(event.get(name) or "").strip().lower()
