"""What was told long ago was mailed and read long ago: nothing of it goes out at the start."""

from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Subquery

from notifications.models import Delivery, Notice

# How long the relay took, and how long people took to read.
SENT_AFTER = timedelta(seconds=3)
READ_AFTER = timedelta(minutes=14)
UNREAD_FOR = timedelta(days=1)


def settle_history(*, now: datetime) -> None:
    """Mark every delivery so far as sent at its time, and notices older than a day as read.

    Call it in the transaction that wrote them, so that the relay never sees them due.
    Effects: Deliveries, Notices.
    """
    told_at = Notice.objects.filter(pk=OuterRef("notice")).values("created_at")
    Delivery.objects.filter(sent_at__isnull=True).update(
        sent_at=Subquery(told_at) + SENT_AFTER, next_try_at=None, held_until=None, attempts=1
    )
    Notice.objects.unread().filter(created_at__lt=now - UNREAD_FOR).update(
        read_at=F("created_at") + READ_AFTER
    )
