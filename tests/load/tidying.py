"""Ends what earlier measurements filed: the queue is as long for each as the seed made it."""

import django
from django.db import connection
from django.utils import timezone

from tests.load.pages import FILED


def tidy() -> int:
    """Close the tickets that were filed while measuring, and return how many.

    Effects: their clocks stop, without events; their rows are vacuumed, so that no measurement
    meets the autovacuum of the one before.
    """
    from sla.models import Clock
    from tickets.choices import TicketState
    from tickets.models import QueueWords, Ticket

    now = timezone.now()
    filed = Ticket.objects.open().filter(subject__startswith=FILED)
    clocks = list(
        filed.filter(response_clock__stopped_at=None).values_list("response_clock", flat=True)
    )
    ended = filed.update(state=TicketState.CLOSED, resolved_at=now, closed_at=now)
    Clock.objects.filter(pk__in=clocks).update(stopped_at=now, next_step_at=None)
    if ended:
        with connection.cursor() as cursor:
            for model in (Ticket, QueueWords, Clock):
                cursor.execute(f"VACUUM (ANALYZE) {model._meta.db_table}")
    return ended


if __name__ == "__main__":
    django.setup()
    tidy()
