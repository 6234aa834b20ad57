"""The description as a page: all of it, for anyone, under our own policy, and whatever it says stays text."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from afspraken.api import description, pages

PAD = "/api/v1/docs"
DOCUMENT: dict[str, Any] = description.build()
EVIL = "</code><script>alert(1)</script>\"'`<b>`"


def text_of(page: str) -> str:
    """What a reader sees, with one space between words; a place where a line may break is no space."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.replace("<wbr>", ""))).split())


def read() -> str:
    return Client().get(PAD).content.decode()


def test_every_operation_parameter_field_and_status_is_on_the_page() -> None:
    page = read()
    text = text_of(page)
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()} /api/v1{path}" in text
            assert operation["summary"] in text
            assert f'id="{operation["operationId"]}"' in page
            assert f'href="#{operation["operationId"]}"' in page
            assert all(f" {status} " in text for status in operation["responses"])
            assert all(parameter["description"] in text for parameter in operation["parameters"])
    for schema in DOCUMENT["components"]["schemas"].values():
        assert all(re.search(rf"\b{name}\b", text) for name in schema.get("properties", {}))
        assert all(re.search(rf"\b{value}\b", text) for value in schema.get("enum", ()))
    for answer in DOCUMENT["components"]["responses"].values():
        assert answer["content"]["application/problem+json"]["example"]["type"] in text


def test_an_operation_that_is_added_is_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    more = json.loads(description.as_text())
    more["paths"]["/nieuw"] = {"delete": {"operationId": "gooiWeg", "responses": {"204": {"description": "Weg"}}}}
    monkeypatch.setattr(pages, "as_text", lambda: json.dumps(more))
    page = read()
    assert "DELETE /api/v1/nieuw" in text_of(page)
    assert 'href="#gooiWeg"' in page


def test_anyone_may_read_it_and_it_sets_no_cookie() -> None:
    answer = Client().get(PAD)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_our_own_policy_without_an_exception() -> None:
    answer = Client().get(PAD)
    assert answer["Content-Security-Policy"] == Client().get("/")["Content-Security-Policy"]
    page = answer.content.decode()
    assert '<html lang="nl">' in page
    assert page.count("<h1>") == 1
    assert "<script" not in page
    assert " style=" not in page
    assert all(link.startswith("/static/") for link in re.findall(r'<link[^>]*href="([^"]+)"', page))


def test_every_link_on_the_page_lands() -> None:
    page = read()
    places = re.findall(r'\sid="([^"]+)"', page)
    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(places)
    assert set(re.findall(r'aria-labelledby="([^"]+)"', page)) <= set(places)
    assert 'href="/api/v1/openapi.json"' in page


def test_addresses_are_those_of_this_installation(settings: Any) -> None:
    settings.PUBLIC_URL = "https://vooraf.gemeente.example"
    text = text_of(read())
    assert "curl --request PUT 'https://vooraf.gemeente.example/api/v1/afspraken/jcc/A2026-0001'" in text
    assert "testserver" not in text


def test_whatever_the_description_says_stays_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(part: Any, name: str = "") -> Any:
        if isinstance(part, dict):
            spoiled = {key: spoil(value, key) for key, value in part.items()}
            if name == "properties":
                spoiled[EVIL] = {"type": "string", "enum": [EVIL], "default": EVIL, "pattern": EVIL}
            return spoiled
        if isinstance(part, list):
            return [spoil(each, name) for each in part]
        words = {"description", "summary", "title", "version", "operationId", "example", "type", "detail"}
        return part + EVIL if isinstance(part, str) and name in words and part not in JSON_TYPES else part

    JSON_TYPES = {"string", "integer", "number", "boolean", "object", "array", "null", "http"}  # noqa: N806
    monkeypatch.setattr(pages, "as_text", lambda: json.dumps(spoil(DOCUMENT)))
    page = read()
    assert "alert(1)" in page
    assert "<script" not in page
    assert "<b>" not in page


def test_english_is_marked_as_english(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'lang="en"' not in read()
    english = json.loads(description.as_text())
    english["info"]["description"] = "What the planning system may send."
    monkeypatch.setattr(pages, "as_text", lambda: json.dumps(english))
    assert re.search(r'<p lang="en">What the planning system may send\.\s*</p>', read())
