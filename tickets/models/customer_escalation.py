"""What a customer escalated: a ticket, or the whole account."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from entitlements.models import Customer
from tickets.choices import EscalationEnd
from tickets.escalation_querysets import CustomerEscalationQuerySet
from tickets.models.ticket import Ticket


class CustomerEscalation(models.Model):
    """A customer's escalation, with the person who owns it until it is ended.

    `ticket` is None when the whole account is escalated. `next_word_at` is by when the customer
    hears from the owner; `answered_at` when they first did. `overdue_told_for` is the promised
    word that passed and of which the owner and the leads were reminded. An answer ends nothing:
    somebody ends it, with a reason. `owner` is None only where no lead exists who could own it.
    Written by tickets.operations.customer_escalation and its neighbours.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="escalations")
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, null=True, related_name="escalations"
    )
    reason = models.TextField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="asked_escalations"
    )
    asked_at = models.DateTimeField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="owned_escalations",
    )
    owned_at = models.DateTimeField(null=True)
    next_word_at = models.DateTimeField()
    overdue_told_for = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_how = models.CharField(max_length=10, choices=EscalationEnd.choices, blank=True)
    end_reason = models.TextField(blank=True)

    objects: ClassVar[models.Manager["CustomerEscalation"]] = (
        CustomerEscalationQuerySet.as_manager()
    )

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("ticket",),
                condition=Q(ended_at__isnull=True),
                name="a_ticket_is_escalated_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=("customer",),
                condition=Q(ended_at__isnull=True, ticket__isnull=True),
                name="an_account_is_escalated_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_how="")
                | Q(ended_at__isnull=False, ended_how__in=EscalationEnd.values),
                name="an_ended_escalation_says_how",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True, owned_at__isnull=True)
                | Q(owner__isnull=False, owned_at__isnull=False),
                name="an_owned_escalation_says_since_when",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_word_at",),
                condition=Q(ended_at__isnull=True),
                name="escalation_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer}: {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("escalation", args=[self.pk])

    @property
    def subject(self) -> str:
        """What is escalated, in a few words."""
        return "the whole account" if self.ticket is None else str(self.ticket)

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    def is_overdue(self, now: datetime) -> bool:
        """Whether the customer should have heard by now and has not."""
        return self.is_open and now > self.next_word_at


class EscalationAnswer(models.Model):
    """What the owner tells the customer of an escalation, and when they hear next.

    Append-only: the database refuses a change.
    """

    escalation = models.ForeignKey(
        CustomerEscalation, on_delete=models.PROTECT, related_name="answers"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    at = models.DateTimeField()
    next_word_at = models.DateTimeField()

    class Meta:
        ordering = ("escalation", "at", "pk")

    def __str__(self) -> str:
        return f"{self.author}, {self.at:%Y-%m-%d %H:%M}"
