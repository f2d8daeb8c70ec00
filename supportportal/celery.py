"""The Celery application and the one table of timed work.

Every entry expires, so a stopped worker never comes back to more than a quarter of an hour of
stale ticks, which cost it a look each. Nothing here carries data: each task asks PostgreSQL what
is due, so the broker may be emptied at any moment.
"""

import os
from typing import Any, NamedTuple

from celery import Celery

from supportportal.beat import every

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportportal.settings")

app = Celery("supportportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="tasks")
app.autodiscover_tasks(related_name="periodic")


# Beat says when a tick expires and a worker reads it by its own clock: where that is ahead by more
# than this, it would take every tick for stale, and the watch would stand still. Units: seconds.
CLOCKS_DIFFER_BY = 900.0


class Beat(NamedTuple):
    """One timed job. Units: interval and expiry in seconds."""

    name: str
    task: str
    interval: float
    expiry: float
    reason: str


BEAT_TABLE = (
    Beat(
        "watch-clocks",
        "tickets.periodic.watch_clocks",
        1.0,
        1.0,
        "a step is acted on within a second or two of its time",
    ),
    Beat(
        "remind-of-overdue-words",
        "tickets.periodic.remind_of_overdue_words",
        5.0,
        5.0,
        "a customer's escalation whose promised word has passed is told to its owner at once",
    ),
    Beat(
        "let-out-sendings",
        "tickets.periodic.let_out_sendings",
        1.0,
        1.0,
        "an answer goes out ten seconds after it was sent, and not much later",
    ),
    Beat(
        "relay-deliveries",
        "notifications.tasks.relay_deliveries",
        2.0,
        2.0,
        "an outbox row is sent even when the kick after its commit was lost",
    ),
    Beat(
        "relay-pages",
        "notifications.tasks.relay_pages",
        2.0,
        2.0,
        "a page goes out even when the kick after its commit was lost",
    ),
    Beat(
        "relay-webhooks",
        "notifications.tasks.relay_webhooks",
        5.0,
        5.0,
        "a customer's program is told, and told again after it was away",
    ),
    Beat(
        "tell-webhooks-turned-off",
        "notifications.periodic.tell_webhooks_turned_off",
        60.0,
        60.0,
        "people hear soon that their program is called no more",
    ),
    Beat(
        "forget-webhook-calls",
        "notifications.periodic.forget_webhook_calls",
        21_600.0,
        21_600.0,
        "what webhooks were told is kept for thirty days",
    ),
    Beat(
        "mail-invitations",
        "entitlements.tasks.mail_invitations",
        10.0,
        10.0,
        "an invitation is mailed even when the kick after its commit was lost",
    ),
    Beat(
        "mail-due-announcements",
        "announcements.periodic.mail_due_announcements",
        60.0,
        60.0,
        "what was written for later is mailed within a minute of its beginning",
    ),
    Beat(
        "close-resolved-tickets",
        "tickets.periodic.close_resolved_tickets",
        600.0,
        600.0,
        "a resolved ticket can be reopened for 14 days, then it is closed",
    ),
    Beat(
        "release-tickets-of-leavers",
        "tickets.periodic.release_tickets_of_leavers",
        60.0,
        60.0,
        "the tickets of an engineer who left are anybody's within a minute",
    ),
    Beat(
        "measure-tickets",
        "tickets.periodic.measure_tickets",
        300.0,
        300.0,
        "the figures for leads are at most five minutes old, and counted once for all who look",
    ),
    Beat(
        "forget-old-looks",
        "tickets.periodic.forget_old_looks",
        21_600.0,
        21_600.0,
        "a last look at a ticket that ended long ago tells nobody anything",
    ),
    Beat(
        "forget-old-drafts",
        "tickets.periodic.forget_old_drafts",
        21_600.0,
        21_600.0,
        "what somebody began to write is kept for thirty days",
    ),
    Beat(
        "inspect-files",
        "tickets.periodic.inspect_files",
        30.0,
        30.0,
        "a file is hashed and scanned although the kick was lost or the scanner was away",
    ),
    Beat(
        "remove-old-samples",
        "tickets.periodic.remove_old_samples",
        3_600.0,
        3_600.0,
        "malware samples are kept for SAMPLE_RETENTION_DAYS after their ticket closed",
    ),
    Beat(
        "forget-expired-uploads",
        "tickets.periodic.forget_expired_uploads",
        3_600.0,
        3_600.0,
        "files whose form was never sent are kept for two days",
    ),
    Beat(
        "forget-spent-links",
        "tickets.periodic.forget_spent_links",
        3_600.0,
        3_600.0,
        "a used download link has expired after a minute; its row need not stay",
    ),
    # More often than nightly: an interval begins anew when beat restarts, and a day would be lost.
    Beat(
        "plan-coming-shifts",
        "sla.periodic.plan_coming_shifts",
        21_600.0,
        21_600.0,
        "the roster reaches eight weeks ahead every day",
    ),
    Beat(
        "tell-roster-gaps",
        "sla.periodic.tell_roster_gaps",
        3_600.0,
        3_600.0,
        "a gap in the roster is told up to 72 hours before it begins",
    ),
    # Asks whether it is time: a day's interval would begin anew with every restart of beat.
    Beat(
        "audit-clocks",
        "sla.periodic.audit_clocks",
        20.0,
        20.0,
        "all clocks are replayed each night, and an audit whose worker died goes on",
    ),
    Beat(
        "replay-policies",
        "tickets.periodic.replay_policies",
        15.0,
        15.0,
        "a replay goes on although its worker died or the kick to it was lost",
    ),
    Beat(
        "reassess-in-bulk",
        "tickets.periodic.reassess_in_bulk",
        15.0,
        15.0,
        "a bulk re-assessment goes on although its worker died or the kick to it was lost",
    ),
)

schedule: dict[str, dict[str, Any]] = {
    beat.name: {
        "task": beat.task,
        "schedule": every(beat.interval),
        "options": {"expires": max(beat.expiry, CLOCKS_DIFFER_BY)},
    }
    for beat in BEAT_TABLE
}
app.conf.beat_schedule = schedule
app.conf.beat_scheduler = "supportportal.beat:SteadyScheduler"
