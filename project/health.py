"""For operators: is it alive, can it work, how is it doing."""

from __future__ import annotations

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from notifications import api as post

# The heartbeat task comes back every minute; three misses mean that no worker is working.
WORKER_SILENT_SECONDS = 200


@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Database, cache and worker: 200 when all do their work, else 503. Names no hosts and no errors."""
    parts = {"database": _database(), "cache": _cache()}
    parts["worker"] = parts["database"] and _worker()
    return JsonResponse(
        {name: "ok" if works else "niet beschikbaar" for name, works in parts.items()},
        status=200 if all(parts.values()) else 503,
    )


@require_safe
def metrics(_request: HttpRequest) -> HttpResponse:
    """Prometheus figures of the outbox; an internal address, to be kept off the public proxy."""
    registry = CollectorRegistry()
    now = timezone.now()
    health = post.queue_health(now)
    heartbeat = post.worker_heartbeat_age(now)
    figures = {
        "vooraf_outbox_queued": ("Messages that wait to be sent", health.queued),
        "vooraf_outbox_sending": ("Messages that a worker has claimed", health.sending),
        "vooraf_outbox_unknown": ("Messages of which the outcome is unknown", health.unknown),
        "vooraf_outbox_oldest_due_seconds": (
            "How long the oldest due message waits",
            health.oldest_due_seconds,
        ),
        "vooraf_worker_heartbeat_age_seconds": (
            "Seconds since a worker did a heartbeat task; -1: never",
            -1 if heartbeat is None else heartbeat,
        ),
    }
    for name, (text, value) in figures.items():
        Gauge(name, text, registry=registry).set(value)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache() -> bool:
    try:
        cache.set("readyz", 1, 10)
        return bool(cache.get("readyz") == 1)
    except (DatabaseError, OSError):
        return False


def _worker() -> bool:
    age = post.worker_heartbeat_age(timezone.now())
    return age is not None and age < WORKER_SILENT_SECONDS
