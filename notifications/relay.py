"""The relay: takes due deliveries, sends them, marks them. Lease, send, mark.

A delivery is leased by moving `next_try_at` ahead and committing; then it is sent outside any
transaction; then it is marked. A worker killed between leaves a lease that runs out, so nothing
is lost, and only the crash window between sending and marking can double a mail, which its
stable Message-ID lets the receiver drop.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from notifications.models import Delivery

logger = logging.getLogger(__name__)

BATCH = 20
# Longer than sending a batch takes with the mail server at its time-out (20 x 10 s).
LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
MAX_ATTEMPTS = 12


def send_due_deliveries() -> int:
    """Send every delivery that is due, and say how many went out.

    Effects: Deliveries leased, then marked sent, postponed or given up.
    """
    sent = 0
    while batch := _lease():
        connection = get_connection()
        for delivery in batch:
            sent += _send(delivery, connection)
        connection.close()
    return sent


@transaction.atomic
def _lease() -> list[Delivery]:
    now = timezone.now()
    due = list(
        Delivery.objects.due(now)
        .select_related("notice")
        .select_for_update(skip_locked=True, of=("self",))[:BATCH]
    )
    Delivery.objects.filter(pk__in=[one.pk for one in due]).update(
        next_try_at=now + LEASE, attempts=F("attempts") + 1
    )
    return due


def _send(delivery: Delivery, connection: BaseEmailBackend) -> bool:
    notice = delivery.notice
    link = f"\n\n{settings.BASE_URL}{notice.path}" if notice.path else ""
    mail = EmailMessage(
        subject=" ".join(notice.subject.splitlines()),
        body=f"{notice.body}{link}\n\n-- \n{settings.VENDOR_NAME} Support, {settings.PHONE_LINE}\n",
        to=[delivery.address],
        headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    try:
        mail.send()
    except (OSError, SMTPException) as error:
        _postpone(delivery, error)
        return False
    Delivery.objects.filter(pk=delivery.pk).update(
        sent_at=timezone.now(), next_try_at=None, last_error=""
    )
    return True


def _postpone(delivery: Delivery, error: Exception) -> None:
    attempts = delivery.attempts + 1
    now: datetime = timezone.now()
    given_up = attempts >= MAX_ATTEMPTS
    wait = min(FIRST_RETRY * 2 ** (attempts - 1), LONGEST_RETRY)
    logger.warning(
        "Delivery %s failed (attempt %s): %s", delivery.pk, attempts, type(error).__name__
    )
    Delivery.objects.filter(pk=delivery.pk).update(
        next_try_at=None if given_up else now + wait,
        failed_at=now if given_up else None,
        last_error=f"{type(error).__name__}: {error}"[:300],
    )
