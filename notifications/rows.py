"""Rows by the thousand: asking for many at once, and reading them without ceremony. Both apps use it."""

import json
from collections.abc import Collection, Iterable
from typing import Any, Self

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.base import ModelState
from django.db.models.lookups import Lookup


@models.ForeignObject.register_lookup
@models.Field.register_lookup
class OneOf(Lookup[Any]):
    """``pk__one_of=[...]``: as ``in``, but all values travel as one parameter. Without values nothing is found.

    A placeholder for each of a thousand values costs more to put together than the statement costs to run. Give a
    set: in a list Django looks at each value, whether it is a part of a query.
    """

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """For SQLite, which reads JSON, and has values of a type and columns of none."""
        lhs, parameters = self.process_lhs(compiler, connection)
        sql = f"{lhs} IN (SELECT value FROM json_each(%s))"  # noqa: S608
        return sql, (*parameters, json.dumps(self._values()))

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """For PostgreSQL: an array, of which the planner sees how long it is.

        Of a list in JSON it sees nothing. As long as its statistics are older than the rows, it may then go through
        the list again for every row of the table.
        """
        lhs, parameters = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        # As varchar(64) a longer one would be cut, and found.
        type_ = "text" if isinstance(field, models.CharField) else field.rel_db_type(connection)
        return f"{lhs} = ANY(%s::{type_}[])", (*parameters, array(self._values()))

    def _values(self) -> list[object]:
        if isinstance(self.lhs.output_field, models.UUIDField):
            return [value.hex for value in self.rhs]
        return list(self.rhs)


def array(values: Iterable[object]) -> str:
    """Values as PostgreSQL writes them in an array: the driver's own way takes ten times as long."""
    listed = list(values)
    if set(map(type, listed)) <= {int}:
        return "{" + ",".join(map(str, listed)) + "}"
    words = list(map(str, listed))
    # Nearly always there is nothing in them that has to be told apart from the array itself.
    plain = "".join(words)
    if None in listed or '"' in plain or "\\" in plain:
        return "{" + ",".join(map(_element, listed)) + "}"
    return '{"' + '","'.join(words) + '"}'


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    word = str(value).replace("\\", r"\\").replace('"', r"\"")
    return f'"{word}"'


class ReadAsIs(models.Model):
    """A model whose rows become objects without going through ``__init__``: a tenth of the time of a row.

    As if by Django's own ``from_db``, but that its signals before and after are not sent; a column that was not
    asked for is read at the first question, as ever.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any) -> Self:
        """One row that was read; called by Django. What a newer Django asks besides is left to itself."""
        if options:
            return super().from_db(db, field_names, values, **options)
        made = cls.__new__(cls)
        state = ModelState()
        state.adding, state.db = False, db
        made.__dict__["_state"] = state
        made.__dict__.update(zip(field_names, values, strict=True))
        return made
