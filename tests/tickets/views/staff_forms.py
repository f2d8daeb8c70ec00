"""What staff send from a ticket's page: the forms filled in, each by its name."""

import uuid
from datetime import UTC, datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from tickets.models import Ticket

ACTIONS = (
    "ticket_answers",
    "ticket_notes",
    "ticket_assignment",
    "ticket_assignment_removal",
    "ticket_resolution",
    "ticket_severity",
    "ticket_lab_request",
    "ticket_lab_answer",
    "ticket_calls",
    "ticket_excuse",
)
# Tue 10 Mar 2026, 19:00 ET: the ticket's deadline.
DUE = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)


def act(client: Client, name: str, ticket: Ticket, typed: dict[str, Any] | None = None) -> Any:
    return client.post(reverse(name, args=[ticket.number]), typed or {})


def reply(**given: Any) -> dict[str, Any]:
    return {
        "kind": "reply",
        "body": "Please send us the backup log.",
        "answer_kind": "qualified",
        "seen_message": 0,
        "submission_key": uuid.uuid4(),
        **given,
    }


# What each form needs to be valid, so that only the person can be the reason of a refusal.
def valid(name: str, ticket: Ticket, engineer: User) -> dict[str, Any]:
    pin = ticket.customer.memberships.exclude(caller_pin="")[0].caller_pin
    return {
        "ticket_answers": reply(),
        "ticket_notes": {"body": "Looks like rule 7.", "submission_key": uuid.uuid4()},
        "ticket_assignment": {"to": engineer.pk, "reason": "Shift ends."},
        "ticket_assignment_removal": {},
        "ticket_resolution": {"resolution": "Update to 12.4.3.", "seen_message": 0},
        "ticket_severity": {"severity": 4, "reason": "A question."},
        "ticket_lab_request": {"reason": "Is the signature ours?"},
        "ticket_lab_answer": {"finding": "It is."},
        "ticket_calls": {"caller_pin": pin, "at": "2026-03-10T11:00"},
        "ticket_excuse": {"reason": "A power cut."},
    }[name]
