"""JSON Schema as a reader wants it: a row for each field, its type in words and its limits.

Pure: dictionaries in, dataclasses out. Knows what OpenAPI 3.1 can say, not only what our own description says today.
References lead inside the document; one that leads nowhere raises KeyError.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from afspraken.api.prose import Paragraph, Piece, paragraphs

_WORDS = {
    "string": "tekst",
    "integer": "geheel getal",
    "number": "getal",
    "boolean": "true of false",
    "object": "object",
    "null": "null",
}
_FORMATS = {
    "date-time": "datum en tijd",
    "date": "datum",
    "time": "tijd",
    "email": "e-mailadres",
    "uri": "URI",
    "uri-reference": "adres",
    "uuid": "UUID",
}
_PLURALS = {
    "tekst": "teksten",
    "geheel getal": "gehele getallen",
    "getal": "getallen",
    "object": "objecten",
    "datum": "datums",
}
_RANGES = (
    ("minLength", "maxLength", " tekens"),
    ("minItems", "maxItems", " in de lijst"),
    ("minProperties", "maxProperties", " velden"),
    ("minimum", "maximum", ""),
)
_LIMITS = {
    "const": "Altijd",
    "exclusiveMinimum": "Meer dan",
    "exclusiveMaximum": "Minder dan",
    "multipleOf": "Veelvoud van",
    "pattern": "Patroon",
}


@dataclass(frozen=True)
class Fact:
    """A limit or an example: words, and the values that belong to them, to be shown as code."""

    label: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """One field. ``within`` names the nearest object around it that may be absent: with that, it is required."""

    name: str
    type: tuple[Piece, ...]
    required: bool
    within: str = ""
    facts: tuple[Fact, ...] = ()
    explanation: tuple[Paragraph, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The name in parts, so that a narrow page may break it after a dot."""
        *heads, last = self.name.split(".")
        return (*(f"{head}." for head in heads), last)


def anchor(name: str) -> str:
    """The place on the page where a schema stands."""
    return f"gegevens-{name}"


def plain(value: Any) -> str:
    """A value as JSON writes it, but a text without its quotes; the empty text keeps them."""
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def kind_of(schema: Mapping[str, Any]) -> str:
    """The JSON type of a schema without choices; "" when it takes anything."""
    kind = schema.get("type")
    if isinstance(kind, str):
        return kind
    if "properties" in schema or "additionalProperties" in schema:
        return "object"
    if "items" in schema:
        return "array"
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    return "string" if values and all(isinstance(value, str) for value in values) else ""


class Schemas:
    """The schemas of one description."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def follow(self, part: Any) -> Any:
        """The part itself, or what it refers to; what stands beside a reference wins."""
        if not isinstance(part, Mapping) or "$ref" not in part:
            return part
        found: Any = self._document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step.replace("~1", "/").replace("~0", "~")]
        return {**self.follow(found), **{name: value for name, value in part.items() if name != "$ref"}}

    def whole(self, schema: Any) -> dict[str, Any]:
        """The schema with references followed and ``allOf`` put together; one that takes anything is empty."""
        found = self.follow(schema)
        if not isinstance(found, Mapping):
            return {}
        merged = {name: value for name, value in found.items() if name != "allOf"}
        for part in found.get("allOf", ()):
            for name, value in self.whole(part).items():
                if name == "properties":
                    merged[name] = {**value, **merged.get(name, {})}
                elif name == "required":
                    merged[name] = [*value, *merged.get(name, ())]
                else:
                    merged.setdefault(name, value)
        return merged

    def options(self, schema: Any) -> tuple[list[Any], bool]:
        """What a value may be, one schema for each kind, and whether it may be null as well."""
        if self.named(schema):
            return [schema], False
        found = self.whole(schema)
        choices = list(found.get("anyOf") or found.get("oneOf") or ())
        if isinstance(found.get("type"), list):
            choices = [{**found, "type": kind} for kind in found["type"]]
        if not choices:
            return [found], False
        known = [choice for choice in choices if self.whole(choice).get("type") != "null"]
        return known or choices, 0 < len(known) < len(choices)

    def named(self, schema: Any) -> str:
        """The name of the object that a schema refers to, "" for anything else."""
        if not isinstance(schema, Mapping):
            return ""
        parts = schema.get("allOf", ())
        reference = str(schema.get("$ref") or (parts[0].get("$ref", "") if len(parts) == 1 else ""))
        return reference.rpartition("/")[2] if reference and "properties" in self.whole(schema) else ""

    def inside(self, schema: Any) -> Any:
        """The one object that a value is, or is a list of; None when there is none, or a choice."""
        options, _ = self.options(schema)
        if len(options) != 1:
            return None
        found = self.whole(options[0])
        if kind_of(found) == "array":
            return self.inside(found.get("items", {}))
        return options[0] if found.get("properties") else None

    def is_list(self, schema: Any) -> bool:
        """Whether the only thing a value may be is a list."""
        return kind_of(self.whole(self.options(schema)[0][0])) == "array"

    def closed(self, schema: Any) -> bool:
        """Whether an object takes no other fields than those described."""
        return self.whole(schema).get("additionalProperties") is False

    def type_of(self, schema: Any, *, link: bool = True) -> tuple[Piece, ...]:
        """The type in words; an object with a name is a link to where it stands, unless ``link`` is off."""
        options, nullable = self.options(schema)
        words = list(dict.fromkeys(self._type_of_one(option, link=link) for option in options))
        if nullable:
            words.append((Piece("null", code=True),))
        first, *rest = words
        return (*first, *(piece for more in rest for piece in (Piece(" of "), *more)))

    def _type_of_one(self, schema: Any, *, link: bool) -> tuple[Piece, ...]:
        name = self.named(schema)
        if name and link:
            return (Piece(name, anchor=anchor(name)),)
        found = self.whole(schema)
        kind = kind_of(found)
        if kind == "array":
            item = self.type_of(found.get("items", {}), link=link)
            many = Piece(_PLURALS.get(item[0].text, item[0].text), code=item[0].code, anchor=item[0].anchor)
            return (Piece("lijst van "), many if len(item) == 1 else item[0], *item[1:])
        extra = found.get("additionalProperties")
        if kind == "object" and isinstance(extra, Mapping) and not found.get("properties"):
            return (Piece("object met bij elke naam "), *self.type_of(extra, link=link))
        return (Piece(_FORMATS.get(found.get("format", ""), _WORDS.get(kind, "elke waarde"))),)

    def facts_of(self, schema: Any) -> tuple[Fact, ...]:
        """Limits, default and one example of a value; limits of a list's items too."""
        options = [self.whole(option) for option in self.options(schema)[0]]
        found = [fact for option in options for fact in self._limits(option)]
        whole = self.whole(schema)
        if whole.get("default") is not None:
            found.append(Fact("Standaard", (plain(whole["default"]),)))
        examples = [
            example
            for part in (whole, *options)
            if "properties" not in part
            for example in ([part["example"]] if "example" in part else part.get("examples", ()))
        ]
        found += [Fact("Voorbeeld", (plain(example),)) for example in examples[:1]]
        return tuple(dict.fromkeys(found))

    def _limits(self, schema: Mapping[str, Any]) -> Iterator[Fact]:
        if "enum" in schema:
            yield Fact("Een van", tuple(plain(value) for value in schema["enum"] if value is not None))
        for low, high, words in _RANGES:
            yield from _range(schema.get(low), schema.get(high), words)
        yield from (Fact(words, (plain(schema[name]),)) for name, words in _LIMITS.items() if name in schema)
        if schema.get("uniqueItems"):
            yield Fact("Niets dubbel")
        if schema.get("format") not in (None, *_FORMATS):
            yield Fact("Notatie", (plain(schema["format"]),))
        if "items" in schema and not self.named(schema["items"]):
            for option in self.options(schema["items"])[0]:
                for fact in self._limits(self.whole(option)):
                    yield Fact(f"Per stuk: {fact.label[0].lower()}{fact.label[1:]}", fact.values)

    def explain(self, schema: Any) -> tuple[Paragraph, ...]:
        """What the description says of a value, and of the kind of value it is."""
        texts: list[str] = []
        self._texts(schema, texts)
        return tuple(paragraph for text in dict.fromkeys(texts) for paragraph in paragraphs(text))

    def _texts(self, schema: Any, texts: list[str]) -> None:
        if not isinstance(schema, Mapping):
            return
        if schema.get("description"):
            texts.append(str(schema["description"]))
        if self.named(schema) and texts:
            # What an object is stands with the object; here only when nothing else is said.
            return
        if "$ref" in schema:
            self._texts(self.follow({"$ref": schema["$ref"]}), texts)
        for inner in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
            self._texts(inner, texts)
        if "items" in schema:
            self._texts(schema["items"], texts)

    def rows(self, schema: Any, *, flat: bool = False) -> tuple[Row, ...]:
        """A row for each field. ``flat``: the fields of an object inside follow it, with dots in their names."""
        return tuple(self._rows(schema, prefix="", within="", above=(self.named(schema),) if flat else None))

    def _rows(self, schema: Any, *, prefix: str, within: str, above: tuple[str, ...] | None) -> Iterator[Row]:
        """``above`` names the objects around these fields; None: nothing is opened."""
        found = self.whole(schema)
        for name, field in found.get("properties", {}).items():
            full, required = f"{prefix}{name}", name in found.get("required", ())
            inner = None if above is None else self.inside(field)
            name_inside = self.named(inner)
            # An object inside itself would go on for ever: there the row leads to where it stands.
            opened = inner is not None and (not name_inside or name_inside not in (above or ()))
            yield Row(
                name=full,
                type=self.type_of(field, link=not opened),
                required=required,
                within=within if required else "",
                facts=self.facts_of(field),
                explanation=self.explain(field),
            )
            if opened:
                yield from self._rows(
                    inner,
                    prefix=f"{full}{'[]' if self.is_list(field) else ''}.",
                    within=within if required else full,
                    above=(*(above or ()), name_inside),
                )
        extra = found.get("additionalProperties")
        if found.get("properties") and isinstance(extra, Mapping):
            yield Row(name=f"{prefix}*", type=self.type_of(extra), required=False, explanation=self.explain(extra))


def _range(low: Any, high: Any, words: str) -> Iterator[Fact]:
    low = None if words and not low else low
    if low is not None and low == high:
        yield Fact(f"Precies {plain(low)}{words}")
    elif low is not None and high is not None:
        yield Fact(f"Van {plain(low)} tot en met {plain(high)}{words}")
    elif high is not None:
        yield Fact(f"Hooguit {plain(high)}{words}")
    elif low is not None:
        yield Fact(f"Minstens {plain(low)}{words}")
