"""Sending by SendGrid.

Click, open and subscription tracking are switched off in every request, whatever the account says: a
rewritten link would lead away from the municipality's own domain, and nobody is watched reading.
"""

import base64
import json
import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from urllib3.exceptions import HTTPError

from notifications.domain.lifecycle import Channel
from notifications.domain.reasons import Reason
from notifications.domain.retry import Verdict
from notifications.gateways import http
from notifications.gateways.base import Finding, Outcome, Outgoing, Search
from notifications.gateways.sendgrid import client as clients
from notifications.gateways.sendgrid import codes
from notifications.gateways.sendgrid.client import Mailer
from notifications.gateways.wire import Answer

logger = logging.getLogger(__name__)


class SendGridGateway:
    """E-mail over one account, from one sender."""

    name = codes.NAME
    channel = Channel.EMAIL
    on_network = True
    # There is no list to search; events tell, and silence beyond a bound means: send again.
    can_search = False
    call_seconds = http.CALL_SECONDS

    def __init__(self, *, client: Mailer, from_email: str, from_name: str, inbound_domain: str) -> None:
        self._client = client
        self._sender = {"email": from_email, "name": from_name} if from_name else {"email": from_email}
        self._inbound_domain = inbound_domain

    def send(self, outgoing: Outgoing) -> Outcome:
        """One mail; an answer that does not come, or is not SendGrid's, is UNKNOWN."""
        try:
            answer = self._client.send(self._request(outgoing))
        except HTTPError as problem:
            return http.meaning_of(problem)
        if answer.status == 429:
            return http.meaning_of(http.RateLimited(_wait(answer.headers)))
        if http.leaves_open(answer.status):
            return http.meaning_of(http.ServerTrouble(answer.status))
        return _refused(answer.status, answer.body) if answer.status >= 400 else _taken(answer)

    def search(self, search: Search) -> Finding:  # the protocol's signature
        """SendGrid can't be asked."""
        return Finding(found=None)

    def _request(self, outgoing: Outgoing) -> dict[str, Any]:
        request: dict[str, Any] = {
            "personalizations": [
                {
                    "to": [{"email": outgoing.address}],
                    "custom_args": {codes.UUID_ARGUMENT: str(outgoing.uuid)},
                }
            ],
            "from": self._sender,
            "subject": outgoing.subject,
            # Plain text must come first.
            "content": [
                {"type": "text/plain", "value": outgoing.text},
                {"type": "text/html", "value": outgoing.html},
            ],
            "tracking_settings": {
                "click_tracking": {"enable": False, "enable_text": False},
                "open_tracking": {"enable": False},
                "subscription_tracking": {"enable": False},
                "ganalytics": {"enable": False},
            },
        }
        if self._inbound_domain:
            request["reply_to"] = {"email": f"{codes.REPLY_NAME}+{outgoing.uuid.hex}@{self._inbound_domain}"}
        if outgoing.attachments:
            request["attachments"] = [
                {
                    "content": base64.b64encode(each.content).decode("ascii"),
                    "type": each.content_type,
                    "filename": each.filename,
                    "disposition": "attachment",
                }
                for each in outgoing.attachments
            ]
        return request


def from_settings() -> SendGridGateway:
    """The gateway that the settings describe; raises UnsafeAddress."""
    base_url = settings.SENDGRID_API_URL
    size = 2 * int(getattr(settings, "NOTIFICATIONS_THREADS", 32))
    return SendGridGateway(
        client=clients.make(
            api_key=settings.SENDGRID_API_KEY,
            base_url=base_url,
            pool=http.pool_for(base_url, size=size),
        ),
        from_email=settings.SENDGRID_FROM_EMAIL,
        from_name=settings.SENDGRID_FROM_NAME,
        inbound_domain=settings.SENDGRID_INBOUND_DOMAIN,
    )


def _taken(answer: Answer) -> Outcome:
    """A success, as far as the status says; only SendGrid's id makes it one. (200 is for its sandbox.)"""
    vendor_id = str(answer.headers.get("x-message-id") or "")
    if answer.status != 202 or not vendor_id:
        return Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER, vendor_code=f"{answer.status}-no-id")
    return Outcome(verdict=Verdict.ACCEPTED, vendor_id=vendor_id)


def _wait(headers: Mapping[str, str]) -> float | None:
    """Retry-After where there is one; SendGrid says the end of its minute in a header of its own."""
    asked = http.retry_after(headers.get("retry-after"))
    return http.reset_after(headers.get("x-ratelimit-reset")) if asked is None else asked


def _refused(status: int, body: bytes) -> Outcome:
    fields = _fields(body)
    meaning = codes.refusal(status=status, fields=fields)
    if meaning is None:
        return http.meaning_of(http.ServerTrouble(status))
    verdict, reason, halt = meaning
    if reason is Reason.REFUSED:
        logger.error("SendGrid refuses a mail with status %d, fields: %s", status, fields or "-")
    return Outcome(verdict=verdict, reason=reason, vendor_code=str(status), halt=halt)


def _fields(body: bytes) -> str | None:
    """The names of the fields that are wrong, with dots between; None when this is no error of SendGrid's."""
    try:
        errors = json.loads(body)["errors"]
        return ".".join(str(error.get("field") or "") for error in errors)
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return None
