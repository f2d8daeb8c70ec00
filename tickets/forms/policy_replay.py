"""A question about another policy, as an administrator asks it."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from entitlements.choices import Severity
from entitlements.models import Edition, Plan
from entitlements.policy_draft import HoursDraft, LevelDraft, PolicyDraft, StepDraft
from sla.business_time import WEEKDAYS, BusinessTimeError, Schedule
from sla.choices import Counting
from sla.models import Calendar, CalendarVersion, Ladder
from sla.wording import WEEKDAYS as WEEKDAY_NAMES

AS_IT_WAS = "As it was"
MOST_STEPS = 12
_TARGET = re.compile(r"(\d{1,4}(?:\.\d{1,2})?)\s*(min|m|minutes?|h|hours?)", re.IGNORECASE)
_WINDOW = re.compile(r"(\d{1,2}:\d\d)\s*(?:-|–|to)\s*(\d{1,2}:\d\d)")
_STEP = re.compile(
    r"(?:(?P<share>\d{1,3}(?:\.\d)?)\s*%|(?P<how>after|every)\s+(?P<delay>.+?)(?P<plain>\s+plain)?)",
    re.IGNORECASE,
)


class PolicyReplayForm(forms.Form):
    """Which tickets, and what would have been promised. What is left open is as it was."""

    question = forms.CharField(
        label="Your question",
        max_length=120,
        help_text="Such as: What if Plus answered High within 2 h, around the clock?",
        error_messages={"required": "Ask a question: the result is kept under it."},
    )
    plan = forms.ChoiceField(label="Tickets filed under", required=False)
    edition = forms.ChoiceField(
        label="Served on",
        required=False,
        help_text="Another edition brings its own targets, hours, ladders and call rule.",
    )
    hours_of = forms.ChoiceField(label="Change the hours of", required=False)
    closed = forms.CharField(
        label="Closed, too",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Dates such as 2026-12-24, one a line.",
    )
    opened = forms.CharField(
        label="Open although closed today",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Dates such as 2026-11-27, one a line.",
    )
    steps = forms.CharField(
        label="A ladder of your own",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=(
            "One step a line: 50 % · 100 % · after 1 h · every 30 min. Delays count covered time; "
            "write “plain” behind one for elapsed time. It replaces every ladder above."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calendars = _choices(Calendar.objects.all())
        ladders = _choices(Ladder.objects.of_plans())
        self._offer("plan", [("", "Every plan"), *_choices(Plan.objects.all())])
        editions = Edition.objects.filter(published_at__isnull=False).select_related("plan")
        self._offer("edition", [("", "The edition they were filed under"), *_choices(editions)])
        self._offer("hours_of", [("", "No calendar"), *calendars])
        for severity in Severity:
            self.fields[f"target_{severity}"] = forms.CharField(
                label=f"{severity.label}: answer within", required=False, max_length=20
            )
            self.fields[f"calendar_{severity}"] = forms.ChoiceField(
                label=f"{severity.label}: counted on",
                required=False,
                choices=[("", AS_IT_WAS), *calendars],
            )
            self.fields[f"ladder_{severity}"] = forms.ChoiceField(
                label=f"{severity.label}: ladder",
                required=False,
                choices=[("", AS_IT_WAS), *ladders],
            )
            target = self.fields[f"target_{severity}"].widget
            target.attrs["placeholder"] = "as it was"
        for day, name in zip(WEEKDAYS, WEEKDAY_NAMES, strict=True):
            field = forms.CharField(label=name, required=False, max_length=60)
            field.widget.attrs["placeholder"] = "closed"
            self.fields[f"window_{day}"] = field

    def levels(self) -> list[tuple[Severity, list[forms.BoundField]]]:
        """The fields of each severity, for the table."""
        names = ("target", "calendar", "ladder")
        return [(severity, [self[f"{name}_{severity}"] for name in names]) for severity in Severity]

    def windows(self) -> list[forms.BoundField]:
        return [self[f"window_{day}"] for day in WEEKDAYS]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        levels = {int(severity): self._level(severity, given) for severity in Severity}
        hours = self._hours(given)
        steps = self._steps(given.get("steps", ""))
        if not self.errors:
            given["draft"] = PolicyDraft(
                plan=given["plan"],
                edition=given["edition"],
                levels={key: one for key, one in levels.items() if not one.is_empty},
                hours=hours,
                steps=steps,
            )
        return given

    @staticmethod
    def filled_in(data: dict[str, Any]) -> dict[str, Any]:
        """Return what was typed with the present hours of the chosen calendar beside it."""
        chosen = CalendarVersion.objects.filter(calendar__key=data.get("hours_of", ""))
        version = chosen.order_by("-number").first()
        windows = {} if version is None else version.windows
        return data | {
            f"window_{day}": ", ".join(
                f"{opens}–{closes}" for opens, closes in windows.get(day, ())
            )
            for day in WEEKDAYS
        }

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _level(self, severity: Severity, given: dict[str, Any]) -> LevelDraft:
        name = f"target_{severity}"
        text = given.get(name, "").strip().lower()
        target = None if text in {"", "none"} else _span(text)
        if text not in {"", "none"} and target is None:
            self.add_error(name, "Write 2 h, 90 min, or none.")
        return LevelDraft(
            target=target,
            is_without_target=text == "none",
            calendar=given.get(f"calendar_{severity}", ""),
            ladder=given.get(f"ladder_{severity}", ""),
        )

    def _hours(self, given: dict[str, Any]) -> HoursDraft | None:
        calendar = given.get("hours_of", "")
        windows = {
            day: found
            for day in WEEKDAYS
            if (found := self._windows(f"window_{day}", given.get(f"window_{day}", "")))
        }
        closed, opened = (self._dates(name, given.get(name, "")) for name in ("closed", "opened"))
        if not calendar:
            if windows or closed or opened:
                self.add_error("hours_of", "Choose the calendar whose hours these are.")
            return None
        if not self.errors:
            try:
                Schedule("UTC", {day: [(a, b) for a, b in one] for day, one in windows.items()})
            except BusinessTimeError as error:
                self.add_error("hours_of", str(error))
        return HoursDraft(calendar, windows, closed, opened)

    def _windows(self, name: str, text: str) -> list[list[str]]:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        found = [_WINDOW.fullmatch(part) for part in parts]
        if not all(found):
            self.add_error(name, "Write 09:00–17:00; several with commas.")
            return []
        return [[f"{one[1]:0>5}", f"{one[2]:0>5}"] for one in found if one]

    def _dates(self, name: str, text: str) -> tuple[date, ...]:
        try:
            days = {date.fromisoformat(part) for part in text.replace(",", " ").split()}
        except ValueError:
            self.add_error(name, "Write dates as 2026-12-24, one a line.")
            return ()
        return tuple(sorted(days))

    def _steps(self, text: str) -> tuple[StepDraft, ...]:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > MOST_STEPS:
            self.add_error("steps", f"A ladder has at most {MOST_STEPS} steps.")
            return ()
        steps = [_step(order, line) for order, line in enumerate(lines, start=1)]
        wrong = next((line for line, step in zip(lines, steps, strict=True) if step is None), None)
        if wrong is not None:
            self.add_error("steps", f"“{wrong}” is no step. Write 50 %, after 1 h or every 30 min.")
        return tuple(step for step in steps if step is not None)


def _choices(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [(row.key, str(row)) for row in rows]


def _span(text: str) -> timedelta | None:
    match = _TARGET.fullmatch(text.strip())
    if match is None:
        return None
    minutes = float(match[1]) * (60 if match[2].lower().startswith("h") else 1)
    return timedelta(minutes=minutes) if minutes else None


def _step(order: int, line: str) -> StepDraft | None:
    match = _STEP.fullmatch(line)
    if match is None:
        return None
    if match["share"]:
        share = Decimal(match["share"]) / 100
        return StepDraft(order, share=share) if 0 < share <= 1 else None
    delay = _span(match["delay"])
    if delay is None:
        return None
    return StepDraft(
        order,
        delay=delay,
        counting=Counting.PLAIN if match["plain"] else Counting.COVERED,
        repeats=match["how"].lower() == "every",
    )
