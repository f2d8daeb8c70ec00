"""What is typed about a calendar: its week, its zone, a country's holidays and closures of our own.

The fields follow from how many windows and closures there are, so they are made with the form.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.forms import ZoneField
from sla import wording
from sla.business_time import WEEKDAYS, BusinessTimeError
from sla.calendar_draft import Draft, Windows
from sla.forms.roster import DateInput, TimeInput
from sla.models import Calendar
from sla.public_holidays import (
    country_choices,
    holidays_of,
    plain_name,
    subdivision_choices,
)

MIDNIGHT = time()
NAMES = dict(zip(WEEKDAYS, wording.WEEKDAYS, strict=True))
# What can be typed at once; whoever needs more sends the form and finds more.
SLOTS, MOST_SLOTS, BLANK_CLOSURES, MOST_CLOSURES = 2, 8, 2, 400
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


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


@dataclass(frozen=True, slots=True)
class ClosureFields:
    """A closure of our own on the page."""

    on: forms.BoundField
    name: forms.BoundField
    remove: forms.BoundField
    is_kept: bool


class CalendarForm(forms.Form):
    """A calendar's next version. `known` are the closures of our own that stand already."""

    zone = ZoneField(help_text="The windows are on its clocks, summer and winter.")
    country = forms.ChoiceField(
        label="Holidays of",
        required=False,
        choices=lambda: [("", "No country"), *country_choices()],
    )
    subdivision = forms.ChoiceField(label="State or region", required=False)
    kept_holidays = forms.MultipleChoiceField(
        label="Closed on", required=False, widget=forms.CheckboxSelectMultiple
    )
    holidays_shown = forms.CharField(required=False, widget=forms.HiddenInput)
    past_is_meant = forms.BooleanField(label="Close it all the same", required=False)
    based_on = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        typed: QueryDict | None = None,
        draft: Draft | None = None,
        known: Mapping[date, str] | None = None,
        today: date,
        based_on: int = 0,
    ) -> None:
        """Bind `data`; or show `typed` again without judging it; or show a draft as it stands."""
        self.known, self.today = known or {}, today
        data = _with_its_holidays(data, today) if data is not None else None
        typed = _with_its_holidays(typed, today) if typed is not None else None
        initial = _of_typed(typed) if typed is not None else _of_draft(draft, based_on)
        super().__init__(data, initial=initial)
        given = data or typed or initial
        self._add_week(given)
        self._add_closures(given)
        self._offer_holidays(given)

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

    def clean(self) -> dict[str, Any]:
        """Make a draft of what was typed, when it makes a calendar."""
        given = super().clean() or {}
        windows, own = self._windows(given), self._own_closures(given)
        if self.errors:
            return given
        draft = Draft(
            zone=given["zone"],
            windows=windows,
            country=given["country"],
            subdivision=given["subdivision"],
            skipped_holidays=self._skipped(given),
            own_closures=own,
        )
        try:
            draft.version(Calendar(), 0).schedule()
        except BusinessTimeError as error:
            self._refuse_week(str(error))
        given["draft"] = draft
        return given

    def _add_week(self, given: Mapping[str, Any]) -> None:
        self.slots = {}
        for day in WEEKDAYS:
            filled = _highest(given, rf"{day}_(\d+)_from") + 1
            self.slots[day] = min(max(SLOTS, filled + 1), MOST_SLOTS)
            name = NAMES[day]
            self.fields[f"{day}_all"] = forms.BooleanField(
                label=f"{name}, whole day", required=False
            )
            for n in range(self.slots[day]):
                self.fields[f"{day}_{n}_from"] = forms.TimeField(
                    label=f"{name}, from", required=False, widget=_drawn(TimeInput())
                )
                self.fields[f"{day}_{n}_to"] = forms.TimeField(
                    label=f"{name}, to", required=False, widget=_drawn(TimeInput())
                )
                self.fields[f"{day}_{n}_past"] = forms.BooleanField(
                    label=f"{name}, past midnight", required=False
                )

    def _add_closures(self, given: Mapping[str, Any]) -> None:
        filled = _highest(given, r"closure_(\d+)_on") + 1
        self.closure_rows = min(filled + BLANK_CLOSURES, MOST_CLOSURES)
        for n in range(self.closure_rows):
            self.fields[f"closure_{n}_on"] = forms.DateField(
                label="Date", required=False, widget=_drawn(DateInput())
            )
            self.fields[f"closure_{n}_name"] = forms.CharField(
                label="Name",
                required=False,
                max_length=80,
                widget=_drawn(forms.TextInput({"placeholder": "What for, such as Office move"})),
            )
            self.fields[f"closure_{n}_remove"] = forms.BooleanField(label="Remove", required=False)

    def _offer_holidays(self, given: Mapping[str, Any]) -> None:
        country, part = str(given.get("country", "")), str(given.get("subdivision", ""))
        self.holiday_names = _names(country, part, self.today)
        self.holidays_key = f"{country}/{part}"
        _field(self, "subdivision").choices = [("", "All of it"), *subdivision_choices(country)]
        _field(self, "kept_holidays").choices = [(name, name) for name, _ in self.holiday_names]

    def holidays(self) -> list[tuple[str, str, bool]]:
        """Each holiday with its coming days in words, and whether it closes."""
        kept = set(self["kept_holidays"].value() or ())
        return [(name, days, name in kept) for name, days in self.holiday_names]

    def _skipped(self, given: Mapping[str, Any]) -> tuple[str, ...]:
        kept = set(given["kept_holidays"])
        return tuple(name for name, _ in self.holiday_names if name not in kept)

    def _windows(self, given: Mapping[str, Any]) -> Windows:
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

    def _own_closures(self, given: Mapping[str, Any]) -> dict[date, str]:
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

    def _refuse_week(self, message: str) -> None:
        found = re.match(r"On (\w{3}) ", message)
        if found and found[1] in NAMES:
            day = found[1]
            self.add_error(f"{day}_0_from", message.replace(day, NAMES[day], 1))
        else:
            self.add_error(None, f"{message} Give at least one weekday its hours.")


def _drawn[Widget: forms.Widget](widget: Widget) -> Widget:
    widget.attrs["class"] = "form-control"
    return widget


def _field(form: forms.Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field


def _highest(given: Mapping[str, Any], pattern: str) -> int:
    """The highest number of a row that has something in it; -1 when none has."""
    found = [
        int(match[1])
        for name in given
        if (match := re.fullmatch(pattern, name)) and len(match[1]) < 4 and given.get(name)
    ]
    return max(found, default=-1)


def _names(country: str, subdivision: str, today: date) -> list[tuple[str, str]]:
    """Each holiday's name with its days of the coming twelve months in words."""
    end = date(today.year + 1, today.month, min(today.day, 28))
    days: dict[str, list[str]] = {}
    if country not in dict(country_choices()):
        return []
    for on, names in holidays_of(country, subdivision).items():
        for name in names:
            coming = days.setdefault(plain_name(name), [])
            if today <= on < end:
                aside = name.removeprefix(plain_name(name)).strip()
                coming.append(" ".join(filter(None, (wording.day_words(on), aside))))
    return [(name, ", ".join(some)) for name, some in sorted(days.items()) if some] + [
        (name, "not within a year") for name, some in sorted(days.items()) if not some
    ]


def _with_its_holidays(typed: QueryDict, today: date) -> QueryDict:
    """What was typed, with all holidays of a country or region chosen since the page was drawn."""
    country, part = typed.get("country") or "", typed.get("subdivision") or ""
    if part not in dict(subdivision_choices(country)):
        part = ""
    if typed.get("holidays_shown") == f"{country}/{part}":
        return typed
    adjusted = typed.copy()
    adjusted["subdivision"] = part
    adjusted["holidays_shown"] = f"{country}/{part}"
    adjusted.setlist("kept_holidays", [name for name, _ in _names(country, part, today)])
    return adjusted


def with_mondays_hours(typed: QueryDict) -> QueryDict:
    """What was typed, with Monday's windows on every working day."""
    copied = typed.copy()
    for day in WEEKDAYS[1:5]:
        for name in [name for name in copied if name.startswith(f"{day}_")]:
            del copied[name]
        for name in typed:
            if name.startswith("mon_"):
                copied[name.replace("mon", day, 1)] = str(typed[name])
    return copied


def _of_typed(typed: QueryDict) -> dict[str, Any]:
    initial: dict[str, Any] = dict(typed.items())
    initial["kept_holidays"] = typed.getlist("kept_holidays")
    return initial


def _of_draft(draft: Draft | None, based_on: int) -> dict[str, Any]:
    if draft is None:
        return {"zone": "America/New_York"}
    return {
        "zone": draft.zone,
        "country": draft.country,
        "subdivision": draft.subdivision,
        "based_on": based_on,
        "holidays_shown": f"{draft.country}/{draft.subdivision}",
        **dict(_week_of(draft)),
        **dict(_closures_of(draft)),
        **_holidays_of_draft(draft),
    }


def _holidays_of_draft(draft: Draft) -> dict[str, Any]:
    names = {
        plain_name(name)
        for names in holidays_of(draft.country, draft.subdivision).values()
        for name in names
    }
    return {"kept_holidays": sorted(names - set(draft.skipped_holidays))}


def _week_of(draft: Draft) -> Iterator[tuple[str, Any]]:
    for day, windows in draft.windows.items():
        if windows == [["00:00", "24:00"]]:
            yield f"{day}_all", True
            continue
        for n, (opens, closes) in enumerate(windows):
            yield f"{day}_{n}_from", opens
            yield f"{day}_{n}_to", "00:00" if closes == "24:00" else closes
            yield f"{day}_{n}_past", closes <= opens


def _closures_of(draft: Draft) -> Iterator[tuple[str, Any]]:
    for n, (on, name) in enumerate(sorted(draft.own_closures.items())):
        yield f"closure_{n}_on", on
        yield f"closure_{n}_name", name


class CalendarNameForm(forms.Form):
    """What a new calendar is called."""

    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="As people will read it, such as Berlin hours.",
        error_messages={"required": "Give the calendar a name."},
    )


class CalendarReasonForm(forms.Form):
    """Why a calendar is changed."""

    reason = forms.CharField(
        label="Why",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Stays with the version.",
        error_messages={"required": "Say why: it stays with the version."},
    )
