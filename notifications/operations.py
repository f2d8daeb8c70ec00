"""Telling people: outbox rows in the caller's transaction, sent after it commits."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import User
from notifications.models import Delivery, Notice
from notifications.tasks import relay_deliveries

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Telling:
    """What to tell to whom. `key` names the happening, as "ticket:20418:answered:77"."""

    recipients: Sequence[User]
    key: str
    kind: str
    subject: str
    body: str
    path: str = ""
    urgent: bool = False


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
    """Tell each person once, as notify_all."""
    telling = Telling(list(recipients), key, kind, subject, body, path, urgent)
    return notify_all([telling], now=now)


@transaction.atomic
def notify_all(tellings: Iterable[Telling], *, now: datetime | None = None) -> list[Notice]:
    """Tell each person of each telling once: a notice in the portal and an e-mail on its way.

    The same key never tells the same person twice. Inactive people are left out. The number of
    queries does not grow with the number of tellings.

    Returns the notices of those who were not told before. Effects: one Notice and one Delivery for
    each of them; the relay is kicked after commit, and its beat entry finds the rows when the kick
    is lost.
    """
    moment = now or timezone.now()
    wanted: dict[str, Notice] = {}
    for telling in tellings:
        for notice in _notices(telling, moment):
            wanted.setdefault(notice.key, notice)
    if not wanted:
        return []
    # The unique keys drop whom somebody told before, or is telling in another transaction.
    Notice.objects.bulk_create(wanted.values(), ignore_conflicts=True)
    # Joined, and asked of the rows: an anti-join here read whole tables.
    told: Iterable[tuple[int, str, int | None]] = (
        Notice.objects.filter(key__in=wanted).order_by("pk").values_list("pk", "key", "delivery")
    )
    fresh: list[Notice] = []
    for number, key, delivery in told:
        if delivery is None:
            wanted[key].pk = number
            fresh.append(wanted[key])
    Delivery.objects.bulk_create(
        [
            Delivery(
                notice=notice,
                address=notice.recipient.email,
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


def _notices(telling: Telling, moment: datetime) -> list[Notice]:
    people = {user.pk: user for user in telling.recipients if user.is_active}
    return [
        Notice(
            recipient=user,
            key=f"{telling.key}:{user.pk}",
            kind=telling.kind,
            subject=telling.subject[:250],
            body=telling.body,
            path=telling.path,
            urgent=telling.urgent,
            created_at=moment,
        )
        for _, user in sorted(people.items())
    ]


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
