"""The ticket."""

from datetime import datetime
from functools import cache
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import connection, models
from django.db.models import Q
from django.urls import reverse

from entitlements.choices import Severity
from entitlements.models import Contract, Customer, Edition, LedgerEntry, ServiceLevel
from sla.models import Clock
from tickets.choices import OPEN_STATES, Channel, TicketKind, TicketState
from tickets.models.product import Product
from tickets.querysets import REOPEN_WITHIN, TicketQuerySet
from tickets.tag_names import LONGEST_TAG
from tickets.urgency import RANK, RankColumn, RankField

# Tickets are numbered by a database sequence: unique under any concurrency, gaps allowed.
NUMBER_SEQUENCE = "tickets_ticket_number_seq"

_OPEN = Q(state__in=[str(state) for state in OPEN_STATES])
_OF_NOBODY = Q(assignee__isnull=True)
_WORDS = SearchVector("subject", "description", config="english")
# In the index of the queue, so that a narrowed page reads no row it does not show.
_FACETS = (
    "answer_due_at",
    "answer_at_risk_at",
    "severity",
    "state",
    "assignee",
    "customer",
    "edition",
    "product",
)


def ticket_address(number: int) -> str:
    """Return the address of a ticket's page."""
    return _address() % number


@cache
def _address() -> str:
    """The address with a gap for the number: a list would ask the resolver for each."""
    return reverse("ticket", args=[0]).replace("/0/", "/%d/")


class Ticket(models.Model):
    """A customer's request and everything it was filed under.

    The terms are frozen at filing: `contract`, `edition`, `service_level` and the clock's own
    calendar version; later changes do not move them. `asked_severity` is what the customer
    ticked, `severity` what holds now. `filed_by` is the customer's person, `submitted_by` who
    sent the form: an engineer when it came by phone. `weight` is the plan's escalation weight in
    the queue. `tags` and `staff_watchers` are ours: customers never see them. A premium incident
    has exactly one debit, which the constraints hold. Written by tickets.operations.

    Kept by the database, for the queue's order: `answer_due_at` and `answer_at_risk_at` are the
    response clock's while it runs, `escalated_at` and `account_escalated_at` since when its
    customer has it, or the whole account, escalated (triggers copy them); `rank` is the place in
    the urgency group (tickets.urgency). A row in memory may lag behind them: ask the clock.
    """

    number = models.BigIntegerField(unique=True, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="tickets")
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, null=True, related_name="tickets"
    )
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="tickets")
    service_level = models.ForeignKey(
        ServiceLevel, on_delete=models.PROTECT, related_name="tickets"
    )
    kind = models.CharField(max_length=16, choices=TicketKind.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.PORTAL)
    subject = models.CharField(max_length=200)
    description = models.TextField()
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    version = models.CharField(max_length=40, blank=True)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    asked_severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    criteria = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    state = models.CharField(max_length=20, choices=TicketState.choices, default=TicketState.NEW)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_tickets",
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="filed_tickets"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    watchers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="watched_tickets", blank=True
    )
    # Our own people who follow it: the customer never sees who does.
    staff_watchers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="desk_watched_tickets", blank=True
    )
    tags = ArrayField(
        models.CharField(max_length=LONGEST_TAG), default=list, db_default=[], blank=True
    )
    filed_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    weight = models.PositiveSmallIntegerField(default=0)
    escalation_level = models.PositiveSmallIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True, editable=False)
    account_escalated_at = models.DateTimeField(null=True, editable=False)
    response_clock = models.OneToOneField(
        Clock, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    debit = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups"
    )
    submission_key = models.UUIDField(null=True, blank=True, editable=False)
    answer_due_at = models.DateTimeField(null=True, editable=False)
    answer_at_risk_at = models.DateTimeField(null=True, editable=False)
    rank = RankColumn(expression=RANK, output_field=RankField, db_persist=True)

    objects: ClassVar[models.Manager["Ticket"]] = TicketQuerySet.as_manager()

    # Set on what `file_ticket` returns when it filed it, and did not find it filed before.
    was_filed_now = False

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind=TicketKind.PREMIUM, debit__isnull=False)
                | (~Q(kind=TicketKind.PREMIUM) & Q(debit__isnull=True)),
                name="a_premium_incident_has_exactly_one_debit",
            ),
            models.UniqueConstraint(
                fields=("submitted_by", "submission_key"),
                name="a_form_sent_twice_files_once",
            ),
            models.CheckConstraint(
                condition=Q(severity__gte=1, severity__lte=4),
                name="a_severity_is_one_of_four",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=TicketState.RESOLVED, resolved_at__isnull=False)
                    | Q(state=TicketState.CLOSED, closed_at__isnull=False)
                    | Q(state__in=[str(state) for state in OPEN_STATES], closed_at__isnull=True)
                ),
                name="an_ended_ticket_says_when",
            ),
        )
        indexes = (
            models.Index(fields=("customer", "-filed_at"), name="ticket_customer_filed"),
            # Why each is there, with its plan: docs/queries.md.
            models.Index(fields=("rank", *_FACETS), condition=_OPEN, name="ticket_queue"),
            models.Index(
                fields=("assignee", "rank"), condition=_OPEN & ~_OF_NOBODY, name="ticket_desk"
            ),
            models.Index(
                fields=("rank", "answer_due_at", "answer_at_risk_at"),
                condition=_OPEN & _OF_NOBODY,
                name="ticket_of_nobody",
            ),
            models.Index(fields=("customer", "rank"), condition=_OPEN, name="ticket_customer_open"),
            models.Index(
                fields=("resolved_at",),
                condition=Q(state=TicketState.RESOLVED),
                name="ticket_resolved",
            ),
            GinIndex(_WORDS, name="ticket_words"),
            GinIndex(fields=("tags",), condition=_OPEN, name="ticket_open_tags"),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.subject}"

    def get_absolute_url(self) -> str:
        return ticket_address(self.number)

    @staticmethod
    def next_number() -> int:
        """Draw the next number from the database's sequence."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(%s)", [NUMBER_SEQUENCE])
            (number,) = cursor.fetchone()
        return int(number)

    @property
    def reference(self) -> str:
        """The number as people say it on the phone."""
        return f"TK-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_with_customer(self) -> bool:
        return self.state == TicketState.WAITING_FOR_CUSTOMER

    @property
    def goes_on_in(self) -> "Ticket":
        """The ticket that it is merged into, or itself.

        Two queries ask, unless its merges are loaded with their targets.
        """
        into = [one.target for one in self.merges.all() if one.undone_at is None]
        return into[0] if into else self

    @property
    def was_withdrawn(self) -> bool:
        """Whether its customer closed it, or what it is merged into, before our answer.

        That stopped its clock, as an answer does.
        """
        clock = self.response_clock
        if self.state != TicketState.CLOSED or self.closed_at is None or clock is None:
            return False
        if clock.stopped_at is None or clock.stopped_at < self.closed_at:
            return False
        if clock.stopped_at == self.closed_at:
            return True
        return clock.stopped_at == self.goes_on_in.closed_at

    @property
    def answered_at(self) -> datetime | None:
        """When our answer stopped its clock; None while it runs, and of what was withdrawn."""
        clock = self.response_clock
        return None if clock is None or self.was_withdrawn else clock.stopped_at

    def can_be_reopened(self, now: datetime) -> bool:
        return (
            self.state == TicketState.RESOLVED
            and self.resolved_at is not None
            and now < self.resolved_at + REOPEN_WITHIN
        )
