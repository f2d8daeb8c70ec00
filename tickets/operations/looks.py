"""What somebody has seen of a ticket."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from tickets.models import Ticket, TicketLook


def look_at_ticket(ticket: Ticket, *, by: User, now: datetime | None = None) -> None:
    """Keep that somebody has seen all that happened to a ticket so far.

    Effects: one TicketLook, unless nothing happened since the last one.
    """
    moment = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_ticketlook (person_id, ticket_id, at) VALUES (%s, %s, %s)"
            " ON CONFLICT ON CONSTRAINT a_last_look_is_one DO UPDATE SET at = excluded.at"
            " WHERE tickets_ticketlook.at < %s AND tickets_ticketlook.at < excluded.at",
            [by.pk, ticket.pk, moment, ticket.updated_at],
        )


@contextmanager
def knowing_own_changes(tickets: Sequence[Ticket], *, by: User) -> Iterator[None]:
    """Let what somebody does to tickets inside be nothing new to them, where they had seen all.

    Effects: their TicketLooks.
    """
    looks = TicketLook.objects.filter(person=by)
    seen = list(
        looks.filter(ticket__in=tickets, at__gte=F("ticket__updated_at")).values_list(
            "pk", flat=True
        )
    )
    yield
    if seen:
        looks.filter(pk__in=seen).update(at=timezone.now())
