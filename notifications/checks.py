"""Start-up checks: what is off, what is half set, and what would leak."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps.config import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from notifications.domain.lifecycle import Channel
from notifications.gateways.registry import console_allowed, is_configured

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

_NEEDS = {
    Channel.SMS: ("TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID"),
    Channel.EMAIL: "SENDGRID_API_KEY and SENDGRID_FROM_EMAIL",
}
_BEGUN = {
    Channel.SMS: ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
    Channel.EMAIL: ("SENDGRID_API_KEY",),
}


@register("notifications")
def check_channels(
    app_configs: Sequence[AppConfig] | None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """A channel that is off, or whose settings were begun and not finished."""
    found: list[CheckMessage] = []
    for channel in Channel:
        if is_configured(channel):
            continue
        begun = any(getattr(settings, name) for name in _BEGUN[channel])
        if begun:
            found.append(
                Error(
                    f"The settings of the {channel.value} channel are incomplete.",
                    hint=f"Set {_NEEDS[channel]}, or none of them.",
                    id="notifications.E001",
                )
            )
        elif not console_allowed():
            found.append(
                checks.Warning(
                    f"The {channel.value} channel is off: nothing is sent over it.",
                    hint=f"Set {_NEEDS[channel]}.",
                    id="notifications.W001",
                )
            )
    return found


@register("notifications")
def check_addresses(
    app_configs: Sequence[AppConfig] | None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Keys and texts travel over TLS; plain http only reaches a test double on this machine."""
    return [
        Error(
            f"{name} is not an https address.",
            hint="Plain http is only allowed to a test double on 127.0.0.1.",
            id="notifications.E002",
        )
        for name in ("TWILIO_API_URL", "SENDGRID_API_URL")
        if not is_safe_address(getattr(settings, name))
    ]


@register("notifications")
def check_receipts(
    app_configs: Sequence[AppConfig] | None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Without its public key no report of SendGrid is believed, and a bounce stays unseen."""
    if is_configured(Channel.EMAIL) and not settings.SENDGRID_WEBHOOK_PUBLIC_KEY:
        return [
            checks.Warning(
                "SENDGRID_WEBHOOK_PUBLIC_KEY is not set: bounces of e-mail stay unseen.",
                hint="Switch the signed event webhook on at SendGrid and copy its public key.",
                id="notifications.W002",
            )
        ]
    return []


def is_safe_address(url: str) -> bool:
    """Whether an API address is https, or plain http to this very machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
