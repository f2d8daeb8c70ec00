"""Rows by the million: COPY in batches, with indexes and foreign keys put back at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

# So many rows are held as text before they are sent: about two megabytes.
BATCH = 10_000


class Copier:
    """Sends the rows of one table, given as lines of COPY's text format. Keys are drawn here.

    `columns` names them with blanks between.
    """

    def __init__(self, model: type[models.Model], columns: str) -> None:
        self.table = model._meta.db_table
        self.columns = columns.split()
        self.next_key = _highest_key(model) + 1
        self.sent = 0
        self._lines: list[str] = []

    def key(self) -> int:
        """Draw the key of the next row."""
        self.next_key += 1
        return self.next_key - 1

    def add(self, line: str) -> None:
        """Take a row: its values in the order of the columns, with a tab between."""
        self._lines.append(line)
        if len(self._lines) >= BATCH:
            self.flush()

    def flush(self) -> None:
        names = ", ".join(f'"{name}"' for name in self.columns)
        copying = f"COPY {self.table} ({names}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(copying) as copy:
            copy.write("\n".join(self._lines) + "\n" if self._lines else "")
        self.sent += len(self._lines)
        self._lines.clear()

    def finish(self) -> None:
        """Send the rest, and let the table's own sequence go on after the last key."""
        self.flush()
        if "id" in self.columns:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)",
                    [self.table, self.next_key],
                )


def text(value: str) -> str:
    """Escape a text for COPY."""
    escaped = value.replace("\\", "\\\\").replace("\t", "\\t")
    return escaped.replace("\n", "\\n").replace("\r", "\\r")


@contextmanager
def without_indexes(*tables: str) -> Iterator[None]:
    """Take indexes, foreign keys and triggers away, and put them back over the rows that came.

    In one transaction with the load: whoever looks meanwhile waits, and an interrupted load
    leaves everything as it was. Foreign keys and unique constraints are checked over all rows.
    """
    undo: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            undo += _take_away(cursor, table)
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for statement in undo:
            cursor.execute(statement)


def _take_away(cursor: CursorWrapper, table: str) -> list[str]:
    run = cursor.execute
    fetch = cursor.fetchall
    run(
        "SELECT conname, contype, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype IN ('f', 'u') ORDER BY contype DESC, conname",
        [table],
    )
    constraints = fetch()
    run(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT indisprimary AND NOT EXISTS"
        " (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid)",
        [table],
    )
    indexes = fetch()
    run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for name, _, _ in constraints:
        run(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _ in indexes:
        run(f"DROP INDEX {name}")
    return [
        *(definition for _, definition in indexes),
        *(
            f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'
            for name, _, definition in constraints
        ),
        f"ALTER TABLE {table} ENABLE TRIGGER USER",
    ]


def _highest_key(model: type[models.Model]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {model._meta.db_table}")
        (highest,) = cursor.fetchone()
    return int(highest)
