"""What webhooks may be called for, by who owns them. What is not named here never leaves."""

from collections.abc import Mapping

# Our own programs: pages and what the escalation steps do.
STAFF_EVENTS: Mapping[str, str] = {
    "page": "Page: somebody has to look now",
    "filed": "A ticket was filed",
    "escalated": "An escalation step was reached",
    "missed": "A deadline passed",
    "help_requested": "A customer escalated",
    "severity_contested": "A customer contests a severity",
    "customer_wrote": "A customer wrote",
    "resolved": "A ticket was resolved",
}

# A customer's programs: what their people see in the timeline of their tickets.
CUSTOMER_EVENTS: Mapping[str, str] = {
    "filed": "A ticket was filed",
    "answered": "We answered",
    "customer_wrote": "Somebody of your company wrote",
    "severity_changed": "The severity changed",
    "state_changed": "The state changed",
    "missed": "A promised time passed",
    "help_requested": "Somebody of your company escalated",
    "help_answered": "We answered an escalation",
    "resolved": "A ticket was resolved",
    "closed": "A ticket was closed",
    "reopened": "A ticket was reopened",
}

# Sent by the button of the webhook's page.
TEST_EVENT = "test"


def events_for(owner: str) -> Mapping[str, str]:
    """Return what an owner may choose, each with its words."""
    return STAFF_EVENTS if owner == STAFF else CUSTOMER_EVENTS


# An owner is "staff" or a customer: "customer:17".
STAFF = "staff"


def customer_owner(key: int) -> str:
    """Name a customer as the owner of webhooks."""
    return f"customer:{key}"
