"""Celery shells started by the beat table."""

from celery import shared_task

from sla.operations.roster_gaps import tell_roster_gaps as tell_gaps
from sla.operations.shift_patterns import plan_coming_shifts as plan_shifts


@shared_task(name="sla.periodic.plan_coming_shifts")
def plan_coming_shifts() -> int:
    """Make the shifts of the weeks ahead that are not there yet."""
    return plan_shifts()


@shared_task(name="sla.periodic.tell_roster_gaps")
def tell_roster_gaps() -> int:
    """Tell of gaps in the roster that begin within 72 hours."""
    return tell_gaps()
