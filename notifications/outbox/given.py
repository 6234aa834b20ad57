"""Many rows as a table of a statement, in few parameters. A list of keys: see ``notifications.rows``."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection

from notifications.rows import array

# What PostgreSQL calls a type; SQLite has values of a type, and columns of none.
_WORDS: dict[type, str] = {int: "bigint", str: "text", datetime: "timestamptz"}


def given(columns: Mapping[str, type], rows: Sequence[Sequence[object]]) -> tuple[str, list[str]]:
    """A table called ``given`` for a FROM clause, and its parameters; the names are ours, never a user's.

    ``columns`` are its names and types, in the order of each row's values.
    """
    # A column at a time: PostgreSQL takes it so, and it costs less than a row at a time.
    each: list[Sequence[object]] = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{_WORDS[type_]}[]" for type_ in columns.values())
        return f"unnest({arrays}) AS given({', '.join(columns)})", [array(column) for column in each]
    # A moment as SQLite has it in its own columns; PostgreSQL reads it as it is.
    adapt = connection.ops.adapt_datetimefield_value
    for place, type_ in enumerate(columns.values()):
        if type_ is datetime:
            each[place] = [str(adapt(value)) if isinstance(value, datetime) else value for value in each[place]]
    picked = ", ".join(f"json_extract(value, '$[{place}]') AS {name}" for place, name in enumerate(columns))
    return f"(SELECT {picked} FROM json_each(%s)) AS given", [json.dumps(list(zip(*each, strict=True)))]  # noqa: S608
