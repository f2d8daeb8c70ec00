"""What is left to the next on duty."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from sla.models import HandOver, Shift
from sla.notices import tell_of_hand_over
from sla.permissions import can_hand_over


@transaction.atomic
def write_hand_over(
    shift: Shift, *, body: str, attention: str, by: User, now: datetime | None = None
) -> HandOver:
    """Leave a note at the end of a shift; the next on duty is given it.

    Raises: NotAllowed, InvalidInput. Effects: one HandOver, one audit row, notices.
    """
    moment = now or timezone.now()
    if not can_hand_over(by, shift, moment):
        raise NotAllowed("You hand over your own shift, while it lasts or soon after.")
    if not body.strip():
        raise InvalidInput("Say what the next on duty should know.", field="body")
    hand_over = HandOver.objects.create(
        shift=shift, author=by, body=body.strip(), attention=attention.strip(), at=moment
    )
    record_change("shift handed over", hand_over, by=by, now=moment)
    tell_of_hand_over(hand_over, [one.person for one in Shift.objects.after(shift)])
    return hand_over
