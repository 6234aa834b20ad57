"""The OpenAPI description as a page to read: dictionaries in, dataclasses for the template out. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from afspraken.api import curl
from afspraken.api.prose import Paragraph, Piece, paragraphs
from afspraken.api.samples import sample
from afspraken.api.schemas import Row, Schemas, anchor

_METHODS = ("get", "put", "post", "patch", "delete", "head", "options", "trace")
_PLACES = {"path": "in het adres", "query": "achter het vraagteken", "header": "header", "cookie": "cookie"}
_PROBLEM = "application/problem+json"


@dataclass(frozen=True, kw_only=True)
class Key:
    """A way to say who calls: the header it goes in, and what the description says of it."""

    header: str
    explanation: tuple[Paragraph, ...]


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter: where it stands, and the rest as of any field."""

    place: str
    row: Row


@dataclass(frozen=True, kw_only=True)
class Body:
    """What an operation is sent. Without ``rows`` its ``type`` says what it is."""

    required: bool
    content_type: str
    type: tuple[Piece, ...]
    rows: tuple[Row, ...]
    closed: bool


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer. ``problem`` is the place of a refusal in the list of problems; ``example`` is JSON text."""

    status: str
    meaning: tuple[Paragraph, ...]
    content_type: str
    type: tuple[Piece, ...]
    headers: tuple[Row, ...]
    problem: str
    example: str


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation; ``rights`` are what its key must have, None when it needs no key."""

    anchor: str
    name: str
    method: str
    path: str
    summary: str
    explanation: tuple[Paragraph, ...]
    rights: tuple[str, ...] | None
    parameters: tuple[Parameter, ...]
    body: Body | None
    answers: tuple[Answer, ...]
    curl: str

    @property
    def path_parts(self) -> tuple[str, ...]:
        """The path in parts, so that a narrow page may break it before a slash."""
        return tuple(re.findall(r"/?[^/]+|/", self.path))


@dataclass(frozen=True, kw_only=True)
class Group:
    """The operations under one tag."""

    anchor: str
    name: str
    explanation: tuple[Paragraph, ...]
    operations: tuple[Operation, ...]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of problem: its status, its fixed name, and an example as JSON text."""

    anchor: str
    status: str
    type: str
    meaning: tuple[Paragraph, ...]
    detail: str
    example: str

    @property
    def type_parts(self) -> tuple[str, ...]:
        """The fixed name in parts, so that a narrow page may break it after a colon."""
        return tuple(re.findall(r"[^:]+:?|:", self.type))


@dataclass(frozen=True, kw_only=True)
class Object:
    """One object that goes over the line, with its fields."""

    anchor: str
    name: str
    explanation: tuple[Paragraph, ...]
    rows: tuple[Row, ...]
    closed: bool


@dataclass(frozen=True, kw_only=True)
class Page:
    """The whole page."""

    title: str
    version: str
    openapi: str
    address: str
    introduction: tuple[Paragraph, ...]
    keys: tuple[Key, ...]
    headers: tuple[Row, ...]
    groups: tuple[Group, ...]
    problems: tuple[Kind, ...]
    objects: tuple[Object, ...]


def read(document: Mapping[str, Any], *, base: str) -> Page:
    """The page. ``base`` is scheme and host of this installation, for an address in the description without them."""
    return _Reader(document, base).page()


def as_json(value: Any) -> str:
    """An example as text."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def slug(text: str) -> str:
    """A name as a place on the page."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-")


class _Reader:
    def __init__(self, document: Mapping[str, Any], base: str) -> None:
        self.document = document
        self.schemas = Schemas(document)
        server = (document.get("servers") or [{"url": "/"}])[0]["url"].rstrip("/")
        self.address = server if "://" in server else base + server
        self.prefix = re.sub(r"^\w+://[^/]+", "", server)
        self.shared = self._shared_headers()

    def page(self) -> Page:
        info = self.document["info"]
        groups = tuple(self._groups())
        problems = tuple(self._problems())
        return Page(
            title=info["title"],
            version=info["version"],
            openapi=self.document["openapi"],
            address=self.address,
            introduction=paragraphs(info.get("description", "")),
            keys=tuple(self._keys()),
            headers=tuple(self._header(name, header) for name, header in self.shared.items()),
            groups=groups,
            problems=problems,
            objects=self._objects(groups),
        )

    def _operations(self) -> Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]:
        """Path, method, path item and operation."""
        for path, item in self.document.get("paths", {}).items():
            found = self.schemas.follow(item)
            for method in found:
                if method in _METHODS:
                    yield path, method, found, found[method]

    def _groups(self) -> Iterator[Group]:
        by_tag: dict[str, list[Operation]] = {tag["name"]: [] for tag in self.document.get("tags", ())}
        for path, method, item, operation in self._operations():
            tag = (operation.get("tags") or ["overig"])[0]
            by_tag.setdefault(tag, []).append(self._operation(path, method, item, operation))
        told = {tag["name"]: tag.get("description", "") for tag in self.document.get("tags", ())}
        for tag, operations in by_tag.items():
            if operations:
                yield Group(
                    anchor=f"groep-{slug(tag)}",
                    name=tag,
                    explanation=paragraphs(told.get(tag, "")),
                    operations=tuple(operations),
                )

    def _operation(self, path: str, method: str, item: Mapping[str, Any], operation: Mapping[str, Any]) -> Operation:
        given = {
            (found["in"], found["name"]): found
            for each in (*item.get("parameters", ()), *operation.get("parameters", ()))
            for found in [self.schemas.follow(each)]
        }
        name = operation.get("operationId", "")
        body = self.schemas.follow(operation.get("requestBody"))
        rights = self._rights(operation)
        return Operation(
            anchor=slug(name or f"{method}{path}"),
            name=name,
            method=method.upper(),
            path=self.prefix + path,
            summary=operation.get("summary") or name or path,
            explanation=paragraphs(operation.get("description", "")),
            rights=rights,
            parameters=tuple(self._parameter(each) for each in given.values()),
            body=self._body(body) if body else None,
            answers=tuple(self._answer(status, answer) for status, answer in operation["responses"].items()),
            curl=self._curl(path, method, given.values(), body, [] if rights is None else self._key_headers(operation)),
        )

    def _rights(self, operation: Mapping[str, Any]) -> tuple[str, ...] | None:
        needs = operation.get("security", self.document.get("security", ()))
        if not needs or {} in needs:
            return None
        return tuple(dict.fromkeys(right for need in needs for rights in need.values() for right in rights))

    def _key_headers(self, operation: Mapping[str, Any]) -> list[str]:
        needs = operation.get("security", self.document.get("security", ()))
        schemes = self.document.get("components", {}).get("securitySchemes", {})
        return [curl.key_header(self.schemas.follow(schemes[name])) for name in needs[0]]

    def _parameter(self, parameter: Mapping[str, Any]) -> Parameter:
        schema = dict(parameter.get("schema", {}))
        if parameter.get("example") is not None:
            schema["examples"] = [parameter["example"]]
        return Parameter(
            place=_PLACES[parameter["in"]],
            row=Row(
                name=parameter["name"],
                type=self.schemas.type_of(schema),
                required=bool(parameter.get("required")),
                facts=self.schemas.facts_of(schema),
                explanation=paragraphs(parameter.get("description", "")) or self.schemas.explain(schema),
            ),
        )

    def _body(self, body: Mapping[str, Any]) -> Body:
        content_type, media = _first(body["content"])
        schema = media.get("schema", {})
        inner = None if self.schemas.is_list(schema) else self.schemas.inside(schema)
        return Body(
            required=bool(body.get("required")),
            content_type=content_type,
            type=self.schemas.type_of(schema),
            rows=self.schemas.rows(inner, flat=True) if inner is not None else (),
            closed=inner is not None and self.schemas.closed(inner),
        )

    def _answer(self, status: str, reference: Mapping[str, Any]) -> Answer:
        answer = self.schemas.follow(reference)
        content_type, media = _first(answer.get("content", {}))
        is_problem = content_type == _PROBLEM
        return Answer(
            status=status,
            meaning=paragraphs(answer.get("description", "")),
            content_type=content_type,
            type=self.schemas.type_of(media["schema"]) if "schema" in media else (),
            headers=tuple(
                self._header(name, header)
                for name, header in answer.get("headers", {}).items()
                if name not in self.shared
            ),
            problem=_problem_anchor(status) if is_problem else "",
            example=as_json(self._example(media)) if media and not is_problem else "",
        )

    def _example(self, media: Mapping[str, Any]) -> Any:
        if "example" in media:
            return media["example"]
        for each in media.get("examples", {}).values():
            return self.schemas.follow(each).get("value")
        return sample(self.schemas, media.get("schema", {}))

    def _header(self, name: str, reference: Mapping[str, Any]) -> Row:
        header = self.schemas.follow(reference)
        schema = header.get("schema", {})
        return Row(
            name=name,
            type=self.schemas.type_of(schema),
            required=True,
            facts=self.schemas.facts_of(schema),
            explanation=paragraphs(header.get("description", "")),
        )

    def _shared_headers(self) -> dict[str, Any]:
        """The headers that every answer has: told once."""
        all_headers = [
            self.schemas.follow(answer).get("headers", {})
            for *_, operation in self._operations()
            for answer in operation["responses"].values()
        ]
        first, *rest = all_headers or [{}]
        return {name: header for name, header in first.items() if all(name in headers for headers in rest)}

    def _keys(self) -> Iterator[Key]:
        for reference in self.document.get("components", {}).get("securitySchemes", {}).values():
            scheme = self.schemas.follow(reference)
            yield Key(header=curl.key_header(scheme), explanation=paragraphs(scheme.get("description", "")))

    def _problems(self) -> Iterator[Kind]:
        found: dict[str, Mapping[str, Any]] = {}
        for *_, operation in self._operations():
            for status, reference in operation["responses"].items():
                answer = self.schemas.follow(reference)
                if _PROBLEM in answer.get("content", {}):
                    found.setdefault(status, answer)
        for status, answer in sorted(found.items()):
            example = self._example(answer["content"][_PROBLEM])
            told = example if isinstance(example, Mapping) else {}
            yield Kind(
                anchor=_problem_anchor(status),
                status=status,
                type=str(told.get("type", "")),
                meaning=paragraphs(answer.get("description", "")),
                detail=str(told.get("detail", "")),
                example=as_json(example),
            )

    def _objects(self, groups: tuple[Group, ...]) -> tuple[Object, ...]:
        """Every object that something on the page leads to, each followed by what is inside it."""
        found: dict[str, Object] = {}

        def visit(types: Iterable[tuple[Piece, ...]]) -> None:
            for name in (piece.text for pieces in types for piece in pieces if piece.anchor):
                if name not in found:
                    found[name] = self._object(name, {"$ref": f"#/components/schemas/{name}"})
                    visit(row.type for row in found[name].rows)

        visit(pieces for group in groups for each in group.operations for pieces in _types(each))
        return tuple(found.values())

    def _object(self, name: str, schema: Mapping[str, Any]) -> Object:
        return Object(
            anchor=anchor(name),
            name=name,
            explanation=self.schemas.explain(schema),
            rows=self.schemas.rows(schema),
            closed=self.schemas.closed(schema),
        )

    def _curl(self, path: str, method: str, parameters: Iterable[Mapping[str, Any]], body: Any, keys: list[str]) -> str:
        content_type, media = _first(body["content"]) if body else ("", {})
        return curl.command(
            method=method,
            address=self.address,
            path=path,
            values=[(each["in"], each["name"], self._value(each)) for each in parameters],
            keys=keys,
            content_type=content_type,
            body=as_json(self._example(media)) if body else "",
        )

    def _value(self, parameter: Mapping[str, Any]) -> str:
        value = parameter.get("example")
        value = sample(self.schemas, parameter.get("schema", {})) if value is None else value
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _first(content: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    return next(iter(content.items()), ("", {}))


def _problem_anchor(status: str) -> str:
    return f"fout-{slug(status)}"


def _types(operation: Operation) -> Iterator[tuple[Piece, ...]]:
    yield from (parameter.row.type for parameter in operation.parameters)
    if operation.body is not None:
        yield from (row.type for row in operation.body.rows) if operation.body.rows else [operation.body.type]
    yield from (answer.type for answer in operation.answers)
