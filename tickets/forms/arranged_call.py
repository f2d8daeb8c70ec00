"""When we and the customer talk."""

from django import forms

from tickets.models.call import LONGEST, SHORTEST


class CallTimeForm(forms.Form):
    """Another time for a call; times are typed in the zone of who types."""

    starts_at = forms.DateTimeField(
        label="Begins",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text="In your own zone.",
        error_messages={
            "required": "Say when it begins.",
            "invalid": "Give day and time, such as 2026-03-10T15:00.",
        },
    )
    minutes = forms.IntegerField(
        label="Minutes",
        initial=30,
        min_value=SHORTEST,
        max_value=LONGEST,
        error_messages={"required": "Say how long.", "invalid": "Write a number, such as 30."},
    )


class ArrangedCallForm(CallTimeForm):
    """A call to arrange."""

    topic = forms.CharField(
        label="What about",
        max_length=200,
        error_messages={"required": "Say what it is about."},
    )
    how = forms.CharField(
        label="How it is joined",
        max_length=300,
        help_text="A number or a room. The customer reads it.",
        error_messages={"required": "Say how it is joined."},
    )

    field_order = ("topic", "starts_at", "minutes", "how")
