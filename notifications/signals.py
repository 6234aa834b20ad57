"""News for the storeys above; the basement does not know who listens.

Every signal is sent inside a database transaction that also records that it was sent. A receiver that
raises rolls both back, and the news comes again later: what a receiver writes happens exactly once,
and anything else it does must bear a repeat.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.dispatch import Signal

from notifications.domain.lifecycle import Channel, Status

sms_received = Signal()  # kwargs: inbound: InboundText
email_received = Signal()  # kwargs: inbound: InboundMail
delivery_changed = Signal()  # kwargs: change: DeliveryChange


@dataclass(frozen=True, kw_only=True)
class InboundText:
    """An SMS from a phone. ``sender`` is E.164; ``body`` is plain text of at most 1,600 characters.

    ``provider_keyword`` is "stop", "start" or "help" when the provider itself already acted on this
    text (Twilio: STOP, CANCEL, START, YES, HELP ...); our own list of opt-outs then follows it already.
    """

    id: int
    sender: str
    recipient: str
    body: str
    received_at: datetime
    provider_keyword: str = ""


@dataclass(frozen=True, kw_only=True)
class InboundMail:
    """A reply by e-mail; ``message_subject`` is the subject key of the message it answers, or "".

    ``automatic`` marks out-of-office and other mail by machines: never answer those.
    """

    id: int
    sender: str
    message_uuid: UUID | None
    message_subject: str
    title: str
    text: str
    received_at: datetime
    automatic: bool = False


class DeliveryChange(NamedTuple):
    """A message got a new state; ``reason_text`` is plain Dutch.

    ``exhausted``: nobody was reached, and neither a fallback nor a sister message on another channel
    is still under way or delivered. Then a person has to act.
    """

    uuid: UUID
    subject: str
    kind: str
    generation: int
    channel: Channel
    status: Status
    reason: str
    reason_text: str
    exhausted: bool
