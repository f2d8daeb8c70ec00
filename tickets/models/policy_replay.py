"""A policy replayed over real tickets: what was asked, and what came out, kept."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from entitlements.choices import Severity
from entitlements.policy_draft import PolicyDraft
from sla.models import LongRun
from tickets.choices import ReplayOutcome
from tickets.models.ticket import Ticket


class PolicyReplay(LongRun):
    """One question: what would have become of the tickets filed from `since` to `until`.

    `policy` is a PolicyDraft as data. Written by tickets.operations.policy_replays and
    tickets.policy_replay; no ticket is changed by it.
    """

    question = models.CharField(max_length=120)
    policy = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField()

    objects: ClassVar[models.Manager["PolicyReplay"]] = models.Manager()

    class Meta:
        ordering = ("-began_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("by",),
                condition=Q(ended_at__isnull=True),
                name="a_person_has_one_replay_under_way",
            ),
        )

    def __str__(self) -> str:
        return self.question

    @property
    def draft(self) -> PolicyDraft:
        kept: dict[str, Any] = self.policy
        return PolicyDraft.from_json(kept)


class ReplayCount(models.Model):
    """How many tickets of a plan and severity came out so, and would have come out so.

    Units: `was_steps` and `would_steps` count steps of ladders that came before the answer.
    """

    replay = models.ForeignKey(PolicyReplay, on_delete=models.CASCADE, related_name="counts")
    plan = models.ForeignKey("entitlements.Plan", on_delete=models.PROTECT, related_name="+")
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    was = models.CharField(max_length=8, choices=ReplayOutcome.choices)
    would = models.CharField(max_length=8, choices=ReplayOutcome.choices)
    tickets = models.PositiveIntegerField()
    was_steps = models.PositiveIntegerField()
    would_steps = models.PositiveIntegerField()

    class Meta:
        ordering = ("replay", "plan", "severity", "was", "would")
        constraints = (
            models.UniqueConstraint(
                fields=("replay", "plan", "severity", "was", "would"),
                name="a_replay_counts_each_outcome_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.tickets} × {self.was} to {self.would}"


class ReplayFlip(models.Model):
    """A ticket that would have come out otherwise."""

    replay = models.ForeignKey(PolicyReplay, on_delete=models.CASCADE, related_name="flips")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    was = models.CharField(max_length=8, choices=ReplayOutcome.choices)
    would = models.CharField(max_length=8, choices=ReplayOutcome.choices)
    was_due_at = models.DateTimeField(null=True)
    would_due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("replay", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("replay", "ticket"), name="a_replay_flips_a_ticket_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.was} to {self.would}"
