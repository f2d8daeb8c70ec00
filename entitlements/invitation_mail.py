"""The mail of an invitation: its row is its outbox. Lease, send, mark.

The address belongs to nobody we know yet, so this is no notice: no preference holds it back and
no portal shows it. What it says is ours but for two names, so that nobody sends words through us.
"""

import logging
from smtplib import SMTPException
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.languages import language_of
from accounts.models import User
from entitlements.models import Invitation
from notifications.locks import alone
from notifications.operations.telling import mail_domain
from notifications.relay import FIRST_RETRY, LEASE, LONGEST_RETRY, database_now
from sla import wording

logger = logging.getLogger(__name__)

# Any number nobody else locks.
INVITATION_LOCK = 7_301_851


def mail_due_invitations() -> int:
    """Send every invitation that waits, and say how many went out.

    Effects: Invitations leased, then marked as mailed or postponed. One run at a time.
    """
    sent = 0
    with alone(INVITATION_LOCK) as is_ours:
        while is_ours and (invitation := _lease()) is not None:
            sent += _send(invitation)
    return sent


@transaction.atomic
def _lease() -> Invitation | None:
    now = database_now()
    rows = Invitation.objects.to_mail(now).select_related("customer", "invited_by")
    invitation = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if invitation is None:
        return None
    Invitation.objects.filter(pk=invitation.pk).update(
        next_try_at=now + LEASE,
        attempts=F("attempts") + 1,
        # As it is made now: the signing key may have changed since it was written.
        digest=Invitation.digest_of(invitation.secret()),
    )
    return invitation


def _send(invitation: Invitation) -> bool:
    # Sent again meanwhile, it waits for a mail of its own: this one's mark is not its.
    this_one = Invitation.objects.filter(pk=invitation.pk, sent_at=invitation.sent_at)
    try:
        make_invitation_mail(invitation).send()
    except (OSError, SMTPException) as error:
        wait = min(FIRST_RETRY * 2 ** min(invitation.attempts, 10), LONGEST_RETRY)
        logger.warning("Invitation %s failed: %s", invitation.pk, type(error).__name__)
        this_one.open().update(next_try_at=timezone.now() + wait)
        return False
    this_one.update(mailed_at=timezone.now(), next_try_at=None)
    return True


def make_invitation_mail(invitation: Invitation) -> EmailMultiAlternatives:
    """Write the mail with the link, in plain text and HTML.

    Times are the company's, words in the language of somebody known by the address, else in that
    of who invites: colleagues speak alike more often than not.
    """
    known = User.objects.filter(email=invitation.email).first()
    with translation.override(language_of(known or invitation.invited_by)):
        return _make(invitation)


def _make(invitation: Invitation) -> EmailMultiAlternatives:
    path = reverse("invitation", args=[invitation.secret()])
    context = {
        "invitation": invitation,
        "url": f"{settings.BASE_URL}{path}",
        "until": wording.moment_words(
            invitation.expires_at,
            ZoneInfo(invitation.customer.timezone),
            now=invitation.sent_at,
            language=translation.get_language(),
        ),
        "vendor_name": settings.VENDOR_NAME,
        "phone_line": settings.PHONE_LINE,
    }
    text = render_to_string("emails/entitlements/invitation.txt", context).strip() + "\n"
    html = render_to_string("emails/entitlements/invitation.html", context)
    said = _("%(name)s invites you to the support of %(vendor)s") % {
        "name": invitation.invited_by,
        "vendor": settings.VENDOR_NAME,
    }
    number = f"invitation.{invitation.pk}.{int(invitation.sent_at.timestamp())}"
    mail = EmailMultiAlternatives(
        subject=" ".join(said.split()),
        body=text,
        to=[invitation.email],
        headers={
            "Message-ID": f"<{number}@{mail_domain()}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    mail.attach_alternative(html, "text/html")
    return mail
