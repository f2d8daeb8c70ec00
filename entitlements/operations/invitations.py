"""Invitations: a company manager asks somebody in, who accepts with the link in the mail.

Whatever the address is known as, inviting answers the same and takes the same: whether it has a
login is learned by nobody but who reads its mail. Source: docs/decisions/0029.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from entitlements.errors import ContractConflict, InvitationGone, SeatLimitReached
from entitlements.models import Customer, Invitation, Membership
from entitlements.models.invitation import INVITATION_LASTS
from entitlements.operations.seats import give_seat
from entitlements.permissions import can_manage_company
from entitlements.promise import contract_in_force
from entitlements.tasks import mail_invitations_after_commit
from notifications.operations import notify
from notifications.words import worded

# More than this is no company making up its team, but somebody sending mail through us.
MOST_OPEN = 50
MOST_IN_AN_HOUR = 30
AGAIN_AFTER = timedelta(minutes=5)


class Newcomer(NamedTuple):
    """What somebody without a login says about themselves as they accept."""

    name: str
    password: str
    phone: str = ""
    title: str = ""
    zone: str = "America/New_York"


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
    # The customer's row is the lock: two managers may think of the same colleague.
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
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
    invitation = _lock(invitation)
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
    invitation = _lock(invitation)
    _require_manager(invitation.customer, by)
    _require_open(invitation)
    _withdraw(invitation, by=by, now=now or timezone.now())
    return invitation


def open_invitation(secret: str, *, now: datetime) -> Invitation:
    """Find the invitation a link is for.

    Raises: InvitationGone, the same for one that never was, is used, withdrawn or expired, and
    for one whose sender may not invite any more.
    """
    found = (
        Invitation.objects.open()
        .filter(digest=Invitation.digest_of(secret), expires_at__gt=now)
        .select_related("customer", "invited_by")
        .first()
    )
    if found is None or not can_manage_company(found.invited_by, found.customer):
        raise InvitationGone(
            _(
                "This link opens no invitation. It works once, and for seven days. Ask your "
                "company manager to send it again."
            )
        )
    return found


@transaction.atomic
def accept_invitation(
    secret: str,
    *,
    by: User | None = None,
    newcomer: Newcomer | None = None,
    now: datetime | None = None,
) -> Membership:
    """Take the place in the company that a link offers.

    `by` is who is signed in, with the invited address; a `newcomer` gets a login with it. A seat
    that was promised with it is given when one is free and there is a number to call; else they
    join without it, and the company's managers are told so.
    Raises: InvitationGone; NotAllowed for somebody signed in with another address, and for our own
    people, who belong to no customer; InvalidInput when the address has a login already and nobody
    is signed in. Effects: a User when new, one
    Membership, the Invitation, a SeatHolding, one audit row each, notices to the managers.
    """
    moment = now or timezone.now()
    found = open_invitation(secret, now=moment)
    # The customer before the invitation, as inviting takes them.
    Customer.objects.select_for_update(of=("self",)).get(pk=found.customer_id)
    invitation = _lock(found)
    if not invitation.can_be_accepted(moment) or invitation.digest != Invitation.digest_of(secret):
        raise InvitationGone(_("This invitation has been used or withdrawn in this moment."))
    user = _who_accepts(invitation, by, newcomer)
    membership = Membership.objects.filter(user=user, customer=invitation.customer).first()
    if membership is None:
        membership = Membership(user=user, customer=invitation.customer)
    membership.is_manager = invitation.is_manager
    membership.sees_company = invitation.sees_company
    membership.left_at = None
    membership.joined_at = moment
    membership.save()
    invitation.accepted_at = moment
    invitation.accepted_by = user
    invitation.next_try_at = None
    invitation.save(update_fields=["accepted_at", "accepted_by", "next_try_at"])
    record_change(
        "invitation accepted",
        membership,
        by=user,
        changes={"invited by": ["", str(invitation.invited_by)]},
        now=moment,
    )
    without_seat = _give_promised_seat(invitation, membership, moment)
    _tell_managers(invitation, user, without_seat, moment)
    return membership


def invitations_of(customer: Customer) -> Sequence[Invitation]:
    """The open invitations of a company, the newest first."""
    return list(customer.invitations.open().select_related("invited_by"))


def has_login(invitation: Invitation) -> bool:
    """Whether the invited address has a login: asked only on behalf of who holds the link."""
    return User.objects.filter(email=invitation.email).exists()


def _who_accepts(invitation: Invitation, by: User | None, newcomer: Newcomer | None) -> User:
    if by is not None:
        if by.email != invitation.email:
            raise NotAllowed(
                _("You are signed in as %(email)s. This invitation is for %(invited)s.")
                % {"email": by.email, "invited": invitation.email}
            )
        if by.is_staff_member:
            raise NotAllowed(
                _(
                    "This is a login of our own staff, who belong to no customer’s company. Ask "
                    "the company to invite the address you have there."
                )
            )
        return by
    if has_login(invitation) or newcomer is None:
        raise InvalidInput(_("Sign in with this address first."))
    return User.objects.create_user(
        invitation.email,
        newcomer.password,
        name=newcomer.name.strip(),
        phone=newcomer.phone.strip(),
        title=newcomer.title.strip(),
        timezone=newcomer.zone,
    )


def _give_promised_seat(invitation: Invitation, membership: Membership, now: datetime) -> str:
    """Give the seat, or say why not, in a marked sentence."""
    if not invitation.gives_seat:
        return ""
    contract = contract_in_force(invitation.customer, now)
    if contract is None:
        return gettext_noop("They hold no contact seat yet: no contract is in force.")
    try:
        # A savepoint: what is refused leaves the rest of the acceptance whole.
        with transaction.atomic():
            give_seat(contract, membership, by=invitation.invited_by, now=now)
    except SeatLimitReached:
        return gettext_noop("They hold no contact seat yet: no contact seat is free.")
    except InvalidInput:
        return gettext_noop("They hold no contact seat yet: there is no phone number to call.")
    return ""


def _tell_managers(invitation: Invitation, user: User, without_seat: str, now: datetime) -> None:
    customer = invitation.customer
    managers = customer.memberships.current().filter(is_manager=True).exclude(user=user)
    notify(
        [one.user for one in managers.select_related("user")],
        key=f"invitation:{invitation.pk}",
        kind="invitation_accepted",
        subject=worded(
            gettext_noop("%(name)s has joined %(customer)s"), name=user, customer=customer
        ),
        body=lambda _reader: " ".join(
            [
                _("%(name)s (%(address)s) accepted the invitation of %(by)s.")
                % {"name": user, "address": user.email, "by": invitation.invited_by},
                *([_(without_seat)] if without_seat else []),
            ]
        ),
        path=f"/companies/{customer.slug}/people/",
        now=now,
    )


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


def _lock(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",))
    return rows.select_related("customer", "invited_by").get(pk=invitation.pk)


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
