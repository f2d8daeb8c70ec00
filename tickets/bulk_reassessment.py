"""A bulk re-assessment at work: stretch by stretch over its tickets, each as if done by itself."""

from django.db import transaction

from accounts.errors import DomainError
from notifications.operations import notify
from sla.long_runs import commit_stretch, end_run, work_slice
from sla.operations import database_now
from tickets.choices import ReassessmentOutcome
from tickets.models import BulkReassessment, ReassessmentLine
from tickets.operations.reassessment import reassess_ticket

# Some 0.2 s, and so long a ticket's next writer may wait.
STRETCH = 10


def continue_reassessments() -> bool:
    """Do a slice of the oldest one under way, and say whether more waits."""
    waiting = BulkReassessment.objects.filter(ended_at__isnull=True).order_by("began_at", "pk")
    run = waiting.select_related("by").first()
    if run is None:
        return False
    # Whoever is at it already goes on by themselves: asking again and again would help nobody.
    return work_slice(run, reassess_stretch) or (not run.is_running and waiting.exists())


def reassess_stretch(run: BulkReassessment) -> None:
    """Re-assess the next tickets; at the end tell who decided it.

    What may not be moved any more, or would come out otherwise than shown, is left with its reason.
    Raises: LeaseLost. Effects: as reassess_ticket for each; the lines, the run's counts; a notice.
    """
    lines = list(
        run.lines.filter(pk__gt=run.position).select_related("ticket").order_by("pk")[:STRETCH]
    )
    with transaction.atomic():
        if not lines:
            end_run(run)
            _tell(run)
            return
        for line in lines:
            _reassess(line, run)
        ReassessmentLine.objects.bulk_update(lines, ["outcome", "after", "why"])
        moved = sum(line.outcome == ReassessmentOutcome.MOVED for line in lines)
        commit_stretch(
            run,
            position=lines[-1].pk,
            done=len(lines),
            moved=moved,
            kept=len(lines) - moved,
        )


def _reassess(line: ReassessmentLine, run: BulkReassessment) -> None:
    assert run.by is not None, "people re-assess, not the portal"
    try:
        with transaction.atomic():
            ticket = reassess_ticket(
                line.ticket,
                basis=run.basis,
                reason=run.reason,
                by=run.by,
                seen_due_at=line.shown_after,
                now=database_now(),
            )
    except DomainError as refusal:
        line.outcome, line.why = ReassessmentOutcome.KEPT, refusal.message[:300]
    else:
        assert ticket.response_clock is not None, "what was re-assessed has a clock"
        line.outcome, line.after = ReassessmentOutcome.MOVED, ticket.response_clock.due_at


def _tell(run: BulkReassessment) -> None:
    kept = f" {run.kept} were left as they were; the page says why." if run.kept else ""
    notify(
        [run.by] if run.by is not None else [],
        key=f"bulk-reassessment:{run.pk}",
        kind="bulk_reassessed",
        subject=f"{run.moved} deadlines are re-assessed: {run.subject}",
        body=f"You had the open clocks of {run.subject} re-assessed. {run.moved} were.{kept}",
        path=run.get_absolute_url(),
        now=database_now(),
    )
