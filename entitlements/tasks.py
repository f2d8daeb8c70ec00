"""Celery shells started by operations and the beat table."""

import logging

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from entitlements.invitation_mail import mail_due_invitations

logger = logging.getLogger(__name__)


@shared_task(name="entitlements.tasks.mail_invitations")
def mail_invitations() -> int:
    """Mail the invitations that are due."""
    return mail_due_invitations()


def mail_invitations_after_commit() -> None:
    """Have the mail go out at once; beat finds the row when the kick is lost."""
    transaction.on_commit(_kick)


def _kick() -> None:
    try:
        mail_invitations.delay()
    except OperationalError:
        logger.warning("The broker is away; the interval of its own sends the invitation.")
