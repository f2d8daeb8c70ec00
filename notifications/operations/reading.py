"""That somebody read what they were told."""

from datetime import datetime

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from notifications.models import Notice
from notifications.sight import hidden_threads


def mark_read(notice: Notice, *, by: User, now: datetime | None = None) -> Notice:
    """Mark a person's own notice as read. Effects: the Notice, once."""
    Notice.objects.visible_to(by).filter(pk=notice.pk, read_at__isnull=True).update(
        read_at=now or timezone.now()
    )
    by.unread_notices = None  # What was known of it is old.
    notice.refresh_from_db()
    return notice


def mark_all_read(*, by: User, now: datetime | None = None) -> int:
    """Mark all of a person's notices as read, and say how many were not."""
    by.unread_notices = None
    return Notice.objects.visible_to(by).unread().update(read_at=now or timezone.now())


def mark_hidden_read(person: User, *, now: datetime | None = None) -> None:
    """Mark as read what is new to a person and hidden from them: no list shows it, none counts it.

    Call it when somebody's sight has become less. Effects: those Notices.
    """
    unread = Notice.objects.visible_to(person).unread()
    hidden = hidden_threads(unread.threads(), person)
    if hidden:
        person.unread_notices = None
        unread.filter(thread__in=hidden).update(read_at=now or timezone.now())


def mark_path_read(path: str, *, by: User, now: datetime | None = None) -> int:
    """Mark a person's notices that lead to a page as read: they are looking at it.

    Returns how many of all their notices are still unread; without a query where it is known that
    none is.
    """
    if by.unread_notices == 0:
        return 0
    unread = Notice.objects.visible_to(by).unread()
    counts = unread.aggregate(all=Count("pk"), here=Count("pk", filter=Q(path=path)))
    if counts["here"]:
        unread.filter(path=path).update(read_at=now or timezone.now())
    by.unread_notices = int(counts["all"] - counts["here"])
    return by.unread_notices
