"""What a customer types to file a ticket."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import SeverityDefinition
from tickets.choices import TicketKind
from tickets.forms.files import FormWithFiles
from tickets.models import Product

KINDS = (TicketKind.PREMIUM, TicketKind.BREAK_FIX)


class TicketForm(FormWithFiles):
    """A new ticket.

    Severity may be left to the criteria: the most severe one that is ticked decides. `colleagues`
    are the people who can get a copy; `products` those that can be chosen.
    """

    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.TypedChoiceField(
        label="What kind of help?",
        choices=[(kind.value, kind.label) for kind in KINDS],
        coerce=TicketKind,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what kind of help you need."},
    )
    subject = forms.CharField(
        label="Subject",
        max_length=200,
        help_text="One sentence: what fails, and where.",
        error_messages={"required": "Say in one sentence what fails, and where."},
    )
    description = forms.CharField(
        label="Description",
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What did you expect, what happened instead, and since when?",
        error_messages={"required": "Describe what happened, so that we can start at once."},
    )
    product = forms.ModelChoiceField(
        Product.objects.none(),
        label="Product",
        empty_label="Choose…",
        error_messages={"required": "Choose the product it is about."},
    )
    version = forms.ChoiceField(label="Version", required=False)
    criteria = forms.MultipleChoiceField(
        label="What applies?", required=False, widget=forms.CheckboxSelectMultiple
    )
    severity = forms.TypedChoiceField(
        label="How severe is it?",
        required=False,
        choices=Severity.choices,
        coerce=lambda value: Severity(int(value)),
        empty_value=None,
        widget=forms.RadioSelect,
    )
    watchers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="Send a copy to",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        definitions: Sequence[SeverityDefinition],
        products: Sequence[Product],
        colleagues: Iterable[int],
        cards: Mapping[str, Mapping[str, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.definitions = definitions
        self.fields["kind"].cards = cards  # type: ignore[attr-defined]  # read by the card filter
        self.fields["criteria"].choices = [  # type: ignore[attr-defined]
            (criterion, criterion[:1].upper() + criterion[1:])
            for definition in definitions
            for criterion in definition.criteria
        ]
        product = self.fields["product"]
        product.queryset = Product.objects.all()  # type: ignore[attr-defined]
        product.required = bool(products)
        product.widget.attrs["data-product"] = ""
        self.fields["version"].choices = [  # type: ignore[attr-defined]
            ("", "Not sure"),
            *((each.name, [(version, version) for version in each.versions]) for each in products),
        ]
        self.fields["version"].widget.attrs["data-versions-of"] = "id_product"
        watchers = self.fields["watchers"]
        watchers.queryset = User.objects.filter(pk__in=colleagues)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "severity" in data and data["severity"] is None:
            data["severity"] = self._most_severe(data.get("criteria", []))
            if data["severity"] is None:
                self.add_error("severity", "Tick what applies, or choose how severe it is.")
        product, version = data.get("product"), data.get("version")
        if version and (product is None or version not in product.versions):
            self.add_error("version", "This version is of another product. Choose again.")
        return data

    def _most_severe(self, criteria: Sequence[str]) -> Severity | None:
        """The severity that the ticked criteria stand for; None when none is ticked."""
        for definition in self.definitions:
            if set(definition.criteria) & set(criteria):
                return Severity(definition.severity)
        return None
