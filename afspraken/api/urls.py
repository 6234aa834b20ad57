"""The API under ``/api/v1/``. No address ends in a slash, and none redirects."""

from __future__ import annotations

import logging

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from afspraken.api import afspraken, intake, pages, spelregels
from afspraken.api.afspraak_in import KNOWN, all_fouten
from afspraken.api.auth import Beller
from afspraken.api.middleware import VERSION
from afspraken.api.problems import Problem, general, respond
from afspraken.api.shape import from_pydantic

logger = logging.getLogger(__name__)

api = NinjaAPI(
    title="Vooraf",
    version=VERSION,
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    parser=intake.JsonParser(),
)
api.add_router("/afspraken", afspraken.router)
api.add_router("/spelregels", spelregels.router)
ROUTERS = (afspraken.router, spelregels.router)


@api.exception_handler(Problem)
def _on_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return respond(request, problem)


@api.exception_handler(ValidationError)
def _on_wrong_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fouten = from_pydantic(error.errors, known=KNOWN)
    beller = getattr(request, "auth", None)
    match = request.resolver_match
    if isinstance(beller, Beller) and match is not None and request.method == "PUT":
        fouten = all_fouten(
            intake.received(request).data,
            fouten,
            bron=match.kwargs["bron"],
            extern_id=match.kwargs["externId"],
            teams=beller.team_codes(),
            now=beller.now,
        )
    detail = "Een of meer velden kloppen niet; er is niets bewaard. Kijk bij 'fouten' wat u moet verbeteren."
    return respond(request, Problem(400, detail, fouten=fouten))


@api.exception_handler(HttpError)
def _on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    # Ninja wraps what our parser raises.
    cause = error.__cause__
    return respond(request, cause if isinstance(cause, Problem) else general(error.status_code))


@api.exception_handler(Http404)
def _on_not_found(request: HttpRequest, _error: Http404) -> HttpResponse:
    return respond(request, general(404))


@api.exception_handler(RequestDataTooBig)
def _on_too_big(request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    return respond(request, general(413))


@api.exception_handler(Exception)
def _on_crash(request: HttpRequest, error: Exception) -> HttpResponse:
    """What went wrong stands in the log under the number that the caller gets, and nowhere else."""
    logger.error("api message %s failed", getattr(request, "vooraf_nummer", ""), exc_info=error)
    return respond(request, general(500))


def _operations() -> list[URLPattern | URLResolver]:
    patterns, _, _ = api.urls
    # Ninja's root would make "/api/v1" redirect to "/api/v1/".
    return [each for each in patterns if getattr(each, "name", "") != "api-root"]


urlpatterns = [
    path(
        "",
        (
            [
                path("openapi.json", pages.openapi, name="openapi"),
                path("docs", pages.docs, name="docs"),
                *_operations(),
            ],
            "api",
            "api",
        ),
    )
]
