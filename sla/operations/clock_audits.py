"""The self-audit of clocks: begun by night or by people."""

import logging
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Max
from kombu.exceptions import OperationalError

from accounts.errors import NotAllowed
from accounts.models import User
from sla.errors import AuditConflict
from sla.models import Clock, ClockAudit
from sla.operations.watch import database_now
from sla.permissions import can_audit
from sla.tasks import continue_clock_audits

logger = logging.getLogger(__name__)

NIGHT_HOUR = time(2)


def request_clock_audit(*, by: User | None, now: datetime | None = None) -> ClockAudit:
    """Begin an audit on demand; a worker does it. `by` is None at the command line.

    Raises: NotAllowed; AuditConflict when one is under way. Effects: one ClockAudit.
    """
    if by is not None and not can_audit(by):
        raise NotAllowed(
            "Only duty leads, support managers and administrators have the clocks checked."
        )
    try:
        audit = _begin(by=by, night=None, now=now)
    except IntegrityError as error:
        raise AuditConflict("A check is under way already. It looks at every clock.") from error
    transaction.on_commit(_kick)
    return audit


def begin_nightly_audit(*, now: datetime | None = None) -> ClockAudit | None:
    """Begin tonight's audit unless it has begun; None when it has, or when another is under way.

    The night begins at two o'clock by the vendor's own clock, and a portal that was down then
    catches up. Any number of callers may ask at once: the constraints let one of them begin.
    """
    night = night_of(now or database_now())
    if ClockAudit.objects.filter(night=night).exists() or ClockAudit.objects.running().exists():
        return None
    try:
        return _begin(by=None, night=night, now=now)
    except IntegrityError:
        return None


def night_of(now: datetime) -> date:
    """Return the local date of the last two o'clock in the morning."""
    local = now.astimezone(ZoneInfo(settings.HOME_ZONE))
    return local.date() if local.time() >= NIGHT_HOUR else local.date() - timedelta(days=1)


def _begin(*, by: User | None, night: date | None, now: datetime | None) -> ClockAudit:
    there = Clock.objects.aggregate(count=Count("pk"), last=Max("pk"))
    with transaction.atomic():
        return ClockAudit.objects.create(
            by=by,
            night=night,
            began_at=now or database_now(),
            total=there["count"],
            last=there["last"] or 0,
        )


def _kick() -> None:
    try:
        continue_clock_audits.delay()
    except OperationalError:
        logger.warning("The broker is away; the audit goes on with its beat entry.")
