"""Stretches of time that nobody covers. Pure arithmetic on intervals."""

from collections.abc import Iterable
from datetime import datetime

from sla.business_time import Span


def uncovered(start: datetime, end: datetime, spans: Iterable[Span]) -> list[Span]:
    """List what the spans leave open between two instants, in order.

    Spans are half-open, may overlap, touch, come in any order and reach beyond both ends.
    """
    found = []
    reached = start
    for span in sorted(spans):
        if span.start >= end:
            break
        if span.start > reached:
            found.append(Span(reached, span.start))
        reached = max(reached, span.end)
    if reached < end:
        found.append(Span(reached, end))
    return found
