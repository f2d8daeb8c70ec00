"""What is typed to announce something, to say more of it, and to end it."""

from typing import Any

from django import forms

from announcements.audience import Concern
from announcements.choices import Audience, Kind, Level
from announcements.operations import NAMED_BY, Words
from entitlements.models import Customer, Plan
from tickets.models import Outbreak, Product

LONGEST = 10_000


def _names(label: str, queryset: Any, **options: Any) -> "forms.ModelMultipleChoiceField[Any]":
    """Rows chosen by name."""
    return forms.ModelMultipleChoiceField(queryset=queryset, label=label, required=False, **options)


def _moment(label: str, help_text: str) -> forms.DateTimeField:
    face = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(
        label=label,
        required=False,
        widget=face,
        help_text=help_text,
        error_messages={"invalid": "Give day and time."},
    )


class WordsForm(forms.Form):
    """What an announcement says."""

    kind = forms.ChoiceField(
        label="What it is",
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say what it is."},
    )
    level = forms.TypedChoiceField(
        label="How much it matters",
        choices=Level.choices,
        coerce=int,
        widget=forms.RadioSelect,
        initial=Level.INFORMATION,
        error_messages={"required": "Say how much it matters."},
    )
    title = forms.CharField(
        label="Title",
        max_length=120,
        help_text="What those concerned read first.",
        error_messages={"required": "Give it a title."},
    )
    body = forms.CharField(
        label="Text",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Markdown. What happens, whom it hits, what helps meanwhile. No customer’s name.",
        error_messages={"required": "Say what concerns them."},
    )

    def words(self) -> Words:
        """What it says."""
        typed = self.cleaned_data
        return Words(Kind(typed["kind"]), Level(typed["level"]), typed["title"], typed["body"])


class ChangeForm(WordsForm):
    """Other words for an announcement; `revision` is the one they go back to."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class AnnouncementForm(WordsForm):
    """A new announcement."""

    audience = forms.ChoiceField(
        label="Whom it concerns",
        choices=Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whom it concerns."},
    )
    plans = _names(
        "Plans",
        Plan.objects.exclude(key=Plan.STANDARD_KEY),
        widget=forms.CheckboxSelectMultiple,
    )
    products = _names("Products", Product.objects.all(), widget=forms.CheckboxSelectMultiple)
    customers = _names("Customers", Customer.objects.order_by("name"))
    starts_at = _moment("From", "In your zone. Empty: now.")
    ends_at = _moment("Until", "Empty: until somebody ends it.")
    is_mailed = forms.BooleanField(
        label="Mail those concerned, as each prefers", required=False, initial=False
    )
    outbreak = forms.ModelChoiceField(
        label="Outbreak behind it",
        queryset=Outbreak.objects.none(),
        required=False,
        empty_label="None",
        help_text="Only staff see this.",
    )

    def __init__(self, *args: Any, outbreaks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["outbreak"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = outbreaks

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        named = NAMED_BY.get(typed.get("audience"))  # type: ignore[arg-type]  # text or nothing
        if named and not typed.get(named[0]):
            self.add_error(named[0], named[1])
        begins, ends = typed.get("starts_at"), typed.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", "It ends after it begins.")
        return typed

    def concern(self) -> Concern:
        """Whom it is for."""
        typed = self.cleaned_data
        return Concern(
            Audience(typed["audience"]),
            *(tuple(row.pk for row in typed[name]) for name in ("plans", "products", "customers")),
        )


class UpdateForm(forms.Form):
    """What is new."""

    body = forms.CharField(
        label="What is new",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what is new."},
    )
    is_mailed = forms.BooleanField(label="Mail those concerned, as each prefers", required=False)

    def __init__(self, *args: Any, has_begun: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_begun:
            # Nobody who is concerned knows of it yet.
            del self.fields["is_mailed"]
