"""Reading a provider's request as bytes: at most so many, and before anything interprets them."""

from django.http import HttpRequest

SMALL = 64 * 1024
EVENTS = 2 * 1024 * 1024
# A mail with its attachments; they are not kept, but the signature covers them.
MAIL = 12 * 1024 * 1024


class TooBig(Exception):
    """More bytes than this door takes."""


def read_body(request: HttpRequest, limit: int) -> bytes:
    """The raw body; raises :class:`TooBig`. Never reads more than ``limit`` bytes and one."""
    try:
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        announced = 0
    if announced > limit:
        raise TooBig
    # Straight from the stream: request.body has one limit for the whole site.
    body = request.read(limit + 1)
    if len(body) > limit:
        raise TooBig
    return body


def full_path(request: HttpRequest) -> str:
    """The path and query that the provider called, without host or scheme."""
    query = request.META.get("QUERY_STRING", "")
    return request.path_info + (f"?{query}" if query else "")
