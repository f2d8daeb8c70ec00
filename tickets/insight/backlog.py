"""The open tickets by age and severity."""

from entitlements.choices import Severity
from tickets.insight.asking import AGES, Question
from tickets.insight.drawing import (
    add_column,
    add_stretch_lead,
    add_words,
    add_words_lead,
    columns_drawing,
)
from tickets.insight.sheet import Figure, count_cell, said


def backlog(sizes: dict[tuple[str, int], int], asked: Question) -> Figure:
    """Draw a column an age, stacked by severity."""
    severities = [severity.value for severity in Severity]
    of_age = {age: [sizes.get((age, one), 0) for one in severities] for age in AGES}
    rows = [
        (
            said(words),
            *(
                count_cell(size, asked.cut(of="open", age=age, severity=severity))
                for severity, size in zip(severities, of_age[age], strict=True)
            ),
            count_cell(sum(of_age[age]), asked.cut(of="open", age=age)),
        )
        for age, (words, _, _) in AGES.items()
    ]
    total = sum(map(sum, of_age.values()))
    most = _round_up(max(map(sum, of_age.values()), default=0))
    label = f"{total} open tickets by age, stacked by severity: " + ", ".join(
        f"{sum(of_age[age])} {words}" for age, (words, _, _) in AGES.items()
    )
    scale = [(share, f"{most * share:.0f}") for share in (0, 0.5, 1)]
    names = ["< 1 d", "1–3 d", "3–7 d", "7–14 d", "14–30 d", "30 d +"]
    drawing = columns_drawing(f"{label}.", names, scale=scale)
    for place, (age, (words, _, _)) in enumerate(AGES.items()):
        low = 0.0
        for severity, size in zip(severities, of_age[age], strict=True):
            if size:
                high = low + size / most
                add_column(drawing, place, len(AGES), low=low, high=high, look=f"s{severity}")
                add_stretch_lead(
                    drawing,
                    place,
                    len(AGES),
                    low=low,
                    high=high,
                    name=f"{words}, {Severity(severity).label}: {size} open",
                    query=asked.cut(of="open", age=age, severity=severity),
                )
                low = high
        if low:
            all_of_age = sum(of_age[age])
            add_words(drawing, place, len(AGES), share=low, text=str(all_of_age))
            add_words_lead(
                drawing,
                place,
                len(AGES),
                share=low,
                name=f"{words}, all: {all_of_age} open",
                query=asked.cut(of="open", age=age),
            )
    return Figure(
        "backlog",
        "Backlog by age",
        "Open tickets by how long ago they were filed, in elapsed time: nobody is promised an age. "
        "The period does not narrow them.",
        ("Filed", *(str(severity.label) for severity in Severity), "All"),
        rows if total else [],
        [drawing] if total else [],
        tuple((f"s{severity.value}", str(severity.label)) for severity in Severity),
    )


def _round_up(size: int) -> int:
    """The next number that halves evenly."""
    step = 2 if size <= 20 else 20 if size <= 400 else 200
    return max(step, -(-size // step) * step)
