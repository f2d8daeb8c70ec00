"""Sets of customers' escalations, scoped to who may see them."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from entitlements.querysets import tam_of
from tickets.querysets import SEES_ALL_TICKETS, sees_company, visible_tickets

if TYPE_CHECKING:  # The models name this queryset; only the annotation looks back.
    from tickets.models.customer_escalation import (
        CustomerEscalation,
    )
    from tickets.models.ticket import Ticket


class CustomerEscalationQuerySet(models.QuerySet["CustomerEscalation"]):
    """Questions about customers' escalations."""

    def visible_to(self, user: User) -> "CustomerEscalationQuerySet":
        """Those of visible tickets; an account's for its TAMs and who sees all of the company."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(*SEES_ALL_TICKETS):
            return self.all()
        of_company = Q(customer__in=sees_company(user).values("customer"))
        of_account = Q(ticket__isnull=True) & (of_company | tam_of(user, "customer__"))
        mine = self.model.objects.filter(
            Q(ticket__isnull=False) & visible_tickets(user, "ticket__") | of_account
        )
        # By key, so that a join to team members cannot repeat a row.
        return self.filter(pk__in=mine.values("pk"))

    def open(self) -> "CustomerEscalationQuerySet":
        return self.filter(ended_at__isnull=True)

    def overdue(self, now: datetime) -> "CustomerEscalationQuerySet":
        """Open ones whose customer should have heard by now, the longest silence first."""
        return self.open().filter(next_word_at__lt=now).order_by("next_word_at", "pk")

    def unheard(self, now: datetime) -> "CustomerEscalationQuerySet":
        """Overdue ones of whose promised word nobody was reminded yet."""
        return self.overdue(now).filter(
            Q(overdue_told_for__isnull=True) | ~Q(overdue_told_for=F("next_word_at"))
        )

    def ended(self) -> "CustomerEscalationQuerySet":
        return self.filter(ended_at__isnull=False)

    def of_accounts(self) -> "CustomerEscalationQuerySet":
        return self.filter(ticket__isnull=True)

    def for_lists(self) -> "CustomerEscalationQuerySet":
        """All a line needs, the most pressing first: by when the customer hears."""
        return self.select_related("customer", "ticket", "owner", "asked_by", "ended_by").order_by(
            "next_word_at", "pk"
        )

    def open_on(self, ticket: "Ticket") -> "list[CustomerEscalation]":
        """What is escalated now of a ticket: itself, its whole account, or both; one query."""
        of_account = Q(ticket__isnull=True, customer=ticket.customer_id)
        found = self.open().filter(Q(ticket=ticket) | of_account)
        return list(found.select_related("customer", "ticket", "owner", "asked_by"))

    def with_answers(self) -> "CustomerEscalationQuerySet":
        """All a page needs, its answers oldest first; two queries."""
        answers = apps.get_model("tickets", "EscalationAnswer")._default_manager
        return self.for_notice().prefetch_related(
            models.Prefetch("answers", answers.select_related("author"))
        )

    def for_notice(self) -> "CustomerEscalationQuerySet":
        """All that one sentence about it needs; one query."""
        return self.select_related("customer", "ticket__customer", "owner", "asked_by", "ended_by")
