"""Asking for a plan, and what came of it."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PlanRequestForm(forms.Form):
    """Who asks, and how to reach them."""

    company = forms.CharField(
        label=_("Company"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Give your company’s name.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Give your name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Give an e-mail address we can answer to."),
            "invalid": _("Write the whole address, such as name@company.com."),
        },
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=40,
        help_text=_("If you would rather be called."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    message = forms.CharField(
        required=False,
        max_length=4000,
        label=_("What we should know"),
        help_text=_("How many computers, which products, from when."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OutcomeForm(forms.Form):
    """What came of a request."""

    outcome = forms.CharField(
        max_length=2000,
        label="What came of it",
        help_text="Stays with the request. The person who asked does not see it.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what came of it."},
    )
