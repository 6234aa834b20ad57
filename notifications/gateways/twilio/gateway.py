"""Sending by Twilio, and finding out what became of a call whose answer was lost.

Never with ContentRetention=discard, AddressRetention=obfuscate or SmartEncoded: each of them makes the
body or the number at Twilio differ from what we sent, and then a lost call can't be recognised.
"""

import json
import logging
import re
from datetime import timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from twilio.base.exceptions import TwilioException
from twilio.rest import Client
from urllib3.exceptions import HTTPError

from notifications.domain.lifecycle import Channel, Event
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways import http
from notifications.gateways.base import Finding, Outcome, Outgoing, Search
from notifications.gateways.twilio import codes
from notifications.gateways.twilio.client import PooledHttpClient, quoted

logger = logging.getLogger(__name__)

VALIDITY_MAX = 36_000
BODY_MAX = 1600
# Twilio retries a receipt only when the fragment asks for it; the fragment is not sent or signed.
CALLBACK_FRAGMENT = "#ct=4000&rt=10000&rc=5&rp=all"
_FRAGMENT = quoted(CALLBACK_FRAGMENT)
# Twilio's clock and ours may differ, ours by hours where nobody sets it: who stops looking too early sends it again.
_CLOCK_SKEW = timedelta(days=1)
_LOOK_BACK = 100
_SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")


class TwilioGateway:
    """SMS over one account, from one sender."""

    name = codes.NAME
    channel = Channel.SMS
    on_network = True
    can_search = True
    call_seconds = http.CALL_SECONDS

    def __init__(self, *, client: Client, sender: str, messaging_service_sid: str, public_url: str) -> None:
        self._client = client
        self._messages = client.api.absolute_url(f"2010-04-01/Accounts/{client.account_sid}/Messages.json")
        self._headers = client.get_headers("POST", None)
        # What stands in every form, as it stands there.
        self._sender = "".join(
            f"&{name}={quoted(value)}"
            for name, value in (("From", sender), ("MessagingServiceSid", messaging_service_sid))
            if value
        )
        self._callback = quoted(f"{public_url.rstrip('/')}/webhooks/twilio/status/")

    def send(self, outgoing: Outgoing) -> Outcome:
        """One SMS; an answer that does not come, or makes no sense, is UNKNOWN.

        Over the official client's transport with its headers and its key, and not by ``messages.create``: that
        works them out anew for each call, and makes an object of twenty fields and three moments of an answer of
        which the id is all that is needed. It saves a third of the processor time of a call.
        """
        if len(outgoing.text) > BODY_MAX:
            return Outcome(verdict=Verdict.PERMANENT, reason=Reason.TOO_LONG, vendor_code="21617")
        form = (
            f"To={quoted(outgoing.address)}&Body={quoted(outgoing.text)}"
            f"&StatusCallback={self._callback}{outgoing.uuid}{_FRAGMENT}"
            f"&ValidityPeriod={max(1, min(outgoing.valid_for, VALIDITY_MAX))}{self._sender}"
        ).encode()
        try:
            answer = self._client.http_client.request(
                "POST", self._messages, data=form, headers=self._headers, auth=self._client.auth
            )
        except (HTTPError, http.RateLimited, http.ServerTrouble) as problem:
            return http.meaning_of(problem)
        except (TwilioException, ValueError) as problem:
            # An answer that can't be read: the message is most likely there.
            return http.meaning_of(problem)
        body = _read(answer.text)
        return _refused(answer.status_code, body) if answer.status_code >= 400 else _taken(body)

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
            LookupError,
            TypeError,
            AttributeError,
            RecursionError,
        ) as problem:
            # Unreachable, or something else than a list of messages.
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


def _read(text: str) -> dict[str, Any]:
    """The answer's fields; none when it is no JSON object but, say, the page of a proxy."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _taken(body: dict[str, Any]) -> Outcome:
    """A success, as far as the status says; only an id makes it one."""
    sid = body.get("sid")
    if not isinstance(sid, str) or not _SID.fullmatch(sid):
        return Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER, vendor_code="no-sid")
    if codes.STATUSES.get(str(body.get("status"))) is Event.RETURN:
        # Taken and given up at once: no receipt follows about where a message begins.
        code = _code(body.get("error_code"))
        return Outcome(
            verdict=Verdict.PERMANENT, reason=codes.failure(code), vendor_id=sid, vendor_code=str(code or "")
        )
    return Outcome(verdict=Verdict.ACCEPTED, vendor_id=sid)


def _refused(status: int, body: dict[str, Any]) -> Outcome:
    code = _code(body.get("code"))
    meaning = codes.refusal(status=status, code=code)
    if meaning is None:
        return http.meaning_of(http.ServerTrouble(status))
    return Outcome(
        verdict=meaning.verdict,
        reason=meaning.reason,
        vendor_code=str(code or status),
        halt=meaning.halt,
    )


def _code(value: object) -> int | None:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else None
