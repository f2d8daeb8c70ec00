"""The catalogue's rows, kept after the first load: a fifth of the suite was loading it again.

The first load of a process is the portal's own; its rows are copied out and, for every later test
that begins without them, copied in as they are.
"""

from collections.abc import Callable

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

# A published edition takes no more service levels, so its row comes after theirs; the foreign keys
# are looked at when the transaction ends.
_LAST = "entitlements_edition"

_rows: dict[str, bytes] = {}


@transaction.atomic
def load_once(load: Callable[[], object]) -> None:
    """Run `load` in an empty database the first time, and copy its rows in afterwards."""
    if not _is_empty():
        load()
    elif _rows:
        for table, rows in _rows.items():
            with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
    else:
        tables = [model._meta.db_table for model in apps.get_models() if _has_number(model)]
        before = {table: _newest(table) for table in tables}
        load()
        for table in sorted(tables, key=lambda name: name == _LAST):
            if _newest(table) > before[table]:
                newer = f"COPY (SELECT * FROM {table} WHERE id > {before[table]}) TO STDOUT"
                with connection.cursor() as cursor, cursor.copy(newer) as copied:
                    _rows[table] = b"".join(copied)


def _is_empty() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT 1 FROM entitlements_edition)")
        return bool(cursor.fetchone()[0])


def _has_number(model: type[Model]) -> bool:
    return model._meta.managed and model._meta.pk.column == "id"


def _newest(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
        return int(cursor.fetchone()[0])
