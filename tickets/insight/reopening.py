"""How much of what was resolved came back."""

from collections.abc import Sequence
from datetime import datetime

from tickets.insight import counting
from tickets.insight.asking import Question
from tickets.insight.drawing import add_column, add_column_lead, columns_drawing
from tickets.insight.sheet import (
    Cell,
    Figure,
    count_cell,
    percent_words,
    share_cell,
    short_day,
    week_cell,
)


def reopening(weeks: Sequence[counting.Reopened], asked: Question, as_of: datetime) -> Figure:
    """Draw a bar a week."""
    rows: list[tuple[Cell, ...]] = [
        (
            week_cell(one.week),
            count_cell(one.resolved, asked.cut(of="resolved", week=one.week)),
            count_cell(one.reopened, asked.cut(of="reopened", week=one.week)),
            share_cell(one.reopened, one.resolved),
        )
        for one in weeks
    ]
    mondays = asked.mondays(as_of)
    shares = {one.week: one.reopened / one.resolved for one in weeks}
    most = max(0.04, -(-max(shares.values(), default=0) // 0.04) * 0.04)
    all_resolved = sum(one.resolved for one in weeks)
    came_back = sum(one.reopened for one in weeks)
    label = (
        "Reopened tickets by week: "
        f"{percent_words(came_back, all_resolved)} of {all_resolved} resolved."
    )
    scale = [(share, f"{100 * most * share:.0f} %") for share in (0, 0.5, 1)]
    drawing = columns_drawing(label, [short_day(monday) for monday in mondays], scale=scale)
    of_week = {one.week: one for one in weeks}
    for place, monday in enumerate(mondays):
        if shares.get(monday):
            one, high = of_week[monday], shares[monday] / most
            add_column(drawing, place, len(mondays), high=high, look="c-bar")
            add_column_lead(
                drawing,
                place,
                len(mondays),
                high=high,
                name=f"Week of {short_day(monday)}: {one.reopened} of {one.resolved} reopened",
                query=asked.cut(of="reopened", week=monday),
            )
    return Figure(
        "reopened",
        "Reopened",
        "Of the tickets filed in a week and resolved since: the share that was reopened, once or "
        "more often.",
        ("Week of", "Resolved", "Reopened", "Share"),
        rows,
        [drawing] if came_back else [],
    )
