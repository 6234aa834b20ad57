"""The door of the post room: everything the storeys above may use, and nothing else.

``from notifications import api as post``. Dataclasses go through the door, rows do not. Every function
takes ``now``; none of them talks to a provider.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from django.utils import timezone

from notifications.domain import phone as _phone
from notifications.domain.budget import Filled, Limits
from notifications.domain.lifecycle import Channel, Status
from notifications.domain.phone import AddressProblem, mask, normalise_email, shown_prefix
from notifications.domain.placeholders import names_in as placeholder_names
from notifications.domain.prefixes import PrefixProblem
from notifications.domain.quiet_hours import next_allowed as _next_allowed
from notifications.domain.reasons import Reason, advice_text, reason_text
from notifications.domain.segments import CostlyChar, SegmentCount, count_segments, to_plain
from notifications.gateways.base import Attachment
from notifications.gateways.registry import sender_can_receive, sms_number_shown
from notifications.outbox import flags as _flags
from notifications.outbox import inbound as _inbound
from notifications.outbox import purge as _purge
from notifications.outbox import rules as _rules
from notifications.outbox import settings as _settings
from notifications.outbox import stopping as _stopping
from notifications.outbox.board import (
    MessageStatus,
    QueueHealth,
    counts,
    queue_health,
    recent,
    status_of,
    statuses_for,
    upcoming,
    waiting,
)
from notifications.outbox.console import ConsoleMessage, console_messages
from notifications.outbox.context import Asked, ContextProvider, Rendering, register_context_provider
from notifications.outbox.enqueue import HOLIDAYS as _HOLIDAYS
from notifications.outbox.enqueue import (
    Recipient,
    cancel_pending,
    enqueue,
    enqueue_text,
    send_now,
)
from notifications.outbox.flags import (
    Node as WorkerNode,
)
from notifications.outbox.flags import (
    SendingPaused,
    pause_sending,
    resume_sending,
    sending_paused,
)
from notifications.outbox.limits import (
    AddedPrefix,
    BudgetUse,
    add_prefix,
    added_prefix,
    added_prefixes,
    budgets,
    fixed_prefixes,
    remove_prefix,
    set_budget,
)
from notifications.outbox.opt_outs import is_opted_out, opt_in, opt_out, opted_out
from notifications.signals import (
    DeliveryChange,
    InboundMail,
    InboundText,
    delivery_changed,
    email_received,
    sms_received,
)
from notifications.wording import templates
from notifications.wording.checking import Problem, TemplateCheck
from notifications.wording.kinds import (
    Kind,
    Placeholder,
    UnknownKind,
    Wording,
    kind,
    kinds,
    register_kinds,
)
from notifications.wording.templates import (
    NotADraft,
    Preview,
    TemplateRefused,
    TemplateRow,
    TemplateText,
    VersionInfo,
)


def normalise_mobile(text: str) -> str:
    """The number in E.164; raises :class:`AddressProblem`, whose message (Dutch) says how to mend it."""
    try:
        return _phone.normalise_mobile(text, allowed=_settings.allowed_prefixes())
    except AddressProblem as problem:
        if problem.code != "not_allowed":
            raise
    # Only who has another number asks the database: a file of ten thousand rows is mostly 06.
    return _phone.normalise_mobile(text, allowed=_rules.allowed_prefixes())


def first_allowed(moment: datetime, *, deadline: datetime) -> datetime:
    """When a message that is due at ``moment`` goes out, with quiet hours, Sundays and holidays kept; in UTC."""
    return _next_allowed(moment, deadline=deadline, holidays=_HOLIDAYS)


def receive_sms(*, vendor: str, vendor_id: str, sender: str, recipient: str, body: str, now: datetime) -> bool:
    """Take in an SMS as a provider's webhook does; False when ``vendor_id`` was seen before.

    It is stored in the caller's transaction and handed to ``sms_received`` by a job.
    """
    return _inbound.receive_sms(
        vendor=vendor,
        vendor_id=vendor_id,
        sender=sender,
        recipient=recipient,
        body=body,
        now=now,
    )


def inbound_messages(*, limit: int) -> list[InboundText]:
    """The newest texts that came in, newest first."""
    return _inbound.recent_texts(limit=limit)


def inbound_message(*, id: int) -> InboundText | None:  # noqa: A002  (the name it has in InboundText)
    """One text that came in; None when it does not exist. Its body is empty once it was wiped."""
    return _inbound.text_with(id)


def inbound_mail(*, id: int) -> InboundMail | None:  # noqa: A002  (the name it has in InboundMail)
    """One mail that came in; None when it does not exist. Its text is empty once it was wiped."""
    return _inbound.mail_with(id)


def erase(subjects: Collection[str], *, now: datetime | None = None) -> int:
    """Forget the people behind these subjects; returns how many messages were wiped."""
    moment = now if now is not None else timezone.now()  # a door
    return _purge.erase(subjects, now=moment)


def worker_heartbeat_age(now: datetime) -> float | None:
    """Seconds since a worker last did its heartbeat task; None when none did lately."""
    return _flags.heartbeat_age(now)


def worker_nodes(now: datetime) -> list[WorkerNode]:
    """The worker nodes that were not stopped, with the seconds since they worked and their restarts."""
    return _flags.nodes(now)


def worker_left(*, node: str) -> None:
    """A worker node stopped as it was asked to: it is not missed."""
    _flags.leave(node=node)


def ask_about_stopping(asker: Callable[[], bool]) -> None:
    """How this process finds out that it must stop: the engine asks it before every call to a provider."""
    _stopping.ask_with(asker)


def closed_channels(now: datetime) -> set[Channel]:
    """The channels that may not send now: all when sending is paused, else those that rest."""
    return _flags.closed_channels(now)


__all__ = [
    "AddedPrefix",
    "AddressProblem",
    "Asked",
    "Attachment",
    "BudgetUse",
    "Channel",
    "ConsoleMessage",
    "ContextProvider",
    "CostlyChar",
    "DeliveryChange",
    "Filled",
    "InboundMail",
    "InboundText",
    "Kind",
    "Limits",
    "MessageStatus",
    "NotADraft",
    "Placeholder",
    "PrefixProblem",
    "Preview",
    "Problem",
    "QueueHealth",
    "Reason",
    "Recipient",
    "Rendering",
    "SegmentCount",
    "SendingPaused",
    "Status",
    "TemplateCheck",
    "TemplateRefused",
    "TemplateRow",
    "TemplateText",
    "UnknownKind",
    "VersionInfo",
    "Wording",
    "WorkerNode",
    "add_prefix",
    "added_prefix",
    "added_prefixes",
    "advice_text",
    "ask_about_stopping",
    "budgets",
    "cancel_pending",
    "closed_channels",
    "console_messages",
    "count_segments",
    "counts",
    "delivery_changed",
    "email_received",
    "enqueue",
    "enqueue_text",
    "erase",
    "first_allowed",
    "fixed_prefixes",
    "inbound_mail",
    "inbound_message",
    "inbound_messages",
    "is_opted_out",
    "kind",
    "kinds",
    "mask",
    "normalise_email",
    "normalise_mobile",
    "opt_in",
    "opt_out",
    "opted_out",
    "pause_sending",
    "placeholder_names",
    "queue_health",
    "reason_text",
    "receive_sms",
    "recent",
    "register_context_provider",
    "register_kinds",
    "remove_prefix",
    "resume_sending",
    "send_now",
    "sender_can_receive",
    "sending_paused",
    "set_budget",
    "shown_prefix",
    "sms_number_shown",
    "sms_received",
    "status_of",
    "statuses_for",
    "templates",
    "to_plain",
    "upcoming",
    "waiting",
    "worker_heartbeat_age",
    "worker_left",
    "worker_nodes",
]
