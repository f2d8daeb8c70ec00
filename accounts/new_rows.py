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
    statement, fields = _statement(type(rows[0]), unless_there, frozenset(by_database_clock))
    with connection.cursor() as cursor:
        cursor.execute(statement, [_column(rows, field) for field in fields])
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
    statement, fields = _statement_for_one(type(row))
    with connection.cursor() as cursor:
        values = [
            field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields
        ]
        cursor.execute(statement, values)
        _mark_inserted(row, cursor.fetchone()[0])
    return row


def _mark_inserted(row: Model, key: Any) -> None:
    row.pk = key
    row._state.adding = False
    row._state.db = connection.alias


@cache
def _statement_for_one(model: type[Model]) -> "tuple[str, list[Field[Any, Any]]]":
    options, quote = model._meta, connection.ops.quote_name
    fields = [one for one in options.concrete_fields if not (one.primary_key or one.generated)]
    names = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join("%s" for _ in fields)
    statement = (
        f"INSERT INTO {quote(options.db_table)} ({names}) VALUES ({places}) "  # noqa: S608 - the models' own names
        f"RETURNING {quote(str(options.pk.column))}"
    )
    return statement, fields


@cache
def _statement(
    model: type[Model], unless_there: str, by_database_clock: frozenset[str]
) -> "tuple[str, list[Field[Any, Any]]]":
    """The SQL for any number of rows, and the fields whose columns it takes."""
    options, quote = model._meta, connection.ops.quote_name
    fields = [field for field in options.concrete_fields if not field.primary_key]
    names = ", ".join(quote(str(field.column)) for field in fields)
    arrays = ", ".join(f"%s::{_array_type(field)}" for field in fields)
    given = ", ".join(
        _given(field, quote(str(field.column)), is_now=field.name in by_database_clock)
        for field in fields
    )
    told = quote(unless_there or str(options.pk.column))
    conflict = f"ON CONFLICT ({told}) DO NOTHING" if unless_there else ""
    statement = (
        f"INSERT INTO {quote(options.db_table)} ({names}) "  # noqa: S608 - the models' own names
        f"SELECT {given} FROM unnest({arrays}) WITH ORDINALITY AS given ({names}, place) "
        f"ORDER BY given.place {conflict} RETURNING id, {told}"
    )
    return statement, fields


def _array_type(field: "Field[Any, Any]") -> str:
    if isinstance(field, JSONField):
        return "text[]"
    # Without the length, as Django does it: too long a value is refused, not cut.
    return f"{str(field.db_type(connection)).partition('(')[0]}[]"


def _given(field: "Field[Any, Any]", column: str, *, is_now: bool) -> str:
    if is_now:
        return f"CASE WHEN given.{column} IS NOT NULL THEN statement_timestamp() END"
    return f"given.{column}{_cast(field)}"


def _cast(field: "Field[Any, Any]") -> str:
    return "::jsonb" if isinstance(field, JSONField) else ""


def _column(rows: Sequence[Model], field: "Field[Any, Any]") -> list[object]:
    values = [getattr(row, field.attname) for row in rows]
    if isinstance(field, JSONField):
        return [json.dumps(value, cls=field.encoder) for value in values]
    return values
