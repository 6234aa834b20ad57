"""Which gateway serves which channel, by the settings.

A channel with settings has its provider; without, the console gateway where that is allowed; else
the channel is off and :func:`gateway_for` answers None. One gateway, with one connection pool, lives
per process: a pool that is inherited over a fork would mix two processes' answers.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from notifications.domain.lifecycle import Channel
from notifications.domain.phone import national
from notifications.gateways.base import Gateway
from notifications.gateways.console import ConsoleGateway

_Key = tuple[object, ...]
_made: dict[Channel, tuple[_Key, Gateway]] = {}
_override: dict[Channel, Gateway | None] = {}

# The demo's sender: a Dutch number reserved for machines, so nobody owns it as a phone.
CONSOLE_NUMBER = "+3197010200000"


def gateway_for(channel: Channel) -> Gateway | None:
    """The gateway of ``channel``, or None when the channel is off."""
    if channel in _override:
        return _override[channel]
    key = _settings_of(channel)
    known = _made.get(channel)
    if known is None or known[0] != key:
        made = _make(channel)
        if made is None:
            return None
        known = _made[channel] = (key, made)
    return known[1]


def is_open(channel: Channel) -> bool:
    """Whether :func:`gateway_for` has a gateway for ``channel``, without making one: who plans does not send."""
    if channel in _override:
        return _override[channel] is not None
    return is_configured(channel) or console_allowed()


def open_channels() -> list[Channel]:
    """The channels that can send at all."""
    return [channel for channel in Channel if gateway_for(channel) is not None]


@contextmanager
def use(channel: Channel, gateway: Gateway | None) -> Iterator[None]:
    """For tests: ``gateway`` serves ``channel``; None switches the channel off."""
    before = _override.get(channel, ...)
    _override[channel] = gateway
    try:
        yield
    finally:
        if before is ...:
            del _override[channel]
        else:
            _override[channel] = before


def is_configured(channel: Channel) -> bool:
    """Whether the provider's settings for ``channel`` are complete."""
    if channel is Channel.SMS:
        sends = bool(settings.TWILIO_FROM or settings.TWILIO_MESSAGING_SERVICE_SID)
        return bool(settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN and sends)
    return bool(settings.SENDGRID_API_KEY and settings.SENDGRID_FROM_EMAIL)


def console_allowed() -> bool:
    """Whether a channel without settings may use the console gateway."""
    return bool(settings.DEBUG or settings.NOTIFICATIONS_CONSOLE)


def sender_can_receive() -> bool:
    """Whether a client can answer our SMS: a number can, a name of at most 11 letters cannot."""
    if not is_configured(Channel.SMS):
        return console_allowed()
    if settings.TWILIO_FROM:
        return bool(settings.TWILIO_FROM.startswith("+"))
    return True


def sms_number_shown() -> str:
    """The number a client can text to, as Dutch people write it; "" when there is none."""
    if not sender_can_receive():
        return ""
    return national(settings.SMS_NUMBER_SHOWN or _console_number())


def _console_number() -> str:
    return "" if is_configured(Channel.SMS) else CONSOLE_NUMBER


# Everything a gateway is made of; another value makes another gateway.
_MADE_OF = {
    Channel.SMS: (
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "TWILIO_API_KEY",
        "TWILIO_API_SECRET",
        "TWILIO_FROM",
        "TWILIO_MESSAGING_SERVICE_SID",
        "TWILIO_API_URL",
        "SMS_NUMBER_SHOWN",
    ),
    Channel.EMAIL: (
        "SENDGRID_API_KEY",
        "SENDGRID_API_URL",
        "SENDGRID_FROM_EMAIL",
        "SENDGRID_FROM_NAME",
        "SENDGRID_INBOUND_DOMAIN",
    ),
}


def _settings_of(channel: Channel) -> _Key:
    common = (os.getpid(), settings.PUBLIC_URL, console_allowed())
    return (*common, *(getattr(settings, name) for name in _MADE_OF[channel]))


def _make(channel: Channel) -> Gateway | None:
    # The SDKs are slow to import, take megabytes, and are not needed by a process that only plans.
    if is_configured(channel) and channel is Channel.SMS:
        from notifications.gateways.twilio.gateway import from_settings  # noqa: PLC0415

        return from_settings()
    if is_configured(channel):
        from notifications.gateways.sendgrid.gateway import (  # noqa: PLC0415
            from_settings as sendgrid_from_settings,
        )

        return sendgrid_from_settings()
    if not console_allowed():
        return None
    if channel is Channel.SMS:
        return ConsoleGateway(channel, settings.SMS_NUMBER_SHOWN or CONSOLE_NUMBER)
    return ConsoleGateway(channel, settings.SENDGRID_FROM_EMAIL or "vooraf@demo.invalid")
