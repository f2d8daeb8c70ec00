"""The week of a calendar as it is typed: windows by weekday."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms

from sla import wording
from sla.business_time import WEEKDAYS
from sla.calendar_draft import Windows
from sla.forms.calendar_rows import drawn, highest
from sla.forms.roster import TimeInput

MIDNIGHT = time()
NAMES = dict(zip(WEEKDAYS, wording.WEEKDAYS, strict=True))
# What can be typed of a day at once; whoever needs more sends the form and finds more.
SLOTS, MOST_SLOTS = 2, 8


@dataclass(frozen=True, slots=True)
class WindowFields:
    """One window of a weekday on the page."""

    opens: forms.BoundField
    closes: forms.BoundField
    past: forms.BoundField

    @property
    def fields(self) -> list[forms.BoundField]:
        return [self.opens, self.closes, self.past]


@dataclass(frozen=True, slots=True)
class DayFields:
    """A weekday on the page."""

    name: str
    whole_day: forms.BoundField
    windows: list[WindowFields]


class WeekForm(forms.Form):
    """Each weekday's windows; the fields are made with the form."""

    slots: dict[str, int]

    def days(self) -> list[DayFields]:
        """The week as the page draws it."""
        return [
            DayFields(
                NAMES[day],
                self[f"{day}_all"],
                [
                    WindowFields(
                        self[f"{day}_{n}_from"], self[f"{day}_{n}_to"], self[f"{day}_{n}_past"]
                    )
                    for n in range(self.slots[day])
                ],
            )
            for day in WEEKDAYS
        ]

    def add_week(self, given: Mapping[str, Any]) -> None:
        """Make fields for what is given, and for one window more a day."""
        self.slots = {}
        for day in WEEKDAYS:
            filled = highest(given, rf"{day}_(\d+)_from") + 1
            self.slots[day] = min(max(SLOTS, filled + 1), MOST_SLOTS)
            name = NAMES[day]
            self.fields[f"{day}_all"] = forms.BooleanField(
                label=f"{name}, whole day", required=False
            )
            for n in range(self.slots[day]):
                self.fields[f"{day}_{n}_from"] = forms.TimeField(
                    label=f"{name}, from", required=False, widget=drawn(TimeInput())
                )
                self.fields[f"{day}_{n}_to"] = forms.TimeField(
                    label=f"{name}, to", required=False, widget=drawn(TimeInput())
                )
                self.fields[f"{day}_{n}_past"] = forms.BooleanField(
                    label=f"{name}, past midnight", required=False
                )

    def read_windows(self, given: Mapping[str, Any]) -> Windows:
        """Read the week that was typed. Effects: an error beside what makes no window."""
        windows: Windows = {}
        for number, day in enumerate(WEEKDAYS):
            if given.get(f"{day}_all"):
                windows[day] = [["00:00", "24:00"]]
                continue
            following = wording.WEEKDAYS[(number + 1) % 7]
            windows[day] = [
                window
                for n in range(self.slots[day])
                if (window := self._window(given, f"{day}_{n}", following))
            ]
        return windows

    def _window(self, given: Mapping[str, Any], slot: str, following: str) -> list[str]:
        opens, closes = given.get(f"{slot}_from"), given.get(f"{slot}_to")
        past = bool(given.get(f"{slot}_past"))
        if f"{slot}_from" in self.errors or f"{slot}_to" in self.errors:
            return []
        if opens is None and closes is None:
            return []
        if opens is None or closes is None:
            missing = "from" if opens is None else "to"
            self.add_error(f"{slot}_{missing}", "Give both times, or neither.")
            return []
        if closes == MIDNIGHT:
            return [f"{opens:%H:%M}", "24:00"]
        if closes <= opens and not past:
            self.add_error(
                f"{slot}_to",
                f"{opens:%H:%M}–{closes:%H:%M} ends before it starts. Does it run past midnight, "
                f"into {following}? Then tick “past midnight”.",
            )
        elif closes > opens and past:
            self.add_error(
                f"{slot}_past",
                f"{opens:%H:%M}–{closes:%H:%M} ends on the same day. Take the tick away, or "
                "choose another time.",
            )
        return [f"{opens:%H:%M}", f"{closes:%H:%M}"]

    def refuse_week(self, message: str) -> None:
        """Say that the week makes no calendar, beside the day that is meant."""
        found = re.match(r"On (\w{3}) ", message)
        if found and found[1] in NAMES:
            day = found[1]
            self.add_error(f"{day}_0_from", message.replace(day, NAMES[day], 1))
        else:
            self.add_error(None, f"{message} Give at least one weekday its hours.")
