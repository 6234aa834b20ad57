"""The OpenAPI description: what ninja knows from the code, plus what the API design rules ask of every answer."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from afspraken.api.middleware import VERSION
from afspraken.api.problems import CONTENT_TYPE, TITELS

_INFO = {
    "title": "Vooraf",
    "description": (
        "Geef afspraken door aan Vooraf: nieuw, gewijzigd of geannuleerd, zo vaak u wilt en in elke volgorde. "
        "Vooraf vertelt de cliënt over de spelregels voor het opnemen van gesprekken en geeft terug wat de cliënt "
        "laat weten.\n\n"
        "Elk bericht draagt een sleutel: `Authorization: Bearer <sleutel>`. Tijden hebben een tijdzone; "
        "wij antwoorden in UTC. Onbekende velden worden genoemd en niet aangenomen. Een BSN is nooit nodig en "
        "wordt weggelaten."
    ),
    "contact": {
        "name": "Beheer van Vooraf",
        "email": "vooraf@gemeente.example",
        "url": "https://vooraf.gemeente.example",
    },
    "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
}
_SERVERS = [{"url": "/api/v1", "description": "Deze installatie"}]
_TAGS = [
    {"name": "afspraken", "description": "Afspraken doorgeven, lezen en annuleren."},
    {"name": "spelregels", "description": "De spelregels die nu gelden; openbaar."},
]
_VERSION_HEADER = {
    "API-Version": {
        "description": "Volledig versienummer van de API.",
        "schema": {"type": "string", "examples": [VERSION]},
    }
}
_RETRY_HEADER = {
    "Retry-After": {
        "description": "Seconden tot u het opnieuw kunt proberen.",
        "schema": {"type": "integer", "minimum": 0},
    }
}
_ALLE = (400, 401, 403, 405, 406, 429, 500)
_STATUSSEN = {
    "zetAfspraak": (*_ALLE, 404, 409, 411, 413, 415),
    "leesAfspraak": (*_ALLE, 404),
    "annuleerAfspraak": (*_ALLE, 404, 409, 411, 413, 415),
    "leesSpelregels": (400, 401, 404, 405, 406, 500),
}
_FOUT = {
    "type": "object",
    "description": "Een veld dat niet klopt.",
    "required": ["in", "veld", "code", "melding"],
    "properties": {
        "in": {"type": "string", "enum": ["body", "path", "query"]},
        "veld": {"type": "string", "examples": ["client.mobiel"]},
        "pointer": {"type": "string", "description": "RFC 6901.", "examples": ["/client/mobiel"]},
        "code": {"type": "string", "examples": ["geen_nummer"]},
        "melding": {"type": "string", "description": "Wat er mis is en wat u kunt doen."},
    },
}
_PROBLEEM = {
    "type": "object",
    "description": "Waarom het niet lukte (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "examples": ["urn:vooraf:probleem:onjuiste-gegevens"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri", "description": "Nummer van dit bericht, voor navraag."},
        "bekendeVersie": {"type": ["integer", "null"], "description": "Bij 409: de versie die wij hebben."},
        "fouten": {"type": "array", "items": {"$ref": "#/components/schemas/Fout"}},
    },
}
_EXAMPLE = {
    "start": "2026-12-03T09:00:00Z",
    "eind": "2026-12-03T09:45:00Z",
    "externeVersie": 3,
    "onderwerp": "gesprek met de gemeente",
    "team": "wmo",
    "vorm": "balie",
    "locatie": {"naam": "Stadhuis", "adres": "Markt 1", "ruimte": "2.14"},
    "client": {
        "naam": "A. Jansen",
        "mobiel": "0612345678",
        "email": "a.jansen@example.nl",
        "taal": "nl",
        "externId": "c-77",
        "bereikbaarVia": ["sms", "email"],
    },
    "medewerker": {"externId": "m-12", "naam": "B. de Vries", "email": "b.devries@example.nl"},
}


@lru_cache(maxsize=1)
def as_text() -> str:
    """The description as JSON: the same on every installation, so that it can be compared with the file."""
    return json.dumps(build(), indent=2, ensure_ascii=False) + "\n"


def build() -> dict[str, Any]:
    """The description as data."""
    from afspraken.api.urls import api  # noqa: PLC0415  (urls imports the page that shows this)

    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))
    schemas = dict(sorted(made["components"]["schemas"].items())) | {"Fout": _FOUT, "Probleem": _PROBLEEM}
    for schema in schemas.values():
        _without_titles(schema)
    for methods in made["paths"].values():
        for operation in methods.values():
            _complete(operation)
    put = made["paths"]["/afspraken/{bron}/{externId}"]["put"]
    put["requestBody"]["content"]["application/json"]["example"] = _EXAMPLE
    return {
        "openapi": made["openapi"],
        "info": {**_INFO, "version": VERSION},
        "servers": _SERVERS,
        "tags": _TAGS,
        "paths": made["paths"],
        "components": {
            "schemas": schemas,
            "responses": {f"Probleem{status}": _refusal(status) for status in TITELS},
            "securitySchemes": {
                "sleutel": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Een beheerder maakt de sleutel; rechten: afspraken:lezen en afspraken:schrijven.",
                }
            },
        },
    }


def _complete(operation: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        answer["description"] = {"200": "Gelukt", "201": "Nieuwe afspraak"}.get(status, answer["description"])
        answer["headers"] = dict(_VERSION_HEADER)
        if status == "201":
            answer["headers"]["Location"] = {
                "description": "Adres van de afspraak.",
                "schema": {"type": "string", "format": "uri-reference"},
            }
    for status in sorted(_STATUSSEN[operation["operationId"]]):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/Probleem{status}"}
    if operation.get("security"):
        operation["security"] = [{"sleutel": []}]
    for parameter in operation["parameters"]:
        parameter["schema"].pop("title", None)
        # They stand beside the schema already.
        for name in ("description", "examples"):
            parameter["schema"].pop(name, None)
        examples = parameter.pop("examples", None)
        if examples:
            parameter["example"] = examples[0]


def _refusal(status: int) -> dict[str, Any]:
    return {
        "description": TITELS[status][1],
        "headers": {**_VERSION_HEADER, **(_RETRY_HEADER if status == 429 else {})},
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Probleem"}}},
    }


def _without_titles(schema: dict[str, Any]) -> None:
    """Titles that pydantic makes from English rules only repeat the name."""
    schema.pop("title", None)
    for detail in schema.get("properties", {}).values():
        detail.pop("title", None)
        if isinstance(detail.get("items"), dict):
            detail["items"].pop("title", None)
