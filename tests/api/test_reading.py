"""The description as a page: every operation, its key, its answers, and a command that can be pasted."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest
from django.test import Client

from afspraken.api import curl, description, examples, reading
from afspraken.api.prose import Piece
from tests.api.conftest import Planning

BASE = "https://vooraf.gemeente.example"
DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Proef", "version": "2.0.0"},
    "servers": [{"url": "https://api.example/v2/"}],
    "security": [{"hoofd": []}],
    "tags": [{"name": "leeg"}, {"name": "dieren", "description": "All the animals."}],
    "paths": {
        "/dieren/{soort}": {
            "summary": "not a method",
            "parameters": [
                {"in": "path", "name": "soort", "required": True, "schema": {"type": "string"}, "example": "a/b c"},
                {"in": "query", "name": "per", "schema": {"type": "integer"}},
            ],
            "get": {
                "tags": ["dieren"],
                "parameters": [
                    {"in": "query", "name": "per", "schema": {"type": "integer", "minimum": 10}},
                    {"in": "header", "name": "X-Wie", "schema": {"type": "string"}, "example": "it's me"},
                    {"in": "cookie", "name": "koek", "schema": {"enum": ["ja"]}},
                ],
                "responses": {
                    "200": {
                        "description": "Gelukt",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Dier"}}},
                    }
                },
            },
            "patch": {
                "operationId": "temDier",
                "security": [{"hoofd": ["temmen"]}, {"hoofd": ["temmen", "meer"]}],
                "requestBody": {"$ref": "#/components/requestBodies/Lijst"},
                "responses": {
                    "204": {"description": "Done, and there is nothing to say.", "headers": {}},
                    "default": {
                        "description": "Mis",
                        "content": {"application/problem+json": {"schema": {"type": "object"}}},
                    },
                },
            },
            "delete": {"operationId": "laatGaan", "security": [{}, {"hoofd": []}], "responses": {}},
        }
    },
    "components": {
        "schemas": {
            "Dier": {
                "type": "object",
                "properties": {"naam": {"type": "string"}, "hok": {"$ref": "#/components/schemas/Hok"}},
            },
            "Hok": {"type": "object", "properties": {"dier": {"$ref": "#/components/schemas/Dier"}}},
            "Los": {"type": "object", "properties": {"nooit": {"type": "string"}}},
        },
        "requestBodies": {
            "Lijst": {
                "content": {
                    "application/json": {
                        "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Hok"}},
                        "examples": {"een": {"value": [{"wat": "'t"}]}},
                    }
                }
            }
        },
        "securitySchemes": {"hoofd": {"type": "apiKey", "in": "header", "name": "X-Key"}},
    },
}


def operations(page: reading.Page) -> dict[str, reading.Operation]:
    return {each.anchor: each for group in page.groups for each in group.operations}


def test_every_operation_of_our_own_is_there() -> None:
    document = description.build()
    page = reading.read(document, base=BASE)
    found = {(each.method.lower(), each.path.removeprefix("/api/v1")) for each in operations(page).values()}
    assert found == {(method, path) for path, methods in document["paths"].items() for method in methods}
    assert [group.name for group in page.groups] == ["afspraken", "spelregels"]
    assert page.address == f"{BASE}/api/v1"
    assert operations(page)["zetAfspraak"].rights == ("afspraken:schrijven",)
    assert operations(page)["leesSpelregels"].rights is None
    assert [header.name for header in page.headers] == ["API-Version"]
    assert {each.type.removeprefix("urn:vooraf:probleem:") for each in page.problems} >= {"botsing", "te-vaak"}


def test_every_link_lands_and_no_place_is_there_twice() -> None:
    page = reading.read(description.build(), base=BASE)
    names = {each.name for each in page.objects}
    assert names >= {"AfspraakUit", "HandtekeningUit", "Probleem", "Fout"}
    # What is sent stands whole with its operation.
    assert "AfspraakIn" not in names
    linked = {piece.text for each in page.objects for row in each.rows for piece in row.type if piece.anchor}
    assert linked <= names
    places = [
        *(each.anchor for each in page.groups),
        *(each.anchor for each in page.problems),
        *(each.anchor for each in page.objects),
        *operations(page),
    ]
    assert len(places) == len(set(places))


def test_another_description() -> None:
    page = reading.read(DOCUMENT, base=BASE)
    assert page.address == "https://api.example/v2"
    assert [(group.name, len(group.operations)) for group in page.groups] == [("dieren", 1), ("overig", 2)]
    assert page.groups[0].explanation[0].lang == "en"
    get, patch, delete = operations(page).values()
    assert (get.anchor, get.summary, get.path) == ("get-dieren-soort", "/dieren/{soort}", "/v2/dieren/{soort}")
    assert get.path_parts == ("/v2", "/dieren", "/{soort}")
    assert [each.row.name for each in get.parameters] == ["soort", "per", "X-Wie", "koek"]
    assert (get.rights, patch.rights, delete.rights) == ((), ("temmen", "meer"), None)
    assert [key.header for key in page.keys] == ["X-Key: $VOORAF_SLEUTEL"]
    assert patch.body == reading.Body(
        required=False,
        content_type="application/json",
        type=(Piece("lijst van "), Piece("Hok", anchor="gegevens-Hok")),
        rows=(),
        closed=False,
    )
    done, wrong = patch.answers
    assert (done.content_type, done.type, done.example, done.meaning[0].lang) == ("", (), "", "en")
    assert (wrong.problem, wrong.example) == ("fout-default", "")
    # An object that nothing leads to is not told; one inside another is, once.
    assert [each.name for each in page.objects] == ["Dier", "Hok"]
    assert json.loads(get.answers[0].example) == {"naam": "tekst", "hok": {}}


def test_the_commands_of_another_description() -> None:
    get, patch, delete = operations(reading.read(DOCUMENT, base=BASE)).values()
    assert shlex.split(get.curl.replace("\\\n", "")) == [
        "curl",
        "https://api.example/v2/dieren/a%2Fb%20c?per=10",
        "--header",
        "X-Key: $VOORAF_SLEUTEL",
        "--header",
        "X-Wie: it's me",
        "--header",
        "Cookie: koek=ja",
    ]
    words = shlex.split(patch.curl.replace("\\\n", ""))
    assert words[:3] == ["curl", "--request", "PATCH"]
    assert json.loads(words[-1]) == [{"wat": "'t"}]
    assert "X-Key" not in delete.curl


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*operations(reading.read(description.build(), base=BASE))])
def test_our_own_commands_work_when_pasted(planning: Planning, name: str) -> None:
    command = operations(reading.read(description.build(), base=BASE))[name].curl
    words = shlex.split(command.replace("\\\n", "").replace(f"${curl.KEY_NAME}", planning.sleutel))
    assert words.pop(0) == "curl"
    headers: dict[str, str] = {}
    method, url, data = "GET", "", ""
    while words:
        match words.pop(0):
            case "--request":
                method = words.pop(0)
            case "--header":
                header, _, value = words.pop(0).partition(": ")
                headers[header] = value
            case "--data":
                data = words.pop(0)
            case other:
                url = other
    assert url.startswith(f"{BASE}/api/v1/")
    if name == "leesAfspraak":
        planning.put(examples.AFSPRAAK, "/api/v1/afspraken/jcc/A2026-0001")
    content_type = headers.pop("Content-Type", "")
    answer = Client().generic(method, url.removeprefix(BASE), data, content_type=content_type, headers=headers)
    assert answer.status_code == (201 if name == "zetAfspraak" else 200), answer.content
