"""What staff type on the queue and on a ticket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.dateparse import parse_datetime

from accounts.errors import InvalidInput
from accounts.forms import add_domain_error
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from entitlements.querysets import CustomerQuerySet
from sla import wording
from tickets.callers import find_caller
from tickets.choices import Basis, TicketKind
from tickets.forms.files import FormWithFiles
from tickets.forms.selects import PlainSelect
from tickets.models import Product
from tickets.permissions import WORKS_TICKETS
from tickets.reassessment import Outlook

# The id of the box that answers and notes are written in (components/_composer.html).
COMPOSER = "composer-body"


def engineers() -> Any:
    """People a ticket can be given to."""
    return User.objects.active().with_role(*WORKS_TICKETS)


class PinField(forms.CharField):
    """The digits by which a caller is known."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label="Caller’s PIN",
            max_length=12,
            help_text="Six digits, on the caller’s start page beside our phone number.",
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages={"required": "Ask the caller for their PIN."},
            **options,
        )


class AnswerForm(FormWithFiles):
    """A public answer: qualified or an acknowledgement, said openly."""

    QUALIFIED, ACKNOWLEDGEMENT = "qualified", "acknowledgement"

    kind = forms.CharField(required=False)
    body = forms.CharField(
        label="Message",
        max_length=50_000,
        widget=forms.Textarea(attrs={"id": COMPOSER}),
        error_messages={"required": "Write something first."},
    )
    answer_kind = forms.ChoiceField(
        label="Kind of answer",
        choices=[(QUALIFIED, "Qualified answer"), (ACKNOWLEDGEMENT, "Acknowledgement")],
        error_messages={"required": "Choose: a qualified answer, or an acknowledgement."},
    )
    then = forms.ChoiceField(required=False, choices=[("", ""), ("wait", "")])
    seen_message = forms.IntegerField(min_value=0)
    seen_event = forms.IntegerField(min_value=0, required=False)
    submission_key = forms.UUIDField()

    def clean_kind(self) -> str:
        """Refuse what was written as a note: it must never go out as an answer."""
        kind = str(self.cleaned_data["kind"])
        if kind == "note":
            raise forms.ValidationError("This was written as an internal note. Save it as a note.")
        return kind


class NoteForm(FormWithFiles):
    """An internal note."""

    body = forms.CharField(
        label="Note",
        max_length=50_000,
        widget=forms.Textarea(attrs={"id": COMPOSER}),
        error_messages={"required": "Write something first."},
    )
    submission_key = forms.UUIDField()


class SeenForm(forms.Form):
    """A change of a ticket as its sender saw it: `seen_event` is the newest event on their page."""

    seen_event = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class AssignmentForm(SeenForm):
    """Whom a ticket is given to, and why."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        widget=PlainSelect,
        label="Give it to",
        empty_label="Choose…",
        error_messages={"required": "Choose an engineer.", "invalid_choice": "Choose an engineer."},
    )
    reason = forms.CharField(
        label="Note for the next one",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say where it stands, for whoever takes over."},
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)
        to.queryset = engineers()
        if people:  # Known already, so that drawing the list asks nothing.
            to.choices = [("", to.empty_label), *people]


class LabRequestForm(SeenForm):
    """What the lab should find out."""

    reason = forms.CharField(
        label="Question to the lab",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what the lab should find out."},
    )


class LabAnswerForm(SeenForm):
    """What the lab found."""

    finding = forms.CharField(
        label="What the lab found",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what the lab found."},
    )


class ResolutionForm(SeenForm):
    """What solved it."""

    resolution = forms.CharField(
        label="What solved it",
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The customer gets this as our answer, and confirms or reopens.",
        error_messages={"required": "Say what solved it."},
    )
    seen_message = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class SeverityForm(SeenForm):
    """Another severity, and why."""

    severity = forms.TypedChoiceField(
        label="Severity",
        coerce=int,
        choices=Severity.choices,
        error_messages={"required": "Choose the severity."},
    )
    reason = forms.CharField(
        label="Reason",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The customer sees this.",
        error_messages={"required": "Say why: the customer sees the reason."},
    )


class CallForm(forms.Form):
    """A phone call: whose PIN, and when in the zone of the person who logs it."""

    caller_pin = PinField()
    at = forms.DateTimeField(
        label="Called at",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        error_messages={
            "required": "Say when the call came.",
            "invalid": "Give day and time, such as 2026-03-10T15:04.",
        },
    )

    def __init__(self, *args: Any, filed_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filed_at = filed_at

    def clean_at(self) -> datetime:
        """Read the minute of the filing as the filing: the input knows no seconds."""
        at: datetime = self.cleaned_data["at"]
        if at == self.filed_at.replace(second=0, microsecond=0):
            return self.filed_at
        return at


class ReasonForm(forms.Form):
    """A reason for a judgement: overturned, or excused."""

    reason = forms.CharField(
        label="Reason",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why."},
    )


@dataclass(frozen=True, slots=True)
class ReassessmentChoice:
    """One thing a deadline can be re-assessed on, as the page offers it."""

    basis: Basis
    outlook: Outlook
    is_chosen: bool

    @property
    def counts_on(self) -> str:
        """What it would count on: "MSA Enterprise, 4 hours, 24×7"."""
        proposal = self.outlook.proposal
        version = proposal.calendar_version
        span = wording.span_words(proposal.target)
        hours = version.hours_text(proposal.zone)
        if self.basis == Basis.CALENDAR:
            return f"{version.calendar}, version {version.number}: {hours}"
        return f"{self.outlook.terms.edition}: {span}, {hours}"

    @property
    def moved(self) -> str:
        """How far the deadline moves: "23 h later"."""
        span = wording.span_sentence(self.outlook.after - self.outlook.before)
        return f"{span} {'later' if self.outlook.is_later else 'earlier'}"


class ReassessmentForm(forms.Form):
    """What a deadline is re-assessed on, and why; the deadlines that were shown come along."""

    basis = forms.ChoiceField(
        label="Count it on",
        choices=Basis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it counts on."},
    )
    reason = forms.CharField(
        label="Reason",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The customer sees this.",
        error_messages={"required": "Say why: the customer sees the reason."},
    )
    seen = forms.JSONField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, outlooks: Mapping[Basis, Outlook], **kwargs: Any) -> None:
        seen = {basis: one.after.isoformat() for basis, one in outlooks.items()}
        first = next(iter(outlooks), None)
        kwargs["initial"] = {"seen": seen, "basis": first}
        super().__init__(*args, **kwargs)
        self.outlooks = outlooks

    @property
    def choices_shown(self) -> list[ReassessmentChoice]:
        """What can be chosen, with both deadlines."""
        chosen = self["basis"].value()
        return [
            ReassessmentChoice(basis, outlook, is_chosen=basis == chosen)
            for basis, outlook in self.outlooks.items()
        ]

    def clean(self) -> dict[str, Any]:
        """Read the deadline that was shown for the chosen basis."""
        data = super().clean() or {}
        shown = data.get("seen")
        text = shown.get(data.get("basis", "")) if isinstance(shown, dict) else None
        data["seen_due_at"] = parse_datetime(text) if isinstance(text, str) else None
        return data


class CallerForm(forms.Form):
    """Who is on the phone: a customer, and the PIN the caller says to the person `by`."""

    customer = forms.ModelChoiceField(
        Customer.objects.none(),
        label="Customer",
        empty_label="Choose…",
        to_field_name="slug",
        error_messages={
            "required": "Choose the caller’s company.",
            "invalid_choice": "Choose the caller’s company.",
        },
    )
    caller_pin = PinField()

    def __init__(self, *args: Any, customers: CustomerQuerySet, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]  # a model field's

    def clean(self) -> dict[str, Any]:
        """Find the caller by the PIN."""
        data = super().clean() or {}
        customer, pin = data.get("customer"), str(data.get("caller_pin", ""))
        if customer is None or not pin:
            return data
        try:
            data["caller"] = find_caller(customer, pin, by=self.by)
        except InvalidInput as error:
            add_domain_error(self, error)
        return data


class PhoneFilingForm(CallerForm):
    """A ticket filed for somebody on the phone."""

    kind = forms.ChoiceField(
        label="Kind",
        choices=[
            (TicketKind.PREMIUM, TicketKind.PREMIUM.label),
            (TicketKind.BREAK_FIX, TicketKind.BREAK_FIX.label),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the kind."},
    )
    severity = forms.TypedChoiceField(
        label="Severity",
        coerce=int,
        choices=Severity.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the severity."},
    )
    subject = forms.CharField(
        label="Subject",
        max_length=200,
        help_text="One sentence: what fails, and where.",
        error_messages={"required": "Say in one sentence what fails, and where."},
    )
    description = forms.CharField(
        label="What the caller says",
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write down what the caller says."},
    )
    product = forms.ModelChoiceField(Product.objects.all(), required=False, empty_label="Choose…")
    version = forms.CharField(label="Version", max_length=40, required=False)
    submission_key = forms.UUIDField(widget=forms.HiddenInput)


def local_minute(at: datetime, zone: str) -> str:
    """Write an instant the way a datetime-local input takes it."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"
