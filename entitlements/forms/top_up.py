"""Asking for more premium incidents, and answering."""

from django import forms
from django.utils.translation import gettext_lazy


class TopUpForm(forms.Form):
    """How many more, and what for."""

    amount = forms.IntegerField(
        label=gettext_lazy("How many more"),
        min_value=1,
        max_value=1000,
        initial=6,
        error_messages={
            "required": gettext_lazy("Say how many you need."),
            "invalid": gettext_lazy("Write a number, such as 6."),
            "min_value": gettext_lazy("Ask for at least one."),
            "max_value": gettext_lazy("Ask for a thousand at most."),
        },
    )
    reason = forms.CharField(
        required=False,
        max_length=2000,
        label=gettext_lazy("What for"),
        help_text=gettext_lazy("Such as: we move two sites in May."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class TopUpAnswerForm(forms.Form):
    """What we do about it, and what the company reads."""

    amount = forms.IntegerField(
        label="Premium incidents to add",
        min_value=1,
        max_value=1000,
        required=False,
        error_messages={"invalid": gettext_lazy("Write a number, such as 6.")},
    )
    answer = forms.CharField(
        required=False,
        max_length=2000,
        label="Your answer",
        help_text="The company's managers read it. Needed when you decline.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
