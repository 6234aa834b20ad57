"""Every address is guarded, or stands on the list below with its reason."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# What a stranger may open, and why. A trailing * stands for everything below.
PUBLIC = {
    "": "the start page",
    "spelregels": "the rules in force are published (ombudsman rule)",
    "spelregels/*": "the same, in another language",
    "v/*": "the client's page: the token in the address is the key",
    "robots.txt": "asks search engines to stay away",
    ".well-known/security.txt": "where to report a leak",
    "accounts/*": "logging in; the login system guards the rest of its pages itself",
    "livez": "liveness, for the platform",
    "readyz": "readiness, for the platform; names no hosts and no errors",
    "metrics": "figures, kept inside by the proxy",
    "api/v1/openapi.json": "the API design rules ask that the description is public",
    "api/v1/docs": "the same, to read",
    "api/v1/spelregels/*": "the rules in force, as data",
    "berichtenbak/*": "exists in the demo only",
}
SAMPLES = ("1", "2026-12-03", "0b9c6a3e-3f0a-4c55-9d0b-6a3e3f0a4c55", "x", "nl", "abcdefgh")
METHODS = ("get", "post", "put", "patch", "delete")
GUARDED = {401, 403}


@dataclass(frozen=True)
class Route:
    """One address of the service: as the code writes it, and an example."""

    pattern: str
    example: str


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[Route]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            pattern = prefix + str(entry.pattern)
            yield Route(pattern, "/" + example(pattern, entry))


def example(pattern: str, entry: URLPattern) -> str:
    """The pattern with each converter replaced by a value that fits it."""
    filled = re.sub(r"[\^$]|\\Z", "", pattern)
    for name, converter in entry.pattern.converters.items():
        value = next(s for s in SAMPLES if re.fullmatch(converter.regex, s))
        filled = re.sub(rf"<(?:\w+:)?{name}>", value, filled)
    # A converter of an including pattern is not among the entry's own.
    return re.sub(r"<(?:\w+:)?\w+>", "1", filled)


def is_public(pattern: str) -> bool:
    return any(pattern == public or (public.endswith("*") and pattern.startswith(public[:-1])) for public in PUBLIC)


def all_routes() -> list[Route]:
    return list(routes(get_resolver()))


def test_there_are_routes() -> None:
    """An empty walk would make every test below pass."""
    patterns = {route.pattern for route in all_routes()}
    assert {"", "livez"} <= patterns
    assert any(pattern.startswith("werk/") for pattern in patterns)
    assert any(pattern.startswith("beheer/") for pattern in patterns)
    assert any(pattern.startswith("api/v1/afspraken/") for pattern in patterns)
    assert any(pattern.startswith("webhooks/twilio/") for pattern in patterns)


@pytest.mark.django_db
def test_a_stranger_gets_nothing_from_a_guarded_address() -> None:
    client = Client(raise_request_exception=False)
    open_doors = []
    for route in all_routes():
        if is_public(route.pattern):
            continue
        answers = {method: getattr(client, method)(route.example) for method in METHODS}
        for method, answer in answers.items():
            to_login = answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/")
            if not (to_login or answer.status_code in GUARDED or answer.status_code == 405):
                open_doors.append(f"{method.upper()} {route.pattern}: {answer.status_code}")
        if all(answer.status_code == 405 for answer in answers.values()):
            open_doors.append(f"{route.pattern}: answers no method at all")
    assert open_doors == []


def test_the_public_list_names_no_address_that_is_gone() -> None:
    patterns = [route.pattern for route in all_routes()]
    optional = {"robots.txt", ".well-known/security.txt", "berichtenbak/*"}
    stale = [
        public
        for public in PUBLIC.keys() - optional
        if not any(pattern.startswith(public.rstrip("*")) for pattern in patterns)
    ]
    assert stale == []
