"""The pages for everyone: what this is, and the rules in force."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from afspraken.web.client import regels
from afspraken.web.client.deur import gekozen_taal, kader
from afspraken.web.client.tekst import PAGINATALEN, taalnaam

_ROBOTS = (
    "User-agent: *\nDisallow: /v/\nDisallow: /controle/\nDisallow: /werk/\nDisallow: /beheer/\nDisallow: /accounts/\n"
)


@require_safe
@cache_control(private=True, max_age=0)
def start(request: HttpRequest) -> HttpResponse:
    """What Vooraf is, for someone who comes without a link."""
    taal = gekozen_taal(request)
    return _render(request, "start", taal, kader(taal))


@require_safe
@cache_control(private=True, max_age=0)
def spelregels(request: HttpRequest, taal: str = "nl") -> HttpResponse:
    """The rules for all: the official text, a short one beside it, and a translation where there is one."""
    sheet = regels.geldend(None, taal)
    if taal not in PAGINATALEN and taal not in {keuze.code for keuze in (sheet.talen if sheet else ())}:
        raise Http404("taal")
    # The page around a text that we only have in, say, Arabic is Dutch.
    pagina = gekozen_taal(request, taal if taal in PAGINATALEN else "nl")
    context = kader(pagina)
    if taal in PAGINATALEN:
        # Here the language stands in the path.
        context["andere_taal_url"] = f"/spelregels/{context['andere_taal']}"
    return _render(request, "spelregels", pagina, {**context, "regels": sheet, "taalnaam": taalnaam(taal)})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep search engines away from everything that is for one person."""
    return HttpResponse(_ROBOTS, content_type="text/plain; charset=utf-8")


def _render(request: HttpRequest, sjabloon: str, taal: str, context: dict[str, object]) -> HttpResponse:
    with translation.override(taal):
        response = render(request, f"client/{sjabloon}.html", context)
    response["Content-Language"] = taal
    return response
