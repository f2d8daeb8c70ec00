"""What programs are told of tickets: ours, and the customer's whose ticket it is.

A customer's program reads what the customer's people see in the timeline, and never a text: no
message, no note, no reason. It asks the API for the rest, which knows who asks.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings

from notifications.operations.webhook_calls import Happening, call_webhooks
from notifications.webhook_events import STAFF, customer_owner
from tickets.choices import CUSTOMERS_READ_DETAILS, INTERNAL_EVENTS
from tickets.models import Ticket, TicketEvent


def tell_programs(events: Sequence[TicketEvent], *, now: datetime) -> None:
    """Put calls into the outbox for webhooks that asked for these events. Effects: WebhookCalls."""
    happenings = []
    for event in events:
        key = f"ticket-event:{event.pk}"
        happenings.append(Happening(STAFF, event.kind, key, partial(_for_staff, event)))
        if event.kind not in INTERNAL_EVENTS:
            owner = customer_owner(event.ticket.customer_id)
            happenings.append(Happening(owner, event.kind, key, partial(_for_customer, event)))
    call_webhooks(happenings, now=now)


def page_all_by_webhook(pages: Sequence[tuple[Ticket, str, str]], *, now: datetime) -> int:
    """Page whoever is on duty through our own programs, and say how many webhooks are called.

    `pages` are tickets, each with the key and the summary of what happened. A key, such as
    "step:77", names it: each webhook is told of it once. Call it in the transaction of the change.
    Effects: WebhookCalls.
    """
    happenings = [
        Happening(STAFF, "page", key, partial(_for_page, ticket, summary), urgent=True)
        for ticket, key, summary in pages
    ]
    return len(call_webhooks(happenings, now=now)) if happenings else 0


def _for_page(ticket: Ticket, summary: str) -> dict[str, Any]:
    return {"summary": summary, "ticket": _ticket_for_staff(ticket)}


def _for_staff(event: TicketEvent) -> dict[str, Any]:
    return {
        "event": event.pk,
        "by": event.by.name if event.by else None,
        "ticket": _ticket_for_staff(event.ticket),
    }


def _for_customer(event: TicketEvent) -> dict[str, Any]:
    return {
        "event": event.pk,
        "by": event.by.name if event.by else None,
        "ticket": _ticket(event.ticket),
        "details": {
            name: value for name, value in event.details.items() if name in CUSTOMERS_READ_DETAILS
        },
    }


def _ticket_for_staff(ticket: Ticket) -> dict[str, Any]:
    return _ticket(ticket) | {
        "customer": str(ticket.customer),
        "assignee": ticket.assignee.name if ticket.assignee else None,
    }


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "reference": ticket.reference,
        "subject": ticket.subject,
        "kind": ticket.kind,
        "severity": ticket.severity,
        "state": ticket.state,
        "url": settings.BASE_URL + ticket.get_absolute_url(),
    }
