"""What a customer types on a ticket and above the list of tickets."""

from typing import Any

from django import forms

from entitlements.choices import Severity
from entitlements.models import Customer
from tickets.choices import TicketState
from tickets.forms.files import FormWithFiles
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet


class ReplyForm(FormWithFiles):
    """A message; on a closed ticket the beginning of a follow-up, said openly."""

    body = forms.CharField(
        label="Your reply", max_length=50_000, error_messages={"required": "Write something first."}
    )
    submission_key = forms.UUIDField(required=False)
    follow_up = forms.BooleanField(required=False)


class ReopeningForm(forms.Form):
    """Why a solved ticket is not solved."""

    reason = forms.CharField(
        label="What does not work?",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what does not work, so that we can go on from there."},
    )


class SeverityContestForm(forms.Form):
    """Another severity, and what makes it so."""

    severity = forms.TypedChoiceField(
        label="It should be",
        coerce=lambda value: Severity(int(value)),
        error_messages={"required": "Choose a severity."},
    )
    reason = forms.CharField(
        label="What makes it more or less severe?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what makes it more or less severe."},
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["severity"].choices = [  # type: ignore[attr-defined]
            ("", "Choose…"),
            *(choice for choice in Severity.choices if choice[0] != ticket.severity),
        ]


class EscalationForm(forms.Form):
    """What a lead is needed for."""

    reason = forms.CharField(
        label="What do you need?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what you need."},
    )


class TicketFilterForm(forms.Form):
    """Narrows the list; a value nobody knows narrows nothing."""

    STATES = (
        ("open", "Open"),
        ("waiting", "Waiting for you"),
        ("ended", "Solved and closed"),
        ("all", "All"),
    )

    q = forms.CharField(required=False, label="Search", max_length=200)
    state = forms.ChoiceField(required=False, label="State", choices=STATES)
    severity = forms.TypedChoiceField(
        required=False,
        label="Severity",
        coerce=int,
        empty_value=None,
        choices=[("", "any"), *Severity.choices],
    )
    company = forms.ModelChoiceField(
        Customer.objects.none(),
        required=False,
        label="Company",
        empty_label="all",
        to_field_name="slug",
    )

    def __init__(self, *args: Any, companies: list[Customer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company = self.fields["company"]
        company.queryset = Customer.objects.filter(  # type: ignore[attr-defined]
            pk__in=[each.pk for each in companies]
        )
        self.is_valid()

    @property
    def chosen_state(self) -> str:
        return str(self.cleaned_data.get("state") or "open")

    @property
    def words(self) -> str:
        return str(self.cleaned_data.get("q", "")).strip()

    @property
    def is_narrowed(self) -> bool:
        """Whether more than the state narrows the list."""
        return any(self.cleaned_data.get(name) for name in ("q", "severity", "company"))

    def narrow(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Keep the tickets that match every filter and the words."""
        if self.chosen_state == "open":
            tickets = tickets.open()
        elif self.chosen_state == "ended":
            tickets = tickets.ended()
        elif self.chosen_state == "waiting":
            tickets = tickets.filter(
                state__in=[TicketState.WAITING_FOR_CUSTOMER, TicketState.RESOLVED]
            )
        if severity := self.cleaned_data.get("severity"):
            tickets = tickets.filter(severity=severity)
        if company := self.cleaned_data.get("company"):
            tickets = tickets.filter(customer=company)
        return tickets.matching(self.words) if self.words else tickets
