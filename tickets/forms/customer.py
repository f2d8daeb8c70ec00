"""What a customer types on a ticket and above the list of tickets."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.languages import in_words
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from tickets.choices import TicketKind, TicketState
from tickets.forms.files import FormWithFiles
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet

_NO_DATE = {"invalid": _("Write the day as 2026-03-31.")}


class ReplyForm(FormWithFiles):
    """A message; on a closed ticket the beginning of a follow-up, said openly."""

    body = forms.CharField(
        label=_("Your reply"),
        max_length=50_000,
        error_messages={"required": _("Write something first.")},
    )
    submission_key = forms.UUIDField(required=False)
    follow_up = forms.BooleanField(required=False)


class ReopeningForm(forms.Form):
    """Why a solved ticket is not solved."""

    reason = forms.CharField(
        label=_("What does not work?"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what does not work, so that we can go on from there.")},
    )


class SeverityContestForm(forms.Form):
    """Another severity, and what makes it so."""

    severity = forms.TypedChoiceField(
        label=_("It should be"),
        coerce=lambda value: Severity(int(value)),
        error_messages={"required": _("Choose a severity.")},
    )
    reason = forms.CharField(
        label=_("What makes it more or less severe?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what makes it more or less severe.")},
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["severity"].choices = [  # type: ignore[attr-defined]  # a choice field's
            ("", _("Choose…")),
            *in_words(choice for choice in Severity.choices if choice[0] != ticket.severity),
        ]


class EscalationForm(forms.Form):
    """What a lead is needed for."""

    reason = forms.CharField(
        label=_("What do you need?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what you need.")},
    )


class TicketFilterForm(forms.Form):
    """Narrows the list; a value nobody knows narrows nothing."""

    STATES = (
        ("open", _("Open")),
        ("waiting", _("Waiting for you")),
        ("ended", _("Solved and closed")),
        ("all", _("All")),
    )
    WHO = (("", _("Anybody")), ("me", _("Me")))
    # What stands behind "More filters".
    MORE = ("kind", "who", "since", "until")

    q = forms.CharField(required=False, label=_("Search"), max_length=200)
    state = forms.ChoiceField(required=False, label=_("State"), choices=STATES)
    severity = forms.TypedChoiceField(
        required=False,
        label=_("Severity"),
        coerce=int,
        empty_value=None,
        choices=[("", _("Any severity")), *in_words(Severity.choices)],
    )
    kind = forms.ChoiceField(
        required=False,
        label=_("Kind"),
        choices=[("", _("Any kind")), *in_words(TicketKind.choices)],
    )
    who = forms.ChoiceField(required=False, label=_("Reported by"), choices=WHO)
    since = forms.DateField(required=False, label=_("Opened from"), error_messages=_NO_DATE)
    until = forms.DateField(required=False, label=_("Opened until"), error_messages=_NO_DATE)
    company = forms.ModelChoiceField(
        Customer.objects.none(),
        required=False,
        label=_("Company"),
        empty_label=_("All companies"),
        to_field_name="slug",
    )

    def __init__(self, *args: Any, companies: list[Customer], reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reader = reader
        company = self.fields["company"]
        company.queryset = Customer.objects.filter(  # type: ignore[attr-defined]  # a model field's
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
        return any(self.cleaned_data.get(name) for name in ("q", "severity", "company", *self.MORE))

    @property
    def days(self) -> list[forms.BoundField]:
        return [self["since"], self["until"]]

    @property
    def has_more(self) -> bool:
        """Whether something behind "More filters" is chosen, or wrong."""
        return any(self.cleaned_data.get(name) or name in self.errors for name in self.MORE)

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
        if kind := self.cleaned_data.get("kind"):
            tickets = tickets.filter(kind=kind)
        if self.cleaned_data.get("who"):
            tickets = tickets.filter(filed_by=self._reader)
        if since := self.cleaned_data.get("since"):
            tickets = tickets.filter(filed_at__gte=self._midnight(since))
        until = self.cleaned_data.get("until")
        if until is not None and until < date.max:  # After the last day there is none.
            tickets = tickets.filter(filed_at__lt=self._midnight(until + timedelta(days=1)))
        return tickets.matching(self.words) if self.words else tickets

    def _midnight(self, day: date) -> datetime:
        """The beginning of a day in the reader's zone."""
        return datetime.combine(day, time.min, ZoneInfo(self._reader.timezone))
