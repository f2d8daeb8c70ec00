"""What is typed about the roster. Times are in the zone chosen beside them."""

from datetime import UTC, date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from accounts.forms import ZoneField
from accounts.models import User
from sla.business_time import WEEKDAYS
from sla.choices import DutyRole
from sla.models import Shift
from sla.permissions import can_be_on_duty
from sla.querysets import DUTY_ROLES
from sla.wording import WEEKDAYS as WEEKDAY_NAMES
from sla.wording import zone_word

TURNS = 6


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RosterDayField(forms.DateField):
    """A day that somebody could be on duty on.

    In some zone the first and the last day that can be written have no moment in UTC.
    """

    widget = DateInput
    default_validators = [
        MinValueValidator(date(2000, 1, 1), "Choose a day from the year 2000 on."),
        MaxValueValidator(date(2200, 12, 31), "Choose a day up to the year 2200."),
    ]


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def _people(*duties: DutyRole) -> "Any":
    roles = [role for duty in duties or tuple(DutyRole) for role in DUTY_ROLES[duty]]
    return User.objects.active().with_role(*roles)


class ShiftForm(forms.Form):
    """One shift, besides the patterns."""

    person = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Who",
        empty_label="Choose a person",
        error_messages={"required": "Choose who is on duty."},
    )
    duty = forms.ChoiceField(
        label="As", choices=DutyRole.choices, error_messages={"required": "Choose the duty."}
    )
    starts_on = RosterDayField(
        label="First day", error_messages={"required": "Give the first day."}
    )
    starts = forms.TimeField(
        label="From",
        widget=TimeInput,
        error_messages={"required": "Say when it starts, such as 09:00."},
    )
    ends_on = RosterDayField(label="Last day", error_messages={"required": "Give the last day."})
    ends = forms.TimeField(
        label="To",
        widget=TimeInput,
        error_messages={"required": "Say when it ends, such as 18:00."},
    )
    zone = ZoneField(help_text="The times above are in it.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[User]", self.fields["person"]).queryset = _people()

    def shift(self) -> dict[str, Any]:
        """The facts of the shift as add_shift takes them."""
        given = self.cleaned_data
        return {
            "person": given["person"],
            "duty": DutyRole(given["duty"]),
            "starts_at": _instant(given["starts_on"], given["starts"], given["zone"]),
            "ends_at": _instant(given["ends_on"], given["ends"], given["zone"]),
            "zone": given["zone"],
        }


class ShiftPatternForm(forms.Form):
    """A shift that comes again every week."""

    duty = forms.ChoiceField(
        label="As", choices=DutyRole.choices, error_messages={"required": "Choose the duty."}
    )
    weekdays = forms.MultipleChoiceField(
        label="On",
        choices=list(zip(WEEKDAYS, WEEKDAY_NAMES, strict=True)),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day of the week."},
    )
    starts = forms.TimeField(
        label="From",
        widget=TimeInput,
        error_messages={"required": "Say when it starts, such as 09:00."},
    )
    ends = forms.TimeField(
        label="To",
        widget=TimeInput,
        help_text="At or before “From” means the next day.",
        error_messages={"required": "Say when it ends, such as 18:00."},
    )
    zone = ZoneField(help_text="The times are on its clocks, summer and winter.")
    from_on = RosterDayField(label="First day", error_messages={"required": "Give the first day."})
    until_on = RosterDayField(
        label="Last day", required=False, help_text="Empty: until you end it."
    )
    weeks_each = forms.IntegerField(
        label="Weeks each",
        min_value=1,
        max_value=52,
        initial=1,
        help_text="With several people: how many weeks before the next one’s turn.",
        error_messages={"required": "Say how many weeks each, such as 1."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, TURNS + 1):
            self.fields[f"person_{number}"] = forms.ModelChoiceField(
                queryset=_people(),
                label="Who" if number == 1 else f"Then ({number})",
                required=number == 1,
                empty_label="Choose a person" if number == 1 else "Nobody",
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in (f"person_{number}" for number in range(1, TURNS + 1)):
            person = given.get(name)
            if person and "duty" in given and not can_be_on_duty(person, given["duty"]):
                duty = DutyRole(given["duty"]).label.lower()
                self.add_error(name, f"{person} does not have the role for this: {duty}.")
        return given

    def turns(self) -> list[forms.BoundField]:
        return [self[f"person_{number}"] for number in range(1, TURNS + 1)]

    def pattern(self) -> dict[str, Any]:
        """The facts of the pattern as plan_pattern takes them."""
        given = self.cleaned_data
        names = ("weekdays", "starts", "ends", "zone", "from_on", "until_on", "weeks_each")
        chosen = [given.get(f"person_{number}") for number in range(1, TURNS + 1)]
        return {
            **{name: given[name] for name in names},
            "duty": DutyRole(given["duty"]),
            "people": [person for person in chosen if person is not None],
        }


class PatternEndForm(forms.Form):
    """When a pattern ends."""

    last_on = RosterDayField(label="Last day", error_messages={"required": "Give the last day."})


class ReasonForm(forms.Form):
    """Why a shift comes off the roster."""

    reason = forms.CharField(
        label="Reason", max_length=200, error_messages={"required": "Say why."}
    )


class GivingForm(ReasonForm):
    """Who takes a shift instead."""

    person = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="To whom",
        empty_label="Choose a person",
        error_messages={"required": "Choose who takes the shift."},
    )
    field_order = ("person", "reason")

    def __init__(self, shift: Shift, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = _people(DutyRole(shift.duty)).exclude(pk=shift.person_id)
        cast("forms.ModelChoiceField[User]", self.fields["person"]).queryset = people


class ShiftField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not so at run time
    """A shift by person and local time."""

    def label_from_instance(self, obj: Shift) -> str:
        from_, to = (at.astimezone(ZoneInfo(obj.zone)) for at in obj.span)
        return f"{obj.person}: {from_:%a %d %b, %H:%M} to {to:%H:%M} {zone_word(from_)}"


class SwapForm(ReasonForm):
    """Which shift of somebody else is taken for this one."""

    other = ShiftField(
        queryset=Shift.objects.none(),
        label="For which shift",
        empty_label="Choose a shift",
        error_messages={"required": "Choose the shift to swap for."},
    )
    field_order = ("other", "reason")

    def __init__(self, shift: Shift, now: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("ShiftField", self.fields["other"]).queryset = Shift.objects.exchangeable(shift, now)


class HandOverForm(forms.Form):
    """What the next on duty should know."""

    body = forms.CharField(
        label="What should the next on duty know?",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write what the next on duty should know."},
    )
    attention = forms.CharField(
        label="Tickets that need attention",
        max_length=200,
        required=False,
        help_text="Their numbers, as in 20418, 20433.",
    )


def _instant(day: date, at: time, zone: str) -> datetime:
    """An instant from the wall clock; of an hour that comes twice, the first."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
