"""The steps of a ladder, as an administrator types them."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms

from accounts.errors import InvalidInput
from sla.choices import Audience, Counting, StepAction
from sla.rungs import MOST_STEPS, Rung

SPARE_ROWS = 2
PERCENT = "percent"
# What a number of a step counts: its word, the span, and in which time.
UNITS: dict[str, tuple[str, timedelta, Counting]] = {
    "covered_minutes": (
        "minutes of coverage after the deadline",
        timedelta(minutes=1),
        Counting.COVERED,
    ),
    "covered_hours": (
        "hours of coverage after the deadline",
        timedelta(hours=1),
        Counting.COVERED,
    ),
    "minutes": ("minutes after the deadline", timedelta(minutes=1), Counting.PLAIN),
    "hours": ("hours after the deadline", timedelta(hours=1), Counting.PLAIN),
}


class Row(NamedTuple):
    """The fields of one step, as the page draws them."""

    number: int
    amount: forms.BoundField
    unit: forms.BoundField
    repeats: forms.BoundField
    audience: forms.BoundField
    action: forms.BoundField


class LadderForm(forms.Form):
    """The steps of a ladder, and what becomes of the clocks that climb it.

    A row without a number is no step. 100 % of the target is the deadline.
    """

    NEW_ONLY, OPEN_TOO = "new", "open"

    clocks = forms.ChoiceField(
        label="Which clocks climb it",
        choices=[
            (NEW_ONLY, "New clocks only: those running keep the steps they began with"),
            (OPEN_TOO, "Open clocks too: they go on with these steps from now on"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether open clocks climb it too."},
    )
    reason = forms.CharField(
        label="Reason",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It stays with the version and in the record of changes.",
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, rows: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row_count = min(rows, MOST_STEPS)
        for number in range(1, self.row_count + 1):
            self.fields[f"amount_{number}"] = forms.DecimalField(
                label="When",
                required=False,
                min_value=Decimal("0.1"),
                max_value=Decimal(10_000),
                decimal_places=1,
                error_messages={"invalid": "Give a number, such as 75 or 12.5."},
            )
            self.fields[f"unit_{number}"] = forms.ChoiceField(
                label="Counted in",
                choices=[
                    (PERCENT, "% of the target (100 is the deadline)"),
                    *((key, words) for key, (words, _, _) in UNITS.items()),
                ],
            )
            self.fields[f"repeats_{number}"] = forms.BooleanField(
                label="Again and again until answered", required=False
            )
            self.fields[f"audience_{number}"] = forms.MultipleChoiceField(
                label="Whom it tells",
                choices=Audience.choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields[f"action_{number}"] = forms.ChoiceField(
                label="What it does", choices=StepAction.choices
            )

    @classmethod
    def of(cls, rungs: Sequence[Rung], version: int, **kwargs: Any) -> "LadderForm":
        """A form that shows these steps, with room for two more."""
        initial: dict[str, Any] = {"based_on": version, "clocks": cls.NEW_ONLY}
        for number, rung in enumerate(rungs, start=1):
            amount, unit = _typed(rung)
            initial |= {
                f"amount_{number}": amount,
                f"unit_{number}": unit,
                f"repeats_{number}": rung.repeats,
                f"audience_{number}": list(rung.audience),
                f"action_{number}": rung.action,
            }
        initial |= kwargs.pop("initial", {})
        return cls(rows=len(rungs) + SPARE_ROWS, initial=initial, **kwargs)

    @classmethod
    def sent(cls, data: Mapping[str, Any]) -> "LadderForm":
        """The form as somebody sent it, with as many rows as it came with."""
        rows = sum(f"unit_{number}" in data for number in range(1, MOST_STEPS + 1))
        return cls(data, rows=max(rows, 1))

    @property
    def rows(self) -> list[Row]:
        return [
            Row(
                number,
                *(
                    self[f"{name}_{number}"]
                    for name in ("amount", "unit", "repeats", "audience", "action")
                ),
            )
            for number in range(1, self.row_count + 1)
        ]

    @property
    def moves_open_clocks(self) -> bool:
        return bool(self.cleaned_data["clocks"] == self.OPEN_TOO)

    def rungs(self) -> list[Rung]:
        """The steps that were typed, in the order of their rows."""
        return [self._rung(number) for number in self._filled()]

    def add_refusal(self, error: InvalidInput) -> None:
        """Put a refusal beside the row it names: steps are counted without the empty rows."""
        name, _, number = (error.field or "").rpartition("_")
        filled = self._filled()
        if name and number.isdecimal() and 1 <= int(number) <= len(filled):
            field: str | None = f"{name}_{filled[int(number) - 1]}"
        else:
            field = error.field
        self.add_error(field if field in self.fields else None, error.message)

    def digest(self) -> str:
        """What a change comes to: to know whether somebody saw its effect before saving."""
        told = [*map(str, self.rungs()), str(self.moves_open_clocks), self.cleaned_data["based_on"]]
        return hashlib.sha256("\n".join(map(str, told)).encode()).hexdigest()

    def _filled(self) -> list[int]:
        return [
            number
            for number in range(1, self.row_count + 1)
            if self.cleaned_data.get(f"amount_{number}") is not None
        ]

    def _rung(self, number: int) -> Rung:
        given = self.cleaned_data
        amount, unit = given[f"amount_{number}"], given[f"unit_{number}"]
        common: dict[str, Any] = {
            "audience": tuple(Audience(one) for one in given[f"audience_{number}"]),
            "action": StepAction(given[f"action_{number}"]),
        }
        if unit == PERCENT:
            return Rung(share=amount / 100, repeats=given[f"repeats_{number}"], **common)
        _, span, counting = UNITS[unit]
        return Rung(
            delay=span * float(amount),
            counting=counting,
            repeats=given[f"repeats_{number}"],
            **common,
        )


def _typed(rung: Rung) -> tuple[str, str]:
    """A step's moment as somebody would have typed it."""
    if rung.share is not None:
        return f"{(rung.share * 100).normalize():f}", PERCENT
    assert rung.delay is not None
    hours, rest = divmod(rung.delay, timedelta(hours=1))
    minutes = f"{rung.delay / timedelta(minutes=1):.1f}".removesuffix(".0")
    amount, word = (minutes, "minutes") if rest else (str(hours), "hours")
    return amount, f"covered_{word}" if rung.counting == Counting.COVERED else word
