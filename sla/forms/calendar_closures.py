"""Closures of our own as they are typed, besides a country's holidays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from sla import wording
from sla.forms.calendar_rows import drawn, highest
from sla.forms.roster import DateInput

# Blank rows to fill in; whoever needs more sends the form and finds more.
BLANK_CLOSURES, MOST_CLOSURES = 2, 400
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class ClosureFields:
    """A closure of our own on the page."""

    on: forms.BoundField
    name: forms.BoundField
    remove: forms.BoundField
    is_kept: bool


class ClosuresForm(forms.Form):
    """Closed dates with their names. `known` are those that stand already."""

    past_is_meant = forms.BooleanField(label="Close it all the same", required=False)

    known: Mapping[date, str]
    today: date
    closure_rows: int
    has_past: bool

    def closures(self) -> list[ClosureFields]:
        """Our own closures as the page draws them, with blank ones to fill in."""
        return [
            ClosureFields(
                self[f"closure_{n}_on"],
                self[f"closure_{n}_name"],
                self[f"closure_{n}_remove"],
                is_kept=bool(self[f"closure_{n}_on"].value()),
            )
            for n in range(self.closure_rows)
        ]

    @property
    def asks_about_the_past(self) -> bool:
        """Whether a closure that has passed was typed: the page asks whether it is meant."""
        return self.is_bound and (
            getattr(self, "has_past", False) or bool(self["past_is_meant"].value())
        )

    def add_closures(self, given: Mapping[str, Any]) -> None:
        """Make fields for what is given, and blank ones."""
        filled = highest(given, r"closure_(\d+)_on") + 1
        self.closure_rows = min(filled + BLANK_CLOSURES, MOST_CLOSURES)
        for n in range(self.closure_rows):
            self.fields[f"closure_{n}_on"] = forms.DateField(
                label="Date", required=False, widget=drawn(DateInput())
            )
            self.fields[f"closure_{n}_name"] = forms.CharField(
                label="Name",
                required=False,
                max_length=80,
                widget=drawn(forms.TextInput({"placeholder": "What for, such as Office move"})),
            )
            self.fields[f"closure_{n}_remove"] = forms.BooleanField(label="Remove", required=False)

    def read_closures(self, given: Mapping[str, Any]) -> dict[date, str]:
        """Read our own closures. Effects: an error beside each field that makes no closure."""
        own: dict[date, str] = {}
        self.has_past = False
        for n in range(self.closure_rows):
            on, name = given.get(f"closure_{n}_on"), str(given.get(f"closure_{n}_name") or "")
            field = f"closure_{n}_on"
            if given.get(f"closure_{n}_remove") or field in self.errors or not (on or name):
                continue
            if on is None:
                self.add_error(field, f"Say on which day “{name}” closes.")
            elif not name.strip():
                self.add_error(f"closure_{n}_name", "Name it: people read why we are closed.")
            elif not EARLIEST <= on <= LATEST:
                self.add_error(field, "Give a day of this century.")
            elif on in own:
                self.add_error(field, f"{wording.date_words(on)} stands here twice.")
            else:
                own[on] = name.strip()
                if on < self.today and on not in self.known:
                    self._ask_about(on, field, is_meant=bool(given.get("past_is_meant")))
        return own

    def _ask_about(self, on: date, field: str, *, is_meant: bool) -> None:
        self.has_past = True
        if not is_meant:
            self.add_error(
                field,
                f"{wording.day_words(on, this_year=self.today.year)} has passed. No deadline "
                "moves by it; it counts only when a ticket is re-assessed. Tick “Close it all the "
                "same” below if you mean it.",
            )
