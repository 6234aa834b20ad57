"""The addresses as the demo has them: project.urls decides while it is imported."""

from __future__ import annotations

from django.urls import include, path

from project.urls import urlpatterns as all_others

urlpatterns = [path("berichtenbak/", include("afspraken.berichtenbak.urls")), *all_others]
