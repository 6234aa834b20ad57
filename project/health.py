"""For operators: is it alive, can it work, how is it doing."""

from __future__ import annotations

from datetime import datetime

from django import db
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_q.brokers import get_broker
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from notifications import api as post
from project import heartbeat

# A node writes its heartbeat down every minute; three misses mean that it does not work.
WORKER_SILENT_SECONDS = 200


@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Database, cache and worker: 200 when all do their work, else 503. Names no hosts and no errors.

    A worker that was started and has not worked yet is told apart from one that is not there.
    """
    parts = {"database": _database(), "cache": _cache()}
    parts["worker"] = parts["database"] and _worker()
    said = {name: "ok" if works else "niet beschikbaar" for name, works in parts.items()}
    if all(parts.values()):
        return JsonResponse(said)
    if parts["database"] and parts["cache"] and heartbeat.is_announced():
        return JsonResponse(said | {"worker": "start op"}, status=503, headers={"Retry-After": "5"})
    return JsonResponse(said, status=503)


@require_safe
def metrics(_request: HttpRequest) -> HttpResponse:
    """Prometheus figures of the outbox; an internal address, to be kept off the public proxy."""
    registry = CollectorRegistry()
    now = timezone.now()
    for name, (text, value) in (_outbox(now) | _queue()).items():
        Gauge(name, text, registry=registry).set(value)
    _channels(registry, now)
    _nodes(registry, now)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _outbox(now: datetime) -> dict[str, tuple[str, float]]:
    health = post.queue_health(now)
    return {
        "vooraf_outbox_queued": ("Messages that wait to be sent", health.queued),
        "vooraf_outbox_sending": ("Messages that a worker has claimed", health.sending),
        "vooraf_outbox_unknown": ("Messages of which the outcome is unknown", health.unknown),
        "vooraf_outbox_untold": ("Messages whose news has not been handed on", health.untold),
        "vooraf_outbox_oldest_due_seconds": ("How long the oldest due message waits", health.oldest_due_seconds),
        "vooraf_sending_paused": ("1: somebody stopped all sending", post.sending_paused() is not None),
    }


def _queue() -> dict[str, tuple[str, float]]:
    """The doorbell. Without it messages go out all the same, when the sweep comes by."""
    broker = get_broker()
    try:
        # The queue in the database answers a ping without looking; counting it is looking.
        reachable, waiting = broker.ping(), broker.queue_size()
    except broker.away:
        reachable, waiting = False, -1
    return {
        "vooraf_queue_reachable": ("1: the task queue answers", reachable),
        "vooraf_queue_tasks": ("Tasks that wait for a worker; -1: unknown", waiting),
    }


def _channels(registry: CollectorRegistry, now: datetime) -> None:
    gauge = Gauge("vooraf_channel_open", "0: this channel rests or is stopped", ["channel"], registry=registry)
    closed = post.closed_channels(now)
    for channel in post.Channel:
        gauge.labels(channel.value).set(channel not in closed)


def _nodes(registry: CollectorRegistry, now: datetime) -> None:
    nodes = post.worker_nodes(now)
    youngest = min((node.age for node in nodes), default=-1)
    live = sum(node.age < WORKER_SILENT_SECONDS for node in nodes)
    figures = {
        "vooraf_worker_heartbeat_age_seconds": ("Seconds since any worker did a heartbeat task; -1: never", youngest),
        "vooraf_worker_nodes": ("Worker nodes that work", live),
    }
    for name, (text, value) in figures.items():
        Gauge(name, text, registry=registry).set(value)
    age = Gauge("vooraf_worker_node_age_seconds", "Seconds since this node worked", ["node"], registry=registry)
    restarts = Gauge(
        "vooraf_worker_node_restarts", "How often its watchdog started it again", ["node"], registry=registry
    )
    for node in nodes:
        age.labels(node.name).set(node.age)
        restarts.labels(node.name).set(node.restarts)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except db.Error:
        return False
    return True


def _cache() -> bool:
    try:
        cache.set("readyz", 1, 10)
        return bool(cache.get("readyz") == 1)
    except get_broker().away:  # the cache is where the queue is
        return False


def _worker() -> bool:
    age = post.worker_heartbeat_age(timezone.now())
    return age is not None and age < WORKER_SILENT_SECONDS
