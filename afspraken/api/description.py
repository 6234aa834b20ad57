"""The OpenAPI description: what ninja knows from the code, plus what the API design rules ask of every answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from ninja import Router

from afspraken.api.auth import ApiKey
from afspraken.api.examples import ANSWERS, BODIES, refusal
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
        "in": {"type": "string", "enum": ["body", "path", "query"], "description": "Waar het veld staat."},
        "veld": {"type": "string", "description": "Naam van het veld.", "examples": ["client.mobiel"]},
        "pointer": {
            "type": "string",
            "description": "Plek in uw bericht (RFC 6901); alleen bij `body`.",
            "examples": ["/client/mobiel"],
        },
        "code": {
            "type": "string",
            "description": "Vast woord voor wat er mis is, voor uw programma.",
            "examples": ["vast_nummer"],
        },
        "melding": {"type": "string", "description": "Wat er mis is en wat u kunt doen."},
    },
}
_PROBLEEM = {
    "type": "object",
    "description": "Waarom het niet lukte (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri",
            "description": "Vaste naam van het probleem, voor uw programma.",
            "examples": ["urn:vooraf:probleem:onjuiste-gegevens"],
        },
        "title": {"type": "string", "description": "Het probleem in een paar woorden."},
        "status": {"type": "integer", "description": "Dezelfde status als van het antwoord."},
        "detail": {"type": "string", "description": "Wat er mis is en wat u kunt doen."},
        "instance": {"type": "string", "format": "uri", "description": "Nummer van dit bericht, voor navraag."},
        "bekendeVersie": {"type": ["integer", "null"], "description": "Bij 409: de versie die wij hebben."},
        "fouten": {
            "type": "array",
            "description": "Bij 400 en 403: elk veld dat niet klopt.",
            "items": {"$ref": "#/components/schemas/Fout"},
        },
    },
}
# What the code says of these in English, for whoever calls; and the values that never come back: the first two end as
# a refusal, a lapsed form makes place for the next.
_UITLEG = {
    "Antwoord": "Wat de cliënt laat weten. `ingetrokken`: de cliënt neemt een eerder antwoord terug.",
    "Doel": "Waar de opname voor is; `null` als de cliënt dat niet vertelde.",
    "FormulierStatus": (
        "Hoe het met het formulier staat. Een formulier zonder handtekeningen is een gewoon einde, geen fout."
    ),
    "Kanaal": "Hoe het antwoord bij ons kwam.",
    "Rolnaam": "Wie tekent.",
    "Soort": "Wat de cliënt opneemt (spelregel 1).",
    "Status": "Hoe ver de afspraak is.",
    "Toestemming": "`nvt`: niet van toepassing.",
    "Uitkomst": (
        "Wat uw bericht deed. `gelijk`: er veranderde niets. `herpland`: na een annulering opnieuw gepland. "
        "`grafsteen`: de annulering kwam eerder dan de afspraak, en is onthouden."
    ),
    "Wijze": "Hoe iemand tekende; alle drie tellen even zwaar.",
}
_NOOIT = {"Uitkomst": {"verouderd", "geweigerd"}, "FormulierStatus": {"vervallen"}}


@lru_cache(maxsize=1)
def as_text() -> str:
    """The description as JSON: the same on every installation, so that it can be compared with the file."""
    return json.dumps(build(), indent=2, ensure_ascii=False) + "\n"


def build() -> dict[str, Any]:
    """The description as data."""
    from afspraken.api.urls import ROUTERS, api  # noqa: PLC0415  (urls imports the page that shows this)

    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="")))
    schemas = dict(sorted(made["components"]["schemas"].items())) | {"Fout": _FOUT, "Probleem": _PROBLEEM}
    for name, schema in schemas.items():
        _without_titles(schema)
        if name in _UITLEG:
            schema["description"] = _UITLEG[name]
        if name in _NOOIT:
            schema["enum"] = [value for value in schema["enum"] if value not in _NOOIT[name]]
    rights = _rights(ROUTERS)
    for methods in made["paths"].values():
        for operation in methods.values():
            _complete(operation, rights.get(operation["operationId"], []))
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
                    "description": (
                        "Een beheerder maakt de sleutel en kiest wat hij mag: `afspraken:lezen`, "
                        "`afspraken:schrijven` of allebei, voor een of meer teams of voor alle."
                    ),
                }
            },
        },
    }


def _rights(routers: Iterable[Router]) -> dict[str, list[str]]:
    """The rights a key needs for an operation, by its name: those the operation itself asks for."""
    return {
        operation.operation_id or "": [auth.scope for auth in operation.auth_callbacks if isinstance(auth, ApiKey)]
        for router in routers
        for view in router.path_operations.values()
        for operation in view.operations
    }


def _complete(operation: dict[str, Any], rights: list[str]) -> None:
    name = operation["operationId"]
    if name in BODIES:
        operation["requestBody"]["content"]["application/json"]["example"] = BODIES[name]
    for status, answer in operation["responses"].items():
        answer["description"] = {"200": "Gelukt", "201": "Nieuwe afspraak"}.get(status, answer["description"])
        answer["headers"] = dict(_VERSION_HEADER)
        answer["content"]["application/json"]["example"] = ANSWERS[name, int(status)]
        if status == "201":
            answer["headers"]["Location"] = {
                "description": "Adres van de afspraak.",
                "schema": {"type": "string", "format": "uri-reference"},
            }
    for status in sorted(_STATUSSEN[name]):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/Probleem{status}"}
    if operation.get("security"):
        operation["security"] = [{"sleutel": rights}]
    for parameter in operation["parameters"]:
        parameter["schema"].pop("title", None)
        # They stand beside the schema already.
        for word in ("description", "example", "examples"):
            parameter["schema"].pop(word, None)
        examples = parameter.pop("examples", None)
        if examples:
            parameter["example"] = examples[0]


def _refusal(status: int) -> dict[str, Any]:
    return {
        "description": TITELS[status][1],
        "headers": {**_VERSION_HEADER, **(_RETRY_HEADER if status == 429 else {})},
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Probleem"}, "example": refusal(status)}},
    }


def _without_titles(schema: dict[str, Any]) -> None:
    """Titles that pydantic makes from English rules only repeat the name."""
    schema.pop("title", None)
    for detail in schema.get("properties", {}).values():
        detail.pop("title", None)
        if isinstance(detail.get("items"), dict):
            detail["items"].pop("title", None)
