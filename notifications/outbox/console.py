"""The console gateway's messages: kept and shown, in a demo only."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from notifications.domain.lifecycle import Channel
from notifications.fields import blind_index
from notifications.gateways.base import Attachment, Outgoing
from notifications.models import ConsoleItem


@dataclass(frozen=True, kw_only=True)
class ConsoleMessage:
    """A message that the console gateway kept."""

    uuid: UUID
    channel: Channel
    address: str
    sender: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    sent_at: datetime


def keep(outgoing: Outgoing, sender: str) -> None:
    """Store what the console gateway sends."""
    ConsoleItem.objects.create(
        message_uuid=outgoing.uuid,
        channel=outgoing.channel.value,
        address=outgoing.address,
        address_index=blind_index(outgoing.address),
        sender=sender,
        subject=outgoing.subject,
        text=outgoing.text,
        html=outgoing.html,
        attachments=_pack(outgoing.attachments),
        sent_at=timezone.now(),  # the gateway is the door to the outside here
    )


def console_messages(*, limit: int, address: str | None = None) -> list[ConsoleMessage]:
    """What was "sent", newest first; with ``address`` only to that one."""
    rows = ConsoleItem.objects.order_by("-pk")
    if address is not None:
        rows = rows.filter(address_index=blind_index(address))
    return [
        ConsoleMessage(
            uuid=row.message_uuid,
            channel=Channel(row.channel),
            address=row.address,
            sender=row.sender,
            subject=row.subject,
            text=row.text,
            html=row.html,
            attachments=_unpack(row.attachments),
            sent_at=row.sent_at,
        )
        for row in rows[:limit]
    ]


def _pack(attachments: tuple[Attachment, ...]) -> str:
    if not attachments:
        return ""
    return json.dumps(
        [[each.filename, each.content_type, base64.b64encode(each.content).decode("ascii")] for each in attachments]
    )


def _unpack(text: str) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(filename=name, content_type=kind, content=base64.b64decode(content))
        for name, kind, content in json.loads(text or "[]")
    )
