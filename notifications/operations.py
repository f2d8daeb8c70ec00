"""Telling people: outbox rows in the caller's transaction, sent after it commits."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import User
from notifications.models import Delivery, Notice
from notifications.tasks import relay_deliveries

logger = logging.getLogger(__name__)


@transaction.atomic
def notify(
    recipients: Iterable[User],
    *,
    key: str,
    kind: str,
    subject: str,
    body: str,
    path: str = "",
    urgent: bool = False,
    now: datetime | None = None,
) -> list[Notice]:
    """Tell each person once: a notice in the portal and an e-mail on its way.

    `key` names the happening ("ticket:20418:answered:77"); the same key never tells the same
    person twice. Inactive people are left out.

    Returns the notices of those who were not told before. Effects: one Notice and one Delivery for
    each of them; the relay is kicked after commit, and its beat entry finds the rows when the kick
    is lost.
    """
    moment = now or timezone.now()
    people = {user.pk: user for user in recipients if user.is_active}
    wanted = [
        Notice(
            recipient=user,
            key=f"{key}:{user.pk}",
            kind=kind,
            subject=subject[:250],
            body=body,
            path=path,
            urgent=urgent,
            created_at=moment,
        )
        for _, user in sorted(people.items())
    ]
    # The unique keys drop whom somebody told before, or is telling in another transaction.
    Notice.objects.bulk_create(wanted, ignore_conflicts=True)
    told = Notice.objects.filter(key__in=[one.key for one in wanted]).select_related("delivery")
    # Asked of the rows, not of the database: an anti-join here read whole tables.
    fresh = [notice for notice in told if not hasattr(notice, "delivery")]
    Delivery.objects.bulk_create(
        [
            Delivery(
                notice=notice,
                address=people[notice.recipient_id].email,
                message_id=f"<notice.{notice.pk}@portal>",
                next_try_at=moment,
            )
            for notice in fresh
        ],
        ignore_conflicts=True,
    )
    if fresh:
        _kick_relay_after_commit()
    return fresh


def mark_read(notice: Notice, *, by: User, now: datetime | None = None) -> Notice:
    """Mark a person's own notice as read. Effects: the Notice, once."""
    Notice.objects.visible_to(by).filter(pk=notice.pk, read_at__isnull=True).update(
        read_at=now or timezone.now()
    )
    notice.refresh_from_db()
    return notice


def mark_all_read(*, by: User, now: datetime | None = None) -> int:
    """Mark all of a person's notices as read, and say how many were not."""
    return Notice.objects.visible_to(by).unread().update(read_at=now or timezone.now())


def mark_path_read(path: str, *, by: User, now: datetime | None = None) -> int:
    """Mark a person's notices that lead to a page as read: they are looking at it."""
    return (
        Notice.objects.visible_to(by)
        .unread()
        .filter(path=path)
        .update(read_at=now or timezone.now())
    )


def _kick_relay_after_commit() -> None:
    """Kick once a transaction: a hundred notices of one change need one relay."""
    waiting = transaction.get_connection().run_on_commit
    if not any(function is _kick_relay for _, function, *_ in waiting):
        transaction.on_commit(_kick_relay)


def _kick_relay() -> None:
    try:
        relay_deliveries.delay()
    except OperationalError:
        logger.warning("The broker is away; the relay's own interval sends the mail.")
