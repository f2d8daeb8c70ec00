"""Covered time to the qualified answer: the median, and what nine of ten did not exceed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from entitlements.choices import Severity
from sla.wording import span_chip
from tickets.insight import counting
from tickets.insight.asking import Question
from tickets.insight.drawing import add_column, add_column_lead, columns_drawing
from tickets.insight.sheet import Cell, Figure, count_cell, said, short_day, span_cell, week_cell


def answer_times(
    by_week: Sequence[counting.Waited],
    by_severity: Sequence[counting.Waited],
    asked: Question,
    as_of: datetime,
) -> Figure:
    """Draw a bar a week: to the median, and on to the ninth of ten."""
    rows = [
        (said("All"), week_cell(one.of), *_waited(one, asked.cut(of="answered", week=one.of)))
        for one in by_week
        if isinstance(one.of, date)
    ]
    rows += [
        (
            said(Severity(one.of).label),
            said("all of them"),
            *_waited(one, asked.cut(of="answered", severity=one.of)),
        )
        for one in by_severity
        if isinstance(one.of, int)
    ]
    longest = round_up(max((one.p90 for one in by_week), default=timedelta()))
    mondays = asked.mondays(as_of)
    of_week = {one.of: one for one in by_week}
    newest = by_week[-1] if by_week else None
    label = "Covered time to the qualified answer by week."
    if newest is not None:
        label += (
            f" In the newest week half had theirs within {span_chip(newest.median)}, nine of ten"
            f" within {span_chip(newest.p90)}."
        )
    scale = [(share, span_chip(longest * share) if share else "0") for share in (0, 0.5, 1)]
    drawing = columns_drawing(label, [short_day(monday) for monday in mondays], scale=scale)
    for place, monday in enumerate(mondays):
        one = of_week.get(monday)
        if one is None or not longest:
            continue
        add_column(drawing, place, len(mondays), high=one.p90 / longest, look="c-soft")
        add_column(drawing, place, len(mondays), high=one.median / longest, look="c-bar")
        add_column_lead(
            drawing,
            place,
            len(mondays),
            high=one.p90 / longest,
            name=f"Week of {short_day(monday)}: {one.answered} answered, half within "
            f"{span_chip(one.median)}, nine of ten within {span_chip(one.p90)}",
            query=asked.cut(of="answered", week=monday),
        )
    return Figure(
        "answers",
        "Time to a qualified answer",
        "Covered time, as the clocks count it, from the filing to the qualified answer; of tickets "
        "with a promised time that have one, by the week they were filed in.",
        ("Severity", "Week of", "Answered", "Half within", "Nine of ten within"),
        rows,
        [drawing] if by_week else [],
        (("c-bar", "half of the tickets"), ("c-soft", "nine of ten tickets")),
    )


# What the scale ends with, so that its half is a round figure too. Units: minutes.
_ENDS = (10, 20, 30, 60, 120, 240, 480, 720, 960, 1440, 1920, 2880, 3840, 4800, 7200)


def round_up(span: timedelta) -> timedelta:
    """The next figure a scale may end with; of very long ones the next 100 hours."""
    for minutes in _ENDS:
        if span <= timedelta(minutes=minutes):
            return timedelta(minutes=minutes)
    step = timedelta(hours=100)
    return step * -(-span // step)


def _waited(one: counting.Waited, query: str) -> tuple[Cell, ...]:
    return (count_cell(one.answered, query), span_cell(one.median), span_cell(one.p90))
