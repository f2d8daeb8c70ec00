"""The rows of a queue's page, in groups by urgency."""

from collections import Counter
from dataclasses import dataclass, replace

from accounts.models import User
from sla.acknowledged import standing_acknowledgements
from tickets.queue_page import QueuePage
from tickets.queue_rows import QueueRow, queue_rows
from tickets.urgency import Urgency

GROUP_NOTES = {
    Urgency.AT_RISK: "a quarter of the time or less is left",
    Urgency.RESTING: "answered, or no promised time",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; `size` counts those on other pages too."""

    label: str
    note: str
    size: int
    rows: list[QueueRow]


def groups_of(page: QueuePage, sizes: dict[int, int], reader: User) -> list[Group]:
    """The rows of a page under the headings of their urgency."""
    urgencies = {key: urgency for urgency, key in page.rows}
    rows = queue_rows(list(urgencies), reader=reader)
    acknowledged = standing_acknowledgements(
        row.clock for row in rows if row.clock is not None and row.was_acknowledged
    )
    grouped: dict[Urgency, list[QueueRow]] = {}
    for row in rows:
        in_hand = acknowledged.get(row.clock.pk) if row.clock is not None else None
        if in_hand:  # Shown beside the subject.
            row = replace(row, acknowledged=in_hand, drawn={})  # noqa: PLW2901 - the same row, told more
        grouped.setdefault(urgencies[row.key], []).append(row)
    # A size may be a moment older than the rows: a group is never smaller than what it shows.
    return [
        Group(
            str(urgency.label),
            GROUP_NOTES.get(urgency, ""),
            max(sizes.get(urgency, 0), len(rows)),
            rows,
        )
        for urgency, rows in grouped.items()
    ]


def sizes_of_whole(page: QueuePage) -> dict[int, int]:
    """The sizes of groups that stand on this one page whole; empty when there are more pages."""
    if page.before is not None or page.after is not None:
        return {}
    return dict(Counter(int(urgency) for urgency, _ in page.rows))
