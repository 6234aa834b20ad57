"""The description of the API: as a file, open to every site, and as a page to read."""

from __future__ import annotations

import json
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afspraken.api import curl, reading
from afspraken.api.description import as_text


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description; the API design rules ask that anyone and any site may read it."""
    return HttpResponse(as_text(), content_type="application/json", headers={"Access-Control-Allow-Origin": "*"})


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same as a page to read, made from the description and nothing else."""
    page = _page(as_text(), settings.PUBLIC_URL)
    return render(request, "api/docs.html", {"page": page, "key_name": curl.KEY_NAME})


@lru_cache(maxsize=1)
def _page(text: str, base: str) -> reading.Page:
    return reading.read(json.loads(text), base=base)
