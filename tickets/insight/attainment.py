"""Promises kept, by plan, severity and week."""

from collections.abc import Sequence
from datetime import datetime

from entitlements.choices import Severity
from entitlements.models import Plan
from tickets.insight import counting
from tickets.insight.asking import Question
from tickets.insight.drawing import Drawing, Words, add_cell, add_lead
from tickets.insight.sheet import (
    Figure,
    count_cell,
    percent_words,
    said,
    share_cell,
    short_day,
    week_cell,
)

# Below this share of promises kept a bar is hollow and hatched.
GOAL = 0.95


def attainment(
    kept: Sequence[counting.Kept], plans: dict[int, Plan], asked: Question, as_of: datetime
) -> Figure:
    """Draw a row of bars for each plan and severity, one bar a week."""
    rows = [
        (
            said(plans[one.plan].name),
            said(Severity(one.severity).label),
            week_cell(one.week),
            share_cell(one.met, one.decided),
            *(
                count_cell(
                    size,
                    asked.cut(
                        of=kind, of_plan=plans[one.plan].key, severity=one.severity, week=one.week
                    ),
                )
                for kind, size in (
                    ("decided", one.decided),
                    ("met", one.met),
                    ("missed", one.missed),
                    ("excused", one.excused),
                    ("running", one.running),
                )
            ),
        )
        for one in kept
    ]
    return Figure(
        "attainment",
        "Promises kept",
        "Of the tickets filed in a week with a promised time: the share answered in time, of those "
        "answered or missed by now. Excused misses and what was withdrawn before it was due are "
        "left out.",
        (
            "Plan",
            "Severity",
            "Week of",
            "Kept",
            "Decided",
            "In time",
            "Missed",
            "Excused",
            "Still running",
        ),
        rows,
        [
            drawing
            for plan in plans.values()
            if (
                drawing := _plan_drawing(
                    plan, [one for one in kept if one.plan == plan.pk], asked, as_of
                )
            )
            is not None
        ],
        (("c-bar", f"in time, {GOAL:.0%} or more".replace("%", " %")), ("c-bar--miss", "less")),
    )


def _plan_drawing(
    plan: Plan, kept: Sequence[counting.Kept], asked: Question, as_of: datetime
) -> Drawing | None:
    decided = sum(one.decided for one in kept)
    if not decided:
        return None
    mondays = asked.mondays(as_of)
    met = sum(one.met for one in kept)
    row_height, bar_height = 30, 22
    severities = sorted({one.severity for one in kept if one.decided})
    told = []
    drawing = Drawing(
        "",
        len(severities) * row_height + 22,
        f"{plan.name}, {percent_words(met, decided)}",
        of=decided,
        query=asked.cut(of="decided", of_plan=plan.key),
    )
    for place, severity in enumerate(severities):
        of_severity = {one.week: one for one in kept if one.severity == severity}
        y = place * row_height + (row_height - bar_height)
        all_met = sum(one.met for one in of_severity.values())
        all_decided = sum(one.decided for one in of_severity.values())
        told.append(
            f"{Severity(severity).label} {percent_words(all_met, all_decided)} of {all_decided}"
        )
        drawing.words.append(Words("-8", str(y + 15), str(Severity(severity).label), anchor="end"))
        for column, monday in enumerate(mondays):
            one = of_severity.get(monday)
            if one is None or not one.decided:
                continue
            share = one.met / one.decided
            full = bar_height * share
            is_kept = share >= GOAL
            add_lead(
                drawing,
                column,
                len(mondays),
                y=y,
                height=row_height,
                name=f"{Severity(severity).label}, week of {short_day(monday)}: "
                f"{percent_words(one.met, one.decided)} of {one.decided} in time",
                query=asked.cut(of="decided", of_plan=plan.key, severity=severity, week=monday),
            )
            # A week with no promise kept is an empty frame, never a blank.
            track = "c-track" if is_kept else "c-bar--miss"
            add_cell(drawing, column, len(mondays), y=y, height=bar_height, look=track)
            if is_kept:
                top = y + bar_height - full
                add_cell(drawing, column, len(mondays), y=top, height=full, look="c-bar")
            elif full >= 1:
                add_cell(
                    drawing,
                    column,
                    len(mondays),
                    y=y + bar_height - full,
                    height=full,
                    look="c-hatched",
                )
    for column in sorted({0, len(mondays) // 2, len(mondays) - 1}):
        anchor = "start" if column == 0 else "end" if column == len(mondays) - 1 else "middle"
        x = {"start": "0%", "end": "100%"}.get(
            anchor, f"{100 * (column + 0.5) / len(mondays):.2f}%"
        )
        drawing.words.append(
            Words(x, str(drawing.height - 4), short_day(mondays[column]), anchor=anchor)
        )
    drawing.label = f"{plan.name}, promises kept by severity and week: {'; '.join(told)}."
    return drawing
