"""The self-audit at work: stretch by stretch, told to people when something differs."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

from sla.clock_check import Checked, ClockCheck
from sla.clock_rows import next_bound
from sla.long_runs import commit_stretch, end_run, work_slice
from sla.models import AuditFinding, ClockAudit
from sla.notices import tell_of_audit

# A tenth of a second on a machine at rest: within a slice, and enough that what a statement and a
# set of terms cost by themselves does not count.
STRETCH = 10_000

type Judge = Callable[[int, int], Checked]


def continue_audits() -> bool:
    """Do a slice of the audit under way, and say whether more of it waits."""
    audit = ClockAudit.objects.running().first()
    return audit is not None and work_slice(audit, partial(audit_stretch, judge=judge_clocks()))


def audit_stretch(audit: ClockAudit, *, judge: Judge) -> None:
    """Look at the next clocks, and write what differs; at the end tell administrators.

    Reads without locks; a ticket being answered meanwhile is seen before or after, never between.
    Raises: LeaseLost. Effects: AuditFindings, the run's position and counts; notices.
    """
    if audit.position >= audit.last:
        with transaction.atomic():
            end_run(audit)
            if audit.troubled:
                tell_of_audit(audit)
        return
    until = next_bound(audit.position, audit.last, STRETCH)
    checked = judge(audit.position, until)
    room = ClockAudit.MOST_FINDINGS - audit.findings.count() if checked.differences else 0
    with transaction.atomic():
        commit_stretch(
            audit,
            position=until,
            done=checked.looked_at,
            differing=checked.differing,
            raising=checked.raising,
        )
        AuditFinding.objects.bulk_create(
            AuditFinding(
                audit=audit,
                clock_id=one.clock,
                field=one.field,
                stored=one.stored[:80],
                replayed=one.replayed[:300],
            )
            for one in checked.differences[: max(room, 0)]
        )


def judge_clocks() -> Judge:
    """Return what replays the clocks with keys in (after, until] and compares. It reads only.

    Calendars and ladders are read once for all that it is asked.
    """
    return ClockCheck().check
