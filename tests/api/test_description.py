"""The description of the API: current, public, within the API design rules, in Dutch, and true to its examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from afspraken.api import description, examples, prose
from afspraken.api.auth import LEZEN, SCHRIJVEN
from afspraken.api.schemas import Schemas
from afspraken.flow.plan import Uitkomst
from afspraken.management.commands import openapi as command
from tests.api.conftest import AFSPRAAK, Planning, bericht, lees

DOCUMENT: dict[str, Any] = description.build()


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def resolve(part: Any) -> Any:
    """A part of the document with its references followed."""
    if isinstance(part, dict) and "$ref" in part:
        found: Any = DOCUMENT
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        return resolve(found)
    return part


def valid(data: Any, name: str) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(schema).validate(data)


def test_the_file_is_up_to_date() -> None:
    call_command("openapi", "--check", stdout=StringIO())


def test_a_file_that_is_behind_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "FILE", tmp_path / "openapi.json")
    with pytest.raises(CommandError, match="loopt achter"):
        call_command("openapi", "--check", stdout=StringIO())
    call_command("openapi", stdout=StringIO())
    call_command("openapi", "--check", stdout=StringIO())


def test_anyone_and_any_site_may_read_it() -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert json.loads(answer.content) == DOCUMENT


def test_the_contract_is_all_there() -> None:
    assert {(method, path) for path, method, _ in operations()} == {
        ("put", "/afspraken/{bron}/{externId}"),
        ("get", "/afspraken/{bron}/{externId}"),
        ("post", "/afspraken/{bron}/{externId}/annulering"),
        ("get", "/spelregels/actueel"),
    }
    valid(AFSPRAAK, "AfspraakIn")


def test_the_design_rules() -> None:
    """The rules that the public ruleset checks, for a machine without its linter."""
    assert re.fullmatch(r"3\.1\.\d+", DOCUMENT["openapi"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", DOCUMENT["info"]["version"])
    assert {"name", "email", "url"} <= set(DOCUMENT["info"]["contact"])
    assert all(re.search(r"/v\d+$", server["url"]) for server in DOCUMENT["servers"])
    identities = [operation["operationId"] for _, _, operation in operations()]
    assert len(identities) == len(set(identities))
    for path, method, operation in operations():
        assert not path.endswith("/"), path
        assert all(re.fullmatch(r"\{\w+\}|[a-z0-9-]+", part) for part in path.strip("/").split("/")), path
        for parameter in operation["parameters"]:
            assert re.fullmatch(r"[a-z][a-zA-Z0-9]*", parameter["name"])
        if method in {"put", "post"} or operation["parameters"]:
            assert "400" in operation["responses"], operation["operationId"]
        for status, reference in operation["responses"].items():
            answer = resolve(reference)
            assert "API-Version" in answer["headers"], (path, status)
            if status >= "400":
                schema = resolve(answer["content"]["application/problem+json"]["schema"])
                assert {"status", "title", "detail"} <= set(schema["properties"])


def test_names_are_camel_case_and_days_are_days() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert re.fullmatch(r"[A-Z][A-Za-z]+", name)
        for field, detail in schema.get("properties", {}).items():
            assert re.fullmatch(r"[a-z][a-zA-Z0-9]*", field), f"{name}.{field}"
            assert (field not in {"datum", "date"} and not field.endswith("Datum")) or detail.get("format") == "date"


@pytest.mark.django_db
def test_answers_are_as_described(planning: Planning) -> None:
    valid(lees(planning.put(bericht())), "ResultaatUit")
    valid(lees(planning.get()), "AfspraakUit")
    valid(lees(planning.annuleer()), "ResultaatUit")
    valid(lees(planning.put({"kleur": 1})), "Probleem")
    valid(lees(Client().get("/api/v1/spelregels/actueel?taal=en")), "SpelregelsUit")


def test_every_example_is_valid() -> None:
    checked = 0
    for part in [answer for _, _, operation in operations() for answer in operation["responses"].values()]:
        for media in resolve(part)["content"].values():
            valid(media["example"], media["schema"]["$ref"].rpartition("/")[2])
            checked += 1
    assert checked > 40
    for name, body in examples.BODIES.items():
        valid(body, {"zetAfspraak": "AfspraakIn", "annuleerAfspraak": "AnnuleringIn"}[name])


def test_every_operation_with_a_key_names_the_right_that_is_needed() -> None:
    needed = {operation["operationId"]: operation.get("security") for _, _, operation in operations()}
    assert needed == {
        "zetAfspraak": [{"sleutel": [SCHRIJVEN]}],
        "leesAfspraak": [{"sleutel": [LEZEN]}],
        "annuleerAfspraak": [{"sleutel": [SCHRIJVEN]}],
        "leesSpelregels": None,
    }


def texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name in {"description", "summary"} and isinstance(value, str):
                yield value
            elif name not in {"example", "examples"}:
                yield from texts(value)
    elif isinstance(part, list):
        for each in part:
            yield from texts(each)


def test_it_speaks_dutch() -> None:
    assert [text for text in texts(DOCUMENT) if prose.language(text) != "nl"] == []


def test_every_field_is_explained_and_every_limit_is_a_word_of_json_schema() -> None:
    schemas = Schemas(DOCUMENT)
    for name in DOCUMENT["components"]["schemas"]:
        unexplained = [
            row.name for row in schemas.rows({"$ref": f"#/components/schemas/{name}"}) if not row.explanation
        ]
        assert unexplained == [], name
    text = description.as_text()
    # What pydantic calls them.
    assert not re.search(r'"(ge|le|gt|lt)":', text)
    assert text.count('"maximum": 9223372036854775807') == 2


def test_values_that_end_as_a_refusal_are_not_promised() -> None:
    described = set(DOCUMENT["components"]["schemas"]["Uitkomst"]["enum"])
    assert {str(each) for each in Uitkomst} - described == {"verouderd", "geweigerd"}
