"""A message that is about to be sent, and how it is recognised afterwards."""

import hmac
from typing import NamedTuple

from django.conf import settings

from notifications.gateways.base import Gateway, Outgoing
from notifications.models import Message
from notifications.wording.rendering import Rendered


class Ready(NamedTuple):
    """A message whose Attempt row says "about to send"."""

    message: Message
    number: int
    gateway: Gateway
    outgoing: Outgoing
    rendered: Rendered


def digest(body: str) -> str:
    """A keyed digest by which a sent body is recognised at the provider, without keeping it."""
    key = settings.INDEX_KEY.encode()
    canonical = "body\n" + "\n".join(body.strip().splitlines())
    return hmac.digest(key, canonical.encode(), "sha256").hex()
