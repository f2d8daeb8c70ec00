"""Columns of a model by name, for SQL that is written out, and the rows it gives."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import Col


def columns_of(model: type[Model], alias: str) -> str:
    """Name a model's columns for a SELECT; never by a star.

    What a star meant is part of a prepared statement: after a migration that adds a column, each
    process that runs would be refused its answer (docs/decisions, 0034).
    """
    return ", ".join(f"{alias}.{field.column}" for field in model._meta.concrete_fields)


def rows_of[Row: Model](model: type[Row], statement: str, values: Sequence[Any]) -> list[Row]:
    """Ask for rows of a model: its columns as `columns_of` names them, and what is told beside.

    What comes after the columns is put on each row by its name. As `objects.raw`, which finds out
    anew each time what stands where; that took half as long as the question. Effects: one query.
    """
    names, converted = _known_columns(model)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        told = [column.name for column in cursor.description[len(names) :]]
        found = [list(one) for one in cursor.fetchall()]
    rows = []
    for given in found:
        for place, column, converters in converted:
            for convert in converters:
                given[place] = convert(given[place], column, connection)
        row = model.from_db(connection.alias, names, given[: len(names)])
        for name, value in zip(told, given[len(names) :], strict=True):
            setattr(row, name, value)
        rows.append(row)
    return rows


@cache
def _known_columns(
    model: type[Model],
) -> tuple[list[str], list[tuple[int, Col, list[Callable[..., Any]]]]]:
    """A model's fields by name, and those whose values Django makes of the database's."""
    converted = []
    for place, field in enumerate(model._meta.concrete_fields):
        column = field.get_col(model._meta.db_table)
        converters = column.get_db_converters(connection)
        if converters := [*connection.ops.get_db_converters(column), *converters]:
            converted.append((place, column, converters))
    return [str(field.attname) for field in model._meta.concrete_fields], converted
