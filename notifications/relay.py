"""The relay: makes digests, takes due deliveries, sends them, marks them. Lease, send, mark.

A delivery is leased by moving `next_try_at` ahead and committing; then it is sent outside any
transaction; then it is marked. A worker killed between leaves a lease that runs out, so nothing
is lost, and only the crash window between sending and marking can double a mail, which its
stable Message-ID lets the receiver drop.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPServerDisconnected

from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from notifications.channels.email import make_mail
from notifications.digests import gather_digests
from notifications.locks import alone
from notifications.models import Delivery, Notice
from notifications.sight import still_readable

logger = logging.getLogger(__name__)

BATCH = 20
# Longer than a batch takes with a mail server that needs its whole time-out for each mail.
LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)
# Seven tries in the first half hour, then one an hour: given up after three days, as mail
# servers do.
MAX_ATTEMPTS = 78
# Any number nobody else locks.
RELAY_LOCK = 7_301_842


class ServerAway(Exception):
    """The mail server cannot be reached or broke off: the rest of the batch is not tried."""


def send_due_deliveries() -> int:
    """Send every delivery that is due, and say how many went out.

    One relay at a time, so that a slow mail server never holds more than one of the worker's
    threads and the watch keeps the others.
    Effects: Deliveries leased, then marked sent, postponed or given up.
    """
    with alone(RELAY_LOCK) as is_ours:
        sent = 0
        if is_ours:
            gather_digests(database_now())
        while is_ours and (batch := _lease()):
            try:
                sent += _send_batch(batch)
            except ServerAway:
                break
        return sent


def database_now() -> datetime:
    """Ask the one clock that all workers share what time it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now


@transaction.atomic
def _lease() -> list[Delivery]:
    """Take the next batch.

    Given up here are deliveries whose every try ended a worker's life, and those to people who
    were shut out since they were told.
    """
    now = database_now()
    due = list(
        Delivery.objects.due(now)
        .select_related("notice__recipient")
        .select_for_update(skip_locked=True, of=("self",))[:BATCH]
    )
    shut_out = [one for one in due if not one.notice.recipient.is_active]
    worn_out = [one for one in due if one not in shut_out and one.attempts >= MAX_ATTEMPTS]
    for given_up, why in (
        (shut_out, "The person is no longer active."),
        (worn_out, "No try came to an end."),
    ):
        Delivery.objects.filter(pk__in=[one.pk for one in given_up]).update(
            next_try_at=None, failed_at=now, last_error=why
        )
    leased = [one for one in due if one not in (*shut_out, *worn_out)]
    Delivery.objects.filter(pk__in=[one.pk for one in leased]).update(
        next_try_at=now + LEASE, attempts=F("attempts") + 1
    )
    return leased or (_lease() if due else [])


def _send_batch(batch: list[Delivery]) -> int:
    """Send over one connection. Raises: ServerAway, with every delivery put back or postponed."""
    mailer = mailers.default
    sent = 0
    try:
        _open(mailer, batch)
        for number, delivery in enumerate(batch):
            try:
                sent += _send(delivery, mailer)
            except ServerAway:
                _put_back(batch[number + 1 :])
                raise
    finally:
        mailer.close()
    return sent


def _open(mailer: BaseEmailBackend, batch: list[Delivery]) -> None:
    try:
        mailer.open()
    except (OSError, SMTPException) as error:
        for delivery in batch:
            _postpone(delivery, error)
        raise ServerAway from error


def _send(delivery: Delivery, mailer: BaseEmailBackend) -> bool:
    try:
        notices = _readable(delivery)
        if not notices:
            _give_up(delivery, "The person may no longer read it.")
            return False
        mailer.send_messages([make_mail(delivery, notices)])
    except (SMTPServerDisconnected, OSError) as error:
        _postpone(delivery, error)
        # SMTPException is an OSError: what a living server answers concerns this mail alone.
        if isinstance(error, SMTPException) and not isinstance(error, SMTPServerDisconnected):
            return False
        raise ServerAway from error
    except Exception as error:
        # Whatever this mail is, it must not stop those after it.
        logger.exception("Delivery %s cannot be sent.", delivery.pk)
        _postpone(delivery, error)
        return False
    Delivery.objects.filter(Q(pk=delivery.pk) | Q(carried_by=delivery.pk)).update(
        sent_at=Now(), next_try_at=None, last_error=""
    )
    return True


def _readable(delivery: Delivery) -> list[Notice]:
    """What the mail may still say to its reader, oldest first."""
    carried = Notice.objects.filter(delivery__carried_by=delivery.pk)
    notices = sorted([delivery.notice, *carried], key=lambda one: (one.created_at, one.pk))
    return still_readable(notices, delivery.notice.recipient)


def _give_up(delivery: Delivery, why: str) -> None:
    Delivery.objects.filter(Q(pk=delivery.pk) | Q(carried_by=delivery.pk)).update(
        next_try_at=None, failed_at=Now(), last_error=why
    )


def _put_back(untried: list[Delivery]) -> None:
    """Give leased deliveries back as if never taken, for the next try after the server's."""
    Delivery.objects.filter(pk__in=[one.pk for one in untried]).update(
        next_try_at=Now() + FIRST_RETRY, attempts=F("attempts") - 1
    )


def _postpone(delivery: Delivery, error: Exception) -> None:
    attempts = delivery.attempts + 1
    given_up = attempts >= MAX_ATTEMPTS
    # The exponent is bounded: an hour is reached long before.
    wait = min(FIRST_RETRY * 2 ** min(attempts - 1, 10), LONGEST_RETRY)
    logger.warning(
        "Delivery %s failed (attempt %s): %s", delivery.pk, attempts, type(error).__name__
    )
    Delivery.objects.filter(pk=delivery.pk).update(
        next_try_at=None if given_up else Now() + wait,
        failed_at=Now() if given_up else None,
        last_error=f"{type(error).__name__}: {error}"[:300],
    )
