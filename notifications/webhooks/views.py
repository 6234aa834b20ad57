"""The four addresses that providers call.

Each verifies the signature before it looks at the contents: unsigned is 403, and nothing is stored.
Signed is stored and answered at once; a repeat is answered the same and stored once. When our database
is down the answer is 500, and the provider comes again.
"""

import logging
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from notifications.gateways.sendgrid import webhook as sendgrid
from notifications.gateways.twilio import webhook as twilio
from notifications.outbox import inbound, receipts
from notifications.webhooks.receive import EVENTS, MAIL, SMALL, TooBig, full_path, read_body

logger = logging.getLogger(__name__)

_View = Callable[..., HttpResponse]


def _door(limit: int) -> Callable[[_View], _View]:
    """POST only, no CSRF token, at most ``limit`` bytes, nothing cached."""

    def wrap(view: _View) -> _View:
        @csrf_exempt
        @require_POST
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: object) -> HttpResponse:
            try:
                body = read_body(request, limit)
            except TooBig:
                return HttpResponse(status=413)
            answer = view(request, body, **kwargs)
            answer["Cache-Control"] = "no-store"
            return answer

        return guarded

    return wrap


@_door(SMALL)
def twilio_sms(request: HttpRequest, body: bytes) -> HttpResponse:
    """An SMS from a client."""
    form = _twilio_form(request, body)
    if form is None:
        return _refused("twilio sms")
    text = twilio.read_sms(form)
    if text is not None:
        inbound.receive_sms(
            vendor=text.vendor,
            vendor_id=text.vendor_id,
            sender=text.sender,
            recipient=text.recipient,
            body=text.body,
            keyword=text.keyword,
            now=timezone.now(),  # a door
        )
    return HttpResponse(twilio.EMPTY_TWIML, content_type="text/xml; charset=utf-8")


@_door(SMALL)
def twilio_status(request: HttpRequest, body: bytes, uuid: UUID) -> HttpResponse:
    """Where one of our SMS is."""
    form = _twilio_form(request, body)
    if form is None:
        return _refused("twilio status")
    report = twilio.read_status(uuid, form)
    if report is not None:
        receipts.take([report], now=timezone.now())  # a door
    return HttpResponse(status=204)


@_door(EVENTS)
def sendgrid_events(request: HttpRequest, body: bytes) -> HttpResponse:
    """Where our mails are."""
    now = timezone.now()  # a door
    if not sendgrid.is_genuine(
        public_key=settings.SENDGRID_WEBHOOK_PUBLIC_KEY,
        body=body,
        headers=request.headers,
        now=now,
    ):
        return _refused("sendgrid events")
    try:
        reports = sendgrid.read_events(body)
    except ValueError:
        # Signed, so it comes as it was sent: it would not be better at the next of a day's repeats.
        logger.error("webhook sendgrid events: signed, and no list of events")  # noqa: TRY400  # a stranger's text
        return HttpResponse(status=204)
    receipts.take(reports, now=now)
    return HttpResponse(status=204)


@_door(MAIL)
def sendgrid_inbound(request: HttpRequest, body: bytes) -> HttpResponse:
    """A reply by e-mail."""
    now = timezone.now()  # a door
    if not sendgrid.is_genuine(
        public_key=settings.SENDGRID_INBOUND_PUBLIC_KEY,
        body=body,
        headers=request.headers,
        now=now,
    ):
        return _refused("sendgrid inbound")
    mail = sendgrid.read_mail(body, request.META.get("CONTENT_TYPE", ""))
    if mail is not None:
        inbound.receive_email(mail, now=now)
    # Only 2xx ends the provider's repeats.
    return HttpResponse(status=200)


def _twilio_form(request: HttpRequest, body: bytes) -> QueryDict | None:
    """The form, when Twilio signed it."""
    try:
        form = QueryDict(body, encoding="utf-8")
    except (SuspiciousOperation, UnicodeDecodeError):
        return None
    genuine = twilio.is_genuine(path=full_path(request), form=form, headers=request.headers)
    return form if genuine else None


def _refused(door: str) -> HttpResponse:
    """One line per refusal and nothing of its contents: they are a stranger's."""
    logger.warning("webhook %s: no valid signature", door)
    return HttpResponse(status=403)
