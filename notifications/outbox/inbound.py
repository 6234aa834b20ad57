"""What people send us: stored at once, handed on by a job, exactly once."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from notifications.domain.keywords import Keyword, provider_keyword
from notifications.domain.lifecycle import Channel
from notifications.domain.placeholders import clean
from notifications.domain.retry import pause
from notifications.fields import blind_index
from notifications.gateways.base import ArrivedMail
from notifications.models import InboundEmail, InboundSms, Message
from notifications.outbox import bell, opt_outs
from notifications.signals import InboundMail, InboundText, email_received, sms_received

logger = logging.getLogger(__name__)

SMS_MAX = 1600
MAIL_MAX = 20_000
_TITLE_MAX = 300


def receive_sms(
    *,
    vendor: str,
    vendor_id: str,
    sender: str,
    recipient: str,
    body: str,
    now: datetime,
    keyword: str = "",
) -> bool:
    """Store an SMS and have it handed on; False when this ``vendor_id`` was seen before.

    ``keyword`` is what the provider says it did with the text itself ("STOP", "START"), when it does.
    """
    text = clean(body)[:SMS_MAX]
    acted = _keyword(vendor, text, keyword)
    with transaction.atomic():
        _, created = InboundSms.objects.get_or_create(
            vendor=vendor,
            vendor_id=vendor_id[:100],
            defaults={
                "sender": sender.strip()[:40],
                "sender_index": blind_index(sender),
                "recipient": recipient.strip()[:30],
                "body": text,
                "provider_keyword": acted.value,
                "received_at": now,
            },
        )
        if not created:
            return False
        if acted is Keyword.STOP:
            opt_outs.opt_out(channel=Channel.SMS, address=sender, now=now, source=vendor)
        elif acted is Keyword.START:
            opt_outs.opt_in(channel=Channel.SMS, address=sender, source=vendor)
        _call_on_commit()
    return True


def receive_email(mail: ArrivedMail, *, now: datetime) -> bool:
    """Store a reply by e-mail and have it handed on; False when it was seen before."""
    with transaction.atomic():
        _, created = InboundEmail.objects.get_or_create(
            vendor=mail.vendor,
            vendor_id=mail.vendor_id[:100],
            defaults={
                "sender": mail.sender.strip()[:254],
                "sender_index": blind_index(mail.sender),
                "message_uuid": mail.message_uuid,
                "title": clean(mail.title)[:_TITLE_MAX],
                "text": clean(mail.text)[:MAIL_MAX],
                "automatic": mail.automatic,
                "received_at": now,
            },
        )
        if created:
            _call_on_commit()
    return created


def hand_on(*, now: datetime) -> int:
    """Give waiting texts and mails to whoever listens, oldest first; returns how many went."""
    count = 0
    for model, give in ((InboundSms, _give_sms), (InboundEmail, _give_email)):
        keys = list(
            model.objects.filter(_due(now), handed_on_at__isnull=True).order_by("pk").values_list("pk", flat=True)[:500]
        )
        count += sum(_hand_on_one(model, key, give, now) for key in keys)
    return count


def recent_texts(*, limit: int) -> list[InboundText]:
    """The newest texts, newest first."""
    return [_text(row) for row in InboundSms.objects.order_by("-pk")[:limit]]


def text_with(key: int) -> InboundText | None:
    """One text by its id; None when there is none."""
    row = InboundSms.objects.filter(pk=key).first()
    return _text(row) if row is not None else None


def mail_with(key: int) -> InboundMail | None:
    """One mail by its id; None when there is none."""
    row = InboundEmail.objects.filter(pk=key).first()
    return _mail(row) if row is not None else None


def _due(now: datetime) -> Q:
    return Q(try_at__isnull=True) | Q(try_at__lte=now)


def _hand_on_one(
    model: type[InboundSms] | type[InboundEmail],
    key: int,
    give: Callable[..., None],
    now: datetime,
) -> int:
    """The receivers run in the transaction that marks the row: what they write happens once."""
    try:
        with transaction.atomic():
            row = model.objects.select_for_update(skip_locked=True).filter(pk=key, handed_on_at__isnull=True).first()
            if row is None:
                return 0
            give(row)
            model.objects.filter(pk=key).update(handed_on_at=now)
    except Exception:  # a receiver's fault must not lose the row nor hold up the next
        logger.exception("handing on %s %s failed", model.__name__, key)
        row = model.objects.get(pk=key)
        model.objects.filter(pk=key).update(
            failures=row.failures + 1, try_at=now + pause(failures=row.failures, jitter=0.5)
        )
        return 0
    return 1


def _give_sms(row: InboundSms) -> None:
    sms_received.send(sender=InboundSms, inbound=_text(row))


def _give_email(row: InboundEmail) -> None:
    email_received.send(sender=InboundEmail, inbound=_mail(row))


def _mail(row: InboundEmail) -> InboundMail:
    answered = Message.objects.filter(uuid=row.message_uuid).first() if row.message_uuid else None
    return InboundMail(
        id=row.pk,
        sender=row.sender,
        message_uuid=answered.uuid if answered else None,
        message_subject=answered.subject if answered else "",
        title=row.title,
        text=row.text,
        received_at=row.received_at,
        automatic=row.automatic,
    )


def _text(row: InboundSms) -> InboundText:
    return InboundText(
        id=row.pk,
        sender=row.sender,
        recipient=row.recipient,
        body=row.body,
        received_at=row.received_at,
        provider_keyword=row.provider_keyword,
    )


def _keyword(vendor: str, text: str, told: str) -> Keyword:
    if told.strip():
        try:
            return Keyword(told.strip().lower())
        except ValueError:
            return Keyword.NONE
    return provider_keyword(vendor, text)


def _call_on_commit() -> None:
    transaction.on_commit(lambda: bell.call("notifications.jobs.hand_on_inbound"), robust=True)
