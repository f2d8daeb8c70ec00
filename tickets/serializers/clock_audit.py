"""Self-audits of clocks out."""

from rest_framework import serializers

from accounts.api.fields import Instant, PersonOutput
from sla.models import AuditFinding, LongRun


class LongRunOutput(serializers.Serializer[LongRun]):
    """Long work: how far it is. `state` says whether the figures are of all of it."""

    key = serializers.IntegerField(source="pk")
    by = PersonOutput(allow_null=True, help_text="Null when the portal itself began it.")
    began_at = Instant()
    ended_at = Instant(allow_null=True)
    state = serializers.SerializerMethodField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    trouble = serializers.CharField(help_text="Why it was given up; empty otherwise.")

    def get_state(self, run: LongRun) -> str:
        """Say running, cancelled, given_up or complete."""
        if run.is_running:
            return "running"
        if run.is_cancelled:
            return "cancelled"
        return "given_up" if run.is_given_up else "complete"


class ClockAuditOutput(LongRunOutput):
    """An audit: every clock replayed from its events and compared with what is stored."""

    night = serializers.DateField(allow_null=True, help_text="Null for one on demand.")
    differing = serializers.IntegerField()
    raising = serializers.IntegerField(help_text="Clocks that cannot be replayed.")


class AuditFindingOutput(serializers.Serializer[AuditFinding]):
    """A field of a clock that is not what its events make of it."""

    clock = serializers.IntegerField(source="clock_id")
    ticket = serializers.SerializerMethodField()
    field = serializers.CharField()
    stored = serializers.CharField()
    replayed = serializers.CharField()

    def get_ticket(self, finding: AuditFinding) -> int | None:
        """The ticket's number; null for a clock that is no ticket's."""
        numbers: dict[int, int] = self.context["tickets"]
        return numbers.get(finding.clock_id)
