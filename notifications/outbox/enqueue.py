"""Putting messages in the outbox, and taking them out again before they are sent."""

import json
from collections.abc import Collection, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from uuid import UUID, uuid4

import holidays
from django.db import transaction
from django.db.models import Q

from notifications.domain.lifecycle import UNDER_WAY, Channel, Event, Status
from notifications.domain.quiet_hours import next_allowed
from notifications.domain.reasons import Reason
from notifications.fields import blind_index
from notifications.gateways.registry import is_open
from notifications.models import Message
from notifications.outbox import bell, points
from notifications.outbox.opt_outs import opted_out_of
from notifications.outbox.shift import shift
from notifications.wording.kinds import kind as kind_named

READY_MADE_KIND = "account"
# What has so little time left does not stand in line behind a thousand others.
URGENT_BEFORE = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Where a message can go: E.164 for SMS, an address for e-mail."""

    channel: Channel
    address: str


@lru_cache(maxsize=1)
def dutch_holidays() -> "holidays.HolidayBase":
    """The public holidays of the Netherlands; years are added as they are asked for."""
    return holidays.country_holidays("NL")


class _Holidays:
    """A container of dates, as the quiet-hours rule wants it."""

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in dutch_holidays()


HOLIDAYS = _Holidays()


def enqueue(
    *,
    subject: str,
    kind: str,
    generation: int,
    recipients: Sequence[Recipient],
    mode: Literal["all", "first"],
    language: str,
    scope: str,
    due_at: datetime,
    useful_until: datetime,
    now: datetime,
    exempt_from_quiet_hours: bool = False,
    urgent: bool = False,
) -> list[UUID]:
    """Plan messages in the caller's transaction; returns their ids.

    Mode "all" makes one message per recipient, "first" one for the first that can be used with the
    others as fallback. The key is (subject, kind, generation, channel): a second call adds nothing
    and returns the existing ids. Recipients that opted out, and channels that are off or that the
    kind has no text for, are skipped. What has little time left goes ahead of the others. Empty when
    nobody is left or ``useful_until`` has passed.
    Raises UnknownKind.
    """
    channels = kind_named(kind).channels
    if useful_until <= now:
        return []
    same = Message.objects.filter(subject=subject, kind=kind, generation=generation, ready_made=False)
    existing = dict(same.order_by("pk").values_list("channel", "uuid"))
    if existing and mode == "first":
        return list(existing.values())
    usable = usable_recipients(recipients, channels)
    chosen = usable[:1] if mode == "first" else usable
    fresh = [each for each in chosen if each.channel.value not in existing]
    if not fresh:
        return list(existing.values())
    start = decent_moment(max(due_at, now), useful_until, exempt=exempt_from_quiet_hours)
    news = Message(
        subject=subject,
        kind=kind,
        generation=generation,
        language=language,
        scope=scope,
        due_at=start,
        useful_until=useful_until,
        exempt_from_quiet_hours=exempt_from_quiet_hours,
        urgent=urgent or useful_until - start <= URGENT_BEFORE,
        created_at=now,
    )
    put(news, fresh, fallback=usable[1:] if mode == "first" else [], now=now)
    return list(same.order_by("pk").values_list("uuid", flat=True))


def decent_moment(moment: datetime, useful_until: datetime, *, exempt: bool) -> datetime:
    """``moment``, or the first one after it at which people may be disturbed."""
    if exempt:
        return moment
    return next_allowed(moment, deadline=useful_until, holidays=HOLIDAYS)


def put(news: Message, recipients: Sequence[Recipient], *, fallback: Sequence[Recipient], now: datetime) -> None:
    """Save one row like ``news`` per recipient, and ring when it is due now.

    Two transactions may plan the same message: the second finds the row of the first.
    """
    rows = []
    for each in recipients:
        row = copy(news)
        row.uuid = uuid4()
        row.channel = each.channel.value
        row.address = each.address
        row.address_index = blind_index(each.address)
        row.fallback = pack(fallback)
        rows.append(row)
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    points.reach("enqueue-saved")
    if news.due_at <= now:
        bell.ring_on_commit(now=now)


def enqueue_text(
    *,
    subject: str,
    kind: str = READY_MADE_KIND,
    recipient: Recipient,
    title: str,
    text: str,
    useful_until: datetime,
    now: datetime,
    language: str = "nl",
) -> UUID:
    """Plan one ready-made message, such as a mail of the login system; returns its id.

    Sent at once, whatever the hour: somebody is waiting for it. Never de-duplicated. The text is
    encrypted, and wiped as soon as the provider has it.
    """
    message = Message.objects.create(
        subject=subject,
        kind=kind,
        channel=recipient.channel.value,
        language=language,
        address=recipient.address,
        address_index=blind_index(recipient.address),
        ready_made=True,
        title=title,
        text=text,
        due_at=now,
        useful_until=useful_until,
        exempt_from_quiet_hours=True,
        urgent=True,
        created_at=now,
    )
    bell.ring_on_commit(now=now)
    return message.uuid


def usable_recipients(recipients: Sequence[Recipient], channels: Collection[Channel]) -> list[Recipient]:
    """Those that can get a message now, in order, one per channel."""
    found: dict[Channel, Recipient] = {}
    for each in recipients:
        if each.channel in found or each.channel not in channels or not each.address:
            continue
        if not is_open(each.channel):
            continue
        if not opted_out_of(each.channel, [blind_index(each.address)]):
            found[each.channel] = each
    return list(found.values())


def cancel_pending(*, subject: str, kinds: Collection[str] | None = None, now: datetime) -> int:
    """Withdraw what has not been handed to a provider; returns how many messages that were.

    Also what a worker has claimed: it asks once more right before it calls. A message in flight
    cannot be called back; what would put it back in the queue waits until the caller's transaction ends,
    and then finds the change.
    """
    mine = Message.objects.filter(subject=subject, ready_made=False)
    if kinds is not None:
        mine = mine.filter(kind__in=kinds)
    rows = mine.filter(Q(status=Status.QUEUED.value) | Q(status=Status.SENDING.value, in_flight=False))
    with transaction.atomic():
        # The lock comes first: who just failed and plans the next channel is then done, and its new row seen.
        under_way = [status.value for status in UNDER_WAY]
        list(mine.filter(status__in=under_way).select_for_update().order_by("pk").values_list("pk"))
        return shift(rows, Event.SUPERSEDE, now=now, reason=Reason.WITHDRAWN)


def send_now(*, uuid: UUID, now: datetime) -> bool:
    """Send a planned message at once, quiet hours or not; False when it is not waiting any more."""
    moved = Message.objects.filter(uuid=uuid, status=Status.QUEUED.value).update(
        due_at=now, exempt_from_quiet_hours=True
    )
    if moved:
        bell.ring_on_commit(now=now)
    return bool(moved)


def pack(recipients: Sequence[Recipient]) -> str:
    """Fallback addresses as the text of an encrypted column."""
    if not recipients:
        return ""
    return json.dumps([[each.channel.value, each.address] for each in recipients])


def unpack(text: str) -> list[Recipient]:
    """The inverse of :func:`pack`."""
    if not text:
        return []
    return [Recipient(channel=Channel(channel), address=address) for channel, address in json.loads(text)]
