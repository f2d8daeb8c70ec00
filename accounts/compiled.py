"""Questions that pages put to the database all day, put together by Django once.

To turn a chain of filters into SQL takes Django longer than PostgreSQL takes to answer it: 0.5 to
1.5 ms a question on the pages of every day. Here the SQL is kept, and asked with other values.
"""

import uuid
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from itertools import count
from typing import Any, cast

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, Prefetch, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from psycopg.types import numeric

from accounts.models import User
from accounts.plain_rows import plain_rows

# Shapes of one question that are kept, one for each set of roles; more drop them all.
MOST = 128
# Longer questions, by values, are put together each time: few are alike, and each would be kept.
LONGEST = 500


class Compiled[Row: Model]:
    """A queryset that is put together once for each kind of reader, and asked many times.

    `put` makes the queryset of the values it is given: numbers, texts, moments, days, UUIDs,
    people, and lists of these. Values may only be compared with, and of a person only the roles,
    the key and whether they are active may matter: nothing else may follow from them, nor from
    the hour, the language or the settings.
    """

    def __init__(self, put: Callable[..., QuerySet[Row]]) -> None:
        self._put = put
        self._known: dict[Hashable, _Known[Row] | _Nothing] = {}

    def all(self, *values: Any) -> list[Row]:
        """Ask for the rows. Effects: one query, and those of the queryset's prefetches.

        Raises: TypeError for a value of no such kind; ValueError when something else than a
        comparison follows from one.
        """
        known = self._known_for(values)
        if known is None:
            return list(self._put(*values))
        try:
            return list(known.rows_for(values))
        except OverflowError:  # Django knows what comes of a number wider than its column.
            return list(self._put(*values))

    def statement(self, *values: Any) -> tuple[str, Sequence[Any]] | None:
        """Return the SQL and its parameters, for a question it is a part of; None for nothing.

        Raises: as `all`.
        """
        known = self._known_for(values)
        try:
            if known is not None:
                return None if isinstance(known, _Nothing) else known.statement(_plain(values))
        except OverflowError:
            pass
        try:
            return self._put(*values).query.sql_with_params()
        except EmptyResultSet:
            return None

    def count(self, *values: Any) -> int:
        """Count the rows. Effects: one query. Raises: as `all`."""
        asked = self.statement(*values)
        if asked is None:
            return 0
        sql, params = asked
        ((size,),) = plain_rows(f"SELECT count(*) FROM ({sql}) AS counted", params)  # noqa: S608 - Django's own
        return int(size)

    def first(self, *values: Any) -> Row | None:
        """Ask for the first row, if there is any."""
        return next(iter(self.all(*values)), None)

    def _known_for(self, values: tuple[Any, ...]) -> "_Known[Row] | _Nothing | None":
        """What is known of questions of these kinds; None where it would not be kept."""
        shape = tuple([_shape(value) for value in values])
        known = self._known.get(shape)
        if known is None:
            if len(_plain(values)) > LONGEST:
                return None
            known = self._compile(values)
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[shape] = known
        return known

    def _compile(self, values: tuple[Any, ...]) -> "_Known[Row] | _Nothing":
        try:
            known, again = (self._put_together(values, count(first)) for first in (0, LONGEST))
        except EmptyResultSet:
            if not any(_asks_for_nothing(value) for value in values):
                raise
            return _Nothing()
        # What stands for a value, or for the hour, anywhere but in a place of its own differs.
        if known.pattern != again.pattern:
            raise ValueError(f"More than comparisons follow from the values: {known.pattern}")
        return known

    def _put_together(self, values: tuple[Any, ...], numbers: Iterator[int]) -> "_Known[Row]":
        stands_in = [_stand_in(value, numbers) for value in values]
        return _Known(self._put(*stands_in), stands_in)


class _Nothing:
    """What is asked for an inactive reader, or of an empty list: there is nothing, unasked."""

    def rows_for(self, _values: Sequence[Any]) -> Sequence[Any]:
        return ()


class _Known[Row: Model]:
    """A queryset with what Django's compiler found out, and where the values go in its SQL."""

    def __init__(self, rows: QuerySet[Row], stands_in: Sequence[Any]) -> None:
        self._rows = rows
        compiler = rows.query.get_compiler(rows.db)
        self._sql, params = compiler.as_sql()
        places = {value: place for place, value in enumerate(_plain(stands_in))}
        wanted = _plain(value for value in stands_in if not isinstance(value, User))
        if missing := set(wanted) - {param for param in params if isinstance(param, Hashable)}:
            raise ValueError(f"{missing} of {places} stand nowhere in {self._sql}")
        if any(isinstance(one, Prefetch) for one in vars(rows)["_prefetch_related_lookups"]):
            raise ValueError("A prefetch with rows of its own would ask for a stand-in's.")
        self._params = [
            (param, places.get(param) if isinstance(param, Hashable) else None) for param in params
        ]
        self.converters = compiler.get_converters(
            [column[0] for column in compiler.select[: compiler.col_count]]
        )
        # Not the connection: it would stay open when the thread that it belongs to has ended.
        self.found_out = {**compiler.__dict__, "connection": None}

    @property
    def pattern(self) -> tuple[str, list[Any]]:
        """The SQL, and its parameters but for the values."""
        return self._sql, [param if place is None else place for param, place in self._params]

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
            param if place is None else _as_sent(values[place], param)
            for param, place in self._params
        )


class _KnownCompiler(SQLCompiler):
    """A compiler that has nothing left to do."""

    def __init__(self, known: _Known[Any], values: list[Any], connection: Any) -> None:
        self.__dict__.update(known.found_out)
        self.connection = connection
        self._known = known
        self._values = values

    def as_sql(self, *args: Any, **options: Any) -> Any:
        if self.query.select_for_update and self.connection.get_autocommit():
            return super().as_sql(*args, **options)  # Which says that it would lock nothing.
        return self._known.statement(self._values)

    def get_converters(self, expressions: Any) -> Any:
        return self._known.converters


def _as_sent(value: Any, stand_in: Any) -> Any:
    """A number as wide as its column: by its own size it would be prepared once for each width.

    Raises: OverflowError when it is wider; the driver would send its last bits, another number.
    """
    if not isinstance(stand_in, int):
        return value
    kind = type(stand_in)
    if kind in _BITS and value.bit_length() >= _BITS[kind]:
        raise OverflowError
    return kind(value)


def _asks_for_nothing(value: Any) -> bool:
    return value == [] or (isinstance(value, User) and not value.is_active)


def _shape(value: Any) -> Hashable:
    """What the SQL may follow from: a person's roles, a list's length, the kinds of values."""
    if isinstance(value, User):
        return (User, value.is_active, tuple(value.roles))
    if isinstance(value, list):
        return (list, *[_shape(each) for each in value])
    # Of these Django would make other SQL, or another value, than of their kind.
    is_like_another = isinstance(value, bool) or (isinstance(value, datetime) and not value.tzinfo)
    for kind in _STAND_INS:
        if isinstance(value, kind) and not is_like_another:
            return kind
    raise TypeError(f"{value!r} is nothing that a kept question compares with.")


def _stand_in(value: Any, numbers: Iterator[int]) -> Any:
    """A value that stands nowhere else in a query."""
    if isinstance(value, User):
        # Nobody's key, and nothing else: to read more of them is to read them, and fails.
        given = -(_NUMBER + next(numbers)), list(value.roles), value.is_active
        return User.from_db(None, ("id", "roles", "is_active"), given)
    if isinstance(value, list):
        return [_stand_in(each, numbers) for each in value]
    return _STAND_INS[cast("type", _shape(value))](next(numbers))


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


# Of which one is the sign.
_BITS: dict[type, int] = {numeric.Int2: 16, numeric.Int4: 32, numeric.Int8: 64}
# Fits the narrowest column: one that is too big would not be asked for at all.
_NUMBER = 31_000
_DAY = datetime(8000, 1, 1, tzinfo=UTC)
# Days after moments, which are days too.
_STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda number: _NUMBER + number,
    str: lambda number: f"\ue000{number}",
    datetime: lambda number: _DAY + timedelta(days=number),
    date: lambda number: (_DAY + timedelta(days=number)).date(),
    uuid.UUID: lambda number: uuid.UUID(int=2**127 + number),
}
