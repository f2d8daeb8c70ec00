"""Many new rows of a model in one statement, for where thousands are written within a second.

Django's bulk_create prepares each value of each row by itself, which took half of the watch's
time: 0.25 ms for the rows of one ticket. Here a column is handed over as one array.
"""

import json
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, JSONField, Model


def insert_rows[Row: Model](
    rows: Sequence[Row], *, unless_there: str = "", by_database_clock: Collection[str] = ()
) -> list[Row]:
    """Insert unsaved rows and give them their keys; return those that were inserted.

    With `unless_there`, the name of a unique field, rows whose value is in the table already
    are left out. `by_database_clock` names fields that are written as the database's own time
    where a row has any: what the row holds says only whether. No signals, no defaults of the
    database, no array fields: what the rows hold is what is written.
    """
    if not rows:
        return []
    put = _statement_for_one if len(rows) == 1 else _statement
    statement, fields = put(type(rows[0]), unless_there, frozenset(by_database_clock))
    values = _values(rows[0], fields) if len(rows) == 1 else _columns(rows, fields)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        inserted = cursor.fetchall()
    if unless_there:
        keys = {value: key for key, value in inserted}
        rows = [row for row in rows if getattr(row, unless_there) in keys]
        inserted = [(keys[getattr(row, unless_there)], None) for row in rows]
    for row, (key, _) in zip(rows, inserted, strict=True):
        _mark_inserted(row, key)
    return list(rows)


def insert_row[Row: Model](row: Row) -> Row:
    """Insert an unsaved row and give it its key, as `save` does, by SQL that is kept.

    No signals, no defaults of the database: what the row holds is what is written. What the
    database works out stays unread.
    """
    insert_rows([row])
    return row


def _mark_inserted(row: Model, key: Any) -> None:
    row.pk = key
    row._state.adding = False
    row._state.db = connection.alias


@cache
def _statement_for_one(
    model: type[Model], unless_there: str, by_database_clock: frozenset[str]
) -> "tuple[str, list[Field[Any, Any]]]":
    """The SQL for one row, which is told value by value: arrays of one are more work."""
    fields = _fields(model)
    places = ", ".join(
        _given("%s::timestamptz" if is_now else "%s", is_now=is_now)
        for is_now in (field.name in by_database_clock for field in fields)
    )
    return _insertion(model, fields, f"VALUES ({places})", unless_there), fields


@cache
def _statement(
    model: type[Model], unless_there: str, by_database_clock: frozenset[str]
) -> "tuple[str, list[Field[Any, Any]]]":
    """The SQL for any number of rows, and the fields whose columns it takes."""
    fields, quote = _fields(model), connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    arrays = ", ".join(f"%s::{_array_type(field)}" for field in fields)
    given = ", ".join(
        _given(
            f"given.{quote(str(field.column))}{_cast(field)}",
            is_now=field.name in by_database_clock,
        )
        for field in fields
    )
    source = (
        f"SELECT {given} FROM unnest({arrays}) WITH ORDINALITY AS given ({names}, place) "  # noqa: S608 - the models' own names
        "ORDER BY given.place"
    )
    return _insertion(model, fields, source, unless_there), fields


def _fields(model: type[Model]) -> "list[Field[Any, Any]]":
    return [one for one in model._meta.concrete_fields if not (one.primary_key or one.generated)]


def _insertion(
    model: type[Model], fields: "list[Field[Any, Any]]", source: str, unless_there: str
) -> str:
    options, quote = model._meta, connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    key = quote(str(options.pk.column))
    told = quote(unless_there) if unless_there else key
    conflict = f"ON CONFLICT ({told}) DO NOTHING " if unless_there else ""
    return (
        f"INSERT INTO {quote(options.db_table)} ({names}) {source} "
        f"{conflict}RETURNING {key}, {told}"
    )


def _array_type(field: "Field[Any, Any]") -> str:
    if isinstance(field, JSONField):
        return "text[]"
    # Without the length, as Django does it: too long a value is refused, not cut.
    return f"{str(field.db_type(connection)).partition('(')[0]}[]"


def _given(value: str, *, is_now: bool) -> str:
    return f"CASE WHEN {value} IS NOT NULL THEN statement_timestamp() END" if is_now else value


def _cast(field: "Field[Any, Any]") -> str:
    return "::jsonb" if isinstance(field, JSONField) else ""


def _values(row: Model, fields: "Sequence[Field[Any, Any]]") -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


def _columns(rows: Sequence[Model], fields: "Sequence[Field[Any, Any]]") -> list[Any]:
    return [_column(rows, field) for field in fields]


def _column(rows: Sequence[Model], field: "Field[Any, Any]") -> list[object]:
    values = [getattr(row, field.attname) for row in rows]
    if isinstance(field, JSONField):
        return [json.dumps(value, cls=field.encoder) for value in values]
    return values
