"""Celery shells started by the beat table."""

from celery import shared_task

from announcements.operations import mail_due_announcements as mail_due


@shared_task(name="announcements.periodic.mail_due_announcements")
def mail_due_announcements() -> int:
    """Mail what has begun since it was written."""
    return mail_due()
