"""What is typed about a calendar: its week, its zone, a country's holidays and closures of our own.

The fields follow from how many windows and closures there are, so they are made with the form.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.forms import ZoneField
from sla.business_time import BusinessTimeError
from sla.calendar_draft import Draft
from sla.forms.calendar_closures import ClosuresForm
from sla.forms.calendar_draft import of_draft, of_typed
from sla.forms.calendar_holidays import holiday_lines, with_its_holidays
from sla.forms.calendar_week import WeekForm
from sla.models import Calendar
from sla.public_holidays import country_choices, subdivision_choices


class CalendarForm(WeekForm, ClosuresForm):
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
        data = with_its_holidays(data, today) if data is not None else None
        typed = with_its_holidays(typed, today) if typed is not None else None
        initial = of_typed(typed) if typed is not None else of_draft(draft, based_on)
        super().__init__(data, initial=initial)
        given = data or typed or initial
        self.add_week(given)
        self.add_closures(given)
        self._offer_holidays(given)

    def clean(self) -> dict[str, Any]:
        """Make a draft of what was typed, when it makes a calendar."""
        given = super().clean() or {}
        windows, own = self.read_windows(given), self.read_closures(given)
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
            self.refuse_week(str(error))
        given["draft"] = draft
        return given

    def _offer_holidays(self, given: Mapping[str, Any]) -> None:
        country, part = str(given.get("country", "")), str(given.get("subdivision", ""))
        self.holiday_names = holiday_lines(country, part, self.today)
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


def _field(form: forms.Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field
