"""Many rows as one parameter of a statement: both databases read JSON. A list of keys: see ``notifications.rows``."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

# What PostgreSQL calls a type; SQLite has values of a type, and columns of none.
_WORDS: dict[type, str] = {int: "bigint", str: "text", datetime: "timestamptz"}

# These need nothing done to them.
_AS_THEY_ARE = frozenset({int, str})


def given(columns: Mapping[str, type], rows: Sequence[Sequence[object]]) -> tuple[str, str]:
    """A table called ``given`` for a FROM clause, and its one parameter; the names are ours, never a user's.

    ``columns`` are its names and types, in the order of each row's values.
    """
    places = [place for place, type_ in enumerate(columns.values()) if type_ not in _AS_THEY_ARE]
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
    if isinstance(value, datetime):
        return str(connection.ops.adapt_datetimefield_value(value))
    return value
