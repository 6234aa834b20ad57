"""A message to send, with what a test wants different."""

from typing import Any
from uuid import UUID

from notifications.domain.lifecycle import Channel
from notifications.gateways.base import Outgoing

UUID_1 = UUID("11111111-2222-4333-8444-555555555555")


def sms(**changes: Any) -> Outgoing:
    made: dict[str, Any] = {
        "uuid": UUID_1,
        "channel": Channel.SMS,
        "address": "+31612345678",
        "subject": "",
        "text": "Gemeente Voorbeeld: u heeft een gesprek.",
        "html": "",
        "valid_for": 7200,
    }
    return Outgoing(**(made | changes))


def mail(**changes: Any) -> Outgoing:
    made: dict[str, Any] = {
        "uuid": UUID_1,
        "channel": Channel.EMAIL,
        "address": "a.jansen@example.nl",
        "subject": "Uw gesprek",
        "text": "Beste A. Jansen",
        "html": "<!DOCTYPE html><html lang='nl'><p>Beste A. Jansen</p></html>",
        "valid_for": 7200,
    }
    return Outgoing(**(made | changes))
