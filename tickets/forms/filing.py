"""What a customer types to file a ticket: one form a kind of help, with what they share."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError, InvalidInput
from accounts.forms import add_domain_error
from accounts.languages import in_words
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import SeverityDefinition
from tickets.choices import DraftKind, FieldKind, Finding, Service, TicketKind
from tickets.filing_facts import Facts, ReleaseFacts, ServiceFacts, read_hashes
from tickets.filing_guide import Colleague
from tickets.forms.files import FormWithFiles
from tickets.models import FilingField, Product

KINDS = (TicketKind.PREMIUM, TicketKind.BREAK_FIX)


class Question(NamedTuple):
    """An administrator's question in a form; `not_of` are the form's kinds it is not asked of."""

    asked: FilingField
    field: forms.BoundField
    not_of: Sequence[TicketKind]


class FilingForm(FormWithFiles):
    """What every new ticket has.

    Severity may be left to the criteria: the most severe one that is ticked decides. `colleagues`
    are the people who can get a copy; `products` those that can be chosen; `asked` the
    administrator's questions, of which those that fit product and kind are answered.
    """

    # How the form is called in its address and among drafts, and the kinds of ticket it files.
    draft_kind: ClassVar[DraftKind]
    kinds: ClassVar[Sequence[TicketKind]]
    # Fields that take several values.
    several: ClassVar[Sequence[str]] = ("criteria", "watchers")
    severities: ClassVar[Sequence[Severity]] = tuple(Severity)

    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    subject = forms.CharField(
        label=_("Subject"),
        max_length=200,
        help_text=_("One sentence: what fails, and where."),
        error_messages={"required": _("Say in one sentence what fails, and where.")},
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What did you expect, what happened instead, and since when?"),
        error_messages={"required": _("Describe what happened, so that we can start at once.")},
    )
    product = forms.ModelChoiceField(
        Product.objects.none(),
        label=_("Product"),
        empty_label=_("Choose…"),
        error_messages={"required": _("Choose the product it is about.")},
    )
    version = forms.ChoiceField(label=_("Version"), required=False)
    criteria = forms.MultipleChoiceField(
        label=_("What applies?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    severity = forms.TypedChoiceField(
        label=_("How severe is it?"),
        required=False,
        choices=in_words(Severity.choices),
        coerce=lambda value: Severity(int(value)),
        empty_value=None,
        widget=forms.RadioSelect,
    )
    watchers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Send a copy to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        definitions: Sequence[SeverityDefinition],
        products: Sequence[Product],
        colleagues: Sequence[Colleague],
        asked: Sequence[FilingField] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.definitions = [one for one in definitions if one.severity in self.severities]
        definitions = self.definitions
        self.fields["criteria"].choices = [  # type: ignore[attr-defined]  # a choice field's
            (criterion, capfirst(gettext(criterion)))
            for definition in definitions
            for criterion in definition.criteria
        ]
        product = self.fields["product"]
        product.queryset = Product.objects.offered()  # type: ignore[attr-defined]  # a model field's
        # The list is at hand; what was chosen is looked up.
        product.choices = [  # type: ignore[attr-defined]  # a choice field's
            ("", product.empty_label),  # type: ignore[attr-defined]  # a model field's
            *((one.pk, one.name) for one in products),
        ]
        product.required = bool(products)
        product.widget.attrs["data-product"] = ""
        self.fields["version"].choices = [  # type: ignore[attr-defined]  # a choice field's
            ("", _("Not sure")),
            *((each.name, [(version, version) for version in each.versions]) for each in products),
        ]
        self.fields["version"].widget.attrs["data-versions-of"] = "id_product"
        watchers = self.fields["watchers"]
        watchers.queryset = User.objects.filter(  # type: ignore[attr-defined]  # a model field's
            pk__in=[one.user_id for one in colleagues]
        )
        watchers.choices = [(one.user_id, one.name) for one in colleagues]  # type: ignore[attr-defined]  # a choice field's
        self.asked = [one for one in asked if any(one.is_of(kind) for kind in self.kinds)]
        for one in self.asked:
            self.fields[one.name] = _question(one)

    @property
    def questions(self) -> list[Question]:
        """The administrator's questions, as the page draws them."""
        return [
            Question(one, self[one.name], [kind for kind in self.kinds if not one.is_of(kind)])
            for one in self.asked
        ]

    @property
    def ticket_kind(self) -> TicketKind | None:
        """The kind it files; None while none is chosen."""
        return self.cleaned_data.get("kind") or (self.kinds[0] if len(self.kinds) == 1 else None)

    def facts(self) -> Facts | None:
        """What a ticket of this kind has besides."""
        return None

    def answers(self) -> dict[str, str]:
        """Answers to the questions that are asked of this product and kind, by their keys."""
        return {
            one.key: str(self.cleaned_data.get(one.name, ""))
            for one in self.asked
            if self._is_asked(one)
        }

    def _is_asked(self, one: FilingField) -> bool:
        kind = self.ticket_kind
        return kind is not None and one.is_for(self.cleaned_data.get("product"), kind)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "severity" in data and data["severity"] is None:
            data["severity"] = self._most_severe(data.get("criteria", []))
            if data["severity"] is None:
                self.add_error("severity", _("Tick what applies, or choose how severe it is."))
        product, version = data.get("product"), data.get("version")
        if version and (product is None or version not in product.versions):
            self.add_error("version", _("This version is of another product. Choose again."))
        self.cleaned_data = data
        for one in self.asked:
            if self._is_asked(one) and one.name in data:
                try:
                    data[one.name] = one.read(data[one.name])
                except InvalidInput as error:
                    add_domain_error(self, error)
        return data

    def _most_severe(self, criteria: Sequence[str]) -> Severity | None:
        """The severity that the ticked criteria stand for; None when none is ticked."""
        for definition in self.definitions:
            if set(definition.criteria) & set(criteria):
                return Severity(definition.severity)
        return None


class IncidentForm(FilingForm):
    """Something does not work: premium, or break/fix. `cards` say what each kind promises."""

    draft_kind = DraftKind.FILING
    kinds = KINDS

    kind = forms.TypedChoiceField(
        label=_("What kind of help?"),
        choices=in_words((kind.value, kind.label) for kind in KINDS),
        coerce=TicketKind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what kind of help you need.")},
    )

    def __init__(self, *args: Any, cards: Mapping[str, Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].cards = cards  # type: ignore[attr-defined]  # read by the card filter


class ReleaseForm(FilingForm):
    """The anti-virus databases are wrong: a false alarm, or malware that is missed."""

    draft_kind = DraftKind.RELEASE
    kinds = (TicketKind.DATABASE_RELEASE,)

    finding = forms.TypedChoiceField(
        label=_("What is wrong?"),
        choices=in_words(Finding.choices),
        coerce=Finding,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it is a false alarm or was missed.")},
    )
    build = forms.CharField(
        label=_("Database version"),
        max_length=40,
        help_text=_("As the product shows it. Only the latest databases can be looked into."),
        error_messages={"required": _("Write the version of the databases you use.")},
    )
    built_on = forms.DateField(
        label=_("Database date"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    detected_where = forms.CharField(
        label=_("Where?"),
        max_length=200,
        help_text=_("The file or address, and on which machines."),
        error_messages={"required": _("Say where it was detected, or should have been.")},
    )
    detected_how = forms.CharField(
        label=_("How?"),
        max_length=200,
        required=False,
        help_text=_("By which scan, and the name the product gave it."),
    )
    hashes = forms.CharField(
        label=_("Hashes of the files"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "mono"}),
        help_text=_("SHA-256 is best; MD5 and SHA-1 are taken, too. One a line."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["severity"].label = _("How urgent is it?")

    def clean_hashes(self) -> list[str]:
        try:
            return read_hashes(self.cleaned_data["hashes"])
        except DomainError as error:
            raise forms.ValidationError(error.message) from error

    def facts(self) -> Facts:
        data = self.cleaned_data
        return ReleaseFacts(
            finding=data["finding"],
            build=data["build"],
            built_on=data["built_on"],
            detected_where=data["detected_where"],
            detected_how=data["detected_how"],
            hashes=data["hashes"],
        )


class ServiceForm(FilingForm):
    """A service besides incidents. `cards` say which are included."""

    draft_kind = DraftKind.SERVICE
    kinds = (TicketKind.SERVICE,)
    # A service request is Medium or Low by the catalogue's definitions.
    severities = (Severity.MEDIUM, Severity.LOW)

    service = forms.TypedChoiceField(
        label=_("What would you like?"),
        choices=in_words(Service.choices),
        coerce=Service,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you would like.")},
    )
    suits = forms.CharField(
        label=_("When would it suit you?"),
        max_length=200,
        required=False,
        help_text=_("Days and times in your own zone."),
    )

    def __init__(self, *args: Any, cards: Mapping[str, Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].cards = cards  # type: ignore[attr-defined]  # read by the card filter
        self.fields["product"].required = False
        self.fields["severity"].label = _("How urgent is it?")
        # What fails is asked of incidents.
        self.fields["subject"].help_text = _("One sentence: what you would like.")
        self.fields["description"].help_text = _(
            "What should come of it, and what you tried already."
        )

    def facts(self) -> Facts:
        return ServiceFacts(self.cleaned_data["service"], self.cleaned_data["suits"])


FORMS: Mapping[DraftKind, type[FilingForm]] = {
    form.draft_kind: form for form in (IncidentForm, ReleaseForm, ServiceForm)
}


def _question(one: FilingField) -> forms.Field:
    """A question as a field; what it takes is decided by FilingField.read."""
    given: dict[str, Any] = {
        "label": one.label,
        "help_text": one.help_text,
        "required": False,
    }
    if one.kind == FieldKind.CHOICE:
        options = [("", gettext("Choose…") if one.is_required else gettext("Not sure"))]
        options += [(each, each) for each in one.choices]
        # Any text gets through here, so that one sentence of ours refuses it.
        return forms.CharField(widget=forms.Select(choices=options), **given)
    attrs = {"inputmode": "decimal"} if one.kind == FieldKind.NUMBER else {}
    return forms.CharField(widget=forms.TextInput(attrs=attrs), **given)
