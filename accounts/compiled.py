"""Questions that pages put to the database all day, put together by Django once.

To turn a chain of filters into SQL takes Django longer than PostgreSQL takes to answer it: 0.5 to
1.5 ms a question on the pages of every day. Here the SQL is kept, and asked with other values.
"""

import uuid
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, cast

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from accounts.models import User

# Shapes of one question that are kept, one for each set of roles; more drop them all.
MOST = 128


class Compiled[Row: Model]:
    """A queryset that is put together once for each kind of reader, and asked many times.

    `put` makes the queryset of the values it is given: numbers, texts, moments, days, UUIDs,
    people, and lists of these. Values may only be compared with, and of a person only the roles,
    the key and whether they are active may matter: nothing else may follow from them.
    """

    def __init__(self, put: Callable[..., QuerySet[Row]]) -> None:
        self._put = put
        self._known: dict[Hashable, _Known[Row] | _Nothing] = {}

    def all(self, *values: Any) -> list[Row]:
        """Ask for the rows. Effects: one query, and those of the queryset's prefetches.

        Raises: ValueError when a value is not compared with.
        """
        shape = tuple(_shape(value) for value in values)
        known = self._known.get(shape)
        if known is None:
            if len(self._known) >= MOST:
                self._known.clear()
            known = self._known[shape] = self._compile(values)
        return list(known.rows_for(values))

    def first(self, *values: Any) -> Row | None:
        """Ask for the first row, if there is any."""
        return next(iter(self.all(*values)), None)

    def _compile(self, values: tuple[Any, ...]) -> "_Known[Row] | _Nothing":
        stands_in = [_stand_in(value, place) for place, value in enumerate(values)]
        try:
            return _Known(self._put(*stands_in), stands_in)
        except EmptyResultSet:
            if not any(_asks_for_nothing(value) for value in values):
                raise
            return _Nothing()


class _Nothing:
    """What is asked for an inactive reader, or of an empty list: there is nothing, unasked."""

    def rows_for(self, _values: Sequence[Any]) -> Sequence[Any]:
        return ()


class _Known[Row: Model]:
    """A queryset with what Django's compiler found out, and where the values go in its SQL."""

    def __init__(self, rows: QuerySet[Row], stands_in: Sequence[Any]) -> None:
        self._rows = rows
        self.compiler = compiler = rows.query.get_compiler(rows.db)
        self._sql, params = compiler.as_sql()
        places = {value: place for place, value in enumerate(_plain(stands_in))}
        wanted = _plain(value for value in stands_in if not isinstance(value, User))
        if missing := set(wanted) - {param for param in params if isinstance(param, Hashable)}:
            raise ValueError(f"{sorted(missing)} of {places} stand nowhere in {self._sql}")
        self._params = [
            (param, places.get(param) if isinstance(param, Hashable) else None) for param in params
        ]
        self.converters = compiler.get_converters(
            [column[0] for column in compiler.select[: compiler.col_count]]
        )

    def rows_for(self, values: Sequence[Any]) -> QuerySet[Row]:
        """Return the queryset with values in their places; it asks when it is read."""
        plain = _plain(values)
        rows = self._rows.all()

        def compiler(using: str, *_args: Any, **_options: Any) -> SQLCompiler:
            # Threads share what is known, and not the connection.
            return _KnownCompiler(self, plain, connections[using])

        rows.query.get_compiler = compiler  # type: ignore[method-assign,assignment]  # of this clone alone
        return rows

    def statement(self, values: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        """Return the SQL and its parameters, the values in their places."""
        return self._sql, tuple(
            param if place is None else values[place] for param, place in self._params
        )


class _KnownCompiler(SQLCompiler):
    """A compiler that has nothing left to do."""

    def __init__(self, known: _Known[Any], values: list[Any], connection: Any) -> None:
        self.__dict__.update(known.compiler.__dict__)
        self.connection = connection
        self._known = known
        self._values = values

    def as_sql(self, *_args: Any, **_options: Any) -> Any:
        return self._known.statement(self._values)

    def get_converters(self, expressions: Any) -> Any:
        return self._known.converters


def _asks_for_nothing(value: Any) -> bool:
    return value == [] or (isinstance(value, User) and not value.is_active)


def _shape(value: Any) -> Hashable:
    """What the SQL may follow from: a person's roles, a list's length, the kinds of values."""
    if isinstance(value, User):
        return (User, value.is_active, tuple(value.roles))
    if isinstance(value, list):
        return (list, *(_shape(each) for each in value))
    return next(kind for kind in _STAND_INS if isinstance(value, kind))


def _stand_in(value: Any, place: int) -> Any:
    """A value that stands nowhere else in a query."""
    if isinstance(value, User):
        return User(pk=_NUMBER + place, is_active=value.is_active, roles=list(value.roles))
    if isinstance(value, list):
        return [_stand_in(each, _WIDEST * (place + 1) + nth) for nth, each in enumerate(value)]
    return _STAND_INS[cast("type", _shape(value))](place)


def _plain(values: Iterable[Any]) -> list[Any]:
    """Values as the database driver takes them: people by key, enums by what they hold."""
    plain: list[Any] = []
    for value in values:
        if isinstance(value, list):
            plain += _plain(value)
        elif isinstance(value, User):
            plain.append(value.pk)
        elif isinstance(value, Enum):
            plain.append(value.value)
        else:
            plain.append(value)
    return plain


# Fits the narrowest column: one that is too big would not be asked for at all.
_NUMBER = 31_000
# Longer lists would share stand-ins with the value after them.
_WIDEST = 100_000
_DAY = datetime(8000, 1, 1, tzinfo=UTC)
# Days after moments, which are days too.
_STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda place: _NUMBER + place,
    str: lambda place: f"\ue000{place}",
    datetime: lambda place: _DAY + timedelta(days=place),
    date: lambda place: (_DAY + timedelta(days=place)).date(),
    uuid.UUID: lambda place: uuid.UUID(int=2**127 + place),
}
