"""Who does not want messages: remembered by blind index, never by address."""

from collections.abc import Collection
from datetime import datetime

from notifications.domain.lifecycle import Channel
from notifications.fields import blind_index
from notifications.models import OptOut


def opt_out(*, channel: Channel, address: str, now: datetime, source: str) -> None:
    """Stop messages to an address; a second time changes nothing."""
    opt_out_index(channel=channel, index=blind_index(address), now=now, source=source)


def opt_out_index(*, channel: Channel, index: str, now: datetime, source: str) -> None:
    """The same by blind index; an empty index is nobody."""
    if index:
        OptOut.objects.bulk_create(
            [OptOut(channel=channel.value, address_index=index, source=source[:40], created_at=now)],
            ignore_conflicts=True,
        )


def opt_in(*, channel: Channel, address: str, source: str = "") -> None:
    """Allow messages again; with ``source`` only when the opt-out came from there."""
    rows = OptOut.objects.filter(channel=channel.value, address_index=blind_index(address))
    if source:
        rows = rows.filter(source=source)
    rows.delete()


def is_opted_out(*, channel: Channel, address: str) -> bool:
    """Whether an address opted out of a channel."""
    return bool(opted_out_of(channel, [blind_index(address)]))


def opted_out_of(channel: Channel, indexes: Collection[str]) -> set[str]:
    """Those of ``indexes`` that opted out of ``channel``."""
    return set(
        OptOut.objects.filter(channel=channel.value, address_index__in=indexes).values_list("address_index", flat=True)
    )


def opted_out(indexes: Collection[str]) -> set[tuple[str, str]]:
    """Which of these blind indexes opted out, and of what: channel and index, as they stand in the rows."""
    return set(OptOut.objects.filter(address_index__one_of=indexes).values_list("channel", "address_index"))
