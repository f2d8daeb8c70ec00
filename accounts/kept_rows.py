"""Rows that hardly ever change and hang on everything, kept by the process for a minute."""

import time
from collections.abc import Callable, Hashable, Iterable, Mapping

# A change is seen everywhere after so long. Units: seconds.
LASTS = 60.0
MOST = 2000


class KeptRows[Row, Key: Hashable = int]:
    """Rows by key, each read when first asked for. They are shared: read them, never change them.

    For what is immutable, or only shown. What decides something is read where it is decided.
    """

    def __init__(self, read: Callable[[Key], Row]) -> None:
        self._read = read
        self._rows: dict[Key, tuple[float, Row]] = {}

    def get(self, key: Key) -> Row:
        """Return a row. Raises: what reading it raises."""
        now = time.monotonic()
        known = self._rows.get(key)
        if known is not None and now - known[0] < LASTS:
            return known[1]
        if len(self._rows) >= MOST:
            self._rows.clear()
        row = self._read(key)
        self._rows[key] = (now, row)
        return row


class KeptTable[Row]:
    """As KeptRows, for rows that are wanted several at once: those not known are read together."""

    def __init__(self, read: Callable[[list[int]], Mapping[int, Row]]) -> None:
        self._read = read
        self._rows: dict[int, tuple[float, Row]] = {}

    def get_all(self, keys: Iterable[int]) -> dict[int, Row]:
        """Return the rows that are there, by key; at most one query."""
        now = time.monotonic()
        found, wanted = {}, []
        for key in set(keys):
            known = self._rows.get(key)
            if known is not None and now - known[0] < LASTS:
                found[key] = known[1]
            else:
                wanted.append(key)
        if wanted:
            if len(self._rows) + len(wanted) > MOST:
                self._rows.clear()
            for key, row in self._read(wanted).items():
                found[key] = row
                self._rows[key] = (now, row)
        return found
