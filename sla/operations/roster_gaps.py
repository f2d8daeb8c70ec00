"""Telling of gaps in the roster before they happen."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min

from sla.business_time import Span
from sla.choices import DutyRole
from sla.models import Shift
from sla.notices import tell_of_gap
from sla.operations.watch import database_now

TOLD_BEFORE = timedelta(hours=72)


@transaction.atomic
def tell_roster_gaps(*, now: datetime | None = None) -> int:
    """Tell duty leads and support managers of gaps that have begun or begin within 72 hours.

    Each gap is told once: its notice is keyed by where it truly begins and ends, not by the
    stretch looked at. A duty nobody was ever planned for has no roster, hence no gaps.

    Effects: notices. Returns how many.
    """
    moment = now or database_now()
    told = 0
    for duty in DutyRole:
        since = _looked_at_from(duty, moment)
        if since is None:
            continue
        for gap in Shift.objects.gaps(since, moment + TOLD_BEFORE, duty):
            told += tell_of_gap(duty, gap, _true_end(gap, duty), now=moment)
    return told


def _looked_at_from(duty: DutyRole, now: datetime) -> datetime | None:
    """Now, or the end of the last shift when nobody is on duty: where the present gap began.

    Before the very first shift the roster is not in use yet, and nothing is missing.
    """
    manned = Shift.objects.manned().filter(duty=duty)
    last: datetime | None = manned.filter(starts_at__lte=now).aggregate(at=Max("ends_at"))["at"]
    if last is not None:
        return min(last, now)
    first: datetime | None = manned.aggregate(at=Min("starts_at"))["at"]
    return first


def _true_end(gap: Span, duty: DutyRole) -> datetime | None:
    """When somebody is on duty again; the stretch looked at may have cut the gap short."""
    later = Shift.objects.manned().filter(duty=duty, starts_at__gt=gap.start)
    end: datetime | None = later.aggregate(end=Min("starts_at"))["end"]
    return end
