"""What every provider must be able to do, in words that no provider owns.

A gateway never raises for what a provider does: it returns an :class:`Outcome`. The difference that
costs money and trust is between "it was not sent" (TEMPORARY, PERMANENT) and "it may have been sent"
(UNKNOWN); a gateway that is not sure says UNKNOWN.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from notifications.domain.lifecycle import Channel, Event
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that goes with an e-mail."""

    filename: str
    content_type: str
    content: bytes


class Outgoing(NamedTuple):
    """A rendered message. ``valid_for`` is how many seconds it is still of use."""

    uuid: UUID
    channel: Channel
    address: str
    subject: str
    text: str
    html: str
    valid_for: int
    attachments: tuple[Attachment, ...] = ()


class Outcome(NamedTuple):
    """How a call ended.

    ``retry_after`` is the provider's own wish in seconds. ``halt`` asks to stop the channel for a
    while, because the fault is in our account and not in this message. ``delivered`` is for gateways
    that know at once.
    """

    verdict: Verdict
    reason: Reason = Reason.NONE
    vendor_id: str = ""
    vendor_code: str = ""
    retry_after: float | None = None
    halt: bool = False
    delivered: bool = False


@dataclass(frozen=True, kw_only=True)
class Search:
    """What is known of a call whose answer was lost.

    ``recognise`` tells whether a body at the provider is the one that was sent; ``taken`` whether an
    id already belongs to another message of ours.
    """

    address: str
    since: datetime
    recognise: Callable[[str], bool]
    taken: Callable[[str], bool]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The answer to a search. ``found`` None: the provider could not be asked just now."""

    found: bool | None
    vendor_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a provider reports about one message afterwards, in our words.

    ``event_id`` is the provider's own id of the report, by which a repeat is recognised. ``event``
    None changes no state: the reason says what to remember (a spam report, an unsubscription).
    """

    vendor: str
    event_id: str
    message_uuid: UUID
    vendor_id: str
    event: Event | None
    reason: Reason = Reason.NONE
    vendor_code: str = ""
    occurred_at: datetime | None = None


def storable(value: object, most: int) -> str:
    """At most ``most`` characters of a value, such as any database takes.

    A NUL or half a character in one report would be an error at each repeat, and hold up all that came with it.
    """
    text = str(value)[:most].replace("\x00", "")
    return text.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, kw_only=True)
class ArrivedText:
    """An SMS as a provider hands it over; ``keyword`` is what it says it did with it itself."""

    vendor: str
    vendor_id: str
    sender: str
    recipient: str
    body: str
    keyword: str = ""


@dataclass(frozen=True, kw_only=True)
class ArrivedMail:
    """An e-mail as a provider hands it over; ``automatic``: written by a machine."""

    vendor: str
    vendor_id: str
    sender: str
    message_uuid: UUID | None
    title: str
    text: str
    automatic: bool


class Gateway(Protocol):
    """A way to send one channel.

    ``on_network`` is False for a gateway that only touches our own database and is then called in
    the worker's own thread. ``call_seconds`` is the longest that :meth:`send` can take.
    ``can_search`` tells whether :meth:`search` has an answer at all.
    """

    name: str
    channel: Channel
    on_network: bool
    call_seconds: float
    can_search: bool

    def send(self, outgoing: Outgoing) -> Outcome:
        """Hand one message to the provider; safe to call from several threads at once."""
        ...

    def search(self, search: Search) -> Finding:
        """Whether the provider has the message of a lost call."""
        ...
