"""What is done to the tickets somebody chose in the queue."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.errors import InvalidInput
from accounts.models import User
from tickets.forms.selects import PlainSelect
from tickets.models import Ticket
from tickets.operations.assignment import assign_ticket, release_ticket, take_ticket
from tickets.operations.lab import pass_to_lab, return_from_lab
from tickets.operations.lifecycle import resolve_ticket
from tickets.operations.tags import change_tags
from tickets.queue_choices import QueueChoices
from tickets.tag_names import normal_tags

# Longer than an answer is held as a rule: ten seconds, and what a busy worker takes.
LONGEST_HELD = timedelta(minutes=1)
# No page was drawn before, whatever is sent: from the first day of time nothing can be taken away.
FIRST_PAGE = datetime(2000, 1, 1, tzinfo=UTC)


class Act(models.TextChoices):
    """The buttons of the bar."""

    TAKE = "take", "Assign to me"
    ASSIGN = "assign", "Assign"
    MOVE = "move", "Change state"
    TAG = "tag", "Change tags"


class Move(models.TextChoices):
    """The changes of state that make sense for several at once."""

    RELEASED = "released", "Back in the queue"
    LAB = "lab", "Waiting for lab"
    RETURNED = "returned", "Back from the lab"
    RESOLVED = "resolved", "Resolved"


# What the words are, where the change needs some.
WORDS_WANTED = {
    Move.LAB: "Say what the lab should find out.",
    Move.RETURNED: "Say what the lab found.",
    Move.RESOLVED: "Say what solved it: each customer is written to.",
}


class SelectionForm(forms.Form):
    """One act on all that is chosen; what the other acts would need is not looked at."""

    act = forms.ChoiceField(
        choices=Act.choices, error_messages={"required": "Choose what to do with them."}
    )
    drawn_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    to = forms.ChoiceField(label="Give them to", required=False, widget=PlainSelect)
    reason = forms.CharField(
        label="Note for the next one",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    move = forms.ChoiceField(
        label="New state",
        required=False,
        choices=[("", "Choose…"), *Move.choices],
        widget=PlainSelect,
    )
    words = forms.CharField(
        label="Why, what was found, or what solved it",
        required=False,
        max_length=4000,
        help_text="“Resolved” sends it to each customer as the answer.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    add = forms.CharField(
        label="Put on", required=False, max_length=300, help_text="Several with commas between."
    )
    remove = forms.CharField(label="Take off", required=False, max_length=300)

    def __init__(self, *args: Any, choices: QueueChoices, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "selection_%s", **kwargs})
        self.engineers = choices.engineers
        to = self.fields["to"]
        to.choices = [("", "Choose…"), *choices.engineers]  # type: ignore[attr-defined]  # a choice field's
        for name in ("to", "move"):
            self.fields[name].widget.attrs["class"] = "form-select"
        for name in ("reason", "words", "add", "remove"):
            self.fields[name].widget.attrs["class"] = "form-control"
        for name in ("add", "remove"):
            self.fields[name].widget.attrs |= {
                "list": f"selection_{name}_tags",
                "autocomplete": "off",
                "hx-get": reverse("tag_names"),
                "hx-trigger": "focus once",
                "hx-target": f"#selection_{name}_tags",
                "data-quiet": True,
            }

    def clean(self) -> dict[str, Any]:
        """Ask for what the act needs."""
        typed = self.cleaned_data
        if typed.get("act") == Act.ASSIGN and not typed.get("to"):
            self.add_error("to", "Choose an engineer.")
        if typed.get("act") == Act.MOVE:
            move = typed.get("move", "")
            if not move:
                self.add_error("move", "Choose a state.")
            elif (wanted := WORDS_WANTED.get(Move(move))) and not typed.get("words", "").strip():
                self.add_error("words", wanted)
        if typed.get("act") == Act.TAG:
            for name in ("add", "remove"):
                try:
                    typed[name] = normal_tags(typed.get(name, ""))
                except InvalidInput as error:
                    self.add_error(name, error.message)
            if not self.errors and not (typed["add"] or typed["remove"]):
                self.add_error("add", "Name a tag to put on or to take off.")
        return typed

    def change(self, by: User) -> tuple[Callable[[Ticket], object], str]:
        """The operation on one ticket, and the word for what was done."""
        typed = self.cleaned_data
        if typed["act"] == Act.TAKE:
            return lambda ticket: take_ticket(ticket, by=by), "taken"
        if typed["act"] == Act.ASSIGN:
            to = User.objects.get(pk=typed["to"])
            reason = typed["reason"].strip()
            return (
                lambda ticket: assign_ticket(ticket, to=to, reason=reason, by=by),
                f"given to {to}",
            )
        if typed["act"] == Act.TAG:
            add, remove = typed["add"], typed["remove"]
            named = ", ".join([f"+{name}" for name in add] + [f"−{name}" for name in remove])
            return (
                lambda ticket: change_tags(ticket, add=add, remove=remove, by=by),
                f"changed: {named}",
            )
        words = typed["words"].strip()
        drawn_at: datetime | None = typed.get("drawn_at")
        changes: dict[Move, tuple[Callable[[Ticket], object], str]] = {
            Move.RELEASED: (
                lambda ticket: release_ticket(ticket, reason=words, by=by),
                "back in the queue",
            ),
            Move.LAB: (
                lambda ticket: pass_to_lab(ticket, reason=words, by=by),
                "passed to the lab",
            ),
            Move.RETURNED: (
                lambda ticket: return_from_lab(ticket, finding=words, by=by),
                "back from the lab",
            ),
            Move.RESOLVED: (
                lambda ticket: resolve_ticket(
                    ticket, resolution=words, seen_message=_seen(ticket, drawn_at), by=by
                ),
                "resolved",
            ),
        }
        return changes[Move(typed["move"])]


def _seen(ticket: Ticket, drawn_at: datetime | None) -> int | None:
    """The newest message when the page was drawn: nobody is answered past what came since."""
    if drawn_at is None:
        return None
    # An answer that was held goes out with the time of its press, perhaps from before the page.
    drawn_at = max(drawn_at, FIRST_PAGE)
    held = Q(from_staff=True, at__gt=drawn_at - LONGEST_HELD, ticket__updated_at__gt=drawn_at)
    seen = ticket.messages.exclude(Q(at__gt=drawn_at) | held).order_by("-pk")
    return seen.values_list("pk", flat=True).first() or 0
