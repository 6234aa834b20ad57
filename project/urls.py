"""All addresses: public and client, staff, login, API, providers, operators, and in the demo the berichtenbak."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from project import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("afspraken.web.client.urls")),
    path("werk/", include("afspraken.web.medewerker.urls")),
    path("beheer/", include("afspraken.web.coordinator.urls")),
    path("accounts/", include("project.account_urls")),
    path("api/v1/", include("afspraken.api.urls")),
    path("webhooks/", include("notifications.webhooks.urls")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]

if settings.DEMO:
    urlpatterns.append(path("berichtenbak/", include("afspraken.berichtenbak.urls")))
