"""Columns of a model by name, for SQL that is written out."""

from django.db.models import Model


def columns_of(model: type[Model], alias: str) -> str:
    """Name a model's columns for a SELECT; never by a star.

    What a star meant is part of a prepared statement: after a migration that adds a column, each
    process that runs would be refused its answer (docs/decisions, 0034).
    """
    return ", ".join(f"{alias}.{field.column}" for field in model._meta.concrete_fields)
