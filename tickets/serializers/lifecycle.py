"""What moves a ticket."""

from rest_framework import serializers

from accounts.api.fields import StrictInput
from entitlements.choices import Severity
from tickets.choices import Basis


class ClosureInput(StrictInput):
    """Nothing is needed to close a ticket."""


class ReopeningInput(StrictInput):
    """Why a resolution does not hold."""

    reason = serializers.CharField(max_length=4000, default="", allow_blank=True)


class ResolutionInput(StrictInput):
    """What solved it; sent to the customer as a qualified answer."""

    resolution = serializers.CharField(max_length=50_000)


class AssignmentInput(StrictInput):
    """Who works on it."""

    assignee = serializers.CharField(
        max_length=254, help_text='"me", or the e-mail address of an engineer.'
    )
    reason = serializers.CharField(max_length=4000, default="", allow_blank=True)


class ReassessmentInput(StrictInput):
    """What a deadline is re-assessed on, and why."""

    basis = serializers.ChoiceField(
        Basis.choices,
        help_text="The calendar's version of today, or the contract's terms in force today.",
    )
    reason = serializers.CharField(max_length=2000, help_text="The customer sees it.")

    def validate_basis(self, value: str) -> Basis:
        return Basis(value)


class SeverityInput(StrictInput):
    """Another severity: staff change it, customers ask for it."""

    severity = serializers.ChoiceField(Severity.choices)
    reason = serializers.CharField(max_length=4000)

    def validate_severity(self, value: int) -> Severity:
        return Severity(value)
