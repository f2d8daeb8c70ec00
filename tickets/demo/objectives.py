"""The demo's own objectives: switched on three weeks ago, for the most severe tickets."""

from datetime import datetime, timedelta

from accounts.choices import Role
from entitlements.choices import Severity
from entitlements.models import Plan
from entitlements.operations.objectives import set_objectives
from sla.choices import Obligation
from tickets.demo.cast import Cast
from tickets.demo.timeline import Script

SINCE = timedelta(days=21)
PLANS = ("msa-business", "msa-enterprise")
HOUR = timedelta(hours=1)
WANTED = {
    (Severity.CRITICAL, Obligation.NEXT_RESPONSE): HOUR,
    (Severity.CRITICAL, Obligation.RESOLUTION): 24 * HOUR,
    (Severity.HIGH, Obligation.PROGRESS_NOTICE): 8 * HOUR,
    (Severity.HIGH, Obligation.RESOLUTION): 40 * HOUR,
}


def set_own_objectives(cast: Cast, now: datetime) -> Script:
    """Switch them on for the editions that the upper plans offer."""
    yield (at := now - SINCE)
    for plan in Plan.objects.filter(key__in=PLANS).select_related("offered_edition__plan"):
        assert plan.offered_edition is not None, "the catalogue is loaded with an offered edition"
        set_objectives(plan.offered_edition, WANTED, by=cast.the(Role.ADMINISTRATOR), now=at)
