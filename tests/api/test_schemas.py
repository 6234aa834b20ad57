"""JSON Schema in words: types, limits, rows, and examples that are valid."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from afspraken.api import description, prose
from afspraken.api.prose import Piece
from afspraken.api.samples import sample
from afspraken.api.schemas import Fact, Row, Schemas

DOCUMENT: dict[str, Any] = {
    "components": {
        "schemas": {
            "Adres": {
                "type": "object",
                "description": "Waar iets is.",
                "required": ["straat"],
                "properties": {"straat": {"type": "string", "maxLength": 80}, "nummer": {"type": "integer"}},
                "additionalProperties": False,
            },
            "Kleur": {"type": "string", "enum": ["rood", "blauw"], "description": "De kleur."},
            "Boom": {
                "type": "object",
                "required": ["naam"],
                "properties": {
                    "naam": {"type": "string"},
                    "takken": {"type": "array", "items": {"$ref": "#/components/schemas/Boom"}},
                },
            },
            "Ja/Nee": {"type": "boolean"},
            "Kaart": {"type": "object", "additionalProperties": {"type": "integer"}},
        }
    }
}
SCHEMAS = Schemas(DOCUMENT)
ADRES = {"$ref": "#/components/schemas/Adres"}
KLEUR = {"$ref": "#/components/schemas/Kleur"}
BOOM = {"$ref": "#/components/schemas/Boom"}
NULL = {"type": "null"}


def words(pieces: tuple[Piece, ...]) -> str:
    """Pieces as one text: links between square brackets, code between backticks."""
    return "".join(f"[{p.text}]" if p.anchor else f"`{p.text}`" if p.code else p.text for p in pieces)


def facts(schema: Any) -> list[str]:
    return [
        f"{fact.label}: {', '.join(fact.values)}" if fact.values else fact.label for fact in SCHEMAS.facts_of(schema)
    ]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "tekst"),
        ({"type": "string", "format": "date-time"}, "datum en tijd"),
        ({"type": "string", "format": "iban"}, "tekst"),
        ({"type": "integer"}, "geheel getal"),
        ({"type": "boolean"}, "true of false"),
        ({}, "elke waarde"),
        (True, "elke waarde"),
        ({"enum": ["a", "b"]}, "tekst"),
        ({"const": "a"}, "tekst"),
        ({"type": ["integer", "null"]}, "geheel getal of `null`"),
        ({"type": ["integer", "string"]}, "geheel getal of tekst"),
        ({"anyOf": [{"type": "string"}, NULL]}, "tekst of `null`"),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}, NULL]}, "tekst of geheel getal of `null`"),
        ({"anyOf": [{"type": "string", "maxLength": 1}, {"type": "string", "pattern": "x"}]}, "tekst"),
        (NULL, "null"),
        (ADRES, "[Adres]"),
        ({"allOf": [ADRES], "description": "Thuis."}, "[Adres]"),
        ({"anyOf": [ADRES, NULL]}, "[Adres] of `null`"),
        ({"anyOf": [ADRES, BOOM]}, "[Adres] of [Boom]"),
        (KLEUR, "tekst"),
        ({"anyOf": [KLEUR, NULL]}, "tekst of `null`"),
        ({"$ref": "#/components/schemas/Ja~1Nee"}, "true of false"),
        ({"type": "array", "items": {"type": "string"}}, "lijst van teksten"),
        ({"type": "array", "items": ADRES}, "lijst van [Adres]"),
        ({"type": "array", "items": {"anyOf": [ADRES, NULL]}}, "lijst van [Adres] of `null`"),
        ({"type": "array"}, "lijst van elke waarde"),
        ({"type": "object", "additionalProperties": ADRES}, "object met bij elke naam [Adres]"),
        ({"$ref": "#/components/schemas/Kaart"}, "object met bij elke naam geheel getal"),
        ({"type": "object", "additionalProperties": True}, "object"),
    ],
)
def test_types(schema: Any, expected: str) -> None:
    assert words(SCHEMAS.type_of(schema)) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "maxLength": 200}, ["Hooguit 200 tekens"]),
        ({"type": "string", "minLength": 0, "maxLength": 5}, ["Hooguit 5 tekens"]),
        ({"type": "string", "minLength": 1, "maxLength": 5}, ["Van 1 tot en met 5 tekens"]),
        ({"type": "string", "minLength": 9, "maxLength": 9}, ["Precies 9 tekens"]),
        ({"type": "integer", "minimum": 0}, ["Minstens 0"]),
        ({"type": "integer", "minimum": 0, "maximum": 7}, ["Van 0 tot en met 7"]),
        ({"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.5}, ["Meer dan: 0", "Veelvoud van: 0.5"]),
        ({"type": "string", "pattern": "^a$", "format": "iban"}, ["Patroon: ^a$", "Notatie: iban"]),
        ({"const": ""}, ['Altijd: ""']),
        ({"enum": ["ja", "", None, 1]}, ['Een van: ja, "", 1']),
        ({"anyOf": [KLEUR, NULL]}, ["Een van: rood, blauw"]),
        ({"anyOf": [{"type": "string", "maxLength": 4}, NULL], "default": None}, ["Hooguit 4 tekens"]),
        ({"type": "string", "default": "nl", "examples": ["nl", "en"]}, ["Standaard: nl", "Voorbeeld: nl"]),
        ({"type": "boolean", "default": False}, ["Standaard: false"]),
        ({"anyOf": [{"type": "string", "examples": ["x"]}, NULL]}, ["Voorbeeld: x"]),
        (
            {"type": "array", "items": KLEUR, "minItems": 1, "maxItems": 3, "uniqueItems": True},
            ["Van 1 tot en met 3 in de lijst", "Niets dubbel", "Per stuk: een van: rood, blauw"],
        ),
        ({"type": "array", "items": {"type": "string", "maxLength": 3}}, ["Per stuk: hooguit 3 tekens"]),
        ({"type": "object", "additionalProperties": True, "maxProperties": 5}, ["Hooguit 5 velden"]),
        (ADRES, []),
    ],
)
def test_limits(schema: Any, expected: list[str]) -> None:
    assert facts(schema) == expected


def test_a_row_for_each_field_with_a_link_to_the_object_inside() -> None:
    schema = {"type": "object", "required": ["adres"], "properties": {"adres": ADRES, "kleur": KLEUR}}
    adres, kleur = SCHEMAS.rows(schema)
    assert (adres.name, adres.required, adres.type) == ("adres", True, (Piece("Adres", anchor="gegevens-Adres"),))
    assert (kleur.required, kleur.facts) == (False, (Fact("Een van", ("rood", "blauw")),))
    assert words(kleur.explanation[0].pieces) == "De kleur."


def summary(rows: tuple[Row, ...]) -> list[tuple[str, str, bool, str]]:
    return [(row.name, words(row.type), row.required, row.within) for row in rows]


def test_flat_rows_say_when_a_field_inside_is_required() -> None:
    optional = {"anyOf": [ADRES, NULL]}
    schema = {
        "type": "object",
        "required": ["vast"],
        "properties": {"vast": ADRES, "los": optional, "meer": {"type": "array", "items": ADRES}},
    }
    assert summary(SCHEMAS.rows(schema, flat=True)) == [
        ("vast", "object", True, ""),
        ("vast.straat", "tekst", True, ""),
        ("vast.nummer", "geheel getal", False, ""),
        ("los", "object of `null`", False, ""),
        ("los.straat", "tekst", True, "los"),
        ("los.nummer", "geheel getal", False, ""),
        ("meer", "lijst van objecten", False, ""),
        ("meer[].straat", "tekst", True, "meer"),
        ("meer[].nummer", "geheel getal", False, ""),
    ]
    assert SCHEMAS.rows(schema, flat=True)[1].parts == ("vast.", "straat")


def test_an_object_inside_itself_is_a_link() -> None:
    assert summary(SCHEMAS.rows(BOOM, flat=True)) == [
        ("naam", "tekst", True, ""),
        ("takken", "lijst van [Boom]", False, ""),
    ]


def test_parts_put_together_and_fields_of_any_other_name() -> None:
    schema = {"allOf": [ADRES, {"properties": {"plaats": {"type": "string"}}, "required": ["plaats"]}]}
    assert {name: required for name, _, required, _ in summary(SCHEMAS.rows(schema))} == {
        "straat": True,
        "nummer": False,
        "plaats": True,
    }
    other = {"properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "integer"}}
    assert summary(SCHEMAS.rows(other))[-1] == ("*", "geheel getal", False, "")
    assert [SCHEMAS.closed(each) for each in (ADRES, BOOM, other)] == [True, False, False]


def test_what_is_said_of_a_field_and_of_its_kind() -> None:
    def told(schema: Any) -> list[str]:
        return [words(paragraph.pieces) for paragraph in SCHEMAS.explain(schema)]

    assert told({"$ref": KLEUR["$ref"], "description": "Van de deur."}) == ["Van de deur.", "De kleur."]
    assert told({"$ref": ADRES["$ref"], "description": "Thuis."}) == ["Thuis."]
    assert told({"anyOf": [ADRES, NULL]}) == ["Waar iets is."]
    assert told({"type": "array", "items": KLEUR}) == ["De kleur."]
    assert told(True) == []


@pytest.mark.parametrize(
    "schema",
    [
        ADRES,
        BOOM,
        KLEUR,
        {"$ref": "#/components/schemas/Kaart"},
        {"anyOf": [NULL, ADRES]},
        {"anyOf": [BOOM, ADRES]},
        {"type": ["null", "integer"], "minimum": 3},
        {"type": "array", "items": KLEUR, "minItems": 2},
        {"type": "array", "items": KLEUR, "maxItems": 0},
        {"type": "string", "minLength": 12},
        {"type": "string", "maxLength": 2},
        {"type": "string", "format": "date-time"},
        {"type": "string", "format": "email"},
        {"type": "string", "format": "uri"},
        {"type": "string", "format": "uuid"},
        {"type": "integer", "minimum": 5, "multipleOf": 4},
        {"type": "integer", "exclusiveMaximum": 1},
        {"type": "integer", "exclusiveMinimum": 7, "maximum": 8},
        {"type": "number", "exclusiveMinimum": 2.5, "exclusiveMaximum": 3.5},
        {"type": "number", "maximum": -1},
        {"type": "boolean"},
        {"const": 0},
        {"default": "nl", "type": "string"},
        {},
        True,
    ],
)
def test_a_sample_is_valid(schema: Any) -> None:
    whole = schema if isinstance(schema, bool) else {**schema, "components": DOCUMENT["components"]}
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(whole, format_checker=checker).validate(sample(SCHEMAS, schema))


@pytest.mark.parametrize("name", sorted(description.build()["components"]["schemas"]))
def test_a_sample_of_each_of_our_own_is_valid(name: str) -> None:
    document = description.build()
    schema = {"$ref": f"#/components/schemas/{name}"}
    whole = {**schema, "components": document["components"]}
    jsonschema.Draft202012Validator(whole).validate(sample(Schemas(document), schema))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How the answer reached us.", "en"),
        ("The answer itself. INGETROKKEN means: the client took an earlier answer back.", "en"),
        ("Purposes, from the sheet. The empty text in a Voornemen means: not told.", "en"),
        ("Wat de cliënt laat weten.", "nl"),
        ("Gelukt", "nl"),
        ("`from the sheet`", "nl"),
        ("", "nl"),
    ],
)
def test_language(text: str, expected: str) -> None:
    assert prose.language(text) == expected


def test_paragraphs_code_and_language() -> None:
    first, second = prose.paragraphs("Stuur een hogere\n`externeVersie` mee.\n\n\nHow the answer reached us.\n")
    assert words(first.pieces) == "Stuur een hogere `externeVersie` mee."
    assert (first.lang, second.lang) == ("", "en")
    assert prose.paragraphs(" \n\n ") == ()
