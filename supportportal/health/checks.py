"""What has to work: the database, the broker, the watch and the mail.

Each check answers within about a second even when what it asks does not.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import connection
from django.db.models import Count, Min
from django.db.models.functions import Coalesce
from django.utils import timezone
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from notifications.models import Delivery, WebhookCall
from notifications.relay import database_now
from notifications.webhook_events import STAFF
from sla.models import ClockAudit, Heartbeat
from tickets.models import Sending

logger = logging.getLogger(__name__)

# The watch looks every second; a restart of the worker takes a few.
WATCH_IS_LATE_AFTER = timedelta(seconds=30)
# The relay looks every two seconds; a mail server that is away moves a mail's next try ahead, so
# only a relay that stands still leaves one waiting past its time.
MAIL_IS_LATE_AFTER = timedelta(minutes=5)
BROKER_SECONDS = 0.5
# A page is tried again each minute at most: one that waits longer reaches nobody.
PAGE_IS_LATE_AFTER = timedelta(minutes=5)
# A task looks every second.
ANSWER_IS_LATE_AFTER = timedelta(seconds=30)
# A night and half a day: one that was late by some hours is no alarm.
AUDIT_IS_LATE_AFTER = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Check:
    """The answer of one part. `detail` is a sentence for those who keep the portal running."""

    key: str
    name: str
    is_ok: bool
    detail: str


def examine() -> list[Check]:
    """Ask every part. Without the database the parts that stand in it are not asked."""
    database = check_database()
    if not database.is_ok:
        return [database, check_broker()]
    return [
        database,
        check_broker(),
        check_watch(),
        check_mail(),
        check_webhooks(),
        check_sendings(),
        check_audit(),
    ]


def check_database() -> Check:
    """Ask PostgreSQL for nothing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseFailure:
        logger.exception("The database does not answer")
        return Check("database", "Database", is_ok=False, detail="PostgreSQL does not answer.")
    return Check("database", "Database", is_ok=True, detail="PostgreSQL answers.")


def check_broker() -> Check:
    """Ask Valkey for a sign of life, once and briefly."""
    broker = Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=BROKER_SECONDS,
        socket_timeout=BROKER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        broker.ping()
    except (RedisError, OSError) as error:
        logger.warning("The broker does not answer: %s", type(error).__name__)
        return Check("broker", "Broker", is_ok=False, detail="Valkey does not answer.")
    finally:
        broker.close()
    return Check("broker", "Broker", is_ok=True, detail="Valkey answers.")


def check_watch() -> Check:
    """Compare the watch's last look with how often it has to look."""
    age = Heartbeat.objects.age_of(Heartbeat.WATCH)
    if age is None:
        return Check(
            "watch", "Watch on deadlines", is_ok=False, detail="The watch has not run yet."
        )
    return Check(
        "watch",
        "Watch on deadlines",
        is_ok=age <= WATCH_IS_LATE_AFTER,
        detail=f"Looked {age.total_seconds():.0f} s ago.",
    )


def check_mail() -> Check:
    """Look for mail that nobody sent although its time had come, in database time."""
    now = database_now()
    waiting = Delivery.objects.kept_too_long(now).aggregate(
        count=Count("pk"), oldest=Min(Coalesce("next_try_at", "held_until"))
    )
    if not waiting["count"]:
        return Check("mail", "Outgoing mail", is_ok=True, detail="Nothing waits to be sent.")
    age = now - waiting["oldest"]
    return Check(
        "mail",
        "Outgoing mail",
        is_ok=age <= MAIL_IS_LATE_AFTER,
        detail=f"{waiting['count']} to send, the oldest for {age.total_seconds():.0f} s.",
    )


def check_sendings() -> Check:
    """Look for answers that were sent, could be taken back, and then did not go out."""
    now = database_now()
    held = Sending.objects.filter(due_at__lte=now).aggregate(
        count=Count("pk"), oldest=Min("due_at")
    )
    name = "Answers on their way"
    if not held["count"]:
        return Check("sendings", name, is_ok=True, detail="Nothing waits to go out.")
    age = now - held["oldest"]
    return Check(
        "sendings",
        name,
        is_ok=age <= ANSWER_IS_LATE_AFTER,
        detail=f"{held['count']} to go out, the oldest for {age.total_seconds():.0f} s.",
    )


def check_webhooks() -> Check:
    """Look for calls that nobody made although their time had come, and for pages that hang.

    A customer's program that is away is no fault of ours; where our own pager is, nobody is paged.
    """
    now = database_now()
    due = WebhookCall.objects.due(now).aggregate(count=Count("pk"), oldest=Min("next_try_at"))
    pages = WebhookCall.objects.filter(
        urgent=True,
        webhook__owner=STAFF,
        webhook__turned_off_at__isnull=True,
        next_try_at__isnull=False,
        created_at__lt=now - PAGE_IS_LATE_AFTER,
    ).count()
    stuck = bool(due["count"]) and now - due["oldest"] > MAIL_IS_LATE_AFTER
    detail = f"{due['count']} to call." if due["count"] else "Nothing waits to be called."
    if stuck:
        waited = (now - due["oldest"]).total_seconds()
        detail = f"{due['count']} to call, the oldest for {waited:.0f} s."
    if pages:
        detail += f" {pages} page{'' if pages == 1 else 's'} reached no program for 5 minutes."
    return Check("webhooks", "Webhooks and pages", is_ok=not stuck and not pages, detail=detail)


def check_audit() -> Check:
    """Ask what the last self-audit of clocks found, once there was one."""
    name = "Clocks agree with their events"
    audit = ClockAudit.objects.latest_complete()
    if audit is None:
        return Check("audit", name, is_ok=True, detail="No audit yet; the first runs tonight.")
    age = timezone.now() - audit.began_at
    found = "all agree"
    if audit.troubled:
        found = f"{audit.differing} differ, {audit.raising} cannot be replayed"
    return Check(
        "audit",
        name,
        is_ok=not audit.troubled and age <= AUDIT_IS_LATE_AFTER,
        detail=f"{audit.done} replayed {age.total_seconds() / 3600:.0f} h ago: {found}.",
    )
