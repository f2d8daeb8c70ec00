"""What is typed to link, merge and split tickets."""

from textwrap import shorten
from typing import Any

from django import forms

from accounts.models import User
from tickets.choices import LINKS_BY_HAND, LinkKind
from tickets.forms.staff import SeenForm
from tickets.models import Message, Ticket


class TicketNumberField(forms.CharField):
    """A ticket by its number as people say it, among those the person may see."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=24,
            widget=forms.TextInput(attrs={"placeholder": "TK-20418", "autocomplete": "off"}),
            error_messages={"required": "Give the number of the other ticket."},
            **options,
        )


def find_typed_ticket(typed: str, by: User) -> Ticket:
    """Find a ticket by a typed number. Raises: ValidationError."""
    digits = typed.strip().upper().removeprefix("#").removeprefix("TK-")
    found = None
    if digits.isdecimal() and len(digits) < 18:
        found = Ticket.objects.visible_to(by).filter(number=int(digits)).first()
    if found is None:
        raise forms.ValidationError("There is no ticket of this number.")
    return found


class LinkForm(forms.Form):
    """What this ticket is to which other."""

    kind = forms.TypedChoiceField(
        label="This ticket is",
        coerce=LinkKind,
        choices=[(kind.value, kind.label) for kind in LINKS_BY_HAND],
        error_messages={"required": "Choose how they belong together."},
    )
    other = TicketNumberField(label="Ticket")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_other(self) -> Ticket:
        return find_typed_ticket(self.cleaned_data["other"], self.by)


class MergeForm(SeenForm):
    """Which ticket goes on for both, and why they are one."""

    into = TicketNumberField(label="Goes on in")
    reason = forms.CharField(
        label="Why they are one",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why they are one."},
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_into(self) -> Ticket:
        return find_typed_ticket(self.cleaned_data["into"], self.by)


class SplitForm(SeenForm):
    """Which message becomes a ticket, and its subject."""

    message = forms.ModelChoiceField(
        Message.objects.none(),
        label="Message",
        empty_label=None,
        error_messages={
            "required": "Choose a message of the customer.",
            "invalid_choice": "Choose a message of the customer.",
        },
    )
    subject = forms.CharField(
        label="Subject",
        max_length=200,
        error_messages={"required": "Say in one sentence what it is about."},
    )
    submission_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, ticket: Ticket, said: list[Message] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["message"]
        if self.is_bound:
            field.queryset = Message.objects.filter(  # type: ignore[attr-defined]  # a model field's
                ticket=ticket, from_staff=False
            ).select_related("author")
        if said is not None:
            field.choices = [  # type: ignore[attr-defined]  # a choice field's
                (one.pk, f"{one.author.get_short_name()}: {shorten(one.body, 60, placeholder='…')}")
                for one in said
            ]
