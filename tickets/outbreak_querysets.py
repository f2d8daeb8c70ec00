"""Outbreaks and their tickets: for those who see all tickets, and nobody else."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, F, Max, Q

from accounts.models import User
from tickets.choices import OPEN_STATES
from tickets.querysets import SEES_ALL_TICKETS

if TYPE_CHECKING:
    from tickets.models.outbreak import (  # noqa: F401 - named in base classes, as text
        Outbreak,
        OutbreakTicket,
    )


class OutbreakQuerySet(models.QuerySet["Outbreak"]):
    """Questions about outbreaks."""

    def visible_to(self, user: User) -> "OutbreakQuerySet":
        """An outbreak tells of several customers: it is for whoever sees them all."""
        sees = user.is_authenticated and user.is_active and user.has_role(*SEES_ALL_TICKETS)
        return self.all() if sees else self.none()

    def open(self) -> "OutbreakQuerySet":
        return self.filter(ended_at__isnull=True)

    def ended(self) -> "OutbreakQuerySet":
        return self.filter(ended_at__isnull=False)

    def with_sizes(self) -> "OutbreakQuerySet":
        """Count each one’s tickets, its customers, the told and the solved, in one query."""
        inside = Q(parts__left_at__isnull=True) | Q(parts__left_at__gte=F("ended_at"))
        told = Q(parts__ticket__messages__broadcasts__outbreak=F("pk"))
        solved = ~Q(parts__ticket__state__in=OPEN_STATES)
        return self.select_related("owner").annotate(
            tickets=Count("parts", filter=inside, distinct=True),
            customers=Count("parts__ticket__customer", filter=inside, distinct=True),
            told=Count("parts", filter=inside & told, distinct=True),
            solved=Count("parts", filter=inside & solved, distinct=True),
        )


class OutbreakTicketQuerySet(models.QuerySet["OutbreakTicket"]):
    """Questions about the tickets of outbreaks."""

    def current(self) -> "OutbreakTicketQuerySet":
        return self.filter(left_at__isnull=True)

    def of(self, outbreak: "Outbreak") -> "OutbreakTicketQuerySet":
        """What is part of an outbreak; of one that has ended, what was when it did."""
        inside = Q(left_at__isnull=True)
        if outbreak.ended_at is not None:
            inside |= Q(left_at__gte=outbreak.ended_at)
        return self.filter(inside, outbreak=outbreak)

    def for_page(self) -> "OutbreakTicketQuerySet":
        """All a line of the page shows, with when a broadcast last reached the ticket."""
        return (
            self.select_related("ticket__customer", "ticket__assignee", "ticket__response_clock")
            .annotate(
                told_at=Max(
                    "ticket__messages__at",
                    filter=Q(ticket__messages__broadcasts__outbreak=F("outbreak")),
                )
            )
            .order_by("joined_at", "pk")
        )  # A grouped query forgets the model's order.
