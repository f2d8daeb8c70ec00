"""What somebody has seen of a ticket."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from tickets.models import Ticket, TicketLook

# Long after a ticket can be reopened, nobody's queue shows it as unread.
LOOKS_LAST = timedelta(days=90)
FORGOTTEN_AT_ONCE = 10_000


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


def forget_old_looks(*, now: datetime | None = None) -> int:
    """Delete last looks at tickets that were closed ninety days ago, and say how many.

    Effects: their TicketLooks; at most so many in one run, the next one takes the rest.
    """
    before = (now or timezone.now()) - LOOKS_LAST
    old = TicketLook.objects.filter(at__lt=before, ticket__closed_at__lt=before).order_by("pk")
    keys = list(old.values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    count, _ = TicketLook.objects.filter(pk__in=keys).delete()
    return count
