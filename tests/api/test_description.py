"""The description of the API: current, public, within the API design rules, and readable under our own policy."""

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

from afspraken.api import description
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


def test_the_page_runs_under_our_policy_and_loads_from_our_own_host() -> None:
    answer = Client().get("/api/v1/docs")
    assert answer.status_code == 200
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    text = answer.content.decode()
    assert '<html lang="nl">' in text
    assert all(link.startswith("/static/") for link in re.findall(r'(?:src|href)="([^"]+)"', text))
    assert "data:" not in Client().get("/")["Content-Security-Policy"]
