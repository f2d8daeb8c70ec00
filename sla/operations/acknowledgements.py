"""Acknowledging an escalation: whoever was told says that they know."""

from datetime import datetime

from django.db import transaction

from accounts.errors import NotAllowed
from accounts.models import User
from sla.errors import ClockConflict
from sla.models import Clock, StepAcknowledgement
from sla.operations.clocks import lock_clock


@transaction.atomic
def acknowledge_step(
    clock: Clock, *, by: User, at: datetime, record: int | None = None
) -> tuple[StepAcknowledgement, bool]:
    """Acknowledge the newest step that told this person, or the record they looked at.

    A second time gives the first one back, and False.
    Raises: ClockConflict when the clock has stopped; NotAllowed for somebody who was not told.
    Effects: one StepAcknowledgement, under a lock of the clock.
    """
    clock = lock_clock(clock)
    if clock.stopped_at is not None:
        raise ClockConflict("It is answered, so nothing is escalated any more.")
    told = clock.step_records.filter(assessment=clock.assessment, told=by)
    if record is not None:
        told = told.filter(pk=record)
    newest = told.order_by("-due_at", "-pk").first()
    if newest is None:
        raise NotAllowed("Only those who were told of an escalation acknowledge it.")
    return StepAcknowledgement.objects.get_or_create(record=newest, person=by, defaults={"at": at})
