"""Invitations: a company manager asks somebody in, who accepts (invitation_acceptance).

Whatever the address is known as, inviting answers the same and takes the same: whether it has a
login is learned by nobody but who reads its mail. Source: docs/decisions/0029.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from entitlements.errors import ContractConflict
from entitlements.models import Customer, Invitation
from entitlements.models.invitation import INVITATION_LASTS
from entitlements.operations.company_lock import lock_customer
from entitlements.permissions import can_manage_company
from entitlements.tasks import mail_invitations_after_commit

# More than this is no company making up its team, but somebody sending mail through us.
MOST_OPEN = 50
MOST_IN_AN_HOUR = 30
AGAIN_AFTER = timedelta(minutes=5)


@transaction.atomic
def invite_person(
    customer: Customer,
    *,
    email: str,
    is_manager: bool,
    sees_company: bool,
    gives_seat: bool,
    by: User,
    now: datetime | None = None,
) -> Invitation:
    """Invite an address to the company.

    Units: it can be accepted for INVITATION_LASTS. One that has expired makes room for this one.
    Raises: NotAllowed; InvalidInput when they belong to the company, or are invited already.
    Effects: one Invitation, one audit row; its mail goes out after the commit.
    """
    moment = now or timezone.now()
    _require_manager(customer, by)
    address = email.strip().lower()
    customer = lock_customer(customer.pk)
    if customer.memberships.filter(user__email=address, left_at__isnull=True).exists():
        raise InvalidInput(
            _("%(address)s belongs to %(customer)s already.")
            % {"address": address, "customer": customer},
            field="email",
        )
    open_ones = customer.invitations.open()
    for earlier in open_ones.filter(email=address):
        if earlier.can_be_accepted(moment):
            raise InvalidInput(
                _("%(address)s is invited already. The list of invitations sends it again.")
                % {"address": address},
                field="email",
            )
        _withdraw(earlier, by=by, now=moment)
    if open_ones.count() >= MOST_OPEN:
        raise InvalidInput(
            _("%(number)d invitations are open. Withdraw some of them first.")
            % {"number": MOST_OPEN},
            field="email",
        )
    if (
        customer.invitations.filter(invited_at__gt=moment - timedelta(hours=1)).count()
        >= MOST_IN_AN_HOUR
    ):
        raise InvalidInput(
            _("%(number)d people were invited within an hour. Go on a little later.")
            % {"number": MOST_IN_AN_HOUR},
            field="email",
        )
    invitation = Invitation(
        customer=customer,
        email=address,
        is_manager=is_manager,
        sees_company=sees_company,
        gives_seat=gives_seat,
        invited_by=by,
        invited_at=moment,
        sent_at=moment,
        expires_at=moment + INVITATION_LASTS,
        # Until the key is known, from which the secret is made.
        digest=Invitation.digest_of(f"{customer.pk} {address} {moment.isoformat()}"),
    )
    invitation.save()
    _send(invitation, moment)
    record_change("person invited", invitation, by=by, changes=_rights(invitation), now=moment)
    return invitation


@transaction.atomic
def send_invitation_again(
    invitation: Invitation, *, by: User, now: datetime | None = None
) -> Invitation:
    """Send a fresh link; the one before is dead from now on.

    Raises: NotAllowed, ContractConflict. Effects: the Invitation, one audit row, a mail.
    """
    moment = now or timezone.now()
    invitation = lock_invitation(invitation)
    _require_manager(invitation.customer, by)
    _require_open(invitation)
    if moment < invitation.sent_at + AGAIN_AFTER:
        raise ContractConflict(_("It was sent a few minutes ago. Give the mail time to arrive."))
    _send(invitation, moment)
    record_change("invitation sent again", invitation, by=by, now=moment)
    return invitation


@transaction.atomic
def withdraw_invitation(
    invitation: Invitation, *, by: User, now: datetime | None = None
) -> Invitation:
    """Take an invitation back: its link opens nothing any more.

    Raises: NotAllowed, ContractConflict. Effects: the Invitation, one audit row.
    """
    invitation = lock_invitation(invitation)
    _require_manager(invitation.customer, by)
    _require_open(invitation)
    _withdraw(invitation, by=by, now=now or timezone.now())
    return invitation


def withdraw_invitations_to(user: User, customer: Customer, *, by: User, now: datetime) -> None:
    """Take back what a company has open to somebody's address; call it under the company's lock.

    Effects: the Invitation, one audit row, where there is one.
    """
    for invitation in customer.invitations.open().filter(email=user.email):
        _withdraw(lock_invitation(invitation), by=by, now=now)


def invitations_of(customer: Customer) -> Sequence[Invitation]:
    """The open invitations of a company, the newest first."""
    return list(customer.invitations.open().select_related("invited_by"))


def lock_invitation(invitation: Invitation) -> Invitation:
    """Read an invitation again under a lock, with its company and who sent it."""
    rows = Invitation.objects.select_for_update(of=("self",))
    return rows.select_related("customer", "invited_by").get(pk=invitation.pk)


def _send(invitation: Invitation, now: datetime) -> None:
    invitation.sent_at = now
    invitation.expires_at = now + INVITATION_LASTS
    invitation.digest = Invitation.digest_of(invitation.secret())
    invitation.mailed_at = None
    invitation.next_try_at = now
    invitation.attempts = 0
    invitation.save()
    mail_invitations_after_commit()


def _withdraw(invitation: Invitation, *, by: User, now: datetime) -> None:
    invitation.withdrawn_at = now
    invitation.next_try_at = None
    invitation.save(update_fields=["withdrawn_at", "next_try_at"])
    record_change("invitation withdrawn", invitation, by=by, now=now)


def _require_manager(customer: Customer, by: User) -> None:
    if not can_manage_company(by, customer):
        raise NotAllowed(_("Only the company manager or an administrator invites people."))


def _require_open(invitation: Invitation) -> None:
    if not invitation.is_open:
        raise ContractConflict(_("This invitation has been accepted or withdrawn already."))


def _rights(invitation: Invitation) -> dict[str, list[object]]:
    rights = {
        "is_manager": invitation.is_manager,
        "sees_company": invitation.sees_company,
        "contact seat": invitation.gives_seat,
    }
    return {name: [False, True] for name, is_given in rights.items() if is_given}
