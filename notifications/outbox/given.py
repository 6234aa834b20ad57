"""Many values as one parameter of a statement.

A placeholder for each of a thousand values costs more to put together than the statement costs to run. Both
databases read JSON, so a list of values or a table of rows travels as one text.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

_Value = TypeVar("_Value", int, str, UUID)
# What PostgreSQL calls a type; SQLite has values of a type, and columns of none.
_WORDS: dict[type, str] = {int: "bigint", str: "text", UUID: "uuid", datetime: "timestamptz"}


def those(type_: type[_Value], values: Collection[_Value]) -> RawSQL:
    """For ``pk__in`` and its like: values of one type, as one parameter. Without values nothing is found."""
    rows = json.dumps([_plain(value) for value in values])
    if connection.vendor == "postgresql":
        return RawSQL(f"SELECT value::{_WORDS[type_]} FROM json_array_elements_text(%s)", [rows])  # noqa: S608, S611
    return RawSQL("SELECT value FROM json_each(%s)", [rows])


def given(columns: Mapping[str, type], rows: Sequence[Sequence[object]]) -> tuple[str, str]:
    """A table called ``given`` for a FROM clause, and its one parameter; the names are ours, never a user's.

    ``columns`` are its names and types, in the order of each row's values.
    """
    places = [place for place, type_ in enumerate(columns.values()) if type_ not in (int, str)]
    table = [_plain_row(row, places) for row in rows] if places else rows
    if connection.vendor == "postgresql":
        words = ", ".join(f"{name} {_WORDS[type_]}" for name, type_ in columns.items())
        named = [dict(zip(columns, row, strict=True)) for row in table]
        return f"json_to_recordset(%s) AS given({words})", json.dumps(named)
    picked = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(columns))
    return f"(SELECT {picked} FROM json_each(%s)) AS given", json.dumps(table)  # noqa: S608


def _plain_row(row: Sequence[object], places: Sequence[int]) -> list[object]:
    plain = list(row)
    for place in places:
        plain[place] = _plain(plain[place])
    return plain


def _plain(value: object) -> object:
    """As JSON has it, and the database in its own columns."""
    if isinstance(value, UUID):
        return str(value) if connection.vendor == "postgresql" else value.hex
    if isinstance(value, datetime):
        return str(connection.ops.adapt_datetimefield_value(value))
    return value
