"""An example of a message, for where the description gives none: made from the schema, and valid by it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from afspraken.api.schemas import Schemas, kind_of

_BY_FORMAT = {
    "date-time": "2026-12-03T09:00:00Z",
    "date": "2026-12-03",
    "time": "09:00:00Z",
    "email": "a.jansen@example.nl",
    "uri": "https://gemeente.example/",
    "uri-reference": "/voorbeeld",
    "uuid": "1d9a0b1e-3c4f-4a6b-8f2e-5b7c9d0e1f2a",
}


def sample(schemas: Schemas, schema: Any, above: tuple[str, ...] = ()) -> Any:
    """A value that fits. A pattern is not looked at: a field that has one needs an example of its own.

    ``above`` names the objects this value is inside of; one inside itself is left empty, or it would never end.
    """
    found = schemas.whole(schema)
    given = _given(found)
    if given:
        return given[0]
    name = schemas.named(schema)
    if name in above:
        return {}
    option = schemas.options(schema)[0][0]
    if schemas.whole(option) != found:
        return sample(schemas, option, above)
    return _of_kind(schemas, found, (*above, name) if name else above)


def _of_kind(schemas: Schemas, found: Mapping[str, Any], above: tuple[str, ...]) -> Any:
    kind = kind_of(found)
    if kind == "object":
        return _object(schemas, found, above)
    if kind == "array":
        many = max(min(1, found.get("maxItems", 1)), found.get("minItems", 0))
        return [sample(schemas, found.get("items", {}), above)] * many
    if kind in {"integer", "number"}:
        return _number(found, whole=kind == "integer")
    return {"boolean": True, "null": None}.get(kind, _text(found))


def _given(schema: Mapping[str, Any]) -> list[Any]:
    """What the schema itself says a value may be, best first."""
    alone = [schema[name] for name in ("example", "const", "default") if schema.get(name) is not None]
    return [*alone[:1], *schema.get("examples", ()), *schema.get("enum", ())][:1]


def _object(schemas: Schemas, schema: Mapping[str, Any], above: tuple[str, ...]) -> dict[str, Any]:
    made = {
        name: sample(schemas, field, above)
        for name, field in schema.get("properties", {}).items()
        if name in schema.get("required", ()) or schemas.named(schemas.inside(field)) not in above
    }
    extra = schema.get("additionalProperties")
    return made or ({"naam": sample(schemas, extra, above)} if isinstance(extra, Mapping) else {})


def _number(schema: Mapping[str, Any], *, whole: bool) -> float:
    step = schema.get("multipleOf", 1 if whole else 0.5)
    low = schema.get("minimum", -math.inf)
    high = schema.get("maximum", math.inf)
    low = max(low, schema.get("exclusiveMinimum", -math.inf) + step)
    high = min(high, schema.get("exclusiveMaximum", math.inf) - step)
    value = min(max(step, low), high)
    if whole or "multipleOf" in schema:
        value = math.ceil(value / step) * step
    return int(value) if whole else value


def _text(schema: Mapping[str, Any]) -> str:
    text = _BY_FORMAT.get(schema.get("format", ""), "tekst")
    return text.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]
