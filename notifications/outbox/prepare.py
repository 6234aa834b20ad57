"""From claimed to "about to send": everything that may still stop a message, then its Attempt row.

The order matters. The context is asked after the claim, right before the Attempt; the Attempt is a
compare-and-swap in which a cancellation that was committed in between wins.
"""

import logging
import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, QuerySet

from notifications.domain.lifecycle import Channel, Event, Status
from notifications.domain.placeholders import MissingValue, NoValue
from notifications.domain.quiet_hours import is_quiet
from notifications.domain.reasons import Reason
from notifications.domain.retry import pause
from notifications.gateways.base import Attachment, Gateway, Outgoing
from notifications.gateways.registry import gateway_for
from notifications.models import Message
from notifications.outbox import budget, commits, context, fallback, points, settings
from notifications.outbox.deadlock import again_after_deadlock
from notifications.outbox.enqueue import HOLIDAYS, decent_moment
from notifications.outbox.opt_outs import opted_out
from notifications.outbox.ready import Ready
from notifications.outbox.shift import shift
from notifications.outbox.together import open_attempts
from notifications.wording.kinds import UnknownKind
from notifications.wording.kinds import kind as kind_named
from notifications.wording.rendering import Book, NoWording, Rendered, as_html

logger = logging.getLogger(__name__)

# Looked at for every message: without asking the enum each time.
_SMS, _EMAIL = Channel.SMS.value, Channel.EMAIL.value


def prepare(messages: Sequence[Message], *, owner: str, book: Book, now: datetime) -> list[Ready]:
    """Get claimed messages ready; those that may not or need not be sent are moved aside."""
    out = opted_out({message.address_index for message in messages})
    spent = _attempts_today(messages, now)
    purse = budget.purse(messages, now=now)
    quiet = is_quiet(now, holidays=HOLIDAYS)
    caps = {each.value: settings.daily_cap(each.value) for each in Channel}
    going = []
    for message in messages:
        stopped = _stop(message, out=out, spent=spent, caps=caps, purse=purse, quiet=quiet, now=now)
        if stopped is not None:
            _put_aside(message, owner, *stopped, now=now)
        else:
            spent[message.address_index] = spent.get(message.address_index, 0) + 1
            going.append(message)
    gateways = {each.value: gateway_for(each) for each in Channel}
    made = (
        _make(message, found, gateways[message.channel], owner, book, now)
        for message, found in zip(going, _ask(going), strict=True)
    )
    ready = [each for each in made if each is not None]
    return again_after_deadlock(lambda: _open_attempts(ready, owner=owner, purse=purse, now=now))


def _stop(
    message: Message,
    *,
    out: set[tuple[str, str]],
    spent: dict[str, int],
    caps: dict[str, int],
    purse: budget.Purse,
    quiet: bool,
    now: datetime,
) -> tuple[Event, Reason, datetime | None] | None:
    """Why a message may not go now: what happens to it, why, and when it is looked at again."""
    if message.useful_until <= now:
        return Event.EXPIRE, Reason.TOO_LATE, None
    if out and (message.channel, message.address_index) in out and not _may_despite(message):
        return Event.REFUSE, Reason.OPTED_OUT, None
    if message.channel == _SMS and not purse.rules.allows(message.address):
        return Event.REFUSE, Reason.NOT_ALLOWED, None
    if spent.get(message.address_index, 0) >= caps[message.channel]:
        return Event.REFUSE, Reason.CAPPED, None
    if quiet:
        decent = decent_moment(now, message.useful_until, exempt=message.exempt_from_quiet_hours)
        # A worker that was down in the evening does not catch up at night.
        if decent > now:
            return Event.RELEASE, Reason.NONE, decent
    return _over_budget(message, purse, now)


def _over_budget(message: Message, purse: budget.Purse, now: datetime) -> tuple[Event, Reason, datetime | None] | None:
    free_again = purse.free_again(message)
    if free_again is None:
        return None
    budget.alarm(message, free_again, now=now)
    if free_again < message.useful_until:
        return Event.RELEASE, Reason.BUDGET, free_again
    # Waiting would make it useless, and a person must still have time to call.
    return Event.REFUSE, Reason.BUDGET, None


def _may_despite(message: Message) -> bool:
    """Whether it goes to who opted out too: the login system's own mail, and what confirms the opt-out."""
    try:
        return message.ready_made or kind_named(message.kind).after_opt_out
    except UnknownKind:
        return False


def _put_aside(
    message: Message,
    owner: str,
    event: Event,
    reason: Reason,
    due_at: datetime | None,
    *,
    now: datetime,
    failures: int | None = None,
) -> None:
    fields: dict[str, Any] = {}
    if due_at is not None:
        fields["due_at"] = due_at
    if failures is not None:
        fields["failures"] = failures
    with transaction.atomic():
        moved = shift(_mine(message, owner), event, now=now, reason=reason, **fields)
        if moved and event is Event.REFUSE:
            fallback.to_next_channel(message, now=now)


def _ask(messages: Sequence[Message]) -> list[context.Rendering | Exception | None]:
    """What the storey above says about each; a ready-made message asks nothing."""
    asked = [
        context.Asked(
            subject=message.subject,
            kind=message.kind,
            generation=message.generation,
            files=message.channel == _EMAIL,
        )
        for message in messages
        if not message.ready_made
    ]
    answers = iter(context.ask(asked) if asked else [])
    return [None if message.ready_made else next(answers) for message in messages]


def _make(
    message: Message,
    found: context.Rendering | Exception | None,
    gateway: Gateway | None,
    owner: str,
    book: Book,
    now: datetime,
) -> Ready | None:
    """The rendered message, or None when it was put aside."""
    if gateway is None:
        _put_aside(message, owner, Event.RELEASE, Reason.CHANNEL_OFF, now + _LATER, now=now)
        return None
    if isinstance(found, Exception):
        _try_later(message, owner, now)
        return None
    if found is None and not message.ready_made:
        _put_aside(message, owner, Event.SUPERSEDE, Reason.WITHDRAWN, None, now=now)
        return None
    try:
        rendered, attachments = _content(message, found, book)
    except NoValue as problem:
        logger.error("message %s can't be made now: %s", message.uuid, problem)  # noqa: TRY400
        _try_later(message, owner, now)
        return None
    except Exception as problem:  # trying again would not help; a person can
        logger.error("message %s can't be made: %s", message.uuid, _said(problem))  # noqa: TRY400
        _put_aside(message, owner, Event.REFUSE, Reason.INCOMPLETE, None, now=now)
        return None
    outgoing = Outgoing(
        uuid=message.uuid,
        channel=Channel(message.channel),
        address=message.address,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        attachments=attachments,
        valid_for=max(1, int((message.useful_until - now).total_seconds())),
    )
    number = message.attempts_made + 1
    return Ready(message=message, number=number, gateway=gateway, outgoing=outgoing, rendered=rendered)


def _try_later(message: Message, owner: str, now: datetime) -> None:
    at = now + pause(failures=message.failures, jitter=random.random())  # noqa: S311
    _put_aside(message, owner, Event.RELEASE, Reason.NONE, at, now=now, failures=message.failures + 1)


_LATER = timedelta(minutes=5)


def _content(message: Message, found: context.Rendering | None, book: Book) -> tuple[Rendered, tuple[Attachment, ...]]:
    if found is None:
        html = as_html(message.text, title=message.title, language=message.language)
        made = Rendered(subject=message.title, text=message.text, html=html, number=0, segments=0)
        return made, ()
    rendered = book.render(
        kind_name=message.kind,
        channel=Channel(message.channel),
        language=message.language,
        scope=message.scope,
        values=found.values,
    )
    files = found.attachments if message.channel == _EMAIL else ()
    return rendered, files


def _said(problem: Exception) -> str:
    """Our own errors name a placeholder or a text; what others say may hold what stands in the message."""
    known = isinstance(problem, MissingValue | NoWording | UnknownKind)
    return str(problem) if known else type(problem).__name__


def _open_attempts(ready: Sequence[Ready], *, owner: str, purse: budget.Purse, now: datetime) -> list[Ready]:
    """Write "about to send" for all at once; what was cancelled meanwhile drops out."""
    if not ready:
        return []
    ids = {each.message.id for each in ready}
    mine = Message.objects.filter(pk__one_of=ids, lease_owner=owner, status=Status.SENDING.value, lease_until__gt=now)
    with commits.atomic():
        marked = mine.filter(in_flight=False).update(
            in_flight=True, attempts_made=F("attempts_made") + 1, attempted_at=now
        )
        points.reach("attempts-marked")
        # All of them, as nearly always; or else those that were not overtaken just now.
        opened = ids if marked == len(ids) else set(mine.filter(in_flight=True).values_list("pk", flat=True))
        going = [each for each in ready if each.message.id in opened]
        purse.spend(_units(going))
        open_attempts(going, now=now)
    points.reach("attempts-opened")
    return going


def _units(ready: Sequence[Ready]) -> Counter[tuple[str, str]]:
    """Segments of SMS and numbers of mails, per team and channel."""
    units: Counter[tuple[str, str]] = Counter()
    for each in ready:
        units[each.message.scope, each.message.channel] += max(1, each.rendered.segments)
    return units


def _attempts_today(messages: Sequence[Message], now: datetime) -> dict[str, int]:
    since = now - timedelta(days=1)
    rows = (
        Message.objects.filter(
            address_index__one_of={message.address_index for message in messages},
            attempted_at__gt=since,
            # As all of those are; the index knows this moment.
            useful_until__gt=since,
        )
        .values_list("address_index")
        .annotate(Count("pk"))
        .order_by()
    )
    return dict(rows)


def _mine(message: Message, owner: str) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, lease_owner=owner)
