"""Celery shells started by the beat table."""

from celery import shared_task

from sla.operations.clock_audits import begin_nightly_audit
from sla.operations.roster_gaps import tell_roster_gaps as tell_gaps
from sla.operations.shift_patterns import plan_coming_shifts as plan_shifts
from sla.tasks import continue_clock_audits


@shared_task(name="sla.periodic.plan_coming_shifts")
def plan_coming_shifts() -> int:
    """Make the shifts of the weeks ahead that are not there yet."""
    return plan_shifts()


@shared_task(name="sla.periodic.tell_roster_gaps")
def tell_roster_gaps() -> int:
    """Tell of gaps in the roster that begin within 72 hours."""
    return tell_gaps()


@shared_task(name="sla.periodic.audit_clocks")
def audit_clocks() -> None:
    """Begin tonight's audit when it is time, and go on with one that a worker left."""
    begin_nightly_audit()
    continue_clock_audits()
