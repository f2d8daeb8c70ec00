"""What a company asks of us between contracts."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from entitlements.choices import TopUpOutcome
from entitlements.models.contract import Amendment, Contract
from entitlements.querysets import TopUpRequestQuerySet


class TopUpRequest(models.Model):
    """A company manager asks for more premium incidents; an administrator answers.

    `amount` is what was asked for; what was given stands in `amendment`. A contract has one open
    request at a time. Written by entitlements.operations.top_ups.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="top_up_requests")
    amount = models.PositiveSmallIntegerField("premium incidents")
    reason = models.TextField(blank=True, max_length=2000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=9, choices=TopUpOutcome.choices, blank=True)
    answer = models.TextField(blank=True, max_length=2000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    amendment = models.OneToOneField(
        Amendment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[models.Manager["TopUpRequest"]] = TopUpRequestQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("contract",),
                condition=Q(outcome=""),
                name="a_contract_has_one_open_top_up_request",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=1, amount__lte=1000),
                name="a_top_up_asks_for_one_to_a_thousand",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(outcome="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="an_answered_top_up_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(outcome=TopUpOutcome.GRANTED, amendment__isnull=False)
                | (~Q(outcome=TopUpOutcome.GRANTED) & Q(amendment__isnull=True)),
                name="a_granted_top_up_names_its_amendment",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=TopUpOutcome.DECLINED) | ~Q(answer=""),
                name="a_declined_top_up_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.amount} premium incidents for {self.contract}"

    @property
    def added(self) -> int:
        """How many were added, when it was granted."""
        return self.amendment.amount if self.amendment and self.amendment.amount else self.amount

    @property
    def is_open(self) -> bool:
        return not self.outcome
