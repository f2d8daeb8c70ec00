"""The customer beside a ticket, on the engineer's page."""

from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Subquery

from accounts.compiled import Compiled
from accounts.models import User
from entitlements.account import account_of
from entitlements.permissions import can_read_customers
from tickets.filed_with import filed_with
from tickets.models import Ticket
from tickets.operations.file_uploads import uploads_for
from tickets.surroundings import Surroundings
from tickets.views.ticket_facts import account_facts, other_ticket

PREVIOUS_TICKETS = 5


def _previous_tickets(reader: User, customer: int, ticket: int) -> QuerySet[Ticket]:
    """A customer's newest tickets but one, each with how many are open (`all_open`)."""
    theirs = Ticket.objects.visible_to(reader).filter(customer=customer)
    # Counted by its own index, beside the newest ones: both in one query.
    count = theirs.open().order_by().values("customer").annotate(n=Count("pk")).values("n")
    return (
        theirs.exclude(pk=ticket)
        .annotate(all_open=Subquery(count))
        .only("number", "subject", "severity", "state", "filed_at")
        .order_by("-filed_at", "-number")[:PREVIOUS_TICKETS]
    )


_PREVIOUS = Compiled(_previous_tickets)


def customer_side(
    ticket: Ticket, user: User, now: datetime, around: Surroundings
) -> dict[str, Any]:
    """Give the page the customer, what was filed with the ticket, and the tickets before it."""
    previous = _PREVIOUS.all(user, ticket.customer_id, ticket.pk)
    open_tickets = (previous[0].all_open or 0) if previous else int(ticket.is_open)  # type: ignore[attr-defined]  # annotated
    return {
        "account": account_facts(account_of(ticket.customer, now)),
        "reads_customers": can_read_customers(user),
        "filed": filed_with(ticket, has_answers=around.has_answers),
        "waiting_files": uploads_for(ticket, by=user, now=now) if around.has_waiting_files else [],
        "previous": [other_ticket(one) for one in previous],
        "open_tickets": open_tickets,
    }
