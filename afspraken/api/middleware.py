"""The edge of the API: what holds for every answer under ``/api/``, also for those no operation made.

A number for each message, refusals as problems, the version, and headers that keep answers out of caches.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from afspraken.api.problems import CONTENT_TYPE, Problem, general, respond

logger = logging.getLogger(__name__)

PREFIX = "/api/"
VERSION = "1.0.0"
_NO_HTTPS = Problem(403, "Deze API werkt alleen over https. Hebt u een sleutel gestuurd? Laat hem intrekken.")
_JSON_ONLY = "default-src 'none'; frame-ancestors 'none'"


class ApiEdge:
    """Stands first in MIDDLEWARE, so that it also sees what the others answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX) and request.path_info != PREFIX.rstrip("/"):
            return self._get_response(request)
        request.vooraf_nummer = uuid.uuid4()  # type: ignore[attr-defined]  # read by problems.respond
        if settings.HTTPS and not request.is_secure():
            # A redirect would teach callers that sending a key over http works.
            response = respond(request, _NO_HTTPS)
        else:
            response = self._get_response(request)
        return _finish(request, response)


def _finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code >= 400 and not response.headers.get("Content-Type", "").startswith(CONTENT_TYPE):
        response = _as_problem(request, response)
    number = getattr(request, "vooraf_nummer", "")
    if response.status_code >= 400:
        logger.info("api %s %s, message %s", request.method, response.status_code, number)
    response["API-Version"] = VERSION
    response["X-Request-Id"] = str(number)
    response.headers.setdefault("Cache-Control", "no-store")
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "DENY"
    if "html" not in response.headers.get("Content-Type", ""):
        response["Content-Security-Policy"] = _JSON_ONLY
    return response


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same refusal in our own words; what it allows stays."""
    made = respond(request, general(response.status_code))
    for name in ("Allow", "Retry-After", "Strict-Transport-Security"):
        if name in response.headers:
            made[name] = response.headers[name]
    return made
