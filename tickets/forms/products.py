"""What an administrator writes of products, and of what is asked about them."""

from typing import Any

from django import forms

from tickets.choices import FieldKind, TicketKind
from tickets.models import Product


class LinesField(forms.CharField):
    """Several values, one a line."""

    widget = forms.Textarea

    def clean(self, value: Any) -> list[str]:
        text: str = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]


class ProductForm(forms.Form):
    """A product and its versions."""

    name = forms.CharField(max_length=80, error_messages={"required": "Give the product a name."})
    versions = LinesField(
        label="Supported versions",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8, "class": "mono"}),
        help_text="One a line, the newest first. What you take out is retired: it stays on its "
        "tickets and is not offered any more.",
    )


class QuestionChangeForm(forms.Form):
    """How a question is asked."""

    label = forms.CharField(
        label="What is asked?", max_length=80, error_messages={"required": "Say what is asked."}
    )
    help_text = forms.CharField(label="Help beside it", max_length=200, required=False)
    choices = LinesField(
        label="Answers to choose from",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line; only for “One of a list”.",
    )
    is_required = forms.BooleanField(label="Must be answered", required=False)
    is_shown = forms.BooleanField(label="Stands on the ticket’s page", required=False, initial=True)
    is_searchable = forms.BooleanField(
        label="Staff find tickets by it",
        required=False,
        help_text="From now on; tickets filed before are not read again.",
    )


class QuestionForm(QuestionChangeForm):
    """A new question, and of which tickets it is asked."""

    product = forms.ModelChoiceField(
        Product.objects.offered(), required=False, empty_label="Every product"
    )
    ticket_kinds = forms.MultipleChoiceField(
        label="Kinds of ticket",
        required=False,
        choices=TicketKind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: of every kind.",
    )
    kind = forms.ChoiceField(
        label="Answered with",
        choices=FieldKind.choices,
        error_messages={"required": "Choose how it is answered."},
    )

    field_order = ("label", "product", "ticket_kinds", "kind", "choices", "help_text")


class BuildForm(forms.Form):
    """A build that was published."""

    label = forms.CharField(
        label="Build",
        max_length=40,
        help_text="As the products show it.",
        error_messages={"required": "Write the build as the products show it."},
    )
    published_at = forms.DateTimeField(
        label="Published at",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text="Empty means now.",
        error_messages={"invalid": "Give day and time, such as 2026-03-10T15:04."},
    )
