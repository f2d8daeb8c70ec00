"""Accepting an invitation: by the link of its mail, once, as whoever reads that mail.

Source: docs/decisions/0029.
"""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from entitlements.errors import InvitationGone, SeatLimitReached
from entitlements.models import Contract, Invitation, Membership
from entitlements.operations.company_lock import lock_customer
from entitlements.operations.customers import let_in
from entitlements.operations.invitations import lock_invitation
from entitlements.operations.seats import give_seat
from entitlements.permissions import can_manage_company
from entitlements.promise import contract_in_force
from notifications.operations import notify
from notifications.words import worded


class Newcomer(NamedTuple):
    """What somebody without a login says about themselves as they accept."""

    name: str
    password: str
    phone: str = ""
    title: str = ""
    zone: str = "America/New_York"


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
    Raises: InvitationGone, also for who belongs to the company already; NotAllowed for somebody
    signed in with another address, and for our own people, who belong to no customer; InvalidInput
    when the address has a login already and nobody is signed in. Effects: a User when new, one
    Membership, the Invitation, a SeatHolding, one audit row each, notices to the managers.
    """
    moment = now or timezone.now()
    found = open_invitation(secret, now=moment)
    # Before the invitation, as inviting takes them.
    lock_customer(found.customer_id)
    invitation = lock_invitation(found)
    if (
        not invitation.can_be_accepted(moment)
        or invitation.digest != Invitation.digest_of(secret)
        or not can_manage_company(invitation.invited_by, invitation.customer)
    ):
        raise InvitationGone(_("This invitation has been used or withdrawn in this moment."))
    user = _who_accepts(invitation, by, newcomer)
    contract = contract_in_force(invitation.customer, moment) if invitation.gives_seat else None
    if contract is not None:
        # Before the person, as giving a seat takes them.
        Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    places = Membership.objects.select_for_update(of=("self",))
    membership = places.filter(user=user, customer=invitation.customer).first()
    if membership is None:
        membership = Membership(user=user, customer=invitation.customer)
    elif membership.left_at is None:
        # Whatever they may since then, an old invitation neither gives nor takes.
        raise InvitationGone(
            _("%(user)s belongs to %(customer)s already.")
            % {"user": user, "customer": invitation.customer}
        )
    let_in(
        membership,
        is_manager=invitation.is_manager,
        sees_company=invitation.sees_company,
        now=moment,
    )
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
    without_seat = _give_promised_seat(invitation, contract, membership, moment)
    _tell_managers(invitation, user, without_seat, moment)
    return membership


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


def _give_promised_seat(
    invitation: Invitation, contract: Contract | None, membership: Membership, now: datetime
) -> str:
    """Give the seat, or say why not, in a marked sentence."""
    if not invitation.gives_seat:
        return ""
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
