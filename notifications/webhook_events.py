"""What webhooks may be called for, by who owns them. What is not named here never leaves."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

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
    "filed": gettext_noop("A ticket was filed"),
    "answered": gettext_noop("We answered"),
    "customer_wrote": gettext_noop("Somebody of your company wrote"),
    "severity_changed": gettext_noop("The severity changed"),
    "state_changed": gettext_noop("The state changed"),
    "missed": gettext_noop("A promised time passed"),
    "help_requested": gettext_noop("Somebody of your company escalated"),
    "help_answered": gettext_noop("We answered an escalation"),
    "resolved": gettext_noop("A ticket was resolved"),
    "closed": gettext_noop("A ticket was closed"),
    "reopened": gettext_noop("A ticket was reopened"),
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
