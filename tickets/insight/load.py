"""Tickets filed by hour of the week, against the roster."""

from tickets.insight.asking import HOURS_OF_WEEK, Question
from tickets.insight.drawing import Drawing, Words, add_cell, add_lead
from tickets.insight.sheet import Cell, Figure, count_cell, said

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def load(filed: dict[int, int], on_duty: dict[int, float], asked: Question) -> Figure:
    """Draw the week as rows of hours: tinted by load, underlined with somebody on duty."""
    rows: list[tuple[Cell, ...]] = [
        (
            said(DAYS[hour // 24]),
            said(f"{hour % 24:02}:00"),
            count_cell(filed.get(hour, 0), asked.cut(of="filed", hour=hour)),
            Cell(f"{on_duty.get(hour, 0):.1f}", round(on_duty.get(hour, 0), 2)),
        )
        for hour in range(HOURS_OF_WEEK)
        if filed.get(hour) or on_duty.get(hour)
    ]
    most = max(filed.values(), default=0)
    alone = sum(size for hour, size in filed.items() if on_duty.get(hour, 0) < 0.5)
    busiest = max(filed, key=lambda hour: (filed[hour], -hour), default=0)
    label = (
        f"Tickets filed by hour of the week against the roster. Busiest: {DAYS[busiest // 24]} "
        f"{busiest % 24:02}:00 with {most}. Filed in hours with nobody on duty half the time or "
        f"more: {alone}."
    )
    row_height, cell_height = 26, 18
    drawing = Drawing(label, 7 * row_height + 20)
    for day in range(7):
        y = day * row_height
        drawing.words.append(Words("-8", str(y + 14), DAYS[day], anchor="end"))
        for hour in range(24):
            size = filed.get(day * 24 + hour, 0)
            add_cell(drawing, hour, 24, y=y, height=cell_height, look="c-track")
            if size:
                add_cell(
                    drawing,
                    hour,
                    24,
                    y=y,
                    height=cell_height,
                    look="c-bar",
                    strength=0.15 + 0.85 * size / most,
                )
                add_lead(
                    drawing,
                    hour,
                    24,
                    y=y,
                    height=row_height,
                    name=f"{hour_words(day * 24 + hour)}: {size} filed, "
                    f"{on_duty.get(day * 24 + hour, 0):.1f} engineers on duty",
                    query=asked.cut(of="filed", hour=day * 24 + hour),
                )
            manned = on_duty.get(day * 24 + hour, 0)
            if manned >= 0.5:
                add_cell(drawing, hour, 24, y=y + cell_height + 2, height=3, look="c-duty")
            elif size:
                add_cell(drawing, hour, 24, y=y, height=cell_height, look="c-alone")
    for hour in range(0, 24, 6):
        drawing.words.append(
            Words(
                f"{100 * hour / 24:.2f}%", str(drawing.height - 4), f"{hour:02}:00", anchor="start"
            )
        )
    return Figure(
        "load",
        "Load by hour of the week",
        "Tickets filed in each hour, and how many engineers the roster had on duty in it, averaged "
        "over the weeks of the period, from its first shift on.",
        ("Day", "Hour from", "Filed", "Engineers on duty"),
        rows if most else [],
        [drawing] if most else [],
        (
            ("c-bar", "filed, stronger is more"),
            ("c-duty", "somebody on duty"),
            ("c-alone", "filed, nobody on duty"),
        ),
    )


def hour_words(hour: int) -> str:
    """An hour of the week: "Tue 14:00"."""
    return f"{DAYS[hour // 24]} {hour % 24:02}:00"
