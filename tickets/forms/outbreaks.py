"""What is typed to open, feed, answer and end an outbreak."""

import re
from typing import Any

from django import forms

from accounts.models import User
from tickets.forms.staff import engineers
from tickets.models import Ticket

# More numbers than this are typed by no hand.
MOST_NUMBERS = 200
_NUMBER = re.compile(r"(?:TK-|#)?(\d{1,17})", re.IGNORECASE | re.ASCII)


class TicketsField(forms.CharField):
    """Numbers of tickets, with commas, blanks or lines between."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 2, "placeholder": "TK-20418, TK-20502"}),
            help_text="Their numbers, with commas or blanks between.",
            **options,
        )


def find_typed_tickets(typed: str, by: User) -> list[Ticket]:
    """Find the tickets somebody typed the numbers of. Raises: ValidationError naming the others."""
    words = [word for word in re.split(r"[\s,;]+", typed.strip()) if word]
    numbers: dict[int, str] = {}
    for word in words:
        match = _NUMBER.fullmatch(word)
        if match is None:
            raise forms.ValidationError(f"“{word[:30]}” is no ticket number.")
        numbers[int(match[1])] = word
    if len(numbers) > MOST_NUMBERS:
        raise forms.ValidationError(f"Give at most {MOST_NUMBERS} at once.")
    found = list(Ticket.objects.visible_to(by).filter(number__in=numbers))
    if missing := sorted(set(numbers) - {ticket.number for ticket in found}):
        raise forms.ValidationError(f"There is no ticket TK-{missing[0]}.")
    return found


class OutbreakForm(forms.Form):
    """A new outbreak."""

    title = forms.CharField(
        label="Title",
        max_length=200,
        help_text="What fails, as colleagues would say it.",
        error_messages={"required": "Name it so that colleagues know it again."},
    )
    summary = forms.CharField(
        label="What is known",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Cause, what helps, who works on it. Only staff read this.",
        error_messages={"required": "Say what is known."},
    )
    tickets = TicketsField(label="Tickets", required=False)
    submission_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_tickets(self) -> list[Ticket]:
        return find_typed_tickets(self.cleaned_data["tickets"], self.by)


class JoiningForm(forms.Form):
    """Tickets that join."""

    tickets = TicketsField(
        label="Tickets", error_messages={"required": "Give the number of a ticket."}
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_tickets(self) -> list[Ticket]:
        return find_typed_tickets(self.cleaned_data["tickets"], self.by)


class BroadcastForm(forms.Form):
    """One answer to all, its kind chosen openly."""

    QUALIFIED, ACKNOWLEDGEMENT = "qualified", "acknowledgement"

    body = forms.CharField(
        label="Answer",
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Each customer reads it as our answer on their own ticket. Name no other one.",
        error_messages={"required": "Write something first."},
    )
    answer_kind = forms.ChoiceField(
        label="Kind of answer",
        choices=[
            ("", "Choose…"),
            (QUALIFIED, "Qualified answer: stops each clock that runs"),
            (ACKNOWLEDGEMENT, "Acknowledgement: the clocks go on"),
        ],
        error_messages={"required": "Choose: a qualified answer, or an acknowledgement."},
    )
    submission_key = forms.UUIDField(widget=forms.HiddenInput)


class EndForm(forms.Form):
    """What solved it, for every customer."""

    resolution = forms.CharField(
        label="What solved it",
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say what solved it."},
    )


class OutbreakOwnerForm(forms.Form):
    """Who leads it from now on."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label="Give it to",
        empty_label="Choose…",
        error_messages={"required": "Choose an engineer.", "invalid_choice": "Choose an engineer."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = engineers()  # type: ignore[attr-defined]  # a model field's
