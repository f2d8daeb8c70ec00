"""Celery shells started by the beat table."""

from celery import shared_task

from sla.models import Heartbeat
from sla.operations import beat_heart
from sla.operations.outside_heartbeat import ping_outside
from tickets.bulk_reassessment import continue_reassessments
from tickets.operations.assignment import release_tickets_of_leavers as release_of_leavers
from tickets.operations.bulk_reassessment import REASSESS_IN_BULK
from tickets.operations.downloads import forget_spent_links as forget_links
from tickets.operations.drafts import forget_old_drafts as forget_drafts
from tickets.operations.escalation import escalate_due_tickets
from tickets.operations.file_uploads import forget_expired_uploads as forget_uploads
from tickets.operations.inspection import inspect_files as inspect
from tickets.operations.lifecycle import close_resolved_tickets as close_tickets
from tickets.operations.looks import forget_old_looks as forget_looks
from tickets.operations.overdue_words import remind_of_overdue_words as remind_overdue
from tickets.operations.samples import remove_old_samples as remove_samples
from tickets.operations.sendings import let_out_due_sendings
from tickets.tasks import continue_measuring, continue_policy_replays


@shared_task(name="tickets.periodic.watch_clocks")
def watch_clocks() -> int:
    """Act on ladder steps that are due, then say here and outside that the watch has looked."""
    moved = escalate_due_tickets()
    beat_heart(Heartbeat.WATCH)
    ping_outside()
    return moved


@shared_task(name="tickets.periodic.remind_of_overdue_words")
def remind_of_overdue_words() -> int:
    """Remind of customers who escalated and were to hear from us by now."""
    return remind_overdue()


@shared_task(name="tickets.periodic.let_out_sendings")
def let_out_sendings() -> int:
    """Let out answers and notes whose moment to be taken back is over."""
    return let_out_due_sendings()


@shared_task(name="tickets.periodic.close_resolved_tickets")
def close_resolved_tickets() -> int:
    """Close what was resolved 14 days ago."""
    return close_tickets()


@shared_task(name="tickets.periodic.release_tickets_of_leavers")
def release_tickets_of_leavers() -> int:
    """Put back into the queue what belongs to people who work on tickets no more."""
    return release_of_leavers()


@shared_task(name="tickets.periodic.replay_policies")
def replay_policies() -> None:
    """Begin a replay whose first kick was lost, and go on with one that a worker left."""
    continue_policy_replays()


@shared_task(name=REASSESS_IN_BULK)
def reassess_in_bulk() -> None:
    """Do a slice of a bulk re-assessment, and queue up again behind the watch while more waits.

    The beat begins one whose first kick was lost, and goes on with one that a worker left.
    """
    if continue_reassessments():
        reassess_in_bulk.delay()


@shared_task(name="tickets.periodic.forget_old_drafts")
def forget_old_drafts() -> int:
    """Delete drafts nobody went on with for thirty days."""
    return forget_drafts()


@shared_task(name="tickets.periodic.measure_tickets")
def measure_tickets() -> None:
    """Bring the figures for leads up to now."""
    continue_measuring()


@shared_task(name="tickets.periodic.forget_old_looks")
def forget_old_looks() -> int:
    """Delete last looks at tickets that ended long ago."""
    return forget_looks()


@shared_task(name="tickets.periodic.inspect_files")
def inspect_files() -> int:
    """Hash and scan files that came, begun at once after a file is whole."""
    return inspect()


@shared_task(name="tickets.periodic.remove_old_samples")
def remove_old_samples() -> int:
    """Delete malware samples whose ticket closed long enough ago."""
    return remove_samples()


@shared_task(name="tickets.periodic.forget_spent_links")
def forget_spent_links() -> int:
    """Delete what ends download links that are too old to be used."""
    return forget_links()


@shared_task(name="tickets.periodic.forget_expired_uploads")
def forget_expired_uploads() -> int:
    """Delete files whose form was never sent."""
    return forget_uploads()
