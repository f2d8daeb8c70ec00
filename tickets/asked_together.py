"""Several small questions about a ticket, asked in one: each would cost a way to the database."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

type Row = dict[str, Any]


def ask_together(questions: Mapping[str, QuerySet[Any, Any]]) -> dict[str, list[Row]]:
    """Return the rows of each by its name, as JSON tells them; one query, none for no question.

    A question names no column twice: it joins nothing that it also selects.
    """
    if not questions:
        return {}
    parts: list[str] = []
    values: list[Any] = []
    for queryset in questions.values():
        sql, params = queryset.query.sql_with_params()
        parts.append(f"(SELECT coalesce(json_agg(row_to_json(one)), '[]') FROM ({sql}) AS one)")  # noqa: S608 - Django's own SQL, its values apart
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return dict(zip(questions, cursor.fetchone(), strict=True))


def models_of[M: Model](model: type[M], rows: Iterable[Row]) -> list[M]:
    """Make models of such rows, as if they had been asked for alone."""
    fields = [(str(field.column), field) for field in model._meta.concrete_fields]
    names = [field.attname for _, field in fields]
    told = ([field.to_python(row[column]) for column, field in fields] for row in rows)
    return [model.from_db(connection.alias, names, values) for values in told]
