"""A half-open stretch of UTC."""

from datetime import datetime, timedelta
from typing import NamedTuple


class Span(NamedTuple):
    """From `start`, which belongs to it, up to `end`, which does not. Both UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start
