"""Contracts, their amendments, and incidents given back."""

from typing import Any

from django import forms

from accounts.forms import ZoneField
from entitlements.choices import AmendmentKind, EntryKind
from entitlements.models import Contract, Edition, LedgerEntry, Plan


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EditionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not so at run time
    """A published MSA edition; one that is no longer offered says so."""

    def label_from_instance(self, obj: Edition) -> str:
        if obj.pk == obj.plan.offered_edition_id:
            return obj.name
        return f"{obj.name}, no longer offered"


class ContractForm(forms.Form):
    """A contract to sign."""

    number = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9-]*$",
        max_length=20,
        label="Contract number",
        help_text="As on the paper, such as C-2026-0417.",
        error_messages={
            "required": "Give the contract’s number.",
            "invalid": "Use letters, digits and hyphens only.",
        },
    )
    edition = EditionField(
        queryset=Edition.objects.none(),
        label="Plan edition",
        empty_label="Choose an edition",
        error_messages={"required": "Choose the plan edition."},
    )
    starts_on = DayField(label="First day", error_messages={"required": "Give the first day."})
    ends_on = DayField(
        label="Last day",
        help_text="Both days are included.",
        error_messages={"required": "Give the last day."},
    )
    zone = ZoneField(
        label="Calendar zone", help_text="Coverage hours and contract days are counted in it."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_editions(self)


class AmendmentForm(forms.Form):
    """Why a contract is amended; each kind asks what it needs besides."""

    reason = forms.CharField(
        max_length=2000,
        label="Why",
        help_text="Stays with the amendment, for both sides to read.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: it stays on record."},
    )


class EditionAmendmentForm(AmendmentForm):
    edition = EditionField(
        queryset=Edition.objects.none(),
        label="New plan edition",
        empty_label="Choose an edition",
        help_text="Holds for new tickets. Tickets filed before keep their terms.",
        error_messages={"required": "Choose the new plan edition."},
    )
    field_order = ("edition", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_editions(self)


class IncidentsAmendmentForm(AmendmentForm):
    amount = forms.IntegerField(
        min_value=1,
        max_value=1000,
        label="Premium incidents to add to this contract year",
        error_messages={"required": "Say how many to add."},
    )
    field_order = ("amount", "reason")


class SeatsAmendmentForm(AmendmentForm):
    amount = forms.IntegerField(
        min_value=1,
        max_value=1000,
        label="Contact seats to add",
        error_messages={"required": "Say how many to add."},
    )
    field_order = ("amount", "reason")


class ZoneAmendmentForm(AmendmentForm):
    zone = ZoneField(
        label="New calendar zone",
        initial=None,
        help_text="Coverage hours of new tickets are counted in it.",
    )
    field_order = ("zone", "reason")


class TerminationForm(AmendmentForm):
    last_day = DayField(
        label="Last day in force",
        help_text="From the day after, Standard terms hold.",
        error_messages={"required": "Give the last day in force."},
    )
    field_order = ("last_day", "reason")


AMENDMENT_FORMS: dict[AmendmentKind, type[AmendmentForm]] = {
    AmendmentKind.UPGRADE: EditionAmendmentForm,
    AmendmentKind.EXTRA_INCIDENTS: IncidentsAmendmentForm,
    AmendmentKind.EXTRA_SEATS: SeatsAmendmentForm,
    AmendmentKind.ZONE: ZoneAmendmentForm,
    AmendmentKind.SUSPENSION: AmendmentForm,
    AmendmentKind.RESUMPTION: AmendmentForm,
    AmendmentKind.TERMINATION: TerminationForm,
    AmendmentKind.CANCELLATION: AmendmentForm,
}


class CreditForm(forms.Form):
    """An incident given back: which ticket's, and why."""

    ticket = forms.RegexField(
        r"^\s*(?:[Tt][Kk]-)?\d{1,15}\s*$",
        label="Ticket",
        help_text="A ticket that drew a premium incident from this contract, such as TK-20418.",
        error_messages={
            "required": "Give the ticket’s number, such as TK-20418.",
            "invalid": "Write the ticket's number, such as TK-20418.",
        },
    )
    reason = forms.CharField(
        max_length=300,
        label="Why",
        help_text="For example: a duplicate, or a defect of ours.",
        error_messages={"required": "Say why: it stays on record."},
    )

    def __init__(self, contract: Contract, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contract = contract

    def clean_ticket(self) -> int:
        """Return the number of a ticket that was debited to this very contract."""
        number = int(self.cleaned_data["ticket"].strip().upper().removeprefix("TK-"))
        debits = LedgerEntry.objects.filter(
            year__contract=self.contract, kind=EntryKind.DEBIT, ticket_number=number
        )
        if not debits.exists():
            raise forms.ValidationError(
                "No premium incident of this contract was drawn for this ticket."
            )
        return number


def _offer_editions(form: forms.Form) -> None:
    edition = form.fields["edition"]
    assert isinstance(edition, forms.ModelChoiceField)
    edition.queryset = (
        Edition.objects.filter(published_at__isnull=False)
        .exclude(plan__key=Plan.STANDARD_KEY)
        .select_related("plan")
        .order_by("plan__order", "key")
    )
