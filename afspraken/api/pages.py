"""The description of the API: as a file, open to every site, and as a page to read."""

from __future__ import annotations

import json

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from afspraken.api.description import as_text


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description; the API design rules ask that anyone and any site may read it."""
    return HttpResponse(as_text(), content_type="application/json", headers={"Access-Control-Allow-Origin": "*"})


# Swagger's own pictures are data: addresses; nowhere else on the site are those allowed.
@csp_update({"img-src": ["data:"]})  # type: ignore[untyped-decorator,unused-ignore]
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The description as a page, from our own host and without inline scripts."""
    settings = {"layout": "BaseLayout", "deepLinking": True, "url": reverse("api:openapi")}
    return render(request, "api/docs.html", {"swagger_settings": json.dumps(settings)})
