"""What is said of a calendar when it is saved: its name, and why it is changed."""

from django import forms


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
