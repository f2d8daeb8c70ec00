"""A night's audit of the demo's clocks, and a question about another policy with its answer."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.choices import Role
from accounts.models import User
from entitlements.choices import Severity
from entitlements.policy_draft import LevelDraft, PolicyDraft
from sla.clock_audit import continue_audits
from sla.models import ClockAudit
from sla.operations.clock_audits import NIGHT_HOUR, begin_nightly_audit, night_of
from tickets.models import PolicyReplay
from tickets.operations.policy_replays import request_policy_replay
from tickets.policy_replay import continue_replays

TOOK = timedelta(seconds=2)
QUESTION = "What if Business answered High within 4 h, around the clock?"
DRAFT = PolicyDraft(
    plan="msa-business",
    levels={Severity.HIGH: LevelDraft(target=timedelta(hours=4), calendar="always")},
)
ASKED_AGO = timedelta(days=3)


def show_checks(now: datetime) -> None:
    """Audit the clocks for last night, and replay a policy for the administrator.

    Effects: what the operations write, with the times of the story.
    """
    administrator = User.objects.with_role(Role.ADMINISTRATOR).earliest("pk")
    began_at = datetime.combine(night_of(now), NIGHT_HOUR, ZoneInfo(settings.HOME_ZONE))
    audit = begin_nightly_audit(now=began_at)
    replay = request_policy_replay(DRAFT, question=QUESTION, by=administrator, now=now - ASKED_AGO)
    while continue_audits() or continue_replays():
        pass
    if audit is not None:
        ClockAudit.objects.filter(pk=audit.pk).update(ended_at=began_at + TOOK)
    PolicyReplay.objects.filter(pk=replay.pk).update(ended_at=replay.began_at + TOOK)
