"""Sending by Twilio, and finding out what became of a call whose answer was lost.

Never with ContentRetention=discard, AddressRetention=obfuscate or SmartEncoded: each of them makes the
body or the number at Twilio differ from what we sent, and then a lost call can't be recognised.
"""

import logging
from datetime import timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client
from urllib3.exceptions import HTTPError

from notifications.domain.lifecycle import Channel
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways import http
from notifications.gateways.base import Finding, Outcome, Outgoing, Search
from notifications.gateways.twilio import codes
from notifications.gateways.twilio.client import PooledHttpClient

logger = logging.getLogger(__name__)

NAME = "twilio"
VALIDITY_MAX = 36_000
BODY_MAX = 1600
# Twilio retries a receipt only when the fragment asks for it; the fragment is not sent or signed.
CALLBACK_FRAGMENT = "#ct=4000&rt=10000&rc=5&rp=all"
# Twilio's clock and ours may differ, and its moments are whole seconds.
_CLOCK_SKEW = timedelta(seconds=60)
_LOOK_BACK = 100


class TwilioGateway:
    """SMS over one account, from one sender."""

    name = NAME
    channel = Channel.SMS
    on_network = True
    can_search = True
    call_seconds = http.CALL_SECONDS

    def __init__(self, *, client: Any, sender: str, messaging_service_sid: str, public_url: str) -> None:
        self._client = client
        self._sender: dict[str, str] = {}
        if sender:
            self._sender["from_"] = sender
        if messaging_service_sid:
            self._sender["messaging_service_sid"] = messaging_service_sid
        self._public_url = public_url.rstrip("/")

    def send(self, outgoing: Outgoing) -> Outcome:
        """One SMS; an answer that does not come, or makes no sense, is UNKNOWN."""
        if len(outgoing.text) > BODY_MAX:
            return Outcome(verdict=Verdict.PERMANENT, reason=Reason.TOO_LONG, vendor_code="21617")
        try:
            message = self._client.messages.create(
                to=outgoing.address,
                body=outgoing.text,
                status_callback=(f"{self._public_url}/webhooks/twilio/status/{outgoing.uuid}{CALLBACK_FRAGMENT}"),
                validity_period=max(1, min(outgoing.valid_for, VALIDITY_MAX)),
                **self._sender,
            )
            vendor_id = str(message.sid or "")
        except TwilioRestException as refusal:
            return _refused(refusal)
        except (HTTPError, http.RateLimited, http.ServerTrouble) as problem:
            return http.meaning_of(problem)
        except (TwilioException, ValueError, KeyError, AttributeError, TypeError) as problem:
            # A 201 that can't be read: the message is most likely there.
            return http.meaning_of(problem)
        if not vendor_id:
            return Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER, vendor_code="no-sid")
        return Outcome(verdict=Verdict.ACCEPTED, vendor_id=vendor_id)

    def search(self, search: Search) -> Finding:
        """Look through the messages to this number, newest first.

        Filtered by number only: ``date_sent`` is empty while a message is queued, so a filter on it
        would hide exactly the one that is looked for.
        """
        oldest = search.since - _CLOCK_SKEW
        try:
            stream = self._client.messages.stream(to=search.address, page_size=50)
            for message in islice(stream, _LOOK_BACK):
                created = message.date_created
                if created is None or not str(message.direction or "").startswith("outbound"):
                    continue
                if created < oldest:
                    break
                sid = str(message.sid)
                if search.recognise(message.body or "") and not search.taken(sid):
                    return Finding(found=True, vendor_id=sid)
        except (
            TwilioException,
            HTTPError,
            http.RateLimited,
            http.ServerTrouble,
            ValueError,
            KeyError,
        ) as problem:
            logger.warning("searching at Twilio failed: %s", type(problem).__name__)
            return Finding(found=None)
        return Finding(found=False)


def from_settings() -> TwilioGateway:
    """The gateway that the settings describe; raises UnsafeAddress."""
    base_url = settings.TWILIO_API_URL
    client = Client(
        username=settings.TWILIO_API_KEY or settings.TWILIO_ACCOUNT_SID,
        password=settings.TWILIO_API_SECRET or settings.TWILIO_AUTH_TOKEN,
        account_sid=settings.TWILIO_ACCOUNT_SID,
        http_client=PooledHttpClient(base_url=base_url, pool=http.pool_for(base_url, size=_pool_size())),
    )
    return TwilioGateway(
        client=client,
        sender=settings.TWILIO_FROM,
        messaging_service_sid=settings.TWILIO_MESSAGING_SERVICE_SID,
        public_url=settings.PUBLIC_URL,
    )


def _pool_size() -> int:
    return 2 * int(getattr(settings, "NOTIFICATIONS_THREADS", 32))


def _refused(refusal: TwilioRestException) -> Outcome:
    meaning = codes.refusal(status=refusal.status, code=refusal.code)
    return Outcome(
        verdict=meaning.verdict,
        reason=meaning.reason,
        vendor_code=str(refusal.code or refusal.status),
        halt=meaning.halt,
    )
