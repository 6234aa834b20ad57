"""Which gateway serves a channel, and what the start-up checks say about it."""

from typing import Any

import pytest
from django.core.checks import run_checks

from notifications.domain.lifecycle import Channel
from notifications.gateways import registry
from notifications.gateways.http import UnsafeAddress

TWILIO = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t", "TWILIO_FROM": "+3197010200000"}
SENDGRID = {"SENDGRID_API_KEY": "k", "SENDGRID_FROM_EMAIL": "a@b.nl"}


def _set(settings: Any, **values: object) -> None:
    for name, value in values.items():
        setattr(settings, name, value)


def _name(channel: Channel) -> str:
    gateway = registry.gateway_for(channel)
    return "off" if gateway is None else gateway.name


def _found(settings: Any) -> set[str]:
    return {str(found.id) for found in run_checks() if str(found.id).startswith("notifications.")}


def test_settings_make_the_provider(settings: Any) -> None:
    assert (_name(Channel.SMS), _name(Channel.EMAIL)) == ("console", "console")
    _set(settings, **TWILIO)
    assert (_name(Channel.SMS), _name(Channel.EMAIL)) == ("twilio", "console")
    _set(settings, **SENDGRID)
    assert (_name(Channel.SMS), _name(Channel.EMAIL)) == ("twilio", "sendgrid")


def test_without_settings_and_without_console_a_channel_is_off(settings: Any) -> None:
    _set(settings, NOTIFICATIONS_CONSOLE=False, DEBUG=False, **TWILIO)
    assert (_name(Channel.SMS), _name(Channel.EMAIL)) == ("twilio", "off")
    assert registry.open_channels() == [Channel.SMS]


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("console", [True, False])
@pytest.mark.parametrize("values", [{}, TWILIO, SENDGRID, TWILIO | SENDGRID], ids=["none", "sms", "email", "both"])
def test_a_channel_is_open_when_there_is_a_gateway(
    settings: Any, channel: Channel, values: dict[str, str], *, console: bool
) -> None:
    _set(settings, NOTIFICATIONS_CONSOLE=console, DEBUG=False, **values)
    assert registry.is_open(channel) is (registry.gateway_for(channel) is not None)
    with registry.use(channel, None):
        assert not registry.is_open(channel)


def test_one_gateway_per_process_until_the_settings_change(settings: Any) -> None:
    _set(settings, **TWILIO)
    first = registry.gateway_for(Channel.SMS)
    assert registry.gateway_for(Channel.SMS) is first
    settings.TWILIO_FROM = "Gemeente"
    assert registry.gateway_for(Channel.SMS) is not first


def test_a_forked_process_makes_its_own(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _set(settings, **TWILIO)
    first = registry.gateway_for(Channel.SMS)
    monkeypatch.setattr("os.getpid", lambda: 1)
    assert registry.gateway_for(Channel.SMS) is not first


@pytest.mark.parametrize(
    ("sender", "service", "answers", "shown"),
    [
        ("+3197010200000", "", True, "097010200000"),
        ("Gemeente", "", False, ""),
        ("Gemeente", "MG1", False, ""),
        ("", "MG1", True, ""),
    ],
)
def test_who_can_be_answered(settings: Any, sender: str, service: str, answers: bool, shown: str) -> None:
    number = sender if sender.startswith("+") else ""
    _set(settings, **TWILIO)
    _set(settings, TWILIO_FROM=sender, TWILIO_MESSAGING_SERVICE_SID=service, SMS_NUMBER_SHOWN=number)
    assert registry.sender_can_receive() is answers
    assert registry.sms_number_shown().replace(" ", "") == shown


def test_the_demo_can_be_answered() -> None:
    assert registry.sender_can_receive() is True
    assert registry.sms_number_shown()


def test_plain_http_to_another_machine_does_not_start(settings: Any) -> None:
    _set(settings, TWILIO_API_URL="http://api.twilio.example", **TWILIO)
    assert "notifications.E002" in _found(settings)
    with pytest.raises(UnsafeAddress):
        registry.gateway_for(Channel.SMS)


def test_the_checks_say_what_is_off_or_half_done(settings: Any) -> None:
    assert _found(settings) == set()
    _set(settings, NOTIFICATIONS_CONSOLE=False, DEBUG=False)
    assert _found(settings) == {"notifications.W001"}
    _set(settings, TWILIO_ACCOUNT_SID="AC1")
    assert "notifications.E001" in _found(settings)
    _set(settings, **TWILIO, **SENDGRID, SENDGRID_WEBHOOK_PUBLIC_KEY="")
    assert _found(settings) == {"notifications.W002"}
    _set(settings, SENDGRID_WEBHOOK_PUBLIC_KEY="x")
    assert _found(settings) == set()
